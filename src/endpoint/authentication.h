// Authenticator: who sends a request, by its Signature Version 4.
//
// With keys configured, the signature must be the one that key makes, within a quarter of an hour.
// Without, every request that carries an Authorization header is taken at its word, as Amazon's
// DynamoDB Local does. Key ids and secrets never appear in an error. Signatures in the query are
// not read: no DynamoDB client sends them. Facts: dynamodb-api.md 3.2.
#pragma once

#include <zael/clock.h>

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "aws/signing_keys.h"
#include "endpoint/api_error.h"
#include "endpoint/http_message.h"

namespace zael::endpoint {

inline constexpr std::chrono::minutes kMaxClockSkew{15};

// Secrets by access key id.
using AccessKeys = std::map<std::string, std::string, std::less<>>;

struct Caller {
  std::string region;  // what it signed for; names the ARNs it is answered
  std::string host;    // the address it used, as its Host header says
};

// Thread-safe.
class Authenticator {
 public:
  // `region`: of callers whose signature names none.
  Authenticator(AccessKeys keys, std::string region, Clock& clock)
      : keys_(std::move(keys)), region_(std::move(region)), clock_(clock) {}

  // Errors: MissingAuthenticationToken, IncompleteSignature, InvalidSignature, UnrecognizedClient.
  ApiResult<Caller> Check(const HttpRequest& request);

 private:
  const AccessKeys keys_;
  const std::string region_;
  Clock& clock_;
  aws::SigningKeys signing_keys_;
};

}  // namespace zael::endpoint
