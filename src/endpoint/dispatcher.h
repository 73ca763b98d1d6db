// Dispatcher: from an HTTP request to an operation and back: the one place that knows both.
//
// `POST /` with X-Amz-Target names the operation, the body is its request, the answer carries a
// request id and a checksum. Checks go in DynamoDB's order: JSON, target, authentication, then the
// operation's own. `GET /` says the service is healthy. There are no CORS headers, so that no web
// page can reach a store on its reader's machine. Facts: dynamodb-api.md 3.1.
#pragma once

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

// Thread-safe, as its parts are.
class Dispatcher {
 public:
  Dispatcher(ServiceOperations operations, Authenticator& authenticator, std::string region,
             RandomSource& random);

  HttpResponse Handle(const HttpRequest& request) const;
  HttpResponse Explain(HttpProblem problem) const;
  HttpHandlers handlers() const;  // refer to this

 private:
  ApiOutcome Run(const HttpRequest& request) const;
  HttpResponse Answer(unsigned status, std::string content_type, std::string body) const;
  std::string RequestId() const;

  CallerOperations operations_;  // by target
  Authenticator& authenticator_;
  const std::string region_;
  RandomSource& random_;
};

}  // namespace zael::endpoint
