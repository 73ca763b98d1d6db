// StreamSpecification: switching a table's stream on and off, as requests say it.
#pragma once

#include <zael/store.h>

#include <optional>
#include <string>

#include "endpoint/api_error.h"
#include "endpoint/request_members.h"

namespace zael::endpoint {

struct StreamRequest {
  bool enabled = false;
  std::optional<std::string> view;
};

// The member StreamSpecification, absent when it is.
std::optional<StreamRequest> ReadStreamSpecification(Members& request);

// Whether view and switch fit each other. Errors: ValidationException.
ApiStatus CheckStreamOfNewTable(const StreamRequest& stream);
ApiStatus CheckStreamUpdate(const StreamRequest& stream);

}  // namespace zael::endpoint
