#include "endpoint/items/item_context.h"

#include "dynamo/attribute_value.h"

namespace zael::endpoint {

std::string ReadTableMember(Members& request) {
  return request
      .Text("TableName", {.presence = Presence::kRequired, .min_size = 1, .max_size = 1024})
      .value_or(std::string());
}

ApiResult<Item> ReadItemOf(const json::JsonValue& attributes) {
  Result<Item> item = dynamo::ReadItem(attributes);
  if (!item.ok()) return ValidationError(item.error().message());
  return *std::move(item);
}

}  // namespace zael::endpoint
