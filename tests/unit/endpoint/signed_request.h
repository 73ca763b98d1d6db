// SignedRequest: what an AWS client sends to the endpoint, signed by the client side of src/aws.
#pragma once

#include <string>
#include <utility>

#include "aws/sigv4.h"
#include "endpoint/http_message.h"

namespace zael::endpoint {

struct SignedCall {
  std::string target;
  std::string body;
  std::string access_key_id = "AKID";
  std::string secret = "secret";
  std::string service = "dynamodb";
};

inline HttpRequest SignedRequest(const SignedCall& call, WallTime now) {
  aws::HttpRequest request;
  request.endpoint = {.tls = false, .host = "localhost", .port = 8000};
  request.headers = {{"Content-Type", "application/x-amz-json-1.0"}, {"X-Amz-Target", call.target}};
  request.body = call.body;
  aws::Credentials credentials;
  credentials.access_key_id = call.access_key_id;
  credentials.secret_access_key = call.secret;
  aws::Signer().Sign(request, credentials, "eu-west-1", call.service, now);
  return {.method = request.method,
          .target = request.target,
          .headers = std::move(request.headers),
          .body = std::move(request.body)};
}

}  // namespace zael::endpoint
