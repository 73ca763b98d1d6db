// BackupClient: backups and point-in-time recovery over DynamoDB.
//
// One call each. What a restore becomes, DescribeTable of TableClient tells: its origin. Design:
// storage.md.
#pragma once

#include <zael/backup.h>

#include <string_view>

#include "dynamo/request_runner.h"
#include "dynamo/table_client.h"
#include "dynamo/table_schemas.h"

namespace zael::dynamo {

// Thread-safe. Needs its parts for its whole life.
class BackupClient final : public BackupAdmin {
 public:
  BackupClient(RequestRunner& runner, TableSchemas& schemas, TableClient& tables)
      : runner_(runner), schemas_(schemas), tables_(tables) {}

  Result<Backup> CreateBackup(const CreateBackupRequest& request) override;
  Result<Backup> DescribeBackup(std::string_view id) override;
  Result<BackupPage> ListBackups(const ListBackupsRequest& request) override;
  Result<Backup> DeleteBackup(std::string_view id) override;
  Result<TableDescription> Restore(const RestoreRequest& request) override;
  Result<RecoveryStatus> DescribeRecovery(std::string_view table) override;
  Result<RecoveryStatus> UpdateRecovery(std::string_view table,
                                        const RecoverySetting& setting) override;

 private:
  // The indexes of the source that the restored table is to have.
  Result<std::vector<IndexSpec>> WantedIndexes(const RestoreRequest& request);

  RequestRunner& runner_;
  TableSchemas& schemas_;
  TableClient& tables_;
};

}  // namespace zael::dynamo
