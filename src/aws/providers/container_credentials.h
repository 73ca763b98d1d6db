// ContainerCredentials: those of a task or pod, from an agent beside it over HTTP (ECS, EKS).
//
// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI asks the ECS agent, AWS_CONTAINER_CREDENTIALS_FULL_URI any
// host over https, and over http only this host or the agents' own link-local addresses, so that
// nobody else gets the token of AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE).
#pragma once

#include <zael/result.h>

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/runtime.h"
#include "aws/settings.h"

namespace zael::aws {

struct ContainerSource {
  Endpoint endpoint;
  std::string target;      // path and query
  std::string token;       // for the Authorization header; empty: none
  std::string token_file;  // goes before it; read anew each time
};

// Absent when neither URI is set.
// Errors: kInvalidArgument naming the variable (no URL, http to a host that may not get the token).
Result<std::optional<ContainerSource>> FindContainerSource(const Settings& settings);

// Thread-safe.
class ContainerCredentials final : public CredentialsProvider {
 public:
  ContainerCredentials(ContainerSource source, const Runtime& runtime)
      : source_(std::move(source)), runtime_(runtime) {}

  // Three attempts of two seconds.
  void Get(CredentialsCallback done) override;

 private:
  const ContainerSource source_;
  const Runtime runtime_;
};

}  // namespace zael::aws
