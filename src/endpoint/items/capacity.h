// Capacity: the units DynamoDB would charge, counted and written as ConsumedCapacity.
//
// Sizes are rounded as AWS rounds them: reads by 4 KB, writes by 1 KB, every index by itself.
// Thread-compatible. Facts: dynamodb-api.md 2.5.
#pragma once

#include <zael/store.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "endpoint/items/item_table.h"
#include "endpoint/request_members.h"
#include "json/json_writer.h"

namespace zael::endpoint {

enum class CapacityDetail { kNone, kTotal, kIndexes };
CapacityDetail ReadCapacityDetail(Members& request);

// Of so many bytes read at once; half for an eventual read. Never less than one unit's worth.
double ReadUnits(std::size_t bytes, bool consistent);

// Of a change from `before` to `after`, either nullptr when there is no item.
double TableWriteUnits(const Item* before, const Item* after);
double IndexWriteUnits(const KeySchema& index, const Item* before, const Item* after);

// What one table and its indexes were charged.
class TableCapacity {
 public:
  void AddTable(double units) { table_ += units; }
  void AddIndex(std::string_view index, bool local, double units);

  // A write with all it does to the table's indexes, `factor` times: 2 in a transaction.
  void AddWrite(const ItemTable& table, const Item* before, const Item* after, double factor = 1);

  double total() const;

  // Which of ReadCapacityUnits and WriteCapacityUnits is written beside CapacityUnits.
  enum class Kind { kPlain, kTransactRead, kTransactWrite };
  void Write(json::JsonWriter& writer, std::string_view table, CapacityDetail detail,
             Kind kind = Kind::kPlain) const;

 private:
  using Units = std::map<std::string, double, std::less<>>;
  static double Sum(const Units& units);

  double table_ = 0;
  Units local_;
  Units global_;
};

// By table, in the order of their names: what batches and transactions answer.
using TablesCapacity = std::map<std::string, TableCapacity, std::less<>>;

// The member ConsumedCapacity: an object, or a list. Nothing for kNone.
void WriteCapacity(json::JsonWriter& writer, std::string_view table, const TableCapacity& capacity,
                   CapacityDetail detail);
void WriteCapacities(json::JsonWriter& writer, const TablesCapacity& capacities,
                     CapacityDetail detail, TableCapacity::Kind kind = TableCapacity::Kind::kPlain);

}  // namespace zael::endpoint
