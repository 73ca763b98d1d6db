// GetItem.
#pragma once

#include "endpoint/items/item_context.h"
#include "endpoint/operation.h"

namespace zael::endpoint {

ApiOutcome GetItem(const ItemContext& context, const json::JsonValue& request);

}  // namespace zael::endpoint
