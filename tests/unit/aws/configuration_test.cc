#include "aws/configuration.h"

#include <gtest/gtest.h>

#include "providers/provider_fixture.h"
#include "surroundings.h"
#include "testing/simulated_clock.h"

namespace zael::aws {
namespace {

// Nothing is asked while loading.
class NoTransport final : public Transport, public os::Timer {
 public:
  void Send(HttpRequest, MonotonicTime, std::function<void(HttpOutcome)>) override {
    ADD_FAILURE() << "a request was sent";
  }
  void RunAfter(std::chrono::nanoseconds, std::function<void()>) override {
    ADD_FAILURE() << "a timer was set";
  }
};

Result<Configuration> Load(const Surroundings& surroundings,
                           const ConfigurationOptions& options = {}) {
  static NoTransport nothing;
  const Runtime runtime{nothing, nothing, std::make_shared<zael::testing::SimulatedClock>(),
                        std::make_shared<SeededRandom>(1)};
  return Configuration::Load(options, surroundings.variables(), runtime);
}

std::string Complaint(const Surroundings& surroundings, const ConfigurationOptions& options = {}) {
  const auto loaded = Load(surroundings, options);
  return loaded.ok() ? "loaded" : loaded.error().message();
}

std::string KeyId(const Result<Configuration>& configuration) {
  if (!configuration.ok()) return configuration.error().message();
  std::string id = "no answer";
  configuration->credentials()->Get([&id](const Result<CredentialsPtr>& credentials) {
    id = credentials.ok() ? (*credentials)->access_key_id : credentials.error().message();
  });
  return id;
}

class Configured : public ::testing::Test {
 protected:
  Configured() {
    surroundings_.Set("AWS_ACCESS_KEY_ID", "ENVIRONMENT");
    surroundings_.Set("AWS_SECRET_ACCESS_KEY", "secret");
    surroundings_.Set("AWS_REGION", "eu-west-1");
  }
  Surroundings surroundings_;
};

using ConfigurationTest = Configured;

TEST_F(ConfigurationTest, TheEnvironmentIsEnough) {
  const auto configuration = Load(surroundings_);
  ASSERT_TRUE(configuration.ok());
  EXPECT_EQ(configuration->region(), "eu-west-1");
  EXPECT_EQ(KeyId(configuration), "ENVIRONMENT");
  EXPECT_EQ(configuration->EndpointOf(Service::kDynamoDb)->At("")->host,
            "dynamodb.eu-west-1.amazonaws.com");
}

TEST_F(ConfigurationTest, TheRegionsOrderIsCodeVariablesProfile) {
  surroundings_.Config("[default]\nregion = eu-north-1\n[profile x]\nregion = eu-south-1\n");
  surroundings_.Set("AWS_DEFAULT_REGION", "us-west-2");
  EXPECT_EQ(Load(surroundings_, {.region = "sa-east-1"})->region(), "sa-east-1");
  EXPECT_EQ(Load(surroundings_)->region(), "eu-west-1");
  surroundings_.Unset("AWS_REGION");
  EXPECT_EQ(Load(surroundings_)->region(), "us-west-2");
  surroundings_.Unset("AWS_DEFAULT_REGION");
  EXPECT_EQ(Load(surroundings_)->region(), "eu-north-1");
  surroundings_.Set("AWS_PROFILE", "x");
  EXPECT_EQ(Load(surroundings_)->region(), "eu-south-1");
}

TEST_F(ConfigurationTest, AMissingOrStrangeRegionIsAFault) {
  surroundings_.Set("AWS_REGION", "a/b");
  EXPECT_EQ(Complaint(surroundings_), "read AWS_REGION: 'a/b' is not a region's name");
  surroundings_.Unset("AWS_REGION");
  surroundings_.Set("AWS_EC2_METADATA_DISABLED", "true");
  EXPECT_EQ(Complaint(surroundings_),
            "find region: set AWS_REGION, or `region` in profile 'default'");
}

TEST_F(ConfigurationTest, TheInstanceIsAskedForARegionThatIsSetNowhere) {
  TableServer server;
  server.On("PUT /latest/api/token", Answer(200, "TOKEN"));
  server.On("GET /latest/meta-data/placement/region", Answer(200, "ap-east-1"));
  LoopbackRuntime loopback;
  const auto region = [&]() -> std::string {
    const auto loaded = Configuration::Load({}, surroundings_.variables(), loopback.runtime());
    return loaded.ok() ? loaded->region() : loaded.error().message();
  };
  surroundings_.Set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  EXPECT_EQ(region(), "eu-west-1");
  surroundings_.Unset("AWS_REGION");
  EXPECT_EQ(region(), "ap-east-1");
  server.On("GET /latest/meta-data/placement/region", Answer(200, "<html>"));
  EXPECT_EQ(region(), "read the instance's metadata: '<html>' is not a region's name");
  server.On("PUT /latest/api/token", Answer(404, ""));
  EXPECT_EQ(region(), "find region: set AWS_REGION, or `region` in profile 'default'");
}

TEST_F(ConfigurationTest, WhatIsGivenInCodeWins) {
  surroundings_.Set("AWS_ENDPOINT_URL", "http://variable");
  const auto configuration =
      Load(surroundings_,
           {.endpoint_url = "http://code:1",
            .credentials = Credentials{.access_key_id = "CODE", .secret_access_key = "s"}});
  EXPECT_EQ(KeyId(configuration), "CODE");
  EXPECT_EQ(configuration->EndpointOf(Service::kSts)->At("")->host, "code");
  EXPECT_EQ(Load(surroundings_)->EndpointOf(Service::kSts)->At("")->host, "variable");
}

TEST_F(ConfigurationTest, CredentialsGivenInCodeMustBeSendable) {
  EXPECT_EQ(Complaint(surroundings_, {.credentials = Credentials{.access_key_id = "CODE"}}),
            "read the credentials given: the secret access key is missing");
}

TEST_F(ConfigurationTest, AProfileGivenInCodeSkipsTheEnvironmentsKeys) {
  surroundings_.SharedCredentials("[x]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
  EXPECT_EQ(KeyId(Load(surroundings_, {.profile = "x"})), "FILE");
  surroundings_.Set("AWS_PROFILE", "x");
  EXPECT_EQ(KeyId(Load(surroundings_)), "ENVIRONMENT");
}

TEST_F(ConfigurationTest, TheCredentialsFilesKeysGoBeforeTheConfigFiles) {
  surroundings_.Unset("AWS_ACCESS_KEY_ID");
  surroundings_.Unset("AWS_SECRET_ACCESS_KEY");
  surroundings_.Config("[default]\naws_access_key_id = CONFIG\naws_secret_access_key = s\n");
  EXPECT_EQ(KeyId(Load(surroundings_)), "CONFIG");
  surroundings_.SharedCredentials(
      "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
  EXPECT_EQ(KeyId(Load(surroundings_)), "FILE");
}

TEST_F(ConfigurationTest, TheLastResortIsUsedInPlaceOfTheNetworkAndOfNothingElse) {
  ConfigurationOptions options;
  options.last_resort.emplace();
  options.last_resort->access_key_id = "RESORT";
  options.last_resort->secret_access_key = "s";
  EXPECT_EQ(KeyId(Load(surroundings_, options)), "ENVIRONMENT");
  surroundings_.Unset("AWS_ACCESS_KEY_ID");
  surroundings_.Unset("AWS_SECRET_ACCESS_KEY");
  EXPECT_EQ(KeyId(Load(surroundings_, options)), "RESORT");
  surroundings_.SharedCredentials(
      "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
  EXPECT_EQ(KeyId(Load(surroundings_, options)), "FILE");
}

TEST_F(ConfigurationTest, RetrySettingsAreFoundWithTheirPlaces) {
  EXPECT_EQ(Load(surroundings_)->max_attempts(), std::nullopt);
  surroundings_.Config("[default]\nmax_attempts = 7\n");
  surroundings_.Set("AWS_RETRY_MODE", "standard");
  EXPECT_EQ(Load(surroundings_)->max_attempts()->value, "7");
  EXPECT_EQ(Load(surroundings_)->retry_mode()->place, "AWS_RETRY_MODE");
}

}  // namespace
}  // namespace zael::aws
