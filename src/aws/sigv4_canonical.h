// The text that SigV4 hashes: one canonical form of a request, the same on both ends of the wire.
//
// Signer and checker both build it here. The rules are those every service but S3 follows: the path
// is cleaned and encoded once more, the query sorted, header values trimmed and their inner blanks
// folded, values of a repeated header joined by commas.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/transport.h"

namespace zael::aws {

// What of a request is signed; views of the caller's.
struct SignableRequest {
  std::string_view method;
  std::string_view target;  // path and query as sent
  const Headers& headers;
  std::string_view body;
};

// Whether two header names are the same one.
bool SameHeader(std::string_view left, std::string_view right);

// The first value of a header; null when there is none.
const std::string* FindHeader(const Headers& headers, std::string_view name);

// Every header a signer covers, lower case, sorted, each once: all but those that proxies and
// connections rewrite, and Authorization itself.
std::vector<std::string> HeadersToSign(const Headers& headers);

// `a;b;c`
std::string JoinSignedHeaders(const std::vector<std::string>& names);

// `signed_headers`: lower case, in the order they are listed in the Authorization header. A name
// the request lacks counts as an empty value. The body's hash is the x-amz-content-sha256 header
// where there is one, as in the original of the algorithm.
std::string CanonicalRequest(const SignableRequest& request,
                             const std::vector<std::string>& signed_headers);

// `amz_date`: 20260131T235959Z. `scope`: ScopeText of signing_keys.h.
std::string StringToSign(std::string_view amz_date, std::string_view scope,
                         std::string_view canonical_request);

}  // namespace zael::aws
