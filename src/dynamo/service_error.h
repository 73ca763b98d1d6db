// ServiceError: an answer that is no success, understood: what it was, what it lets a client do,
// and what the store's caller is told.
//
// Everything here follows from the answer alone; retry.h decides. Only the code is looked at, the
// text just where DynamoDB gives several meanings one code. Pure functions.
// Facts: dynamodb-api.md 1.1, 3.1, 3.3.
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>
#include <vector>

#include "aws/transport.h"

namespace zael::dynamo {

struct ServiceError {
  unsigned status = 0;
  std::string code;     // after the last `#` of __type; empty when the body was not understood
  std::string message;  // may be empty
  std::string body;     // with the members some errors carry
  // Of a cancelled transaction: the codes of its CancellationReasons, without those of `None`.
  std::vector<std::string> reasons;
};

// Requires: response.status is not 200.
ServiceError ReadServiceError(aws::HttpResponse response);

enum class FailureClass {
  kNotSent,      // nothing of it left this host
  kFinal,        // repeating it changes nothing
  kThrottled,    // refused for its rate, surely not done
  kConflict,     // refused for a transaction on the same item, surely not done
  kUnknown,      // the server may have done it: 5xx, an answer that cannot be read
  kSkewed,       // the signature's time is not the server's, surely not done
  kCredentials,  // expired or withdrawn, surely not done: newer ones may do
};

FailureClass ClassOf(const ServiceError& error);

// For the store's caller, once nothing is to be tried any more. `operation` is DynamoDB's name.
Error ToStoreError(const ServiceError& error, std::string_view operation);

}  // namespace zael::dynamo
