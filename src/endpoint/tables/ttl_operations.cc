#include "endpoint/tables/ttl_operations.h"

#include <optional>
#include <string>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/table_schema.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

struct TtlRequest {
  std::string table;
  bool enabled = false;
  std::string attribute;
};

ApiResult<TtlRequest> ReadUpdate(const json::JsonValue& json) {
  RequestFaults faults;
  Members members(json, faults);
  const auto name = ReadTableName(members);
  TtlRequest request;
  if (auto ttl = members.Structure("TimeToLiveSpecification", Presence::kRequired)) {
    request.enabled = ttl->Flag("Enabled", Presence::kRequired).value_or(false);
    request.attribute =
        ttl->Text("AttributeName",
                  {.presence = Presence::kRequired, .min_size = 1, .max_size = 255, .choices = {}})
            .value_or("");
  }
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(request.table, TableNameOf(*name));
  return request;
}

ApiResult<TableUpdate> Decide(const TtlRequest& request, const TableDescription& table) {
  const std::optional<std::string>& current = table.spec.ttl_attribute;
  if (current.has_value() && *current != request.attribute) {
    return ValidationError(
        Format("TimeToLive is active on a different AttributeName: current AttributeName is {}",
               *current));
  }
  if (request.enabled == current.has_value()) {
    return ValidationError(request.enabled ? "TimeToLive is already enabled"
                                           : "TimeToLive is already disabled");
  }
  TableUpdate update;
  update.ttl_attribute.emplace();
  if (request.enabled) *update.ttl_attribute = request.attribute;
  return update;
}

ApiOutcome UpdateTimeToLive(TablePlane& plane, const json::JsonValue& json) {
  ZAEL_API_ASSIGN(const TtlRequest request, ReadUpdate(json));
  ZAEL_API_TRY(plane.Change(
      request.table, [&request](const TableDescription& table) { return Decide(request, table); }));
  json::JsonWriter writer;
  writer.BeginObject().Key("TimeToLiveSpecification").BeginObject();
  writer.Key("Enabled").Bool(request.enabled);
  writer.Key("AttributeName").String(request.attribute);
  return writer.EndObject().EndObject().Take();
}

ApiOutcome DescribeTimeToLive(TablePlane& plane, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto name = ReadTableName(request);
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::string table_name, TableNameOf(*name));
  ZAEL_API_ASSIGN(const TableDescription table, plane.Describe(table_name));
  const std::optional<std::string>& attribute = table.spec.ttl_attribute;
  json::JsonWriter writer;
  writer.BeginObject().Key("TimeToLiveDescription").BeginObject();
  writer.Key("TimeToLiveStatus").String(attribute.has_value() ? "ENABLED" : "DISABLED");
  if (attribute.has_value()) writer.Key("AttributeName").String(*attribute);
  return writer.EndObject().EndObject().Take();
}

}  // namespace

CallerOperations TtlOperations(std::shared_ptr<TablePlane> plane) {
  return {{"UpdateTimeToLive",
           [plane](const Caller&, const json::JsonValue& request) {
             return UpdateTimeToLive(*plane, request);
           }},
          {"DescribeTimeToLive", [plane](const Caller&, const json::JsonValue& request) {
             return DescribeTimeToLive(*plane, request);
           }}};
}

}  // namespace zael::endpoint
