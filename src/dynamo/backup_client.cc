#include "dynamo/backup_client.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "dynamo/answer_exchange.h"
#include "dynamo/backup_codec.h"
#include "dynamo/table_codec.h"

namespace zael::dynamo {

Result<Backup> BackupClient::CreateBackup(const CreateBackupRequest& request) {
  ZAEL_ASSIGN(Backup backup,
              Ask<Backup>(runner_, RenderCreateBackup(request), &ReadBackup, std::nullopt));
  if (backup.table.spec.name.empty()) backup.table.spec.name = request.table;
  return backup;
}

Result<Backup> BackupClient::DescribeBackup(std::string_view id) {
  return Ask<Backup>(runner_, RenderDescribeBackup(id), &ReadBackup, std::nullopt);
}

Result<BackupPage> BackupClient::ListBackups(const ListBackupsRequest& request) {
  if (request.from.has_value() && request.until.has_value() && *request.from > *request.until)
    return Error(ErrorCode::kInvalidArgument, "list backups: from is after until");
  return Ask<BackupPage>(runner_, RenderListBackups(request), &ReadBackups, std::nullopt);
}

Result<Backup> BackupClient::DeleteBackup(std::string_view id) {
  ZAEL_ASSIGN(Backup backup,
              Ask<Backup>(runner_, RenderDeleteBackup(id), &ReadBackup, std::nullopt));
  backup.status = BackupStatus::kDeleted;
  return backup;
}

Result<std::vector<IndexSpec>> BackupClient::WantedIndexes(const RestoreRequest& request) {
  TableSpec source;
  if (const auto* id = std::get_if<std::string>(&request.source)) {
    ZAEL_ASSIGN(const Backup backup, DescribeBackup(*id));
    source = backup.table.spec;
  } else {
    ZAEL_ASSIGN(const TableState state, tables_.State(std::get<PointInTime>(request.source).table));
    source = state.description.spec;
  }
  std::vector<IndexSpec> wanted;
  for (const std::string& name : *request.indexes) {
    const auto found = std::find_if(source.indexes.begin(), source.indexes.end(),
                                    [&](const IndexSpec& index) { return index.name == name; });
    if (found == source.indexes.end()) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("restore table {}: {} is no index of table {}", Shorten(request.target),
                          Shorten(name), Shorten(source.name)));
    }
    wanted.push_back(*found);
  }
  return wanted;
}

Result<TableDescription> BackupClient::Restore(const RestoreRequest& request) {
  if (request.notes.has_value() && !request.notes->empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("restore table {}: it cannot keep notes, DynamoDB has no place for them",
                        Shorten(request.target)));
  }
  std::optional<std::vector<IndexSpec>> indexes;
  if (request.indexes.has_value()) {
    ZAEL_ASSIGN(indexes, WantedIndexes(request));
  }
  schemas_.Forget(request.target);
  ZAEL_ASSIGN(
      TableState state,
      Ask<TableState>(runner_, RenderRestore(request, indexes.has_value() ? &*indexes : nullptr),
                      &ReadTable, std::nullopt));
  return std::move(state.description);
}

Result<RecoveryStatus> BackupClient::DescribeRecovery(std::string_view table) {
  return Ask<RecoveryStatus>(runner_, RenderDescribeRecovery(table), &ReadRecovery, std::nullopt);
}

Result<RecoveryStatus> BackupClient::UpdateRecovery(std::string_view table,
                                                    const RecoverySetting& setting) {
  return Ask<RecoveryStatus>(runner_, RenderUpdateRecovery(table, setting), &ReadRecovery,
                             std::nullopt);
}

}  // namespace zael::dynamo
