// InstanceCredentials: those of the role that is attached to an EC2 instance.
#pragma once

#include <memory>

#include "aws/credentials.h"
#include "aws/providers/instance_metadata.h"
#include "aws/runtime.h"

namespace zael::aws {

// Thread-safe.
class InstanceCredentials final : public CredentialsProvider {
 public:
  InstanceCredentials(InstanceSource source, const Runtime& runtime);

  // Errors: kNotFound when nothing ever answered at the address, or no role is attached; as Fetch;
  // as ParseCredentialAnswer.
  void Get(CredentialsCallback done) override;

 private:
  class State;
  const std::shared_ptr<State> state_;
};

}  // namespace zael::aws
