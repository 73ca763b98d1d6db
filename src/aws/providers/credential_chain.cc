#include "aws/providers/credential_chain.h"

#include <utility>

#include "aws/providers/container_credentials.h"
#include "aws/providers/instance_credentials.h"
#include "aws/providers/key_pair.h"
#include "aws/providers/profile_credentials.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "os/process.h"

namespace zael::aws {
namespace {

// The instance is asked when nothing is configured. Where there is none, that is what to tell.
class LastResort final : public CredentialsProvider {
 public:
  LastResort(ProviderPtr instance, std::string others)
      : instance_(std::move(instance)), others_(std::move(others)) {}

  void Get(CredentialsCallback done) override {
    instance_->Get([others = others_, done = std::move(done)](Result<CredentialsPtr> got) {
      if (got.ok() || got.error().code() != ErrorCode::kNotFound) return done(std::move(got));
      done(Error(ErrorCode::kNotFound, Format("{}; {}", others, got.error().message())));
    });
  }

 private:
  const ProviderPtr instance_;
  const std::string others_;
};

// What is selected, and what its programs run with. A program's answer may lead to a request: so
// all of them end here, while the transport is still there.
class Selected final : public CredentialsProvider {
 public:
  Selected(std::shared_ptr<os::ProcessRunner> programs, ProviderPtr provider)
      : programs_(std::move(programs)), provider_(std::move(provider)) {}
  ~Selected() override { programs_.reset(); }

  void Get(CredentialsCallback done) override { provider_->Get(std::move(done)); }

 private:
  std::shared_ptr<os::ProcessRunner> programs_;
  const ProviderPtr provider_;
};

std::string NothingFound(const Settings& settings) {
  return Format(
      "find credentials: none in the environment (AWS_ACCESS_KEY_ID), none for profile {} in {}, "
      "and no container's",
      Shorten(settings.profile()), settings.profiles().Places());
}

Result<ProviderPtr> Select(const Settings& settings, const ProfileCredentials& profiles,
                           const Runtime& runtime, const std::optional<Credentials>& last_resort) {
  const bool variables_count = !settings.profile_given_in_code();
  if (variables_count) {
    ZAEL_ASSIGN(auto keys, FindKeysInEnvironment(settings));
    if (keys) return profiles.Fixed(*std::move(keys));
  }
  ZAEL_ASSIGN(ProviderPtr provider, profiles.FindRole(settings.profile()));
  if (provider) return provider;
  if (variables_count) {
    ZAEL_ASSIGN(provider, profiles.FindWebIdentityInEnvironment());
    if (provider) return provider;
  }
  ZAEL_ASSIGN(provider, profiles.FindOwn(settings.profile()));
  if (provider) return provider;
  ZAEL_ASSIGN(const auto container, FindContainerSource(settings));
  if (container) {
    return profiles.Refreshed(std::make_shared<ContainerCredentials>(*container, runtime));
  }
  if (last_resort) return ProviderPtr(std::make_shared<StaticCredentials>(*last_resort));
  ZAEL_ASSIGN(const auto instance, FindInstanceSource(settings));
  if (!instance) return Error(ErrorCode::kNotFound, NothingFound(settings));
  return profiles.Refreshed(std::make_shared<LastResort>(
      std::make_shared<InstanceCredentials>(*instance, runtime), NothingFound(settings)));
}

}  // namespace

Result<ProviderPtr> SelectCredentials(const Settings& settings, const std::string& region,
                                      const Runtime& runtime,
                                      const std::optional<Credentials>& last_resort) {
  auto programs = runtime.processes ? runtime.processes : os::MakeProcessRunner();
  const ProfileCredentials profiles(settings, region, runtime, programs);
  ZAEL_ASSIGN(ProviderPtr provider, Select(settings, profiles, runtime, last_resort));
  return ProviderPtr(std::make_shared<Selected>(std::move(programs), std::move(provider)));
}

}  // namespace zael::aws
