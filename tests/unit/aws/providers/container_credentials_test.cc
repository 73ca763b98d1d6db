#include "aws/providers/container_credentials.h"

#include <gtest/gtest.h>

#include "provider_fixture.h"
#include "scripted_credentials.h"
#include "surroundings.h"

namespace zael::aws {
namespace {

constexpr const char* kFullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kRelativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kGood = R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"t"})";

Result<std::optional<ContainerSource>> Find(const Surroundings& surroundings) {
  const auto settings = Settings::Load(surroundings.variables(), "");
  EXPECT_TRUE(settings.ok());
  return FindContainerSource(*settings);
}

std::string Complaint(const Surroundings& surroundings) {
  const auto found = Find(surroundings);
  return found.ok() ? "accepted" : found.error().message();
}

TEST(ContainerSource, IsAbsentWithoutItsVariables) {
  EXPECT_EQ(*Find(Surroundings()), std::nullopt);
}

TEST(ContainerSource, ARelativeUriIsTheEcsAgents) {
  Surroundings surroundings;
  surroundings.Set(kRelativeUri, "/v2/credentials/1234?a=b");
  const auto source = **Find(surroundings);
  EXPECT_EQ(source.endpoint, (Endpoint{false, "169.254.170.2", 80}));
  EXPECT_EQ(source.target, "/v2/credentials/1234?a=b");
  surroundings.Set(kRelativeUri, "evil.com/x");
  EXPECT_EQ(Complaint(surroundings),
            std::string("read ") + kRelativeUri + ": it is no path that begins with /");
}

TEST(ContainerSource, AFullUriKeepsItsPathAsItIs) {
  Surroundings surroundings;
  surroundings.Set(kFullUri, "http://localhost:1338/a/b/?c=d");
  EXPECT_EQ((*Find(surroundings))->target, "/a/b/?c=d");
  EXPECT_EQ((*Find(surroundings))->endpoint, (Endpoint{false, "localhost", 1338}));
  surroundings.Set(kFullUri, "https://example.com");
  EXPECT_EQ((*Find(surroundings))->target, "/");
  EXPECT_EQ((*Find(surroundings))->endpoint, (Endpoint{true, "example.com", 443}));
}

TEST(ContainerSource, PlainHttpIsForThisHostAndThePlatformsAgents) {
  Surroundings surroundings;
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]",
                           "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"}) {
    surroundings.Set(kFullUri, std::string("http://") + host + "/x");
    EXPECT_EQ(Complaint(surroundings), "accepted") << host;
  }
  for (const char* host : {"example.com", "169.254.169.254", "10.0.0.1", "127.evil.com",
                           "localhost.evil.com", "[::2]", "127.0.0.1.evil.com"}) {
    surroundings.Set(kFullUri, std::string("http://") + host + "/x");
    EXPECT_NE(Complaint(surroundings).find("http is for this host and the platform's agents"),
              std::string::npos)
        << host;
  }
}

TEST(ContainerSource, AUriThatIsNoneIsRefused) {
  Surroundings surroundings;
  for (const char* uri : {"localhost/x", "http://localhost/a b", "http://localhost:x/",
                          "http://user@localhost/", "http://localhost/\r\nX: y", "http://#"}) {
    surroundings.Set(kFullUri, uri);
    EXPECT_NE(Complaint(surroundings), "accepted") << uri;
  }
}

class ContainerCredentialsTest : public ::testing::Test {
 protected:
  Result<CredentialsPtr> Get() {
    const auto source = Find(surroundings_);
    if (!source.ok()) return source.error();
    ContainerCredentials provider(**source, loopback_.runtime());
    return GetNow(provider);
  }

  Surroundings surroundings_;
  TableServer server_;
  LoopbackRuntime loopback_;
};

TEST_F(ContainerCredentialsTest, AreReadWithTheTokenOfTheVariable) {
  surroundings_.Set(kFullUri, server_.url() + "/creds");
  surroundings_.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc");
  server_.On("GET /creds", Answer(200, kGood));
  const auto got = Get();
  ASSERT_TRUE(got.ok()) << got.error().message();
  EXPECT_EQ(**got, (Credentials{"A", "s", "t", std::nullopt, ""}));
  EXPECT_NE(server_.requests().at(0).find("\r\nAuthorization: Basic abc\r\n"), std::string::npos);
}

TEST_F(ContainerCredentialsTest, TheTokensFileIsReadEachTimeAndGoesFirst) {
  surroundings_.Set(kFullUri, server_.url() + "/creds");
  surroundings_.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this");
  surroundings_.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                    surroundings_.Write("token", "one\n"));
  server_.On("GET /creds", Answer(200, kGood));
  ContainerCredentials provider(**Find(surroundings_), loopback_.runtime());
  EXPECT_EQ(Told(GetNow(provider)), "A");
  surroundings_.Write("token", "two");
  EXPECT_EQ(Told(GetNow(provider)), "A");
  EXPECT_NE(server_.requests().at(0).find("\r\nAuthorization: one\r\n"), std::string::npos);
  EXPECT_NE(server_.requests().at(1).find("\r\nAuthorization: two\r\n"), std::string::npos);
}

TEST_F(ContainerCredentialsTest, ATokenCannotAddAHeader) {
  surroundings_.Set(kFullUri, server_.url() + "/creds");
  surroundings_.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret\r\nX: y");
  EXPECT_EQ(Told(Get()),
            "read AWS_CONTAINER_AUTHORIZATION_TOKEN: the token holds a control character");
  const std::string path = surroundings_.Write("token", "secret\nX: y");
  surroundings_.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path);
  EXPECT_EQ(Told(Get()), "read " + path + ": the token holds a control character");
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(ContainerCredentialsTest, AMissingTokenFileIsToldByName) {
  surroundings_.Set(kFullUri, server_.url() + "/creds");
  surroundings_.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nowhere/token");
  EXPECT_EQ(Told(Get()), "open /nowhere/token: No such file or directory");
}

TEST_F(ContainerCredentialsTest, RefusedMalformedAndHugeAnswersAreTold) {
  surroundings_.Set(kFullUri, server_.url() + "/creds");
  server_.On("GET /creds", Answer(403, "secret"));
  EXPECT_EQ(Told(Get()), "ask the container's credentials: it answered 403");
  EXPECT_EQ(Get().error().code(), ErrorCode::kPermissionDenied);
  server_.On("GET /creds", Answer(200, "{\"AccessKeyId\":"));
  EXPECT_EQ(Told(Get()), "read answer of the container's credentials: it is no JSON");
  server_.On("GET /creds", Answer(200, std::string(100'000, '{')));
  EXPECT_EQ(Told(Get()), "ask the container's credentials: its answer is larger than 65536 bytes");
  surroundings_.Set(kFullUri, "http://127.0.0.1:" + std::to_string(RefusingPort()));
  EXPECT_EQ(Get().error().code(), ErrorCode::kUnavailable);
}

TEST_F(ContainerCredentialsTest, AnAgentInTroubleIsAskedAgain) {
  surroundings_.Set(kFullUri, server_.url() + "/creds");
  server_.On("GET /creds", {Answer(500, ""), Answer(200, kGood)});
  EXPECT_EQ(Told(Get()), "A");
}

}  // namespace
}  // namespace zael::aws
