// BatchGetItem and BatchWriteItem.
#pragma once

#include "endpoint/items/item_context.h"
#include "endpoint/operation.h"

namespace zael::endpoint {

ApiOutcome BatchGetItem(const ItemContext& context, const json::JsonValue& request);
ApiOutcome BatchWriteItem(const ItemContext& context, const json::JsonValue& request);

}  // namespace zael::endpoint
