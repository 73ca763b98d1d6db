#include "aws/providers/credential_chain.h"

#include <utility>

#include "aws/providers/container_credentials.h"
#include "aws/providers/instance_credentials.h"
#include "aws/providers/key_pair.h"
#include "aws/providers/refreshing_credentials.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

using Provider = std::shared_ptr<CredentialsProvider>;  // null: nothing is configured there

// The instance is asked when nothing is configured. Where there is none, that is what to tell.
class LastResort final : public CredentialsProvider {
 public:
  LastResort(Provider instance, std::string others)
      : instance_(std::move(instance)), others_(std::move(others)) {}

  void Get(CredentialsCallback done) override {
    instance_->Get([others = others_, done = std::move(done)](Result<CredentialsPtr> got) {
      if (got.ok() || got.error().code() != ErrorCode::kNotFound) return done(std::move(got));
      done(Error(ErrorCode::kNotFound, Format("{}; {}", others, got.error().message())));
    });
  }

 private:
  const Provider instance_;
  const std::string others_;
};

class Chain {
 public:
  Chain(const Settings& settings, const Runtime& runtime)
      : settings_(settings), runtime_(runtime) {}

  Result<Provider> Select() const {
    if (!settings_.profile_given_in_code()) {
      ZAEL_ASSIGN(auto keys, FindKeysInEnvironment(settings_));
      if (keys) return Fixed(*std::move(keys));
    }
    ZAEL_ASSIGN(Provider provider, OfProfile(settings_.profile()));
    if (provider) return provider;
    ZAEL_ASSIGN(const auto container, FindContainerSource(settings_));
    if (container) {
      return Refreshed(std::make_shared<ContainerCredentials>(*container, runtime_));
    }
    ZAEL_ASSIGN(const auto instance, FindInstanceSource(settings_));
    if (!instance) return Error(ErrorCode::kNotFound, NothingFound());
    return Refreshed(std::make_shared<LastResort>(
        std::make_shared<InstanceCredentials>(*instance, runtime_), NothingFound()));
  }

 private:
  Provider Refreshed(Provider source) const {
    return std::make_shared<RefreshingCredentials>(std::move(source), runtime_.clock,
                                                   runtime_.random);
  }

  Provider Fixed(Credentials credentials) const {
    const bool expires = credentials.expiry.has_value();
    auto fixed = std::make_shared<StaticCredentials>(std::move(credentials));
    return expires ? Refreshed(std::move(fixed)) : Provider(std::move(fixed));
  }

  Result<Provider> OfProfile(const std::string& profile) const {
    for (const auto file : {ProfileFileKind::kCredentials, ProfileFileKind::kConfig}) {
      ZAEL_ASSIGN(auto keys, FindKeysInFile(settings_.profiles(), file, profile));
      if (keys) return Fixed(*std::move(keys));
    }
    return Provider();
  }

  std::string NothingFound() const {
    return Format(
        "find credentials: none in the environment (AWS_ACCESS_KEY_ID), none for profile {} in "
        "{}, and no container's",
        Shorten(settings_.profile()), settings_.profiles().Places());
  }

  const Settings& settings_;
  const Runtime& runtime_;
};

}  // namespace

Result<std::shared_ptr<CredentialsProvider>> SelectCredentials(const Settings& settings,
                                                               const std::string& /*region*/,
                                                               const Runtime& runtime) {
  return Chain(settings, runtime).Select();
}

}  // namespace zael::aws
