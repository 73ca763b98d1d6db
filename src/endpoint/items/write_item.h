// PutItem, UpdateItem and DeleteItem.
#pragma once

#include "endpoint/items/item_context.h"
#include "endpoint/operation.h"

namespace zael::endpoint {

ApiOutcome PutItem(const ItemContext& context, const json::JsonValue& request);
ApiOutcome UpdateItem(const ItemContext& context, const json::JsonValue& request);
ApiOutcome DeleteItem(const ItemContext& context, const json::JsonValue& request);

}  // namespace zael::endpoint
