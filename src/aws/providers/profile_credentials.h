// ProfileCredentials: the provider that a profile asks for, and the profiles whose roles it takes.
//
// In this order: a role (role_arn with source_profile or credential_source), a web identity, SSO
// (refused: not supported), keys in the credentials file, credential_process, keys in the config
// file. A role's source may itself take a role; a circle is refused.
#pragma once

#include <zael/result.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aws/credentials.h"
#include "aws/providers/sts.h"
#include "aws/runtime.h"
#include "aws/settings.h"
#include "os/process.h"

namespace zael::aws {

using ProviderPtr = std::shared_ptr<CredentialsProvider>;  // null: nothing is configured there

// Errors of all: kInvalidArgument naming file and line, or the variable.
// Thread-compatible; must not outlive what it was made with.
class ProfileCredentials {
 public:
  // `programs`: what runs a credential_process; who holds it ends it.
  ProfileCredentials(const Settings& settings, const std::string& region, const Runtime& runtime,
                     std::weak_ptr<os::ProcessRunner> programs)
      : settings_(settings), region_(region), runtime_(runtime), programs_(std::move(programs)) {}

  // The profile's role, the first of the order; null when it takes none.
  Result<ProviderPtr> FindRole(const std::string& profile) const;
  // The rest of the order.
  Result<ProviderPtr> FindOwn(const std::string& profile) const;

  // AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME.
  Result<ProviderPtr> FindWebIdentityInEnvironment() const;

  // Keys that last are given as they are, others refreshed.
  ProviderPtr Fixed(Credentials credentials) const;
  ProviderPtr Refreshed(ProviderPtr source) const;

 private:
  // `taken`: the profiles whose roles are being resolved.
  using Taken = std::vector<std::string>;

  Result<ProviderPtr> FindAny(const std::string& profile, Taken& taken) const;
  Result<ProviderPtr> FindRole(const std::string& profile, Taken& taken) const;
  Result<ProviderPtr> FindSource(const std::string& profile, Taken& taken) const;
  Result<ProviderPtr> OfSourceProfile(const PlacedSetting& source, Taken& taken) const;
  Result<ProviderPtr> OfCredentialSource(const PlacedSetting& source) const;
  Result<ProviderPtr> FindWebIdentity(const std::string& profile) const;
  Result<ProviderPtr> FindKeys(const std::string& profile, ProfileFileKind file) const;
  Result<ProviderPtr> FindProcess(const std::string& profile) const;
  Result<RoleRequest> ReadRole(const PlacedSetting& role_arn, const std::string& profile) const;
  Result<ServiceEndpoint> Sts() const;
  std::string SessionName() const;

  const Settings& settings_;
  const std::string& region_;
  const Runtime& runtime_;
  const std::weak_ptr<os::ProcessRunner> programs_;
};

}  // namespace zael::aws
