#include "aws/providers/key_pair.h"

#include <gtest/gtest.h>

#include "base/time.h"
#include "surroundings.h"

namespace zael::aws {
namespace {

Settings Load(const Surroundings& surroundings) {
  auto settings = Settings::Load(surroundings.variables(), "");
  EXPECT_TRUE(settings.ok());
  return settings.ok() ? *settings : Settings();
}

TEST(KeyPair, OfTheEnvironmentIsReadWithAllThatBelongsToIt) {
  Surroundings surroundings;
  EXPECT_EQ(*FindKeysInEnvironment(Load(surroundings)), std::nullopt);
  surroundings.Set("AWS_ACCESS_KEY_ID", "AKID");
  surroundings.Set("AWS_SECRET_ACCESS_KEY", "secret");
  EXPECT_EQ(*FindKeysInEnvironment(Load(surroundings)),
            (Credentials{.access_key_id = "AKID", .secret_access_key = "secret"}));
  surroundings.Set("AWS_SESSION_TOKEN", "token");
  surroundings.Set("AWS_ACCOUNT_ID", "123456789012");
  surroundings.Set("AWS_CREDENTIAL_EXPIRATION", "2026-01-31T23:59:59Z");
  EXPECT_EQ(*FindKeysInEnvironment(Load(surroundings)),
            (Credentials{"AKID", "secret", "token", *ParseUtcText("2026-01-31T23:59:59Z"),
                         "123456789012"}));
}

TEST(KeyPair, HalfAPairIsAFaultThatNamesItsPlaceAndNoSecret) {
  Surroundings surroundings;
  surroundings.Set("AWS_SECRET_ACCESS_KEY", "secret");
  const auto environment = FindKeysInEnvironment(Load(surroundings));
  ASSERT_FALSE(environment.ok());
  EXPECT_EQ(environment.error().message(),
            "read AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY is there and AWS_ACCESS_KEY_ID is "
            "not");
  surroundings.Config("[default]\naws_access_key_id = AKID\n");
  const auto file =
      FindKeysInFile(Load(surroundings).profiles(), ProfileFileKind::kConfig, "default");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().message(),
            "read " + surroundings.config_path() +
                ": line 2: aws_access_key_id is there and aws_secret_access_key is not");
}

TEST(KeyPair, AnExpiryMustBeATime) {
  Surroundings surroundings;
  surroundings.Set("AWS_ACCESS_KEY_ID", "AKID");
  surroundings.Set("AWS_SECRET_ACCESS_KEY", "secret");
  surroundings.Set("AWS_CREDENTIAL_EXPIRATION", "later");
  const auto failed = FindKeysInEnvironment(Load(surroundings));
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message(),
            "read AWS_CREDENTIAL_EXPIRATION: parse expiry: 'later' is not an ISO 8601 time");
}

TEST(KeyPair, OfAFileIsThatFilesAlone) {
  Surroundings surroundings;
  surroundings.SharedCredentials(
      "[x]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n");
  surroundings.Config("[profile x]\naws_account_id = 123456789012\n");
  const Settings settings = Load(surroundings);
  EXPECT_EQ(*FindKeysInFile(settings.profiles(), ProfileFileKind::kCredentials, "x"),
            (Credentials{"A", "s", "t", std::nullopt, "123456789012"}));
  EXPECT_EQ(*FindKeysInFile(settings.profiles(), ProfileFileKind::kConfig, "x"), std::nullopt);
}

}  // namespace
}  // namespace zael::aws
