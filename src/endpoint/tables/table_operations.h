// TableOperations: the control plane, from CreateTable to DescribeEndpoints, over the store's
// tables.
//
// Facts: dynamodb-api.md 1.2.
#pragma once

#include <memory>

#include "endpoint/dispatcher.h"
#include "endpoint/tables/table_plane.h"

namespace zael::endpoint {

// With tags and time to live.
CallerOperations TableOperations(std::shared_ptr<TablePlane> plane);

}  // namespace zael::endpoint
