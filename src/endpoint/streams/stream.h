// Stream: one stream of a table, found by its ARN.
//
// A value, made for one request. Thread-compatible.
#pragma once

#include <zael/store.h>

#include <optional>
#include <string>
#include <string_view>

#include "endpoint/api_error.h"
#include "endpoint/tables/table_plane.h"
#include "endpoint/tables/table_settings.h"

namespace zael::endpoint {

struct Stream {
  TableDescription table;
  StreamSettings settings;
  // The last position it has or had; absent while it is enabled.
  std::optional<ChangePosition> end;

  std::string label() const;
  std::string shard_id() const;
};

// Errors: ValidationException (no ARN of a stream), ResourceNotFoundException.
ApiResult<Stream> FindStream(const TablePlane& plane, const std::string& arn);

}  // namespace zael::endpoint
