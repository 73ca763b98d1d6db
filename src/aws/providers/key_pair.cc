#include "aws/providers/key_pair.h"

#include <utility>

#include "aws/expiry.h"
#include "base/format.h"
#include "base/try.h"

namespace zael::aws {
namespace {

using Setting = std::optional<PlacedSetting>;

// Absent when both are.
Result<std::optional<Credentials>> Pair(const Setting& id, const char* id_name,
                                        const Setting& secret, const char* secret_name) {
  if (!id && !secret) return std::optional<Credentials>();
  if (!id || !secret) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read {}: {} is there and {} is not", (id ? id : secret)->place,
                        id ? id_name : secret_name, id ? secret_name : id_name));
  }
  Credentials credentials;
  credentials.access_key_id = id->value;
  credentials.secret_access_key = secret->value;
  ZAEL_TRY(CheckCredentials(credentials, id->place));
  return std::optional<Credentials>(std::move(credentials));
}

}  // namespace

Result<std::optional<Credentials>> FindKeysInEnvironment(const Settings& settings) {
  ZAEL_ASSIGN(auto credentials,
              Pair(settings.FindVariable("AWS_ACCESS_KEY_ID"), "AWS_ACCESS_KEY_ID",
                   settings.FindVariable("AWS_SECRET_ACCESS_KEY"), "AWS_SECRET_ACCESS_KEY"));
  if (!credentials) return credentials;
  credentials->session_token = ValueOf(settings.FindVariable("AWS_SESSION_TOKEN"));
  credentials->account_id = ValueOf(settings.FindVariable("AWS_ACCOUNT_ID"));
  ZAEL_TRY(CheckCredentials(*credentials, "AWS_SESSION_TOKEN"));
  if (const auto expiry = settings.FindVariable("AWS_CREDENTIAL_EXPIRATION")) {
    const Result<WallTime> time = ParseExpiry(expiry->value);
    if (!time.ok()) {
      return Error(time.error().code(),
                   Format("read {}: {}", expiry->place, time.error().message()));
    }
    credentials->expiry = *time;
  }
  return credentials;
}

Result<std::optional<Credentials>> FindKeysInFile(const Profiles& profiles, ProfileFileKind file,
                                                  const std::string& profile) {
  const auto find = [&](const char* key) {
    return file == ProfileFileKind::kConfig ? profiles.FindInConfig(profile, key)
                                            : profiles.FindInCredentials(profile, key);
  };
  ZAEL_ASSIGN(auto credentials, Pair(find("aws_access_key_id"), "aws_access_key_id",
                                     find("aws_secret_access_key"), "aws_secret_access_key"));
  if (!credentials) return credentials;
  const auto token = find("aws_session_token");
  credentials->session_token = ValueOf(token);
  if (token) ZAEL_TRY(CheckCredentials(*credentials, token->place));
  credentials->account_id = ValueOf(profiles.Find(profile, "aws_account_id"));
  return credentials;
}

}  // namespace zael::aws
