// DescribeContinuousBackups and UpdateContinuousBackups.
#pragma once

#include <memory>

#include "endpoint/dispatcher.h"
#include "endpoint/tables/table_plane.h"

namespace zael::endpoint {

CallerOperations RecoveryOperations(std::shared_ptr<TablePlane> plane);

}  // namespace zael::endpoint
