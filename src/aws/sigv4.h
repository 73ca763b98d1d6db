// Signer: AWS Signature Version 4 in the Authorization header of a request.
//
// Signs exactly what botocore signs, which a table of its signatures holds us to. The checking side
// is in sigv4_verify.h. The same request signed again (a retry) gets the new date and signature.
#pragma once

#include <zael/clock.h>

#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "aws/signing_keys.h"
#include "aws/transport.h"

namespace zael::aws {

// `20260131T235959Z`
std::string AmzDate(WallTime time);

// `example.com`, or `example.com:8000` where the port is not the scheme's own; IPv6 in brackets.
std::string HostHeader(const Endpoint& endpoint);

// Thread-safe.
class Signer {
 public:
  // Sets X-Amz-Date, Authorization and, with a session token, X-Amz-Security-Token, replacing those
  // of an earlier attempt; adds Host where it is missing. All other headers and the body must be
  // final.
  void Sign(HttpRequest& request, const Credentials& credentials, std::string_view region,
            std::string_view service, WallTime now);

 private:
  SigningKeys keys_;
};

}  // namespace zael::aws
