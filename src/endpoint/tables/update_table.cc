#include "endpoint/tables/update_table.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/table_schema.h"

namespace zael::endpoint {
namespace {

constexpr std::chrono::hours kStreamsKept{24};

// What a request asks for, as far as one thing forbids another.
struct Asked {
  bool stream = false, throughput = false, indexes = false, protection = false, other = false;
  bool Anything() const { return stream || throughput || indexes || protection || other; }
};

ApiStatus CheckTogether(const Asked& asked) {
  if (!asked.Anything()) {
    return ValidationError(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
        "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
        "OnDemandThroughput, WarmThroughput or TableClass is required");
  }
  if (asked.protection && (asked.stream || asked.throughput || asked.indexes || asked.other)) {
    return InvalidParameter(
        "DeletionProtection modification must be the only operation in the request");
  }
  if (asked.stream && asked.throughput) {
    return InvalidParameter("You cannot modify stream status while updating table IOPS");
  }
  if (asked.stream && asked.indexes) {
    return InvalidParameter("You cannot create or delete index while changing stream status");
  }
  return {};
}

ApiStatus ReadIndexUpdate(Members& update, std::map<std::string, Throughput>& throughputs) {
  if (update.Has("Create") || update.Has("Delete")) {
    return ValidationError(
        "This endpoint cannot add or remove indexes of a table: create the table with them");
  }
  auto change = update.Structure("Update");
  if (!change.has_value()) {
    return InvalidParameter(
        "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
        "GlobalSecondaryIndexUpdate.Delete must not be null");
  }
  const std::string name =
      change->Text("IndexName", {.presence = Presence::kRequired, .min_size = 3, .choices = {}})
          .value_or("");
  const auto throughput = ReadThroughput(*change);
  if (throughputs.emplace(name, throughput.value_or(Throughput{})).second) return {};
  return InvalidParameter(Format(
      "Only one global secondary index update per index is allowed simultaneously. Index: {}",
      name));
}

ApiStatus ReadIndexUpdates(Members& members, UpdateTableRequest& request) {
  auto updates = members.Structures("GlobalSecondaryIndexUpdates");
  if (!updates.has_value()) return {};
  for (Members& update : *updates) {
    ZAEL_API_TRY(ReadIndexUpdate(update, request.index_throughputs));
  }
  return {};
}

void ReadBilling(Members& members, UpdateTableRequest& request) {
  if (const auto mode =
          members.Text("BillingMode", {.choices = {"PROVISIONED", "PAY_PER_REQUEST"}})) {
    request.provisioned = *mode == "PROVISIONED";
  }
  request.throughput = ReadThroughput(members);
  if (auto maxima = members.Structure("OnDemandThroughput")) {
    request.on_demand_maxima =
        Throughput{.read_units = maxima->Integer("MaxReadRequestUnits").value_or(-1),
                   .write_units = maxima->Integer("MaxWriteRequestUnits").value_or(-1)};
  }
  request.table_class =
      members.Text("TableClass", {.choices = {"STANDARD", "STANDARD_INFREQUENT_ACCESS"}});
  if (auto encryption = members.Structure("SSESpecification")) {
    request.encrypted = encryption->Flag("Enabled").value_or(false);
  }
}

ApiStatus ChangeStream(const StreamRequest& stream, const Present& present,
                       const std::string& table, TableSettings& settings) {
  ZAEL_API_TRY(CheckStreamUpdate(stream));
  const bool enabled = EnabledStream(settings) != nullptr;
  if (stream.enabled && enabled) {
    return ValidationError(Format("Table already has an enabled stream: TableName: {}", table));
  }
  if (!stream.enabled && !enabled) {
    return ValidationError(Format("Table has no stream to disable: TableName: {}", table));
  }
  std::erase_if(settings.streams, [&present](const StreamSettings& old) {
    return old.disabled_at.has_value() && *old.disabled_at < present.now - kStreamsKept;
  });
  if (stream.enabled) {
    settings.streams.push_back({.enabled_at = present.now,
                                .disabled_at = {},
                                .view = *stream.view,
                                .after = present.end_of_changes});
  } else {
    settings.streams.back().disabled_at = present.now;
  }
  return {};
}

ApiStatus CheckUnitsDiffer(const Throughput& current, const Throughput& requested) {
  if (current != requested) return {};
  return ValidationError(Format(
      "The provisioned throughput for the table will not change. The requested value equals the "
      "current value. Current ReadCapacityUnits provisioned for the table: {}. Requested "
      "ReadCapacityUnits: {}. Current WriteCapacityUnits provisioned for the table: {}. Requested "
      "WriteCapacityUnits: {}. Refer to the Amazon DynamoDB Developer Guide for current limits "
      "and how to request higher limits.",
      current.read_units, requested.read_units, current.write_units, requested.write_units));
}

ApiStatus ChangeBilling(const UpdateTableRequest& request, WallTime now, TableSettings& settings) {
  const bool provisioned = request.provisioned.value_or(settings.provisioned);
  if (provisioned && !settings.provisioned && !request.throughput.has_value()) {
    return InvalidParameter(
        "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  if (!provisioned && request.throughput.has_value()) {
    return InvalidParameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (request.throughput.has_value()) {
    if (settings.provisioned && request.index_throughputs.empty()) {
      ZAEL_API_TRY(CheckUnitsDiffer(settings.throughput, *request.throughput));
    }
    settings.throughput = *request.throughput;
  }
  if (!provisioned && settings.provisioned) {
    settings.on_demand_since = now;
    settings.throughput = {};
  }
  settings.provisioned = provisioned;
  return {};
}

ApiStatus ChangeIndexes(const UpdateTableRequest& request, const TableSpec& spec,
                        TableSettings& settings) {
  for (const auto& [name, throughput] : request.index_throughputs) {
    const bool known =
        std::any_of(spec.indexes.begin(), spec.indexes.end(),
                    [&name = name](const IndexSpec& index) { return index.name == name; });
    if (!known) {
      return ResourceNotFound(
          Format("Requested resource not found: Index {} for table {}", name, spec.name));
    }
    settings.indexes[name].throughput = throughput;
  }
  return {};
}

}  // namespace

ApiResult<UpdateTableRequest> ReadUpdateTable(const json::JsonValue& json) {
  RequestFaults faults;
  Members members(json, faults);
  UpdateTableRequest request;
  const auto name = ReadTableName(members);
  (void)ReadDefinitions(members, Presence::kOptional);
  ReadBilling(members, request);
  request.stream = ReadStreamSpecification(members);
  request.deletion_protection = members.Flag("DeletionProtectionEnabled");
  const ApiStatus indexes = ReadIndexUpdates(members, request);
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_TRY(indexes);
  ZAEL_API_TRY(CheckTogether(
      {.stream = request.stream.has_value(),
       .throughput = request.provisioned.has_value() || request.throughput.has_value(),
       .indexes = !request.index_throughputs.empty(),
       .protection = request.deletion_protection.has_value(),
       .other = request.on_demand_maxima.has_value() || request.table_class.has_value() ||
                request.encrypted.has_value()}));
  ZAEL_API_ASSIGN(request.table, TableNameOf(*name));
  return request;
}

ApiResult<TableUpdate> DecideUpdate(const UpdateTableRequest& request,
                                    const TableDescription& table, const Present& present) {
  TableSettings settings = SettingsOf(table);
  TableUpdate update;
  update.deletion_protection = request.deletion_protection;
  if (request.stream.has_value()) {
    ZAEL_API_TRY(ChangeStream(*request.stream, present, table.spec.name, settings));
    update.stream = request.stream->enabled;
  }
  ZAEL_API_TRY(ChangeBilling(request, present.now, settings));
  ZAEL_API_TRY(ChangeIndexes(request, table.spec, settings));
  if (request.on_demand_maxima.has_value()) settings.on_demand_maxima = request.on_demand_maxima;
  if (request.table_class.has_value()) settings.table_class = *request.table_class;
  if (request.encrypted.has_value()) settings.encrypted = *request.encrypted;
  update.notes = ToNotes(settings);
  return update;
}

}  // namespace zael::endpoint
