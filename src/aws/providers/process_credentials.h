// ProcessCredentials: those that a program of the user's prints (credential_process).
//
// It runs without a shell, for at most a minute. What it prints is read as JSON and never repeated,
// as are its arguments: both may hold secrets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "os/process.h"

namespace zael::aws {

// Thread-safe.
class ProcessCredentials final : public CredentialsProvider {
 public:
  // `account_id`: of the profile, where the program says none; may be empty. The runner is not
  // kept: its owner ends it, and with it what runs, before what the answers lead to is gone.
  ProcessCredentials(std::vector<std::string> command, std::string account_id,
                     std::weak_ptr<os::ProcessRunner> runner);

  // Errors: as ProcessRunner::Run; kInvalidArgument (it fails, or prints something else);
  // kUnavailable (the runner has ended).
  void Get(CredentialsCallback done) override;

 private:
  const std::vector<std::string> command_;
  const std::string account_id_;
  const std::weak_ptr<os::ProcessRunner> runner_;
};

}  // namespace zael::aws
