// Dispatcher: from an HTTP request to an operation and back: the one place that knows both.
//
// `POST /` with X-Amz-Target names the operation, the body is its request, the answer carries a
// request id and a checksum. Checks go in DynamoDB's order: JSON, target, authentication, then the
// operation's own. `GET /` says the service is healthy. There are no CORS headers, so that no web
// page can reach a store on its reader's machine. Facts: dynamodb-api.md 3.1.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/random.h"
#include "endpoint/authentication.h"
#include "endpoint/http_message.h"
#include "endpoint/http_server.h"
#include "endpoint/operation.h"

namespace zael::endpoint {

// An operation whose answer depends on who asks.
using CallerOperation =
    std::function<ApiOutcome(const Caller& caller, const json::JsonValue& request)>;
using CallerOperations = std::map<std::string, CallerOperation, std::less<>>;

// By the whole of X-Amz-Target. No name twice.
struct ServiceOperations {
  Operations items;          // DynamoDB_20120810.*
  CallerOperations tables;   // DynamoDB_20120810.*
  CallerOperations streams;  // DynamoDBStreams_20120810.*
};

// One call, as a log wants it. There is no key id in it.
struct Handled {
  std::string_view target;  // as sent, shortened; empty: no call at all
  unsigned status = 0;
  std::string_view error;  // its name; empty: none
  std::chrono::nanoseconds took{};
};
using OnHandled = std::function<void(const Handled&)>;

struct DispatcherParts {
  ServiceOperations operations;
  Authenticator& authenticator;
  std::string region;  // of the health text
  RandomSource& random;
  Clock& clock;
  OnHandled on_handled;  // may be empty
};

// Thread-safe, as its parts are.
class Dispatcher {
 public:
  explicit Dispatcher(DispatcherParts parts);

  HttpResponse Handle(const HttpRequest& request) const;
  // Also what never became a request.
  HttpResponse Explain(HttpProblem problem) const;
  HttpHandlers handlers() const;  // refer to this

 private:
  HttpResponse Call(const HttpRequest& request) const;
  ApiOutcome Run(const HttpRequest& request) const;
  HttpResponse Answer(unsigned status, std::string content_type, std::string body) const;
  std::string RequestId() const;

  CallerOperations operations_;  // by target
  Authenticator& authenticator_;
  const std::string region_;
  RandomSource& random_;
  Clock& clock_;
  const OnHandled on_handled_;
};

}  // namespace zael::endpoint
