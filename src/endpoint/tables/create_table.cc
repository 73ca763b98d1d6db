#include "endpoint/tables/create_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/stream_request.h"
#include "endpoint/tables/table_schema.h"
#include "endpoint/tables/tag_operations.h"

namespace zael::endpoint {
namespace {

struct Request {
  std::string table;
  Definitions definitions;
  std::vector<KeyElement> keys;
  std::optional<std::vector<IndexRequest>> local_indexes, global_indexes;
  bool provisioned = true;
  std::optional<Throughput> throughput;
  std::optional<Throughput> on_demand_maxima;
  std::optional<StreamRequest> stream;
  std::optional<bool> deletion_protection;
  std::string table_class;
  bool encrypted = false;
  std::optional<TagList> tags;
};

std::optional<std::vector<IndexRequest>> ReadIndexes(Members& members, std::string_view name,
                                                     bool local) {
  auto structures = members.Structures(name);
  if (!structures.has_value()) return std::nullopt;
  std::vector<IndexRequest> indexes;
  for (Members& structure : *structures) indexes.push_back(ReadIndex(structure, local));
  return indexes;
}

std::optional<Throughput> ReadMaxima(Members& members) {
  auto maxima = members.Structure("OnDemandThroughput");
  if (!maxima.has_value()) return std::nullopt;
  return Throughput{.read_units = maxima->Integer("MaxReadRequestUnits").value_or(-1),
                    .write_units = maxima->Integer("MaxWriteRequestUnits").value_or(-1)};
}

ApiResult<Request> Read(const json::JsonValue& json) {
  RequestFaults faults;
  Members members(json, faults);
  Request request;
  request.table = ReadTableName(members).value_or("");
  request.definitions = ReadDefinitions(members, Presence::kRequired);
  request.keys = ReadKeySchema(members);
  request.local_indexes = ReadIndexes(members, "LocalSecondaryIndexes", /*local=*/true);
  request.global_indexes = ReadIndexes(members, "GlobalSecondaryIndexes", /*local=*/false);
  request.provisioned = members.Text("BillingMode", {.choices = {"PROVISIONED", "PAY_PER_REQUEST"}})
                            .value_or("PROVISIONED") == "PROVISIONED";
  request.throughput = ReadThroughput(members);
  request.on_demand_maxima = ReadMaxima(members);
  request.stream = ReadStreamSpecification(members);
  request.deletion_protection = members.Flag("DeletionProtectionEnabled");
  request.table_class =
      members.Text("TableClass", {.choices = {"STANDARD", "STANDARD_INFREQUENT_ACCESS"}})
          .value_or("");
  if (auto encryption = members.Structure("SSESpecification")) {
    request.encrypted = encryption->Flag("Enabled").value_or(false);
  }
  request.tags = ReadTags(members, Presence::kOptional);
  ZAEL_API_TRY(faults.Check());
  return request;
}

ApiStatus CheckBilling(const Request& request) {
  if (request.provisioned == request.throughput.has_value()) return {};
  if (request.provisioned) {
    return InvalidParameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  return InvalidParameter(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
      "PAY_PER_REQUEST");
}

ApiStatus CheckAllUsed(const Request& request, const std::vector<IndexRequest>& indexes) {
  std::set<std::string> used;
  const auto use = [&used](const std::vector<KeyElement>& keys) {
    for (const KeyElement& key : keys) used.insert(key.name);
  };
  use(request.keys);
  for (const IndexRequest& index : indexes) use(index.keys);
  if (request.definitions.size() == used.size()) return {};
  if (indexes.empty()) {
    return InvalidParameter(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  std::vector<std::string> defined;
  for (const KeyAttribute& attribute : request.definitions) defined.push_back(attribute.name);
  return InvalidParameter(
      Format("Some AttributeDefinitions are not used. AttributeDefinitions: {}, keys used: {}",
             BracketedNames(defined), BracketedNames({used.begin(), used.end()})));
}

ApiStatus CheckCounts(const Request& request) {
  if (request.local_indexes.has_value()) {
    if (request.local_indexes->empty()) {
      return InvalidParameter("List of LocalSecondaryIndexes is empty");
    }
    if (request.local_indexes->size() > kMaxLocalIndexes) {
      return InvalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
    }
  }
  if (!request.global_indexes.has_value()) return {};
  if (request.global_indexes->empty()) {
    return InvalidParameter("List of GlobalSecondaryIndexes is empty");
  }
  if (request.global_indexes->size() > kMaxGlobalIndexes) {
    return InvalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  }
  return {};
}

ApiStatus CheckLocal(const KeySchema& table, const IndexRequest& index) {
  if (!table.range.has_value()) {
    return InvalidParameter(
        "Table KeySchema does not have a range key, which is required when specifying a "
        "LocalSecondaryIndex");
  }
  if (index.keys.size() < 2) {
    return InvalidParameter(
        Format("Index KeySchema does not have a range key for index: {}", index.name));
  }
  if (index.keys[0].name != table.hash.name) {
    return InvalidParameter(
        Format("Index KeySchema does not have the same leading hash key as table KeySchema for "
               "index: {}. index hash key: {}, table hash key: {}",
               index.name, index.keys[0].name, table.hash.name));
  }
  return {};
}

// All indexes, the local ones first.
std::vector<IndexRequest> AllIndexes(const Request& request) {
  std::vector<IndexRequest> all = request.local_indexes.value_or(std::vector<IndexRequest>{});
  if (request.global_indexes.has_value()) {
    all.insert(all.end(), request.global_indexes->begin(), request.global_indexes->end());
  }
  return all;
}

ApiStatus AddIndexes(const Request& request, const std::vector<IndexRequest>& indexes,
                     NewTable& table) {
  for (const IndexRequest& index : indexes) {
    ZAEL_API_ASSIGN(KeySchema keys, MakeKeySchema(index.keys, request.definitions));
    if (index.local) ZAEL_API_TRY(CheckLocal(table.spec.keys, index));
    ZAEL_API_TRY(CheckProjection(index.projection));
    if (table.settings.indexes.contains(index.name)) {
      return InvalidParameter(Format("Duplicate index name: {}", index.name));
    }
    ZAEL_API_TRY(CheckIndexThroughput(index, request.provisioned));
    table.spec.indexes.push_back({.name = index.name, .keys = std::move(keys)});
    table.settings.indexes.emplace(index.name, SettingsOf(index));
  }
  return {};
}

}  // namespace

ApiResult<NewTable> ReadCreateTable(const json::JsonValue& json, WallTime now) {
  ZAEL_API_ASSIGN(Request request, Read(json));
  ZAEL_API_TRY(CheckBilling(request));
  ZAEL_API_TRY(CheckDefinitions(request.definitions));
  NewTable table;
  ZAEL_API_ASSIGN(table.spec.name, TableNameOf(request.table));
  ZAEL_API_ASSIGN(table.spec.keys, MakeKeySchema(request.keys, request.definitions));
  const std::vector<IndexRequest> indexes = AllIndexes(request);
  ZAEL_API_TRY(CheckAllUsed(request, indexes));
  ZAEL_API_TRY(CheckCounts(request));
  ZAEL_API_TRY(AddIndexes(request, indexes, table));
  if (request.stream.has_value()) ZAEL_API_TRY(CheckStreamOfNewTable(*request.stream));
  if (request.tags.has_value()) {
    ZAEL_API_TRY(AddTags(*request.tags, table.spec.tags));
  }
  table.spec.deletion_protection = request.deletion_protection.value_or(false);
  table.spec.stream = request.stream.has_value() && request.stream->enabled;
  if (table.spec.stream) {
    table.settings.streams.push_back(
        {.enabled_at = now, .disabled_at = {}, .view = *request.stream->view});
  }
  table.settings.provisioned = request.provisioned;
  table.settings.throughput = request.throughput.value_or(Throughput{});
  if (!request.provisioned) table.settings.on_demand_since = now;
  table.settings.on_demand_maxima = request.on_demand_maxima;
  table.settings.table_class = request.table_class;
  table.settings.encrypted = request.encrypted;
  return table;
}

}  // namespace zael::endpoint
