#include "endpoint/items/get_item.h"

#include <utility>

#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/items/capacity.h"
#include "endpoint/items/expression_paths.h"
#include "endpoint/items/item_rules.h"
#include "endpoint/items/legacy.h"
#include "endpoint/items/projection.h"
#include "endpoint/items/request_expressions.h"
#include "json/json_writer.h"
#include "store/validate.h"

namespace zael::endpoint {

ApiOutcome GetItem(const ItemContext& context, const json::JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const std::string table_name = ReadTableMember(members);
  const json::JsonValue key_json = members.Attributes("Key", Presence::kRequired);
  const bool consistent = members.Flag("ConsistentRead").value_or(false);
  const CapacityDetail detail = ReadCapacityDetail(members);
  const ExpressionTexts texts = ReadExpressions({.projection = true}, members);
  const LegacyTexts legacy = ReadLegacy({.attributes_to_get = true}, members);
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(Key key, ReadItemOf(key_json));
  ZAEL_API_ASSIGN(BoundExpressions bound, BindExpressions(texts, legacy.given));
  ZAEL_API_TRY(BindLegacy(legacy, bound));
  ZAEL_API_ASSIGN(const ItemTable table, context.FindTable(table_name));
  ZAEL_API_TRY(CheckKey(table.keys(), key));
  ZAEL_API_TRY(CheckKeysAreScalars(table.spec(), PathsOf(bound.projection)));
  ZAEL_API_ASSIGN(const std::optional<Item> item,
                  context.stores.items->Get({.table = table.name(), .key = std::move(key)}));
  json::JsonWriter writer;
  writer.BeginObject();
  if (item.has_value()) {
    writer.Key("Item");
    dynamo::WriteItem(writer,
                      bound.projection.has_value() ? Project(*bound.projection, *item) : *item);
  }
  TableCapacity capacity;
  capacity.AddTable(ReadUnits(item.has_value() ? store::ItemBytes(*item) : 0, consistent));
  WriteCapacity(writer, table.name(), capacity, detail);
  return writer.EndObject().Take();
}

}  // namespace zael::endpoint
