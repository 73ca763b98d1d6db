// RandomRequests: whole requests of every item operation, for tables of its own making.
//
// Thread-compatible.
#pragma once

#include <zael/store.h>

#include <string>
#include <vector>

#include "tests/integration/differential/random_expressions.h"

namespace zael::differential {

struct Request {
  std::string operation;
  std::string json;
  const TableSpec* table = nullptr;  // the one table it is for
  // Of a read by pages: the answers of all pages together are compared, and in what order.
  bool paged = false;
  bool ordered = true;
};

// A CreateTable request for the table.
std::string CreateTableJson(const TableSpec& spec);

class RandomRequests {
 public:
  // Makes its tables, `count` of them.
  RandomRequests(RandomSource& random, std::size_t count);

  const std::vector<TableSpec>& tables() const { return tables_; }
  Request Next();

 private:
  TableSpec MakeTable(std::size_t number);
  std::string Common();          // ReturnConsumedCapacity
  std::string WriteCondition();  // ConditionExpression and the item of its failure
  Request Put();
  Request Update();
  Request Delete();
  Request Get();
  Request Query();
  Request Scan();
  Request BatchGet();
  Request BatchWrite();
  Request TransactWrite();
  Request TransactGet();
  std::string TransactElement();

  RandomExpressions make_;
  std::vector<TableSpec> tables_;
  const TableSpec* table_ = nullptr;  // of the request being made
};

}  // namespace zael::differential
