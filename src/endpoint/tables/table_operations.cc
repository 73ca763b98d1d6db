#include "endpoint/tables/table_operations.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/create_table.h"
#include "endpoint/tables/table_description.h"
#include "endpoint/tables/table_schema.h"
#include "endpoint/tables/tag_operations.h"
#include "endpoint/tables/ttl_operations.h"
#include "endpoint/tables/update_table.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

constexpr std::int64_t kMaxTablesOfPage = 100;
constexpr std::int64_t kAccountUnits = 80'000;  // AWS's defaults; nothing here is limited by them
constexpr std::int64_t kTableUnits = 40'000;
constexpr std::int64_t kEndpointMinutes = 1440;

// A request that is the name of a table.
ApiResult<std::string> ReadNameOnly(const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto name = ReadTableName(request);
  ZAEL_API_TRY(faults.Check());
  return TableNameOf(*name);
}

ApiOutcome CreateTable(TablePlane& plane, const Caller& caller, const json::JsonValue& request) {
  ZAEL_API_ASSIGN(NewTable table, ReadCreateTable(request, plane.now()));
  ZAEL_API_ASSIGN(const TableDescription created, plane.Create(std::move(table)));
  return TableAnswer("TableDescription", created, caller.region, "ACTIVE");
}

ApiOutcome DescribeTable(TablePlane& plane, const Caller& caller, const json::JsonValue& request) {
  ZAEL_API_ASSIGN(const std::string name, ReadNameOnly(request));
  ZAEL_API_ASSIGN(const TableDescription table, plane.Describe(name));
  return TableAnswer("Table", table, caller.region, "ACTIVE");
}

ApiOutcome UpdateTable(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  ZAEL_API_ASSIGN(const UpdateTableRequest request, ReadUpdateTable(json));
  const auto decide = [&](const TableDescription& before) -> ApiResult<TableUpdate> {
    Present present{.now = plane.now()};
    if (request.stream.has_value() && request.stream->enabled) {
      ZAEL_API_ASSIGN(present.end_of_changes, plane.changes().EndOfChanges(request.table));
    }
    return DecideUpdate(request, before, present);
  };
  ZAEL_API_ASSIGN(const TableDescription table, plane.Change(request.table, decide));
  return TableAnswer("TableDescription", table, caller.region, "ACTIVE");
}

ApiOutcome DeleteTable(TablePlane& plane, const Caller& caller, const json::JsonValue& request) {
  ZAEL_API_ASSIGN(const std::string name, ReadNameOnly(request));
  ZAEL_API_ASSIGN(const TableDescription table, plane.Delete(name));
  return TableAnswer("TableDescription", table, caller.region, "DELETING");
}

ApiOutcome ListTables(TablePlane& plane, const Caller&, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto start =
      request.Text("ExclusiveStartTableName",
                   {.min_size = 3, .max_size = 255, .name_pattern = true, .choices = {}});
  const std::int64_t limit =
      request.Integer("Limit", {.min = 1, .max = kMaxTablesOfPage, .type_name = "Integer"})
          .value_or(kMaxTablesOfPage);
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::vector<std::string> names, plane.List());
  auto next =
      start.has_value() ? std::upper_bound(names.begin(), names.end(), *start) : names.begin();
  json::JsonWriter writer;
  writer.BeginObject().Key("TableNames").BeginArray();
  for (std::int64_t i = 0; next != names.end() && i < limit; ++next, ++i) writer.String(*next);
  writer.EndArray();
  if (next != names.end()) writer.Key("LastEvaluatedTableName").String(*(next - 1));
  return writer.EndObject().Take();
}

std::string Limits() {
  json::JsonWriter writer;
  writer.BeginObject();
  writer.Key("AccountMaxReadCapacityUnits").Int(kAccountUnits);
  writer.Key("AccountMaxWriteCapacityUnits").Int(kAccountUnits);
  writer.Key("TableMaxReadCapacityUnits").Int(kTableUnits);
  writer.Key("TableMaxWriteCapacityUnits").Int(kTableUnits);
  return writer.EndObject().Take();
}

// There is one, and the caller has found it.
std::string Endpoints(std::string_view address) {
  json::JsonWriter writer;
  writer.BeginObject().Key("Endpoints").BeginArray().BeginObject();
  writer.Key("Address").String(address).Key("CachePeriodInMinutes").Int(kEndpointMinutes);
  return writer.EndObject().EndArray().EndObject().Take();
}

}  // namespace

CallerOperations TableOperations(std::shared_ptr<TablePlane> plane) {
  using Function = ApiOutcome (*)(TablePlane&, const Caller&, const json::JsonValue&);
  const auto with = [plane](Function function) {
    return [plane, function](const Caller& caller, const json::JsonValue& request) {
      return function(*plane, caller, request);
    };
  };
  CallerOperations operations{
      {"CreateTable", with(CreateTable)},
      {"DescribeTable", with(DescribeTable)},
      {"UpdateTable", with(UpdateTable)},
      {"DeleteTable", with(DeleteTable)},
      {"ListTables", with(ListTables)},
      {"DescribeLimits",
       [](const Caller&, const json::JsonValue&) -> ApiOutcome { return Limits(); }},
      {"DescribeEndpoints", [](const Caller& caller, const json::JsonValue&) -> ApiOutcome {
         return Endpoints(caller.host);
       }}};
  operations.merge(TagOperations(plane));
  operations.merge(TtlOperations(plane));
  return operations;
}

}  // namespace zael::endpoint
