#include "endpoint/backups/restore_request.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "endpoint/api_try.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kInvalid = "Invalid Request: ";

ApiError InvalidRequest(std::string_view detail) {
  return ValidationError(Format("{}{}", kInvalid, detail));
}

std::optional<std::vector<std::string>> ReadIndexNames(Members& request, std::string_view name) {
  auto structures = request.Structures(name);
  if (!structures.has_value()) return std::nullopt;
  std::vector<std::string> names;
  for (Members& structure : *structures) {
    names.push_back(structure
                        .Text("IndexName", {.presence = Presence::kRequired,
                                            .min_size = 3,
                                            .max_size = 255,
                                            .name_pattern = true,
                                            .choices = {}})
                        .value_or(""));
  }
  return names;
}

std::optional<Throughput> ReadUnits(Members& request, std::string_view name, bool on_demand) {
  auto units = request.Structure(name);
  if (!units.has_value()) return std::nullopt;
  if (on_demand) {
    return Throughput{.read_units = units->Integer("MaxReadRequestUnits").value_or(-1),
                      .write_units = units->Integer("MaxWriteRequestUnits").value_or(-1)};
  }
  const IntegerRule at_least_one{.presence = Presence::kRequired, .min = 1};
  return Throughput{.read_units = units->Integer("ReadCapacityUnits", at_least_one).value_or(0),
                    .write_units = units->Integer("WriteCapacityUnits", at_least_one).value_or(0)};
}

ApiStatus CheckBilling(const RestoreOverrides& overrides, bool source_is_provisioned) {
  if (!overrides.billing_mode.has_value()) {
    if (!overrides.throughput.has_value() || source_is_provisioned) return {};
    return InvalidRequest(
        "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
  }
  const bool provisioned = *overrides.billing_mode == "PROVISIONED";
  if (provisioned && !overrides.throughput.has_value()) {
    return InvalidRequest(
        "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  }
  if (!provisioned && overrides.throughput.has_value()) {
    return InvalidRequest(
        "Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST");
  }
  return {};
}

bool IsLocal(const TableSettings& settings, const std::string& index) {
  const auto found = settings.indexes.find(index);
  return found != settings.indexes.end() && found->second.local;
}

// The names that are to stay, in the source's order.
ApiResult<std::vector<std::string>> KeptIndexes(const RestoreOverrides& overrides,
                                                const TableDescription& source,
                                                const TableSettings& settings) {
  std::vector<std::string> kept;
  for (const bool local : {false, true}) {
    const auto& wanted = local ? overrides.local_indexes : overrides.global_indexes;
    for (const std::string& name : wanted.value_or(std::vector<std::string>())) {
      const bool known = std::any_of(
          source.spec.indexes.begin(), source.spec.indexes.end(), [&](const IndexSpec& index) {
            return index.name == name && IsLocal(settings, name) == local;
          });
      if (known) continue;
      return InvalidRequest(
          Format("Index {} does not match a secondary index that existed in the source table and "
                 "cannot be created during the restore operation",
                 name));
    }
  }
  for (const IndexSpec& index : source.spec.indexes) {
    const auto& wanted =
        IsLocal(settings, index.name) ? overrides.local_indexes : overrides.global_indexes;
    if (!wanted.has_value() ||
        std::find(wanted->begin(), wanted->end(), index.name) != wanted->end()) {
      kept.push_back(index.name);
    }
  }
  return kept;
}

}  // namespace

std::optional<std::string> ReadTargetName(Members& request) {
  return request.Text("TargetTableName", {.presence = Presence::kRequired,
                                          .min_size = 3,
                                          .max_size = 255,
                                          .name_pattern = true,
                                          .choices = {}});
}

RestoreOverrides ReadOverrides(Members& request) {
  RestoreOverrides overrides;
  overrides.billing_mode =
      request.Text("BillingModeOverride", {.choices = {"PROVISIONED", "PAY_PER_REQUEST"}});
  overrides.throughput = ReadUnits(request, "ProvisionedThroughputOverride", /*on_demand=*/false);
  overrides.on_demand_maxima = ReadUnits(request, "OnDemandThroughputOverride", /*on_demand=*/true);
  overrides.global_indexes = ReadIndexNames(request, "GlobalSecondaryIndexOverride");
  overrides.local_indexes = ReadIndexNames(request, "LocalSecondaryIndexOverride");
  if (auto encryption = request.Structure("SSESpecificationOverride"))
    overrides.encrypted = encryption->Flag("Enabled").value_or(false);
  return overrides;
}

ApiStatus ApplyOverrides(const RestoreOverrides& overrides, const TableDescription& source,
                         WallTime now, RestoreRequest* request) {
  TableSettings settings = SettingsOf(source);
  ZAEL_API_TRY(CheckBilling(overrides, settings.provisioned));
  ZAEL_API_ASSIGN(request->indexes, KeptIndexes(overrides, source, settings));
  if (overrides.billing_mode.has_value()) {
    const bool was_provisioned = settings.provisioned;
    settings.provisioned = *overrides.billing_mode == "PROVISIONED";
    if (!settings.provisioned && was_provisioned) settings.on_demand_since = now;
    if (!settings.provisioned) settings.throughput = {};
  }
  if (overrides.throughput.has_value()) settings.throughput = *overrides.throughput;
  if (overrides.on_demand_maxima.has_value())
    settings.on_demand_maxima = overrides.on_demand_maxima;
  if (overrides.encrypted.has_value()) settings.encrypted = *overrides.encrypted;
  std::erase_if(settings.indexes, [&](const auto& index) {
    return std::find(request->indexes->begin(), request->indexes->end(), index.first) ==
           request->indexes->end();
  });
  settings.streams.clear();
  settings.table_class.clear();
  request->notes = ToNotes(settings);
  return {};
}

}  // namespace zael::endpoint
