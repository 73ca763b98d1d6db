// Keys are read one by one: a missing item costs too, and the answer ends at its limit.

#include <set>
#include <utility>

#include "base/format.h"
#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/items/batch.h"
#include "endpoint/items/capacity.h"
#include "endpoint/items/expression_paths.h"
#include "endpoint/items/item_rules.h"
#include "endpoint/items/legacy.h"
#include "endpoint/items/projection.h"
#include "endpoint/items/request_expressions.h"
#include "json/json_writer.h"
#include "store/key_codec.h"
#include "store/validate.h"

namespace zael::endpoint {
namespace {

using json::JsonMember;
using json::JsonValue;

constexpr std::size_t kMaxAnswerBytes = 16 * 1024 * 1024;

// What one table is asked for. Views the request.
struct Reads {
  std::string table_name;
  JsonValue request;
  std::vector<JsonValue> keys_json;
  bool consistent = false;
  ExpressionTexts expressions;
  LegacyTexts legacy;

  std::vector<Key> keys;
  std::optional<std::vector<Path>> projection;
};

std::vector<JsonValue> ReadKeys(const JsonValue& request, const std::string& path,
                                RequestFaults& faults) {
  std::vector<JsonValue> keys;
  const JsonValue list = request.Find("Keys");
  if (!list.Is(JsonValue::Kind::kArray)) {
    if (list.Is(JsonValue::Kind::kAbsent) || list.Is(JsonValue::Kind::kNull)) {
      faults.Violates(path + ".keys", "null", "Member must not be null");
    } else {
      faults.WrongType("Unexpected field type");
    }
    return keys;
  }
  if (list.size() < 1) {
    faults.Violates(path + ".keys", "'[]'", "Member must have length greater than or equal to 1");
  }
  if (list.size() > kMaxBatchGetKeys) {
    faults.Violates(path + ".keys", "'[...]'",
                    Format("Member must have length less than or equal to {}", kMaxBatchGetKeys));
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Status shape = dynamo::CheckItemShape(list.At(i));
    if (!shape.ok()) faults.WrongType(shape.error().message());
    keys.push_back(list.At(i));
  }
  return keys;
}

Reads ReadReads(const JsonMember& member, RequestFaults& faults) {
  const std::string path = Format("requestItems.{}.member", member.name);
  Members members(member.value, faults, path);
  Reads reads{.table_name = std::string(member.name), .request = member.value};
  reads.keys_json = ReadKeys(member.value, path, faults);
  reads.consistent = members.Flag("ConsistentRead").value_or(false);
  reads.expressions = ReadExpressions({.projection = true}, members);
  reads.legacy = ReadLegacy({.attributes_to_get = true}, members);
  return reads;
}

ApiStatus Bind(Reads& reads) {
  for (const JsonValue& key_json : reads.keys_json) {
    ZAEL_API_ASSIGN(Key key, ReadItemOf(key_json));
    reads.keys.push_back(std::move(key));
  }
  ZAEL_API_ASSIGN(BoundExpressions bound, BindExpressions(reads.expressions, reads.legacy.given));
  ZAEL_API_TRY(BindLegacy(reads.legacy, bound));
  reads.projection = std::move(bound.projection);
  return {};
}

ApiStatus CheckKeys(const ItemTable& table, const std::vector<Key>& keys) {
  std::set<std::string> seen;
  for (const Key& key : keys) {
    ZAEL_API_TRY(CheckKey(table.keys(), key));
    std::string encoded;
    store::AppendKey(table.keys(), key, &encoded);
    if (!seen.insert(std::move(encoded)).second) {
      return ValidationError("Provided list of item keys contains duplicates");
    }
  }
  return {};
}

// The answer of all tables, filled table by table.
class BatchAnswer {
 public:
  explicit BatchAnswer(ItemStore& items) : items_(items) {
    writer_.BeginObject().Key("Responses").BeginObject();
  }

  ApiStatus Read(const ItemTable& table, const Reads& reads) {
    writer_.Key(reads.table_name).BeginArray();
    for (std::size_t i = 0; i < reads.keys.size(); ++i) {
      if (bytes_ >= kMaxAnswerBytes) {
        unprocessed_.emplace_back(&reads, i);
        break;
      }
      ZAEL_API_ASSIGN(const std::optional<Item> item,
                      items_.Get({.table = table.name(), .key = reads.keys[i]}));
      const std::size_t size = item.has_value() ? store::ItemBytes(*item) : 0;
      capacities_[table.name()].AddTable(ReadUnits(size, reads.consistent));
      bytes_ += size;
      if (!item.has_value()) continue;
      dynamo::WriteItem(writer_,
                        reads.projection.has_value() ? Project(*reads.projection, *item) : *item);
    }
    writer_.EndArray();
    return {};
  }

  std::string Finish(CapacityDetail detail) {
    writer_.EndObject().Key("UnprocessedKeys").BeginObject();
    for (const auto& [reads, first] : unprocessed_) WriteUnprocessed(*reads, first);
    writer_.EndObject();
    WriteCapacities(writer_, capacities_, detail);
    return writer_.EndObject().Take();
  }

 private:
  // The request of one table without the keys before `first`.
  void WriteUnprocessed(const Reads& reads, std::size_t first) {
    writer_.Key(reads.table_name).BeginObject().Key("Keys").BeginArray();
    for (std::size_t i = first; i < reads.keys.size(); ++i) {
      dynamo::WriteItem(writer_, reads.keys[i]);
    }
    writer_.EndArray();
    if (reads.consistent) writer_.Key("ConsistentRead").Bool(true);
    if (reads.expressions.projection.has_value()) {
      writer_.Key("ProjectionExpression").String(*reads.expressions.projection);
    }
    const JsonValue& names = reads.expressions.names;
    if (names.size() > 0) {
      writer_.Key("ExpressionAttributeNames").BeginObject();
      for (std::size_t i = 0; i < names.size(); ++i) {
        writer_.Key(names.Member(i).name).String(names.Member(i).value.AsString().value_or(""));
      }
      writer_.EndObject();
    }
    if (!reads.legacy.attributes_to_get.empty()) {
      writer_.Key("AttributesToGet").BeginArray();
      for (const std::string& name : reads.legacy.attributes_to_get) writer_.String(name);
      writer_.EndArray();
    }
    writer_.EndObject();
  }

  ItemStore& items_;
  json::JsonWriter writer_;
  std::size_t bytes_ = 0;
  TablesCapacity capacities_;
  std::vector<std::pair<const Reads*, std::size_t>> unprocessed_;
};

}  // namespace

ApiOutcome BatchGetItem(const ItemContext& context, const JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const JsonValue tables_json = members.Map("RequestItems", Presence::kRequired, 1);
  const CapacityDetail detail = ReadCapacityDetail(members);
  std::vector<Reads> all;
  std::size_t keys = 0;
  for (std::size_t i = 0; i < tables_json.size(); ++i) {
    all.push_back(ReadReads(tables_json.Member(i), faults));
    keys += all.back().keys_json.size();
  }
  ZAEL_API_TRY(faults.Check());
  if (keys > kMaxBatchGetKeys) {
    return ValidationError("Too many items requested for the BatchGetItem call");
  }
  for (Reads& reads : all) ZAEL_API_TRY(Bind(reads));
  std::vector<ItemTable> tables;
  for (const Reads& reads : all) {
    ZAEL_API_ASSIGN(ItemTable table, context.FindTable(reads.table_name));
    ZAEL_API_TRY(CheckKeys(table, reads.keys));
    ZAEL_API_TRY(CheckKeysAreScalars(table.spec(), PathsOf(reads.projection)));
    tables.push_back(std::move(table));
  }
  BatchAnswer answer(*context.stores.items);
  for (std::size_t i = 0; i < all.size(); ++i) ZAEL_API_TRY(answer.Read(tables[i], all[i]));
  return answer.Finish(detail);
}

}  // namespace zael::endpoint
