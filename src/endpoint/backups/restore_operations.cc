#include "endpoint/backups/restore_operations.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/format.h"
#include "base/time.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/backups/backup_operations.h"
#include "endpoint/backups/restore_request.h"
#include "endpoint/tables/table_description.h"

namespace zael::endpoint {
namespace {

// 2026-01-31T23:59:59.123Z
std::string TimeText(WallTime time) { return StreamLabel(time) + "Z"; }

// Why a table of the target's name stands in the way; nothing when none does.
ApiStatus CheckTarget(TablePlane& plane, const std::string& target, std::string_view region) {
  const auto table = plane.Describe(target);
  if (!table.ok()) return {};
  if (!IsBeingRestored(*table)) {
    return ServiceError("TableAlreadyExistsException", Format("Table already exists: {}", target));
  }
  const RestoreOrigin& origin = *table->origin;
  return ServiceError(
      "TableInUseException",
      Format("Table: {} is already being restored from {}", target,
             origin.backup_id.empty() ? Format("table: {}", TableArn(region, origin.source_table))
                                      : Format("backup: {}", BackupArn(region, origin.backup_id))));
}

// A damaged file is for the operator to hear of, by its name.
ApiError FailedRestore(const Error& error) {
  if (error.code() == ErrorCode::kResourceExhausted) return LimitExceeded(error.message());
  ApiError answer = FromStoreError(error);
  if (error.code() == ErrorCode::kDataLoss) answer.message = error.message();
  return answer;
}

// `unready`: what a source is that cannot be restored now.
ApiOutcome Begin(TablePlane& plane, const Caller& caller, const RestoreRequest& request,
                 const ApiError& unready) {
  const auto begun = plane.backups().Restore(request);
  if (begun.ok()) return TableAnswer("TableDescription", *begun, caller.region, "CREATING");
  if (begun.error().code() == ErrorCode::kAlreadyExists)
    ZAEL_API_TRY(CheckTarget(plane, request.target, caller.region));
  if (begun.error().code() == ErrorCode::kFailedPrecondition) return unready;
  return FailedRestore(begun.error());
}

ApiOutcome FromBackup(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  RequestFaults faults;
  Members members(json, faults);
  const auto target = ReadTargetName(members);
  const RestoreOverrides overrides = ReadOverrides(members);
  ZAEL_API_ASSIGN(const std::string id, ReadBackupArn(members, faults));
  const auto backup = plane.backups().DescribeBackup(id);
  if (!backup.ok() && backup.error().code() == ErrorCode::kNotFound)
    return BackupNotFound(caller.region, id);
  if (!backup.ok()) return backup.error();
  RestoreRequest request{.source = id, .target = *target};
  if (backup->damage.empty())
    ZAEL_API_TRY(ApplyOverrides(overrides, backup->table, plane.now(), &request));
  ZAEL_API_TRY(CheckTarget(plane, *target, caller.region));
  const std::string arn = BackupArn(caller.region, id);
  return Begin(
      plane, caller, request,
      ServiceError("BackupInUseException",
                   backup->status == BackupStatus::kCreating
                       ? Format("Backup is being created: {}", arn)
                       : Format("Backup is being used to restore another table: {}", arn)));
}

ApiError RecoveryIsOff(const std::string& table) {
  return ServiceError("PointInTimeRecoveryUnavailableException",
                      Format("Point in time recovery is not enabled for table '{}'", table));
}

struct MomentRequest {
  std::string source;
  std::string target;
  std::optional<WallTime> at;  // absent: the latest
  RestoreOverrides overrides;
};

ApiResult<MomentRequest> ReadMoment(const json::JsonValue& json) {
  RequestFaults faults;
  Members members(json, faults);
  const auto name = members.Text(
      "SourceTableName", {.min_size = 3, .max_size = 255, .name_pattern = true, .choices = {}});
  const auto arn = members.Text("SourceTableArn", {.min_size = 1, .max_size = 1024, .choices = {}});
  const auto target = ReadTargetName(members);
  MomentRequest request;
  request.at = members.Time("RestoreDateTime");
  const bool latest = members.Flag("UseLatestRestorableTime").value_or(false);
  request.overrides = ReadOverrides(members);
  ZAEL_API_TRY(faults.Check());
  request.target = *target;
  if (name.has_value() == arn.has_value())
    return ValidationError("Must provide exactly one of: sourceTableArn, sourceTableName");
  if (latest && request.at.has_value()) {
    return ValidationError(
        "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set at the "
        "same time");
  }
  if (!latest && !request.at.has_value()) {
    return ValidationError(
        "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be "
        "specified, but not both");
  }
  ZAEL_API_ASSIGN(request.source, TableNameOf(name.has_value() ? *name : *arn));
  return request;
}

ApiOutcome ToPointInTime(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  ZAEL_API_ASSIGN(const MomentRequest moment, ReadMoment(json));
  const auto window = plane.backups().DescribeRecovery(moment.source);
  if (!window.ok() && window.error().code() == ErrorCode::kNotFound)
    return NoSuchTable(moment.source);
  if (!window.ok()) return window.error();
  if (!window->enabled) return RecoveryIsOff(moment.source);
  if (moment.at.has_value() && (*moment.at < *window->earliest || *moment.at > *window->latest)) {
    return ServiceError(
        "InvalidRestoreTimeException",
        Format("RestoreDateTime '{}' must be within EarliestRestorableDateTime '{}' and "
               "LatestRestorableDateTime '{}'",
               TimeText(*moment.at), TimeText(*window->earliest), TimeText(*window->latest)));
  }
  ZAEL_API_TRY(CheckTarget(plane, moment.target, caller.region));
  const auto source = plane.Describe(moment.source);
  if (!source.ok()) return NoSuchTable(moment.source);
  RestoreRequest request{.source = PointInTime{.table = moment.source, .at = moment.at},
                         .target = moment.target};
  ZAEL_API_TRY(ApplyOverrides(moment.overrides, *source, plane.now(), &request));
  return Begin(plane, caller, request, RecoveryIsOff(moment.source));
}

}  // namespace

CallerOperations RestoreOperations(std::shared_ptr<TablePlane> plane) {
  return {
      {"RestoreTableFromBackup",
       [plane](const Caller& caller, const json::JsonValue& request) {
         return FromBackup(*plane, caller, request);
       }},
      {"RestoreTableToPointInTime", [plane](const Caller& caller, const json::JsonValue& request) {
         return ToPointInTime(*plane, caller, request);
       }}};
}

}  // namespace zael::endpoint
