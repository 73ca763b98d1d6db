// What RestoreTableFromBackup and RestoreTableToPointInTime have in common: the target, and what it
// is to have instead of the source's.
//
// Reading and meaning are apart, as in create_table.h. Pure. Facts: dynamodb-api.md 6.3.
#pragma once

#include <zael/backup.h>

#include <optional>
#include <string>
#include <vector>

#include "endpoint/api_error.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/table_settings.h"

namespace zael::endpoint {

struct RestoreOverrides {
  std::optional<std::string> billing_mode;
  std::optional<Throughput> throughput;
  std::optional<Throughput> on_demand_maxima;
  std::optional<std::vector<std::string>> global_indexes, local_indexes;  // to keep; absent: all
  std::optional<bool> encrypted;
};

// Names and members; the caller checks the faults.
std::optional<std::string> ReadTargetName(Members& request);
RestoreOverrides ReadOverrides(Members& request);

// `source` as it was. Fills in indexes and notes. Errors: ValidationException.
ApiStatus ApplyOverrides(const RestoreOverrides& overrides, const TableDescription& source,
                         WallTime now, RestoreRequest* request);

}  // namespace zael::endpoint
