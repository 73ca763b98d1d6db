#include "aws/providers/credential_chain.h"

#include <gtest/gtest.h>

#include "provider_fixture.h"
#include "scripted_credentials.h"
#include "surroundings.h"

namespace zael::aws {
namespace {

std::string Json(const std::string& id) {
  return R"({"Code":"Success","AccessKeyId":")" + id +
         R"(","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"})";
}

// Everything that can be configured is switched on by a test; the instance's service is a loopback
// one from the beginning.
class CredentialChainTest : public ::testing::Test {
 protected:
  CredentialChainTest() {
    Instance(server_.url());
    server_.On("PUT /latest/api/token", Answer(200, "TOKEN"));
    server_.On("GET /latest/meta-data/iam/security-credentials/", Answer(200, "role"));
    server_.On("GET /latest/meta-data/iam/security-credentials/role",
               Answer(200, Json("INSTANCE")));
    server_.On("GET /container", Answer(200, Json("CONTAINER")));
  }

  void Instance(const std::string& url) {
    surroundings_.Set("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
  }

  Result<std::shared_ptr<CredentialsProvider>> Select(const std::string& profile = "") {
    const auto settings = Settings::Load(surroundings_.variables(), profile);
    if (!settings.ok()) return settings.error();
    return SelectCredentials(*settings, "eu-west-1", loopback_.runtime());
  }

  // Whose credentials are used.
  std::string Used(const std::string& profile = "") {
    const auto provider = Select(profile);
    return provider.ok() ? Told(GetNow(**provider)) : provider.error().message();
  }

  void Environment() {
    surroundings_.Set("AWS_ACCESS_KEY_ID", "ENVIRONMENT");
    surroundings_.Set("AWS_SECRET_ACCESS_KEY", "s");
  }
  void Container() {
    surroundings_.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url() + "/container");
  }

  static std::string Keys(const std::string& id) {
    return "aws_access_key_id = " + id + "\naws_secret_access_key = s\n";
  }

  Surroundings surroundings_;
  TableServer server_;
  LoopbackRuntime loopback_;
};

TEST_F(CredentialChainTest, EachPlaceGoesBeforeTheNext) {
  EXPECT_EQ(Used(), "INSTANCE");
  Container();
  EXPECT_EQ(Used(), "CONTAINER");
  surroundings_.Config("[default]\n" + Keys("CONFIG"));
  EXPECT_EQ(Used(), "CONFIG");
  surroundings_.SharedCredentials("[default]\n" + Keys("CREDENTIALS"));
  EXPECT_EQ(Used(), "CREDENTIALS");
  Environment();
  EXPECT_EQ(Used(), "ENVIRONMENT");
}

TEST_F(CredentialChainTest, AProfileGivenInCodeSkipsTheEnvironmentsKeys) {
  Environment();
  surroundings_.SharedCredentials("[x]\n" + Keys("CREDENTIALS"));
  EXPECT_EQ(Used("x"), "CREDENTIALS");
}

TEST_F(CredentialChainTest, NothingAnywhereIsToldWithAllPlaces) {
  Instance("http://127.0.0.1:" + std::to_string(RefusingPort()));
  const auto provider = Select();
  ASSERT_TRUE(provider.ok());
  const auto told = GetNow(**provider);
  ASSERT_FALSE(told.ok());
  EXPECT_EQ(told.error().code(), ErrorCode::kNotFound);
  const std::string all =
      "find credentials: none in the environment (AWS_ACCESS_KEY_ID), none for profile 'default' "
      "in " +
      surroundings_.config_path() + " and " + surroundings_.home() +
      "/.aws/credentials, and no container's";
  EXPECT_EQ(told.error().message().rfind(all + "; ask the instance's metadata service: ", 0), 0U)
      << told.error().message();
  surroundings_.Set("AWS_EC2_METADATA_DISABLED", "true");
  EXPECT_EQ(Used(), all);
}

TEST_F(CredentialChainTest, APlaceThatFailsIsNotSkipped) {
  Container();
  server_.On("GET /container", Answer(403, ""));
  EXPECT_EQ(Used(), "ask the container's credentials: it answered 403");
  surroundings_.Config("[default]\naws_access_key_id = half\n");
  EXPECT_EQ(Used(), "read " + surroundings_.config_path() +
                        ": line 2: aws_access_key_id is there and aws_secret_access_key is not");
}

TEST_F(CredentialChainTest, TheEnvironmentsExpiredKeysAreToldAsExpired) {
  Environment();
  surroundings_.Set("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z");
  EXPECT_EQ(Used(), "get credentials: those received expired at 2020-01-01T00:00:00Z");
}

TEST_F(CredentialChainTest, TemporaryOnesAreKept) {
  const auto provider = Select();
  ASSERT_TRUE(provider.ok());
  EXPECT_EQ(Told(GetNow(**provider)), "INSTANCE");
  EXPECT_EQ(Told(GetNow(**provider)), "INSTANCE");
  EXPECT_EQ(server_.requests().size(), 3U);
}

}  // namespace
}  // namespace zael::aws
