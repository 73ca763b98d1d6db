// Time to live: UpdateTimeToLive and DescribeTimeToLive. A change takes effect at once, and there
// is no waiting time between two.
//
// Facts: dynamodb-api.md 1.7.
#pragma once

#include <memory>

#include "endpoint/dispatcher.h"
#include "endpoint/tables/table_plane.h"

namespace zael::endpoint {

CallerOperations TtlOperations(std::shared_ptr<TablePlane> plane);

}  // namespace zael::endpoint
