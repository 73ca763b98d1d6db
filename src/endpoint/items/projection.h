// Projection: what some paths leave of an item.
//
// Maps keep the members that the paths name, lists the elements in their order without gaps; what
// becomes empty that way is not there. Pure functions. Facts: dynamodb-api.md 2.2.
#pragma once

#include <zael/expression.h>

#include <vector>

namespace zael::endpoint {

// Requires: no path leads into another (expression_binder.h).
Item Project(const std::vector<Path>& paths, const Item& item);

}  // namespace zael::endpoint
