#include "dynamo/backup_codec.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/time.h"
#include "base/try.h"
#include "json/json_document.h"
#include "json/json_writer.h"

namespace zael::dynamo {
namespace {

using json::JsonDocument;
using json::JsonValue;
using json::JsonWriter;
using Kind = json::JsonValue::Kind;

template <typename Members>
Call Render(std::string_view operation, Nature nature, Members members) {
  JsonWriter writer;
  writer.BeginObject();
  members(writer);
  writer.EndObject();
  return {.operation = operation, .body = writer.Take(), .nature = nature};
}

void WriteTime(JsonWriter& writer, std::string_view name, WallTime time) {
  writer.Key(name).Double(static_cast<double>(ToEpochMs(time)) / 1000.0);
}

std::string_view KindName(const std::optional<BackupKind>& kind) {
  if (!kind.has_value()) return "ALL";
  if (*kind == BackupKind::kSystem) return "SYSTEM";
  return *kind == BackupKind::kService ? "AWS_BACKUP" : "USER";
}

void WriteIndexes(JsonWriter& writer, const std::vector<IndexSpec>& indexes) {
  writer.Key("GlobalSecondaryIndexOverride").BeginArray();
  for (const IndexSpec& index : indexes) {
    writer.BeginObject().Key("IndexName").String(index.name).Key("KeySchema").BeginArray();
    writer.BeginObject().Key("AttributeName").String(index.keys.hash.name);
    writer.Key("KeyType").String("HASH").EndObject();
    if (index.keys.range.has_value()) {
      writer.BeginObject().Key("AttributeName").String(index.keys.range->name);
      writer.Key("KeyType").String("RANGE").EndObject();
    }
    writer.EndArray();
    writer.Key("Projection").BeginObject().Key("ProjectionType").String("ALL").EndObject();
    writer.EndObject();
  }
  writer.EndArray();
}

Error Unreadable(std::string_view what, std::string_view cause) {
  return {ErrorCode::kUnavailable, Format("read answer about {}: {}", what, cause)};
}

Result<JsonDocument> Parse(std::string_view what, std::string body) {
  auto document = JsonDocument::Parse(std::move(body));
  if (!document.ok()) return Unreadable(what, document.error().message());
  if (!document->root().Is(Kind::kObject)) return Unreadable(what, "not a JSON object");
  return document;
}

std::string TextOf(const JsonValue& json) { return std::string(json.AsString().value_or("")); }

std::optional<WallTime> TimeOf(const JsonValue& json) {
  const auto seconds = json.AsDouble();
  if (!seconds.has_value()) return std::nullopt;
  constexpr double kLatest = 253402300799;  // the year 9999
  return WallTime(Milliseconds(std::llround(std::clamp(*seconds, 0.0, kLatest) * 1000)));
}

std::uint64_t CountOf(const JsonValue& json) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, json.AsInt64().value_or(0)));
}

void ReadDetails(const JsonValue& details, Backup& backup) {
  backup.id = TextOf(details.Find("BackupArn"));
  backup.name = TextOf(details.Find("BackupName"));
  const auto kind = details.Find("BackupType").AsString().value_or("USER");
  if (kind == "SYSTEM") backup.kind = BackupKind::kSystem;
  if (kind == "AWS_BACKUP") backup.kind = BackupKind::kService;
  const auto status = details.Find("BackupStatus").AsString().value_or("");
  if (status == "AVAILABLE") backup.status = BackupStatus::kAvailable;
  if (status == "DELETED") backup.status = BackupStatus::kDeleted;
  backup.created_at = TimeOf(details.Find("BackupCreationDateTime")).value_or(WallTime());
  backup.expires_at = TimeOf(details.Find("BackupExpiryDateTime"));
  backup.size_bytes = CountOf(details.Find("BackupSizeBytes"));
}

// The types of the attributes are not in a backup's description: they count as strings.
KeySchema ReadKeys(const JsonValue& schema) {
  KeySchema keys;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    KeyAttribute attribute{TextOf(schema.At(i).Find("AttributeName")), KeyType::kString};
    if (schema.At(i).Find("KeyType").AsString() == "HASH") {
      keys.hash = std::move(attribute);
    } else {
      keys.range = std::move(attribute);
    }
  }
  return keys;
}

void ReadSource(const JsonValue& source, const JsonValue& features, TableDescription& table) {
  table.spec.name = TextOf(source.Find("TableName"));
  table.id = TextOf(source.Find("TableId"));
  table.spec.keys = ReadKeys(source.Find("KeySchema"));
  table.created_at = TimeOf(source.Find("TableCreationDateTime")).value_or(WallTime());
  table.item_count = CountOf(source.Find("ItemCount"));
  const JsonValue indexes = features.Find("GlobalSecondaryIndexes");
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    table.spec.indexes.push_back(
        {TextOf(indexes.At(i).Find("IndexName")), ReadKeys(indexes.At(i).Find("KeySchema"))});
  }
  std::sort(table.spec.indexes.begin(), table.spec.indexes.end(),
            [](const IndexSpec& a, const IndexSpec& b) { return a.name < b.name; });
  table.spec.stream =
      features.Find("StreamDescription").Find("StreamEnabled").AsBool().value_or(false);
  const JsonValue ttl = features.Find("TimeToLiveDescription");
  if (ttl.Find("TimeToLiveStatus").AsString() == "ENABLED")
    table.spec.ttl_attribute = TextOf(ttl.Find("AttributeName"));
}

}  // namespace

Call RenderCreateBackup(const CreateBackupRequest& request) {
  return Render("CreateBackup", Nature::kWrite, [&](JsonWriter& writer) {
    writer.Key("TableName").String(request.table).Key("BackupName").String(request.name);
  });
}

Call RenderDescribeBackup(std::string_view arn) {
  return Render("DescribeBackup", Nature::kRead,
                [&](JsonWriter& writer) { writer.Key("BackupArn").String(arn); });
}

Call RenderDeleteBackup(std::string_view arn) {
  return Render("DeleteBackup", Nature::kWrite,
                [&](JsonWriter& writer) { writer.Key("BackupArn").String(arn); });
}

Call RenderListBackups(const ListBackupsRequest& request) {
  return Render("ListBackups", Nature::kRead, [&](JsonWriter& writer) {
    if (!request.table.empty()) writer.Key("TableName").String(request.table);
    if (request.from.has_value()) WriteTime(writer, "TimeRangeLowerBound", *request.from);
    if (request.until.has_value()) WriteTime(writer, "TimeRangeUpperBound", *request.until);
    writer.Key("BackupType").String(KindName(request.kind));
    writer.Key("Limit").Int(static_cast<std::int64_t>(request.max_backups));
    if (!request.start_after.empty())
      writer.Key("ExclusiveStartBackupArn").String(request.start_after);
  });
}

Call RenderDescribeRecovery(std::string_view table) {
  return Render("DescribeContinuousBackups", Nature::kRead,
                [&](JsonWriter& writer) { writer.Key("TableName").String(table); });
}

// Setting it twice is setting it once.
Call RenderUpdateRecovery(std::string_view table, const RecoverySetting& setting) {
  return Render("UpdateContinuousBackups", Nature::kTokenWrite, [&](JsonWriter& writer) {
    writer.Key("TableName").String(table).Key("PointInTimeRecoverySpecification").BeginObject();
    writer.Key("PointInTimeRecoveryEnabled").Bool(setting.enabled);
    if (setting.enabled) writer.Key("RecoveryPeriodInDays").Int(setting.days);
    writer.EndObject();
  });
}

Call RenderRestore(const RestoreRequest& request, const std::vector<IndexSpec>* indexes) {
  const auto* arn = std::get_if<std::string>(&request.source);
  return Render(arn != nullptr ? "RestoreTableFromBackup" : "RestoreTableToPointInTime",
                Nature::kWrite, [&](JsonWriter& writer) {
                  writer.Key("TargetTableName").String(request.target);
                  if (indexes != nullptr) WriteIndexes(writer, *indexes);
                  if (arn != nullptr) {
                    writer.Key("BackupArn").String(*arn);
                    return;
                  }
                  const auto& moment = std::get<PointInTime>(request.source);
                  writer.Key("SourceTableName").String(moment.table);
                  if (moment.at.has_value()) {
                    WriteTime(writer, "RestoreDateTime", *moment.at);
                  } else {
                    writer.Key("UseLatestRestorableTime").Bool(true);
                  }
                });
}

Result<Backup> ReadBackup(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("backup", std::move(body)));
  JsonValue description = document.root().Find("BackupDescription");
  if (!description.Is(Kind::kObject)) description = document.root();
  Backup backup;
  ReadDetails(description.Find("BackupDetails"), backup);
  if (backup.id.empty()) return Unreadable("backup", "no BackupArn");
  ReadSource(description.Find("SourceTableDetails"), description.Find("SourceTableFeatureDetails"),
             backup.table);
  return backup;
}

Result<BackupPage> ReadBackups(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("backups", std::move(body)));
  const JsonValue summaries = document.root().Find("BackupSummaries");
  if (!summaries.Is(Kind::kArray)) return Unreadable("backups", "no BackupSummaries");
  BackupPage page;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    Backup backup;
    ReadDetails(summaries.At(i), backup);
    backup.table.spec.name = TextOf(summaries.At(i).Find("TableName"));
    backup.table.id = TextOf(summaries.At(i).Find("TableId"));
    page.backups.push_back(std::move(backup));
  }
  page.next = TextOf(document.root().Find("LastEvaluatedBackupArn"));
  return page;
}

Result<RecoveryStatus> ReadRecovery(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("recovery", std::move(body)));
  const JsonValue description = document.root().Find("ContinuousBackupsDescription");
  if (!description.Is(Kind::kObject))
    return Unreadable("recovery", "no ContinuousBackupsDescription");
  const JsonValue recovery = description.Find("PointInTimeRecoveryDescription");
  RecoveryStatus status;
  status.enabled = recovery.Find("PointInTimeRecoveryStatus").AsString() == "ENABLED";
  if (!status.enabled) return status;
  status.days = static_cast<int>(std::clamp<std::int64_t>(
      recovery.Find("RecoveryPeriodInDays").AsInt64().value_or(kMaxRecoveryDays), 1,
      kMaxRecoveryDays));
  status.earliest = TimeOf(recovery.Find("EarliestRestorableDateTime"));
  status.latest = TimeOf(recovery.Find("LatestRestorableDateTime"));
  return status;
}

}  // namespace zael::dynamo
