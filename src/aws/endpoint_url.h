// EndpointUrl: where a client was told to send, `http://localhost:8000` or `https://host/base`.
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>

#include "aws/transport.h"

namespace zael::aws {

struct EndpointUrl {
  Endpoint endpoint;
  std::string path;  // before each request's own; empty, or begins with / and does not end with it
  friend bool operator==(const EndpointUrl&, const EndpointUrl&) = default;
};

// http or https, no user, query or fragment; IPv6 addresses in brackets.
// Errors: kInvalidArgument saying what is wrong with it.
Result<EndpointUrl> ParseEndpointUrl(std::string_view url);

}  // namespace zael::aws
