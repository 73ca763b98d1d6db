// Every write is checked before the first is made; from then on each stands alone.

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "base/format.h"
#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/items/batch.h"
#include "endpoint/items/capacity.h"
#include "endpoint/items/collection_metrics.h"
#include "endpoint/items/write_request.h"
#include "json/json_writer.h"
#include "store/key_codec.h"

namespace zael::endpoint {
namespace {

using json::JsonMember;
using json::JsonValue;
using Kind = JsonValue::Kind;

constexpr std::size_t kMaxWrites = 25;

bool IsGiven(const JsonValue& member) {
  return !member.Is(Kind::kAbsent) && !member.Is(Kind::kNull);
}

struct TableWrites {
  std::string table_name;
  std::vector<JsonValue> targets;  // items and keys
  std::vector<WriteKind> kinds;
};

void ReadOne(const JsonValue& element, const std::string& path, RequestFaults& faults,
             TableWrites& writes) {
  const JsonValue put = element.Find("PutRequest");
  const JsonValue removal = element.Find("DeleteRequest");
  if (!element.Is(Kind::kObject)) return faults.WrongType("Unexpected field type");
  if (IsGiven(put) == IsGiven(removal)) {
    writes.kinds.push_back(WriteKind::kCheck);  // neither, or both: told after all faults
    writes.targets.emplace_back();
    return;
  }
  const bool puts = IsGiven(put);
  Members members(puts ? put : removal, faults,
                  Format("{}.{}", path, puts ? "putRequest" : "deleteRequest"));
  writes.kinds.push_back(puts ? WriteKind::kPut : WriteKind::kDelete);
  writes.targets.push_back(members.Attributes(puts ? "Item" : "Key", Presence::kRequired));
}

TableWrites ReadTable(const JsonMember& member, RequestFaults& faults) {
  TableWrites writes{.table_name = std::string(member.name)};
  if (!member.value.Is(Kind::kArray)) {
    faults.WrongType("Unexpected field type");
    return writes;
  }
  if (member.value.size() < 1 || member.value.size() > kMaxWrites) {
    faults.Violates("requestItems", "'{...}'",
                    Format("Map value must satisfy constraint: [Member must have length less than "
                           "or equal to {}, Member must have length greater than or equal to 1]",
                           kMaxWrites));
  }
  for (std::size_t i = 0; i < member.value.size(); ++i) {
    ReadOne(member.value.At(i), Format("requestItems.{}.member.{}.member", member.name, i + 1),
            faults, writes);
  }
  return writes;
}

ApiResult<std::vector<BoundWrite>> Bind(const TableWrites& writes) {
  std::vector<BoundWrite> bound;
  for (std::size_t i = 0; i < writes.kinds.size(); ++i) {
    if (writes.kinds[i] == WriteKind::kCheck) {
      return ValidationError(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
          "the supported datatypes");
    }
    BoundWrite write{.kind = writes.kinds[i]};
    ZAEL_API_ASSIGN(write.target, ReadItemOf(writes.targets[i]));
    bound.push_back(std::move(write));
  }
  return bound;
}

ApiStatus Check(const ItemTable& table, const std::vector<BoundWrite>& writes) {
  std::set<std::string> seen;
  for (const BoundWrite& write : writes) {
    ZAEL_API_TRY(CheckWrite(table, write));
    std::string encoded;
    store::AppendKey(table.keys(), write.target, &encoded);
    if (!seen.insert(std::move(encoded)).second) {
      return ValidationError("Provided list of item keys contains duplicates");
    }
  }
  return {};
}

ApiStatus Perform(ItemStore& items, const ItemTable& table, const std::vector<BoundWrite>& writes,
                  TableCapacity& capacity) {
  for (const BoundWrite& write : writes) {
    const bool puts = write.kind == WriteKind::kPut;
    ZAEL_API_ASSIGN(
        const WriteOutcome outcome,
        puts ? items.Put(
                   {.table = table.name(), .item = write.target, .return_item = ReturnItem::kOld})
             : items.Delete(
                   {.table = table.name(), .key = write.target, .return_item = ReturnItem::kOld}));
    capacity.AddWrite(table, outcome.item.has_value() ? &*outcome.item : nullptr,
                      puts ? &write.target : nullptr);
  }
  return {};
}

void WriteMetrics(json::JsonWriter& writer, const std::vector<ItemTable>& tables,
                  const std::vector<std::vector<BoundWrite>>& writes) {
  if (std::none_of(tables.begin(), tables.end(), std::mem_fn(&ItemTable::HasLocalIndex))) return;
  writer.Key("ItemCollectionMetrics").BeginObject();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!tables[i].HasLocalIndex()) continue;
    std::map<std::string, const Item*> collections;
    for (const BoundWrite& write : writes[i]) {
      std::string hash;
      store::AppendKeyValue(*write.target.Find(tables[i].keys().hash.name), &hash);
      collections.emplace(std::move(hash), &write.target);
    }
    writer.Key(tables[i].name()).BeginArray();
    for (const auto& [hash, item] : collections) {
      WriteCollectionMetrics(writer, tables[i].keys(), *item);
    }
    writer.EndArray();
  }
  writer.EndObject();
}

}  // namespace

ApiOutcome BatchWriteItem(const ItemContext& context, const JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const JsonValue tables_json = members.Map("RequestItems", Presence::kRequired, 1);
  const CapacityDetail detail = ReadCapacityDetail(members);
  const bool metrics = ReadsCollectionMetrics(members);
  std::vector<TableWrites> all;
  std::size_t count = 0;
  for (std::size_t i = 0; i < tables_json.size(); ++i) {
    all.push_back(ReadTable(tables_json.Member(i), faults));
    count += all.back().kinds.size();
  }
  ZAEL_API_TRY(faults.Check());
  if (count > kMaxWrites) {
    return ValidationError("Too many items requested for the BatchWriteItem call");
  }
  std::vector<std::vector<BoundWrite>> bound;
  for (const TableWrites& writes : all) {
    ZAEL_API_ASSIGN(std::vector<BoundWrite> one, Bind(writes));
    bound.push_back(std::move(one));
  }
  std::vector<ItemTable> tables;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ZAEL_API_ASSIGN(ItemTable table, context.FindTable(all[i].table_name));
    ZAEL_API_TRY(Check(table, bound[i]));
    tables.push_back(std::move(table));
  }
  TablesCapacity capacities;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    ZAEL_API_TRY(Perform(*context.stores.items, tables[i], bound[i], capacities[tables[i].name()]));
  }
  json::JsonWriter writer;
  writer.BeginObject().Key("UnprocessedItems").BeginObject().EndObject();
  if (metrics) WriteMetrics(writer, tables, bound);
  WriteCapacities(writer, capacities, detail);
  return writer.EndObject().Take();
}

}  // namespace zael::endpoint
