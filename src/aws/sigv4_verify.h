// Checking a SigV4 signature: what an Authorization header says, and what its signature must be.
//
// The serving side's half. It judges neither dates nor scopes: which of these to refuse, and with
// which words, is the service's to say (dynamodb-api.md 3.2).
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>
#include <vector>

#include "aws/signing_keys.h"
#include "aws/sigv4_canonical.h"

namespace zael::aws {

// `AWS4-HMAC-SHA256 Credential=<id>/<day>/<region>/<service>/aws4_request, SignedHeaders=a;b,
// Signature=<hex>`.
struct Authorization {
  std::string access_key_id;
  std::string day;
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;
  std::string signature;
};

// The three parts in any order, with or without blanks after the commas. A key id may itself
// contain slashes. Errors: kInvalidArgument, naming what is missing or malformed.
Result<Authorization> ParseAuthorization(std::string_view header);

// In hexadecimal: what authorization.signature must be if the sender knows `secret`. `amz_date` is
// the X-Amz-Date header.
std::string ExpectedSignature(const SignableRequest& request, const Authorization& authorization,
                              std::string_view amz_date, std::string_view secret,
                              SigningKeys& keys);

// In a time that does not tell how much of the two agrees.
bool SameSignature(std::string_view left, std::string_view right);

}  // namespace zael::aws
