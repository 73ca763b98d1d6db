// BackupCodec: the calls about backups and point-in-time recovery, and what their answers say. No
// I/O, no waiting. Pure functions. Errors of the readers: kUnavailable, as in item_answers.h.
// Facts: dynamodb-api.md 1.8.
#pragma once

#include <zael/backup.h>

#include <string>
#include <string_view>
#include <vector>

#include "dynamo/call.h"

namespace zael::dynamo {

Call RenderCreateBackup(const CreateBackupRequest& request);
Call RenderDescribeBackup(std::string_view arn);
Call RenderListBackups(const ListBackupsRequest& request);
Call RenderDeleteBackup(std::string_view arn);
Call RenderDescribeRecovery(std::string_view table);
Call RenderUpdateRecovery(std::string_view table, const RecoverySetting& setting);

// With some of the source's indexes alone, given as they are there; absent: with all.
Call RenderRestore(const RestoreRequest& request, const std::vector<IndexSpec>* indexes);

// Of CreateBackup: what it is called and its state; of DescribeBackup and DeleteBackup: everything.
Result<Backup> ReadBackup(std::string body);
Result<BackupPage> ReadBackups(std::string body);
Result<RecoveryStatus> ReadRecovery(std::string body);

}  // namespace zael::dynamo
