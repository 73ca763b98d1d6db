#include "aws/providers/instance_credentials.h"

#include <gtest/gtest.h>

#include "provider_fixture.h"
#include "scripted_credentials.h"
#include "surroundings.h"

namespace zael::aws {
namespace {

constexpr const char* kToken = "PUT /latest/api/token";
constexpr const char* kRoles = "GET /latest/meta-data/iam/security-credentials/";
constexpr const char* kRole = "GET /latest/meta-data/iam/security-credentials/web@1";
constexpr const char* kGood =
    R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s","Token":"t",)"
    R"("Expiration":"2099-01-01T00:00:00Z"})";

Result<std::optional<InstanceSource>> Find(const Surroundings& surroundings) {
  const auto settings = Settings::Load(surroundings.variables(), "");
  EXPECT_TRUE(settings.ok());
  return FindInstanceSource(*settings);
}

std::string Complaint(const Surroundings& surroundings) {
  const auto found = Find(surroundings);
  return found.ok() ? "accepted" : found.error().message();
}

TEST(InstanceSource, IsTheLinkLocalAddressAskedOnceForASecond) {
  const auto source = **Find(Surroundings());
  EXPECT_EQ(source.endpoint, (Endpoint{false, "169.254.169.254", 80}));
  EXPECT_EQ(source.policy.attempts, 1);
  EXPECT_EQ(source.policy.timeout, std::chrono::seconds(1));
}

TEST(InstanceSource, IsConfiguredByVariablesAndTheProfile) {
  Surroundings surroundings;
  surroundings.Config(
      "[default]\nec2_metadata_service_endpoint_mode = IPv6\nmetadata_service_timeout = 5\n");
  surroundings.Set("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3");
  auto source = **Find(surroundings);
  EXPECT_EQ(source.endpoint.host, "fd00:ec2::254");
  EXPECT_EQ(source.policy.timeout, std::chrono::seconds(5));
  EXPECT_EQ(source.policy.attempts, 3);
  surroundings.Set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://localhost:1/base/");
  source = **Find(surroundings);
  EXPECT_EQ(source.endpoint, (Endpoint{false, "localhost", 1}));
  EXPECT_EQ(source.path, "/base");
  surroundings.Set("AWS_EC2_METADATA_DISABLED", "true");
  EXPECT_FALSE(Find(surroundings)->has_value());
}

TEST(InstanceSource, AFaultNamesItsPlace) {
  Surroundings surroundings;
  surroundings.Set("AWS_METADATA_SERVICE_TIMEOUT", "0");
  EXPECT_EQ(Complaint(surroundings),
            "read AWS_METADATA_SERVICE_TIMEOUT: '0' is not a number from 1 to 60");
  surroundings.Set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "here");
  EXPECT_EQ(Complaint(surroundings),
            "AWS_EC2_METADATA_SERVICE_ENDPOINT: read endpoint 'here': it does not begin with "
            "http:// or https://");
  surroundings.Set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv5");
  EXPECT_EQ(Complaint(surroundings),
            "read AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'ipv5' is neither IPv4 nor IPv6");
  surroundings.Set("AWS_EC2_METADATA_DISABLED", "maybe");
  EXPECT_EQ(Complaint(surroundings),
            "read AWS_EC2_METADATA_DISABLED: 'maybe' is neither true nor false");
}

class InstanceCredentialsTest : public ::testing::Test {
 protected:
  InstanceCredentialsTest() {
    server_.On(kToken, Answer(200, "TOKEN=="));
    server_.On(kRoles, Answer(200, "web@1\n"));
    server_.On(kRole, Answer(200, kGood));
  }

  Result<CredentialsPtr> Get() {
    InstanceCredentials provider(Source(server_.port()), loopback_.runtime());
    return GetNow(provider);
  }

  static InstanceSource Source(std::uint16_t port) {
    InstanceSource source;
    source.endpoint = {false, "127.0.0.1", port};
    source.policy.timeout = std::chrono::minutes(1);
    return source;
  }

  TableServer server_;
  LoopbackRuntime loopback_;
};

TEST_F(InstanceCredentialsTest, AreThoseOfTheRoleAskedWithASessionToken) {
  const auto got = Get();
  ASSERT_TRUE(got.ok()) << got.error().message();
  EXPECT_EQ((*got)->access_key_id, "A");
  EXPECT_EQ((*got)->session_token, "t");
  EXPECT_TRUE((*got)->expiry.has_value());
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_NE(requests[0].find("\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"),
            std::string::npos);
  EXPECT_NE(requests[1].find("\r\nx-aws-ec2-metadata-token: TOKEN==\r\n"), std::string::npos);
  EXPECT_NE(requests[2].find("\r\nx-aws-ec2-metadata-token: TOKEN==\r\n"), std::string::npos);
}

TEST_F(InstanceCredentialsTest, EachRefusalIsTold) {
  server_.On(kRole, Answer(500, ""));
  EXPECT_EQ(Told(Get()), "ask the instance's metadata service: it answered 500");
  server_.On(kRole, Answer(200, R"({"Code":"Failed"})"));
  EXPECT_EQ(Told(Get()), "read answer of the instance's metadata service: it says 'Failed'");
  server_.On(kRoles, Answer(404, ""));
  EXPECT_EQ(Told(Get()), "ask the instance's metadata service: no role is attached");
  EXPECT_EQ(Get().error().code(), ErrorCode::kNotFound);
  server_.On(kToken, Answer(403, ""));
  EXPECT_EQ(Get().error().code(), ErrorCode::kPermissionDenied);
}

TEST_F(InstanceCredentialsTest, MalformedAnswersAreTold) {
  server_.On(kRole, Answer(200, "<html>"));
  EXPECT_EQ(Told(Get()), "read answer of the instance's metadata service: it is no JSON");
  server_.On(kRoles, Answer(200, "../../api/token"));
  EXPECT_EQ(Told(Get()), "ask the instance's metadata service: it names no role");
  server_.On(kRoles, Answer(200, ""));
  EXPECT_EQ(Told(Get()), "ask the instance's metadata service: it names no role");
  server_.On(kToken, Answer(200, "a b"));
  EXPECT_EQ(Told(Get()), "ask the instance's metadata service: its token is no token");
  server_.On(kToken, Answer(200, std::string(100'000, 'x')));
  EXPECT_EQ(Told(Get()),
            "ask the instance's metadata service: its answer is larger than 65536 bytes");
}

TEST_F(InstanceCredentialsTest, WhereNothingEverAnsweredThereAreNone) {
  InstanceCredentials refused(Source(RefusingPort()), loopback_.runtime());
  EXPECT_EQ(GetNow(refused).error().code(), ErrorCode::kNotFound);
  const SilentServer silent;
  InstanceSource source = Source(silent.port());
  source.policy.timeout = std::chrono::milliseconds(20);
  InstanceCredentials timed_out(source, loopback_.runtime());
  EXPECT_EQ(GetNow(timed_out).error().code(), ErrorCode::kNotFound);
}

TEST_F(InstanceCredentialsTest, AServiceThatAnsweredBeforeIsOnlyUnavailable) {
  InstanceCredentials provider(Source(server_.port()), loopback_.runtime());
  ASSERT_TRUE(GetNow(provider).ok());
  server_.On(kToken, "HTTP/1.1 nonsense\r\n\r\n");
  EXPECT_EQ(GetNow(provider).error().code(), ErrorCode::kUnavailable);
}

TEST_F(InstanceCredentialsTest, ItMayEndWhileARequestIsUnderWay) {
  const SilentServer silent;
  std::promise<ErrorCode> told;
  {
    InstanceCredentials provider(Source(silent.port()), loopback_.runtime());
    provider.Get(
        [&told](const Result<CredentialsPtr>& got) { told.set_value(got.error().code()); });
  }
  loopback_.Destroy();
  EXPECT_EQ(told.get_future().get(), ErrorCode::kNotFound);
}

TEST_F(InstanceCredentialsTest, TheRegionIsReadTheSameWay) {
  server_.On("GET /latest/meta-data/placement/region", Answer(200, "eu-west-1"));
  const auto metadata =
      std::make_shared<InstanceMetadata>(Source(server_.port()), loopback_.runtime());
  std::promise<std::string> region;
  metadata->OpenSession([&](const Result<std::string>& token) {
    metadata->Read(*token, "/latest/meta-data/placement/region",
                   [&region](const Result<std::string>& text) { region.set_value(*text); });
  });
  EXPECT_EQ(region.get_future().get(), "eu-west-1");
}

}  // namespace
}  // namespace zael::aws
