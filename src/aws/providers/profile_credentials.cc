#include "aws/providers/profile_credentials.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "aws/ascii.h"
#include "aws/providers/command_words.h"
#include "aws/providers/container_credentials.h"
#include "aws/providers/instance_credentials.h"
#include "aws/providers/key_pair.h"
#include "aws/providers/process_credentials.h"
#include "aws/providers/refreshing_credentials.h"
#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"

namespace zael::aws {
namespace {

constexpr int kMinRoleSeconds = 900;
constexpr int kMaxRoleSeconds = 43'200;
constexpr std::size_t kMaxRoleChain = 10;

Error Refuse(const std::string& place, std::string_view cause) {
  return Error(ErrorCode::kInvalidArgument, Format("read {}: {}", place, cause));
}

Status CheckRoleArn(const PlacedSetting& arn) {
  const bool plain =
      std::all_of(arn.value.begin(), arn.value.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (plain && arn.value.substr(0, 4) == "arn:") return {};
  return Refuse(arn.place, Format("{} is not a role's ARN", Shorten(arn.value)));
}

}  // namespace

ProviderPtr ProfileCredentials::Refreshed(ProviderPtr source) const {
  return std::make_shared<RefreshingCredentials>(std::move(source), runtime_.clock,
                                                 runtime_.random);
}

ProviderPtr ProfileCredentials::Fixed(Credentials credentials) const {
  const bool expires = credentials.expiry.has_value();
  auto fixed = std::make_shared<StaticCredentials>(std::move(credentials));
  return expires ? Refreshed(std::move(fixed)) : ProviderPtr(std::move(fixed));
}

std::string ProfileCredentials::SessionName() const {
  return Format("zael-{}", ToEpochMs(runtime_.clock->WallNow()));
}

Result<ServiceEndpoint> ProfileCredentials::Sts() const {
  ZAEL_ASSIGN(EndpointOptions options, FindEndpointOptions(Service::kSts, settings_));
  options.region = region_;
  return ResolveEndpoint(Service::kSts, options);
}

Result<RoleRequest> ProfileCredentials::ReadRole(const PlacedSetting& role_arn,
                                                 const std::string& profile) const {
  ZAEL_TRY(CheckRoleArn(role_arn));
  const Profiles& profiles = settings_.profiles();
  if (const auto mfa = profiles.Find(profile, "mfa_serial")) {
    return Refuse(mfa->place, "a role that asks for a device's code (mfa_serial) is not supported");
  }
  RoleRequest role;
  role.role_arn = role_arn.value;
  role.session_name = ValueOf(profiles.Find(profile, "role_session_name"));
  if (role.session_name.empty()) role.session_name = SessionName();
  role.external_id = ValueOf(profiles.Find(profile, "external_id"));
  if (const auto duration = profiles.Find(profile, "duration_seconds")) {
    const char* end = duration->value.data() + duration->value.size();
    const auto [stop, error] = std::from_chars(duration->value.data(), end, role.duration_seconds);
    if (error != std::errc() || stop != end || role.duration_seconds < kMinRoleSeconds ||
        role.duration_seconds > kMaxRoleSeconds) {
      return Refuse(duration->place,
                    Format("{} is not a number of seconds from {} to {}", Shorten(duration->value),
                           kMinRoleSeconds, kMaxRoleSeconds));
    }
  }
  return role;
}

Result<ProviderPtr> ProfileCredentials::FindRole(const std::string& profile) const {
  Taken taken;
  return FindRole(profile, taken);
}

Result<ProviderPtr> ProfileCredentials::FindRole(const std::string& profile, Taken& taken) const {
  const auto role_arn = settings_.profiles().Find(profile, "role_arn");
  if (!role_arn || settings_.profiles().Find(profile, "web_identity_token_file")) {
    return ProviderPtr();
  }
  ZAEL_ASSIGN(RoleRequest role, ReadRole(*role_arn, profile));
  if (taken.size() >= kMaxRoleChain) {
    return Refuse(role_arn->place, "too many roles are taken one after the other");
  }
  taken.push_back(profile);
  ZAEL_ASSIGN(ProviderPtr source, FindSource(profile, taken));
  ZAEL_ASSIGN(ServiceEndpoint sts, Sts());
  return Refreshed(std::make_shared<AssumeRoleCredentials>(std::move(role), std::move(sts),
                                                           std::move(source), runtime_));
}

Result<ProviderPtr> ProfileCredentials::FindSource(const std::string& profile, Taken& taken) const {
  const auto role_arn = settings_.profiles().Find(profile, "role_arn");
  const auto source_profile = settings_.profiles().Find(profile, "source_profile");
  const auto credential_source = settings_.profiles().Find(profile, "credential_source");
  if (source_profile && credential_source) {
    return Refuse(credential_source->place,
                  "source_profile and credential_source exclude each "
                  "other");
  }
  if (source_profile) return OfSourceProfile(*source_profile, taken);
  if (credential_source) return OfCredentialSource(*credential_source);
  return Refuse(role_arn->place,
                "the role needs source_profile, credential_source or web_identity_token_file");
}

Result<ProviderPtr> ProfileCredentials::OfSourceProfile(const PlacedSetting& source,
                                                        Taken& taken) const {
  if (!settings_.profiles().Has(source.value)) {
    return Refuse(source.place, Format("there is no profile {}", Shorten(source.value)));
  }
  const bool circle = std::find(taken.begin(), taken.end(), source.value) != taken.end();
  // A profile may name itself: then its own keys take the role.
  ProviderPtr provider;
  if (!circle) {
    ZAEL_ASSIGN(provider, FindAny(source.value, taken));
  } else if (source.value == taken.back()) {
    ZAEL_ASSIGN(provider, FindKeys(source.value, ProfileFileKind::kCredentials));
    if (!provider) {
      ZAEL_ASSIGN(provider, FindKeys(source.value, ProfileFileKind::kConfig));
    }
  }
  if (provider) return provider;
  return Refuse(source.place,
                circle ? Format("source_profile {} leads back to itself", Shorten(source.value))
                       : Format("source_profile {} has no credentials", Shorten(source.value)));
}

Result<ProviderPtr> ProfileCredentials::OfCredentialSource(const PlacedSetting& source) const {
  const std::string word = ToLower(source.value);
  if (word == "environment") {
    ZAEL_ASSIGN(auto keys, FindKeysInEnvironment(settings_));
    if (keys) return Fixed(*std::move(keys));
    return Refuse(source.place, "credential_source Environment, and AWS_ACCESS_KEY_ID is not set");
  }
  if (word == "ecscontainer") {
    ZAEL_ASSIGN(const auto container, FindContainerSource(settings_));
    if (container) {
      return Refreshed(std::make_shared<ContainerCredentials>(*container, runtime_));
    }
    return Refuse(source.place,
                  "credential_source EcsContainer, and no AWS_CONTAINER_CREDENTIALS_ variable is "
                  "set");
  }
  if (word == "ec2instancemetadata") {
    ZAEL_ASSIGN(const auto instance, FindInstanceSource(settings_));
    if (instance) return Refreshed(std::make_shared<InstanceCredentials>(*instance, runtime_));
    return Refuse(source.place,
                  "credential_source Ec2InstanceMetadata, and AWS_EC2_METADATA_DISABLED is set");
  }
  return Refuse(source.place, Format("{} is none of Environment, EcsContainer, Ec2InstanceMetadata",
                                     Shorten(source.value)));
}

Result<ProviderPtr> ProfileCredentials::FindAny(const std::string& profile, Taken& taken) const {
  ZAEL_ASSIGN(ProviderPtr role, FindRole(profile, taken));
  if (role) return role;
  return FindOwn(profile);
}

Result<ProviderPtr> ProfileCredentials::FindOwn(const std::string& profile) const {
  ZAEL_ASSIGN(ProviderPtr provider, FindWebIdentity(profile));
  if (provider) return provider;
  for (const char* key : {"sso_session", "sso_start_url", "sso_account_id", "login_session"}) {
    if (const auto sso = settings_.profiles().Find(profile, key)) {
      return Refuse(sso->place,
                    Format("{} is not supported: let a profile have credential_process = aws "
                           "configure export-credentials --profile NAME",
                           key));
    }
  }
  ZAEL_ASSIGN(provider, FindKeys(profile, ProfileFileKind::kCredentials));
  if (provider) return provider;
  ZAEL_ASSIGN(provider, FindProcess(profile));
  if (provider) return provider;
  return FindKeys(profile, ProfileFileKind::kConfig);
}

Result<ProviderPtr> ProfileCredentials::FindKeys(const std::string& profile,
                                                 ProfileFileKind file) const {
  ZAEL_ASSIGN(auto keys, FindKeysInFile(settings_.profiles(), file, profile));
  return keys ? Fixed(*std::move(keys)) : ProviderPtr();
}

Result<ProviderPtr> ProfileCredentials::FindProcess(const std::string& profile) const {
  const auto command = settings_.profiles().Find(profile, "credential_process");
  if (!command) return ProviderPtr();
  Result<std::vector<std::string>> words = SplitCommand(command->value);
  if (!words.ok()) return Refuse(command->place, words.error().message());
  const auto account_id = settings_.profiles().Find(profile, "aws_account_id");
  return Refreshed(
      std::make_shared<ProcessCredentials>(*std::move(words), ValueOf(account_id), programs_));
}

Result<ProviderPtr> ProfileCredentials::FindWebIdentity(const std::string& profile) const {
  const auto token_file = settings_.profiles().Find(profile, "web_identity_token_file");
  if (!token_file) return ProviderPtr();
  const auto role_arn = settings_.profiles().Find(profile, "role_arn");
  if (!role_arn) return Refuse(token_file->place, "web_identity_token_file needs role_arn");
  ZAEL_ASSIGN(RoleRequest role, ReadRole(*role_arn, profile));
  ZAEL_ASSIGN(ServiceEndpoint sts, Sts());
  return Refreshed(std::make_shared<WebIdentityCredentials>(std::move(role), token_file->value,
                                                            std::move(sts), runtime_));
}

Result<ProviderPtr> ProfileCredentials::FindWebIdentityInEnvironment() const {
  const auto token_file = settings_.FindVariable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!token_file) return ProviderPtr();
  const auto role_arn = settings_.FindVariable("AWS_ROLE_ARN");
  if (!role_arn) return Refuse(token_file->place, "AWS_WEB_IDENTITY_TOKEN_FILE needs AWS_ROLE_ARN");
  ZAEL_TRY(CheckRoleArn(*role_arn));
  RoleRequest role;
  role.role_arn = role_arn->value;
  role.session_name = ValueOf(settings_.FindVariable("AWS_ROLE_SESSION_NAME"));
  if (role.session_name.empty()) role.session_name = SessionName();
  ZAEL_ASSIGN(ServiceEndpoint sts, Sts());
  return Refreshed(std::make_shared<WebIdentityCredentials>(std::move(role), token_file->value,
                                                            std::move(sts), runtime_));
}

}  // namespace zael::aws
