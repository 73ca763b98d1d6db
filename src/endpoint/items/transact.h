// TransactWriteItems and TransactGetItems.
#pragma once

#include "endpoint/items/item_context.h"
#include "endpoint/operation.h"

namespace zael::endpoint {

ApiOutcome TransactWriteItems(const ItemContext& context, const json::JsonValue& request);
ApiOutcome TransactGetItems(const ItemContext& context, const json::JsonValue& request);

}  // namespace zael::endpoint
