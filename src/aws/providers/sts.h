// Sts: the Security Token Service, asked for the credentials of a role (query protocol, XML).
//
// AssumeRole is signed with the credentials of whoever takes the role; AssumeRoleWithWebIdentity is
// not signed at all: the token proves who asks.
#pragma once

#include <zael/result.h>

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/runtime.h"
#include "aws/service_endpoint.h"

namespace zael::aws {

struct RoleRequest {
  std::string role_arn;
  std::string session_name;
  std::string external_id;   // empty: none
  int duration_seconds = 0;  // 0: the service decides
};

// Reads an answer of either call; `status` of HTTP. No message repeats a secret.
// Errors: kPermissionDenied (refused, or the token or the signing credentials are not accepted),
// kInvalidArgument (the request is wrong), kResourceExhausted (throttled), kUnavailable (anything
// else, also an answer that cannot be read): `ask STS for ROLE: CODE: message`.
Result<Credentials> ParseStsAnswer(unsigned status, std::string_view body, const std::string& role);

// Thread-safe.
class AssumeRoleCredentials final : public CredentialsProvider {
 public:
  // `source`: who takes the role; asked each time.
  AssumeRoleCredentials(RoleRequest role, ServiceEndpoint sts,
                        std::shared_ptr<CredentialsProvider> source, const Runtime& runtime);

  // Errors: the source's; as ParseStsAnswer; as Fetch.
  void Get(CredentialsCallback done) override;

 private:
  class State;
  const std::shared_ptr<State> state_;
};

// Thread-safe.
class WebIdentityCredentials final : public CredentialsProvider {
 public:
  // `token_file` is read anew each time: whoever issues the token replaces it.
  WebIdentityCredentials(RoleRequest role, std::string token_file, ServiceEndpoint sts,
                         const Runtime& runtime);

  // Errors: those of reading the file; as ParseStsAnswer; as Fetch.
  void Get(CredentialsCallback done) override;

 private:
  const RoleRequest role_;
  const std::string token_file_;
  const ServiceEndpoint sts_;
  const Runtime runtime_;
};

}  // namespace zael::aws
