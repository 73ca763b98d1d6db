#include "endpoint/backups/backup_description.h"

#include "endpoint/arns.h"
#include "endpoint/tables/table_description.h"
#include "endpoint/tables/table_settings.h"

namespace zael::endpoint {
namespace {

using json::JsonWriter;

std::string_view StatusName(BackupStatus status) {
  if (status == BackupStatus::kAvailable) return "AVAILABLE";
  return status == BackupStatus::kCreating ? "CREATING" : "DELETED";
}

std::string_view KindName(BackupKind kind) {
  if (kind == BackupKind::kSystem) return "SYSTEM";
  return kind == BackupKind::kUser ? "USER" : "AWS_BACKUP";
}

void WriteThroughput(JsonWriter& writer, const Throughput& throughput) {
  writer.Key("ProvisionedThroughput").BeginObject();
  writer.Key("ReadCapacityUnits").Int(throughput.read_units);
  writer.Key("WriteCapacityUnits").Int(throughput.write_units);
  writer.EndObject();
}

void WriteTableDetails(JsonWriter& writer, const Backup& backup, const TableSettings& settings,
                       std::string_view region) {
  const TableDescription& table = backup.table;
  writer.Key("SourceTableDetails").BeginObject();
  writer.Key("TableName").String(table.spec.name);
  writer.Key("TableId").String(TableUuid(table.id));
  writer.Key("TableArn").String(TableArn(region, table.spec.name));
  writer.Key("TableSizeBytes").Int(static_cast<std::int64_t>(backup.size_bytes));
  writer.Key("KeySchema");
  WriteKeySchema(writer, table.spec.keys);
  writer.Key("TableCreationDateTime");
  WriteTimestamp(writer, table.created_at);
  WriteThroughput(writer, settings.throughput);
  if (settings.on_demand_maxima.has_value()) {
    writer.Key("OnDemandThroughput").BeginObject();
    writer.Key("MaxReadRequestUnits").Int(settings.on_demand_maxima->read_units);
    writer.Key("MaxWriteRequestUnits").Int(settings.on_demand_maxima->write_units);
    writer.EndObject();
  }
  writer.Key("ItemCount").Int(static_cast<std::int64_t>(table.item_count));
  writer.Key("BillingMode").String(settings.provisioned ? "PROVISIONED" : "PAY_PER_REQUEST");
  writer.EndObject();
}

void WriteIndexes(JsonWriter& writer, const TableDescription& table, const TableSettings& settings,
                  bool local) {
  bool begun = false;
  for (const IndexSpec& index : table.spec.indexes) {
    const auto found = settings.indexes.find(index.name);
    const IndexSettings chosen = found == settings.indexes.end() ? IndexSettings{} : found->second;
    if (chosen.local != local) continue;
    if (!begun) writer.Key(local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes").BeginArray();
    begun = true;
    writer.BeginObject().Key("IndexName").String(index.name).Key("KeySchema");
    WriteKeySchema(writer, index.keys);
    writer.Key("Projection").BeginObject().Key("ProjectionType").String(chosen.projection);
    if (!chosen.non_key_attributes.empty()) {
      writer.Key("NonKeyAttributes").BeginArray();
      for (const std::string& name : chosen.non_key_attributes) writer.String(name);
      writer.EndArray();
    }
    writer.EndObject();
    if (!local) WriteThroughput(writer, chosen.throughput);
    writer.EndObject();
  }
  if (begun) writer.EndArray();
}

void WriteFeatures(JsonWriter& writer, const TableDescription& table,
                   const TableSettings& settings) {
  writer.Key("SourceTableFeatureDetails").BeginObject();
  WriteIndexes(writer, table, settings, /*local=*/true);
  WriteIndexes(writer, table, settings, /*local=*/false);
  if (const StreamSettings* stream = EnabledStream(settings)) {
    writer.Key("StreamDescription").BeginObject().Key("StreamEnabled").Bool(true);
    writer.Key("StreamViewType").String(stream->view).EndObject();
  }
  if (table.spec.ttl_attribute.has_value()) {
    writer.Key("TimeToLiveDescription").BeginObject().Key("TimeToLiveStatus").String("ENABLED");
    writer.Key("AttributeName").String(*table.spec.ttl_attribute).EndObject();
  }
  if (settings.encrypted) {
    writer.Key("SSEDescription").BeginObject().Key("Status").String("ENABLED");
    writer.Key("SSEType").String("KMS").EndObject();
  }
  writer.EndObject();
}

}  // namespace

void WriteBackupDetails(JsonWriter& writer, const Backup& backup, std::string_view region) {
  writer.Key("BackupArn").String(BackupArn(region, backup.id));
  writer.Key("BackupName").String(backup.name);
  writer.Key("BackupSizeBytes").Int(static_cast<std::int64_t>(backup.size_bytes));
  writer.Key("BackupStatus").String(StatusName(backup.status));
  writer.Key("BackupType").String(KindName(backup.kind));
  writer.Key("BackupCreationDateTime");
  WriteTimestamp(writer, backup.created_at);
  if (backup.expires_at.has_value()) {
    writer.Key("BackupExpiryDateTime");
    WriteTimestamp(writer, *backup.expires_at);
  }
}

void WriteBackupSummary(JsonWriter& writer, const Backup& backup, std::string_view region) {
  writer.BeginObject();
  writer.Key("TableName").String(backup.table.spec.name);
  writer.Key("TableId").String(TableUuid(backup.table.id));
  writer.Key("TableArn").String(TableArn(region, backup.table.spec.name));
  WriteBackupDetails(writer, backup, region);
  writer.EndObject();
}

void WriteBackupDescription(JsonWriter& writer, const Backup& backup, std::string_view region) {
  const TableSettings settings = SettingsOf(backup.table);
  writer.BeginObject().Key("BackupDetails").BeginObject();
  WriteBackupDetails(writer, backup, region);
  writer.EndObject();
  WriteTableDetails(writer, backup, settings, region);
  WriteFeatures(writer, backup.table, settings);
  writer.EndObject();
}

}  // namespace zael::endpoint
