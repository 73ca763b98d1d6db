#include "endpoint/items/capacity.h"

#include <algorithm>
#include <utility>

#include "store/key_codec.h"
#include "store/validate.h"

namespace zael::endpoint {
namespace {

constexpr std::size_t kReadUnitBytes = 4096;
constexpr std::size_t kWriteUnitBytes = 1024;

double Rounded(std::size_t bytes, std::size_t unit) {
  return static_cast<double>(std::max<std::size_t>(1, (bytes + unit - 1) / unit));
}

double WriteUnits(std::size_t bytes) { return Rounded(bytes, kWriteUnitBytes); }

std::size_t Bytes(const Item* item) { return item == nullptr ? 0 : store::ItemBytes(*item); }

bool SameKey(const KeySchema& schema, const Item& left, const Item& right) {
  const auto same = [&](const KeyAttribute& attribute) {
    return *left.Find(attribute.name) == *right.Find(attribute.name);
  };
  return same(schema.hash) && (!schema.range.has_value() || same(*schema.range));
}

void WriteUnitMembers(json::JsonWriter& writer, double units, TableCapacity::Kind kind) {
  if (kind == TableCapacity::Kind::kTransactRead) writer.Key("ReadCapacityUnits").Double(units);
  if (kind == TableCapacity::Kind::kTransactWrite) writer.Key("WriteCapacityUnits").Double(units);
  writer.Key("CapacityUnits").Double(units);
}

}  // namespace

CapacityDetail ReadCapacityDetail(Members& request) {
  const auto detail =
      request.Text("ReturnConsumedCapacity", {.choices = {"INDEXES", "TOTAL", "NONE"}});
  if (detail == "INDEXES") return CapacityDetail::kIndexes;
  return detail == "TOTAL" ? CapacityDetail::kTotal : CapacityDetail::kNone;
}

double ReadUnits(std::size_t bytes, bool consistent) {
  return Rounded(bytes, kReadUnitBytes) * (consistent ? 1 : 0.5);
}

double TableWriteUnits(const Item* before, const Item* after) {
  return WriteUnits(std::max(Bytes(before), Bytes(after)));
}

double IndexWriteUnits(const KeySchema& index, const Item* before, const Item* after) {
  const bool had = before != nullptr && store::HasKey(index, *before);
  const bool has = after != nullptr && store::HasKey(index, *after);
  if (had && has && SameKey(index, *before, *after)) {
    return *before == *after ? 0 : TableWriteUnits(before, after);
  }
  return (had ? WriteUnits(Bytes(before)) : 0) + (has ? WriteUnits(Bytes(after)) : 0);
}

namespace {

// Of an index that shows only some attributes.
double PartialWriteUnits(const ItemTable& table, const IndexSpec& index, const Item* before,
                         const Item* after) {
  const Item shown_before = before == nullptr ? Item() : table.Shown(index, *before);
  const Item shown_after = after == nullptr ? Item() : table.Shown(index, *after);
  return IndexWriteUnits(index.keys, before == nullptr ? nullptr : &shown_before,
                         after == nullptr ? nullptr : &shown_after);
}

}  // namespace

void TableCapacity::AddIndex(std::string_view index, bool local, double units) {
  (local ? local_ : global_)[std::string(index)] += units;
}

void TableCapacity::AddWrite(const ItemTable& table, const Item* before, const Item* after,
                             double factor) {
  AddTable(factor * TableWriteUnits(before, after));
  for (const IndexSpec& index : table.spec().indexes) {
    const double units = table.ShowsAll(index) ? IndexWriteUnits(index.keys, before, after)
                                               : PartialWriteUnits(table, index, before, after);
    if (units > 0) AddIndex(index.name, table.IsLocal(index), factor * units);
  }
}

double TableCapacity::Sum(const Units& units) {
  double sum = 0;
  for (const auto& [name, count] : units) sum += count;
  return sum;
}

double TableCapacity::total() const { return table_ + Sum(local_) + Sum(global_); }

void TableCapacity::Write(json::JsonWriter& writer, std::string_view table, CapacityDetail detail,
                          Kind kind) const {
  writer.BeginObject().Key("TableName").String(table);
  WriteUnitMembers(writer, total(), kind);
  if (detail == CapacityDetail::kIndexes) {
    writer.Key("Table").BeginObject();
    WriteUnitMembers(writer, table_, kind);
    writer.EndObject();
    const auto write_indexes = [&](std::string_view member, const Units& units) {
      if (units.empty()) return;
      writer.Key(member).BeginObject();
      for (const auto& [name, count] : units) {
        writer.Key(name).BeginObject();
        WriteUnitMembers(writer, count, kind);
        writer.EndObject();
      }
      writer.EndObject();
    };
    write_indexes("LocalSecondaryIndexes", local_);
    write_indexes("GlobalSecondaryIndexes", global_);
  }
  writer.EndObject();
}

void WriteCapacity(json::JsonWriter& writer, std::string_view table, const TableCapacity& capacity,
                   CapacityDetail detail) {
  if (detail == CapacityDetail::kNone) return;
  writer.Key("ConsumedCapacity");
  capacity.Write(writer, table, detail);
}

void WriteCapacities(json::JsonWriter& writer, const TablesCapacity& capacities,
                     CapacityDetail detail, TableCapacity::Kind kind) {
  if (detail == CapacityDetail::kNone) return;
  writer.Key("ConsumedCapacity").BeginArray();
  for (const auto& [table, capacity] : capacities) capacity.Write(writer, table, detail, kind);
  writer.EndArray();
}

}  // namespace zael::endpoint
