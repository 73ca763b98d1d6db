// HttpRequest, HttpResponse: one exchange as the endpoint's handlers see it, whole and without any
// library's types.
//
// Header names keep the spelling of the wire and compare without regard to case.
#pragma once

#include <string>
#include <string_view>

#include "aws/transport.h"

namespace zael::endpoint {

struct HttpRequest {
  std::string method;
  std::string target;  // path and query, as sent
  aws::Headers headers;
  std::string body;

  // The first header of this name; nullptr when there is none.
  const std::string* Header(std::string_view name) const;
};

struct HttpResponse {
  unsigned status = 200;
  aws::Headers headers;  // Content-Length and Connection are the server's
  std::string body;
};

// What never reaches a handler, or ended it.
enum class HttpProblem {
  kMalformed,       // not HTTP
  kHeaderTooLarge,  // more header than the server reads
  kBodyTooLarge,
  kOverloaded,  // too much at once: the client may try again
  kFailed,      // the handler threw
};

}  // namespace zael::endpoint
