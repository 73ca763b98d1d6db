// RandomRequests: whole requests of every item operation, for tables of its own making.
//
// The name of an index tells what it projects (CreateTableJson). Thread-compatible.
#pragma once

#include <zael/store.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/differential/random_expressions.h"

namespace zael::differential {

struct Request {
  std::string operation;
  std::string json;
  std::vector<const TableSpec*> tables = {};  // it is for
  // Of a read by pages: the answers of all pages together are compared, and in what order. Of a
  // scan in segments, those of all segments.
  bool paged = false;
  bool ordered = true;
  std::size_t segments = 0;

  bool IsWrite() const;
};

// A CreateTable request for the table. Of an index "...-all" everything is projected, of "...-keys"
// the keys, of "...-some" the attributes a and m too.
std::string CreateTableJson(const TableSpec& spec);

class RandomRequests {
 public:
  // Makes its tables, `count` of them, whose names begin with `prefix`.
  RandomRequests(RandomSource& random, std::size_t count, std::string_view prefix);

  const std::vector<TableSpec>& tables() const { return tables_; }
  Request Next();

 private:
  TableSpec MakeTable(std::string name);
  void PickTable();
  std::string TableName();       // of the table, rarely of none
  std::string Common();          // ReturnConsumedCapacity
  std::string WriteMembers();    // and ReturnItemCollectionMetrics
  std::string WriteCondition();  // ConditionExpression and the item of its failure
  Request Put();
  Request Update();
  Request Delete();
  Request Get();
  Request Query();
  std::string PickIndex();  // the member, for table_; index_ is then it
  std::string PageMembers();
  std::string StartKey();
  Request Scan();
  Request BatchGet();
  Request BatchWrite();
  Request TransactWrite();
  Request TransactGet();
  std::string TransactElement();
  // One that is not yet among the request's; rarely one that is.
  std::string OtherKey();
  // Of each of some tables, with a comma between.
  std::string Groups(const std::function<std::string()>& group);

  RandomExpressions make_;
  std::vector<TableSpec> tables_;
  const TableSpec* table_ = nullptr;  // of what is being made
  const IndexSpec* index_ = nullptr;  // that a read walks
  std::vector<const TableSpec*> used_;
  std::set<std::string> keys_;  // of the request
};

}  // namespace zael::differential
