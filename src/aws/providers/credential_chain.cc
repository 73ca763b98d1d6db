#include "aws/providers/credential_chain.h"

#include <utility>

#include "aws/providers/key_pair.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

using Provider = std::shared_ptr<CredentialsProvider>;  // null: nothing is configured there

class Chain {
 public:
  explicit Chain(const Settings& settings) : settings_(settings) {}

  Result<Provider> Select() const {
    if (!settings_.profile_given_in_code()) {
      ZAEL_ASSIGN(auto keys, FindKeysInEnvironment(settings_));
      if (keys) return Fixed(*std::move(keys));
    }
    ZAEL_ASSIGN(Provider provider, OfProfile(settings_.profile()));
    if (provider) return provider;
    return Error(ErrorCode::kNotFound,
                 Format("find credentials: none in the environment (AWS_ACCESS_KEY_ID) and none "
                        "for profile {} in {}",
                        Shorten(settings_.profile()), settings_.profiles().Places()));
  }

 private:
  static Provider Fixed(Credentials credentials) {
    return std::make_shared<StaticCredentials>(std::move(credentials));
  }

  Result<Provider> OfProfile(const std::string& profile) const {
    for (const auto file : {ProfileFileKind::kCredentials, ProfileFileKind::kConfig}) {
      ZAEL_ASSIGN(auto keys, FindKeysInFile(settings_.profiles(), file, profile));
      if (keys) return Fixed(*std::move(keys));
    }
    return Provider();
  }

  const Settings& settings_;
};

}  // namespace

Result<std::shared_ptr<CredentialsProvider>> SelectCredentials(const Settings& settings,
                                                               const std::string& /*region*/,
                                                               const Runtime& /*runtime*/) {
  return Chain(settings).Select();
}

}  // namespace zael::aws
