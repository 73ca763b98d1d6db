// Query and Scan.
#pragma once

#include "endpoint/items/item_context.h"
#include "endpoint/operation.h"

namespace zael::endpoint {

ApiOutcome Query(const ItemContext& context, const json::JsonValue& request);
ApiOutcome Scan(const ItemContext& context, const json::JsonValue& request);

}  // namespace zael::endpoint
