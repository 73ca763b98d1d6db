// CreateBackup, DescribeBackup, ListBackups and DeleteBackup.
#pragma once

#include <memory>

#include "endpoint/dispatcher.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/table_plane.h"

namespace zael::endpoint {

// The member BackupArn as a store's id. `faults` are checked on the way.
ApiResult<std::string> ReadBackupArn(Members& request, const RequestFaults& faults);

// `Backup not found: <arn>`
ApiError BackupNotFound(std::string_view region, std::string_view id);
// `Table not found: T`, as calls of backups say it.
ApiError NoSuchTable(std::string_view table);

CallerOperations BackupOperations(std::shared_ptr<TablePlane> plane);

}  // namespace zael::endpoint
