// CreateTable: the request, read and judged, as what the store is to make.
//
// Pure: making it is table_operations.h's. Facts: dynamodb-api.md 1.2.
#pragma once

#include <zael/store.h>

#include "endpoint/api_error.h"
#include "endpoint/tables/table_settings.h"
#include "json/json_document.h"

namespace zael::endpoint {

struct NewTable {
  TableSpec spec;          // its notes are still to be made
  TableSettings settings;  // streams without their times
};

// `now`: when billing and stream begin. Errors: SerializationException, ValidationException.
ApiResult<NewTable> ReadCreateTable(const json::JsonValue& request, WallTime now);

}  // namespace zael::endpoint
