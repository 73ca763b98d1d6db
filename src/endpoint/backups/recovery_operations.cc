#include "endpoint/backups/recovery_operations.h"

#include <optional>
#include <string>
#include <utility>

#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/backups/backup_operations.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/table_description.h"
#include "endpoint/tables/table_schema.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

ApiOutcome Answer(const Result<RecoveryStatus>& status, const std::string& table) {
  if (!status.ok() && status.error().code() == ErrorCode::kNotFound) return NoSuchTable(table);
  if (!status.ok()) return status.error();
  json::JsonWriter writer;
  writer.BeginObject().Key("ContinuousBackupsDescription").BeginObject();
  writer.Key("ContinuousBackupsStatus").String("ENABLED");
  writer.Key("PointInTimeRecoveryDescription").BeginObject();
  writer.Key("PointInTimeRecoveryStatus").String(status->enabled ? "ENABLED" : "DISABLED");
  if (status->enabled) {
    writer.Key("RecoveryPeriodInDays").Int(status->days);
    writer.Key("EarliestRestorableDateTime");
    WriteTimestamp(writer, *status->earliest);
    writer.Key("LatestRestorableDateTime");
    WriteTimestamp(writer, *status->latest);
  }
  return writer.EndObject().EndObject().EndObject().Take();
}

ApiOutcome Describe(TablePlane& plane, const Caller&, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto name = ReadTableName(request);
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::string table, TableNameOf(*name));
  return Answer(plane.backups().DescribeRecovery(table), table);
}

ApiOutcome Update(TablePlane& plane, const Caller&, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto name = ReadTableName(request);
  bool enabled = false;
  std::optional<std::int64_t> days;
  if (auto setting = request.Structure("PointInTimeRecoverySpecification", Presence::kRequired)) {
    enabled = setting->Flag("PointInTimeRecoveryEnabled", Presence::kRequired).value_or(false);
    days = setting->Integer("RecoveryPeriodInDays",
                            {.min = 1, .max = kMaxRecoveryDays, .type_name = "Integer"});
  }
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::string table, TableNameOf(*name));
  if (!enabled && days.has_value()) {
    return ValidationError(
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time "
        "recovery.");
  }
  RecoverySetting setting{.enabled = enabled};
  if (days.has_value()) setting.days = static_cast<int>(*days);
  if (enabled && !days.has_value()) {
    const auto present = plane.backups().DescribeRecovery(table);
    if (present.ok() && present->enabled) setting.days = present->days;  // switching on again
  }
  return Answer(plane.backups().UpdateRecovery(table, setting), table);
}

}  // namespace

CallerOperations RecoveryOperations(std::shared_ptr<TablePlane> plane) {
  return {
      {"DescribeContinuousBackups",
       [plane](const Caller& caller, const json::JsonValue& request) {
         return Describe(*plane, caller, request);
       }},
      {"UpdateContinuousBackups", [plane](const Caller& caller, const json::JsonValue& request) {
         return Update(*plane, caller, request);
       }}};
}

}  // namespace zael::endpoint
