// Operation: one call of the wire protocol, from its parsed request to the body of its answer.
//
// The dispatcher finds the operation by the name in X-Amz-Target, gives it the body as JSON and
// turns the outcome into HTTP; an operation knows nothing of HTTP, authentication or other
// operations. It checks its request itself, in DynamoDB's order: types (SerializationException),
// constraints, meaning, then the table. Facts: dynamodb-api.md, sections 1.0 and 3.1.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "endpoint/api_error.h"
#include "json/json_document.h"

namespace zael::endpoint {

// Blocking: it runs on a worker, and on many at once. Called with the root of the body whatever
// that is; anything but an object is a SerializationException. Does not throw.
using Operation = std::function<ApiOutcome(const json::JsonValue& request)>;

// By DynamoDB's name: `GetItem`.
using Operations = std::map<std::string, Operation, std::less<>>;

}  // namespace zael::endpoint
