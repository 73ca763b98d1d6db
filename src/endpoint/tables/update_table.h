// UpdateTable: the request, read and judged against the table as it is, as what the store changes.
//
// Indexes cannot be added or removed here; of those there are, units can be set. Pure. Facts:
// dynamodb-api.md 1.2.
#pragma once

#include <zael/store.h>

#include <map>
#include <optional>
#include <string>

#include "endpoint/api_error.h"
#include "endpoint/tables/stream_request.h"
#include "endpoint/tables/table_settings.h"
#include "json/json_document.h"

namespace zael::endpoint {

struct UpdateTableRequest {
  std::string table;
  std::optional<bool> provisioned;
  std::optional<Throughput> throughput;
  std::optional<Throughput> on_demand_maxima;
  std::map<std::string, Throughput> index_throughputs;
  std::optional<StreamRequest> stream;
  std::optional<bool> deletion_protection;
  std::optional<std::string> table_class;
  std::optional<bool> encrypted;
};

// Errors: SerializationException, ValidationException.
ApiResult<UpdateTableRequest> ReadUpdateTable(const json::JsonValue& request);

// `end_of_changes`: of the table, needed where a stream is enabled. Errors: ValidationException.
struct Present {
  WallTime now{};
  ChangePosition end_of_changes = 0;
};
ApiResult<TableUpdate> DecideUpdate(const UpdateTableRequest& request,
                                    const TableDescription& table, const Present& present);

}  // namespace zael::endpoint
