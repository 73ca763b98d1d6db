// RestoreTableFromBackup and RestoreTableToPointInTime.
#pragma once

#include <memory>

#include "endpoint/dispatcher.h"
#include "endpoint/tables/table_plane.h"

namespace zael::endpoint {

CallerOperations RestoreOperations(std::shared_ptr<TablePlane> plane);

}  // namespace zael::endpoint
