#include "endpoint/backups/backup_operations.h"

#include <optional>
#include <string>
#include <utility>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/backups/backup_description.h"
#include "endpoint/tables/table_schema.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

constexpr std::size_t kMinArnBytes = 37, kMaxArnBytes = 1024;

ApiOutcome CreateBackup(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto table = ReadTableName(request);
  const auto name = request.Text("BackupName", {.presence = Presence::kRequired,
                                                .min_size = 3,
                                                .max_size = 255,
                                                .name_pattern = true,
                                                .choices = {}});
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::string table_name, TableNameOf(*table));
  const auto backup = plane.backups().CreateBackup({.table = table_name, .name = *name});
  if (!backup.ok() && backup.error().code() == ErrorCode::kNotFound) return NoSuchTable(table_name);
  if (!backup.ok() && backup.error().code() == ErrorCode::kResourceExhausted)
    return LimitExceeded(backup.error().message());
  if (!backup.ok()) return backup.error();
  json::JsonWriter writer;
  writer.BeginObject().Key("BackupDetails").BeginObject();
  WriteBackupDetails(writer, *backup, caller.region);
  return writer.EndObject().EndObject().Take();
}

std::string DescriptionAnswer(const Backup& backup, const Caller& caller) {
  json::JsonWriter writer;
  writer.BeginObject().Key("BackupDescription");
  WriteBackupDescription(writer, backup, caller.region);
  return writer.EndObject().Take();
}

ApiResult<std::string> ReadArnOnly(const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  return ReadBackupArn(request, faults);
}

ApiOutcome DescribeBackup(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  ZAEL_API_ASSIGN(const std::string id, ReadArnOnly(json));
  const auto backup = plane.backups().DescribeBackup(id);
  if (!backup.ok() && backup.error().code() == ErrorCode::kNotFound)
    return BackupNotFound(caller.region, id);
  if (!backup.ok()) return backup.error();
  return DescriptionAnswer(*backup, caller);
}

ApiOutcome DeleteBackup(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  ZAEL_API_ASSIGN(const std::string id, ReadArnOnly(json));
  const auto before = plane.backups().DescribeBackup(id);
  const auto backup = plane.backups().DeleteBackup(id);
  if (backup.ok()) return DescriptionAnswer(*backup, caller);
  const std::string arn = BackupArn(caller.region, id);
  if (backup.error().code() == ErrorCode::kNotFound) return BackupNotFound(caller.region, id);
  if (backup.error().code() != ErrorCode::kFailedPrecondition) return backup.error();
  if (before.ok() && before->kind == BackupKind::kSystem) {
    return ValidationError(Format(
        "Invalid Request: User is not allowed to delete the system backup with arn {}", arn));
  }
  return ServiceError("BackupInUseException",
                      before.ok() && before->status == BackupStatus::kCreating
                          ? Format("Backup is being created: {}", arn)
                          : Format("Backup is being used to restore another table: {}", arn));
}

ApiResult<ListBackupsRequest> ReadList(const json::JsonValue& json) {
  RequestFaults faults;
  Members members(json, faults);
  ListBackupsRequest request;
  const auto table =
      members.Text("TableName", {.min_size = 1, .max_size = kMaxArnBytes, .choices = {}});
  request.max_backups = static_cast<std::size_t>(
      members
          .Integer("Limit", {.min = 1,
                             .max = static_cast<std::int64_t>(kMaxBackupsOfPage),
                             .type_name = "Integer"})
          .value_or(static_cast<std::int64_t>(kMaxBackupsOfPage)));
  request.from = members.Time("TimeRangeLowerBound");
  request.until = members.Time("TimeRangeUpperBound");
  const auto start =
      members.Text("ExclusiveStartBackupArn",
                   {.min_size = kMinArnBytes, .max_size = kMaxArnBytes, .choices = {}});
  const std::string type =
      members.Text("BackupType", {.choices = {"USER", "SYSTEM", "AWS_BACKUP", "ALL"}})
          .value_or("USER");
  ZAEL_API_TRY(faults.Check());
  if (table.has_value()) {
    ZAEL_API_ASSIGN(request.table, TableNameOf(*table));
  }
  if (request.from.has_value() && request.until.has_value() && *request.from > *request.until) {
    return InvalidParameter("Time range lower bound must be less than or equal to upper bound");
  }
  if (start.has_value()) {
    ZAEL_API_ASSIGN(request.start_after, BackupIdOf(*start));
  }
  if (type == "SYSTEM") request.kind = BackupKind::kSystem;
  if (type == "AWS_BACKUP") request.kind = BackupKind::kService;
  if (type == "ALL") request.kind.reset();
  return request;
}

ApiOutcome ListBackups(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  ZAEL_API_ASSIGN(const ListBackupsRequest request, ReadList(json));
  ZAEL_API_ASSIGN(const BackupPage page, plane.backups().ListBackups(request));
  json::JsonWriter writer;
  writer.BeginObject().Key("BackupSummaries").BeginArray();
  for (const Backup& backup : page.backups) WriteBackupSummary(writer, backup, caller.region);
  writer.EndArray();
  if (!page.next.empty())
    writer.Key("LastEvaluatedBackupArn").String(BackupArn(caller.region, page.next));
  return writer.EndObject().Take();
}

}  // namespace

ApiResult<std::string> ReadBackupArn(Members& request, const RequestFaults& faults) {
  const auto arn = request.Text("BackupArn", {.presence = Presence::kRequired,
                                              .min_size = kMinArnBytes,
                                              .max_size = kMaxArnBytes,
                                              .choices = {}});
  ZAEL_API_TRY(faults.Check());
  return BackupIdOf(*arn);
}

ApiError BackupNotFound(std::string_view region, std::string_view id) {
  return ServiceError("BackupNotFoundException",
                      Format("Backup not found: {}", BackupArn(region, id)));
}

ApiError NoSuchTable(std::string_view table) {
  return ServiceError("TableNotFoundException", Format("Table not found: {}", table));
}

CallerOperations BackupOperations(std::shared_ptr<TablePlane> plane) {
  using Function = ApiOutcome (*)(TablePlane&, const Caller&, const json::JsonValue&);
  const auto with = [plane](Function function) {
    return [plane, function](const Caller& caller, const json::JsonValue& request) {
      return function(*plane, caller, request);
    };
  };
  return {{"CreateBackup", with(CreateBackup)},
          {"DescribeBackup", with(DescribeBackup)},
          {"DeleteBackup", with(DeleteBackup)},
          {"ListBackups", with(ListBackups)}};
}

}  // namespace zael::endpoint
