#include "aws/providers/profile_credentials.h"

#include <gtest/gtest.h>

#include "aws/providers/credential_chain.h"
#include "provider_fixture.h"
#include "scripted_credentials.h"
#include "surroundings.h"

namespace zael::aws {
namespace {

std::string Given(const std::string& id, const std::string& action = "AssumeRole") {
  return Answer(200, "<R><" + action + "Result><Credentials><AccessKeyId>" + id +
                         "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t"
                         "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
                         "</Credentials></" +
                         action + "Result></R>");
}

std::string Keys(const std::string& id) {
  return "aws_access_key_id = " + id + "\naws_secret_access_key = s\n";
}

std::string Role(const std::string& name) {
  return "role_arn = arn:aws:iam::123456789012:role/" + name + "\n";
}

// What a profile asks for, as the chain finds it; STS is a loopback server.
class ProfileCredentialsTest : public ::testing::Test {
 protected:
  ProfileCredentialsTest() {
    surroundings_.Set("AWS_ENDPOINT_URL_STS", server_.url());
    surroundings_.Set("AWS_EC2_METADATA_DISABLED", "true");
    server_.On("POST /", Given("ROLE"));
  }

  Result<std::shared_ptr<CredentialsProvider>> Select(const std::string& profile = "") {
    const auto settings = Settings::Load(surroundings_.variables(), profile);
    if (!settings.ok()) return settings.error();
    return SelectCredentials(*settings, "eu-west-1", loopback_.runtime());
  }

  std::string Used(const std::string& profile = "") {
    const auto provider = Select(profile);
    return provider.ok() ? Told(GetNow(**provider)) : provider.error().message();
  }

  // That of the config file, without its place: `line 3: ...`.
  std::string Complaint() {
    const std::string told = Used();
    const std::string place = "read " + surroundings_.config_path() + ": ";
    return told.rfind(place, 0) == 0 ? told.substr(place.size()) : told;
  }

  // Whether the request of that number has this text.
  bool Sent(std::size_t number, const std::string& text) {
    const auto requests = server_.requests();
    return number < requests.size() && requests[number].find(text) != std::string::npos;
  }

  Surroundings surroundings_;
  TableServer server_;
  LoopbackRuntime loopback_;
};

TEST_F(ProfileCredentialsTest, ARoleIsTakenWithTheSourceProfilesKeys) {
  surroundings_.Config("[default]\n" + Role("r") +
                       "source_profile = base\nexternal_id = x1\nrole_session_name = me\n"
                       "duration_seconds = 1800\n");
  surroundings_.SharedCredentials("[base]\n" + Keys("BASE"));
  EXPECT_EQ(Used(), "ROLE");
  EXPECT_TRUE(Sent(0, "Credential=BASE/"));
  EXPECT_TRUE(Sent(0, "/eu-west-1/sts/aws4_request"));
  EXPECT_TRUE(Sent(0, "&RoleSessionName=me&ExternalId=x1&DurationSeconds=1800"));
}

TEST_F(ProfileCredentialsTest, ASessionWithoutANameGetsOne) {
  surroundings_.Config("[default]\n" + Role("r") + "source_profile = default\n" + Keys("SELF"));
  EXPECT_EQ(Used(), "ROLE");
  EXPECT_TRUE(Sent(0, "&RoleSessionName=zael-"));
}

TEST_F(ProfileCredentialsTest, AProfileMayBeItsOwnSource) {
  surroundings_.Config("[default]\n" + Role("r") + "source_profile = default\n" + Keys("SELF"));
  EXPECT_EQ(Used(), "ROLE");
  EXPECT_TRUE(Sent(0, "Credential=SELF/"));
}

TEST_F(ProfileCredentialsTest, RolesAreTakenOneAfterTheOther) {
  surroundings_.Config("[default]\n" + Role("second") + "source_profile = mid\n[profile mid]\n" +
                       Role("first") + "source_profile = base\n[profile base]\n" + Keys("BASE"));
  server_.On("POST /", {Given("FIRST"), Given("SECOND")});
  EXPECT_EQ(Used(), "SECOND");
  EXPECT_TRUE(Sent(0, "Credential=BASE/"));
  EXPECT_TRUE(Sent(0, "role%2Ffirst"));
  EXPECT_TRUE(Sent(1, "Credential=FIRST/"));
  EXPECT_TRUE(Sent(1, "role%2Fsecond"));
}

TEST_F(ProfileCredentialsTest, ACircleOfRolesIsRefused) {
  surroundings_.Config("[default]\n" + Role("a") + "source_profile = b\n[profile b]\n" + Role("b") +
                       "source_profile = default\n");
  EXPECT_EQ(Complaint(), "line 6: source_profile 'default' leads back to itself");
  surroundings_.Config("[default]\n" + Role("a") + "source_profile = default\n");
  EXPECT_EQ(Complaint(), "line 3: source_profile 'default' leads back to itself");
}

TEST_F(ProfileCredentialsTest, ALongChainOfRolesIsRefused) {
  std::string config = "[default]\n" + Role("r") + "source_profile = p0\n";
  for (int i = 0; i < 20; ++i) {
    config += "[profile p" + std::to_string(i) + "]\n" + Role("r") + "source_profile = p" +
              std::to_string(i + 1) + "\n";
  }
  surroundings_.Config(config + "[profile p20]\n" + Keys("BASE"));
  EXPECT_NE(Complaint().find("too many roles are taken one after the other"), std::string::npos);
}

TEST_F(ProfileCredentialsTest, ACredentialSourceTakesTheRole) {
  surroundings_.Config("[default]\n" + Role("r") + "credential_source = Environment\n");
  EXPECT_EQ(Complaint(), "line 3: credential_source Environment, and AWS_ACCESS_KEY_ID is not set");
  surroundings_.Set("AWS_ACCESS_KEY_ID", "ENVIRONMENT");
  surroundings_.Set("AWS_SECRET_ACCESS_KEY", "s");
  EXPECT_EQ(Used("default"), "ROLE");
  EXPECT_TRUE(Sent(0, "Credential=ENVIRONMENT/"));
}

TEST_F(ProfileCredentialsTest, TheContainerAndTheInstanceMayTakeTheRole) {
  const std::string json = R"({"AccessKeyId":"OWN","SecretAccessKey":"s","Token":"t"})";
  server_.On("GET /container", Answer(200, json));
  surroundings_.Config("[default]\n" + Role("r") + "credential_source = EcsContainer\n");
  EXPECT_EQ(Complaint(),
            "line 3: credential_source EcsContainer, and no AWS_CONTAINER_CREDENTIALS_ "
            "variable is set");
  surroundings_.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url() + "/container");
  EXPECT_EQ(Used(), "ROLE");
  EXPECT_TRUE(Sent(1, "Credential=OWN/"));
  EXPECT_TRUE(Sent(1, "\r\nX-Amz-Security-Token: t\r\n"));
  surroundings_.Config("[default]\n" + Role("r") + "credential_source = Ec2InstanceMetadata\n");
  EXPECT_EQ(Complaint(),
            "line 3: credential_source Ec2InstanceMetadata, and AWS_EC2_METADATA_DISABLED is set");
  surroundings_.Set("AWS_EC2_METADATA_DISABLED", "false");
  surroundings_.Set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server_.url());
  server_.On("PUT /latest/api/token", Answer(200, "TOKEN"));
  server_.On("GET /latest/meta-data/iam/security-credentials/", Answer(200, "i"));
  server_.On("GET /latest/meta-data/iam/security-credentials/i", Answer(200, json));
  EXPECT_EQ(Used(), "ROLE");
}

TEST_F(ProfileCredentialsTest, ARolesFaultsNameTheirLines) {
  const std::string head = "[default]\n" + Role("r");
  surroundings_.Config(head);
  EXPECT_EQ(Complaint(),
            "line 2: the role needs source_profile, credential_source or web_identity_token_file");
  surroundings_.Config(head + "source_profile = a\ncredential_source = Environment\n");
  EXPECT_EQ(Complaint(), "line 4: source_profile and credential_source exclude each other");
  surroundings_.Config(head + "source_profile = nobody\n");
  EXPECT_EQ(Complaint(), "line 3: there is no profile 'nobody'");
  surroundings_.Config(head + "source_profile = empty\n[profile empty]\nregion = x\n");
  EXPECT_EQ(Complaint(), "line 3: source_profile 'empty' has no credentials");
  surroundings_.Config(head + "credential_source = Elsewhere\n");
  EXPECT_EQ(Complaint(),
            "line 3: 'Elsewhere' is none of Environment, EcsContainer, Ec2InstanceMetadata");
  surroundings_.Config(head + "source_profile = default\nmfa_serial = arn:aws:iam::1:mfa/x\n");
  EXPECT_EQ(Complaint(),
            "line 4: a role that asks for a device's code (mfa_serial) is not supported");
  surroundings_.Config(head + "source_profile = default\nduration_seconds = 899\n");
  EXPECT_EQ(Complaint(), "line 4: '899' is not a number of seconds from 900 to 43200");
  surroundings_.Config("[default]\nrole_arn = r\nsource_profile = default\n");
  EXPECT_EQ(Complaint(), "line 2: 'r' is not a role's ARN");
}

TEST_F(ProfileCredentialsTest, AWebIdentityIsFoundInTheEnvironmentAndInTheProfile) {
  server_.On("POST /", Given("WEB", "AssumeRoleWithWebIdentity"));
  const std::string token = surroundings_.Write("token", "TOKEN");
  surroundings_.Config("[default]\n" + Role("profiles") + "web_identity_token_file = " + token +
                       "\n");
  EXPECT_EQ(Used(), "WEB");
  EXPECT_TRUE(Sent(0, "role%2Fprofiles"));
  surroundings_.Set("AWS_WEB_IDENTITY_TOKEN_FILE", token);
  EXPECT_EQ(Used(),
            "read AWS_WEB_IDENTITY_TOKEN_FILE: AWS_WEB_IDENTITY_TOKEN_FILE needs "
            "AWS_ROLE_ARN");
  surroundings_.Set("AWS_ROLE_ARN", "arn:aws:iam::1:role/variables");
  surroundings_.Set("AWS_ROLE_SESSION_NAME", "me");
  EXPECT_EQ(Used(), "WEB");
  EXPECT_TRUE(Sent(1, "role%2Fvariables&RoleSessionName=me&WebIdentityToken=TOKEN"));
  EXPECT_EQ(Used("default"), "WEB");
  EXPECT_TRUE(Sent(2, "role%2Fprofiles"));
  surroundings_.Config("[default]\nweb_identity_token_file = x\n");
  surroundings_.Unset("AWS_WEB_IDENTITY_TOKEN_FILE");
  EXPECT_EQ(Complaint(), "line 2: web_identity_token_file needs role_arn");
}

TEST_F(ProfileCredentialsTest, TheOrderWithinAProfileIsThatOfEveryClient) {
  server_.On("POST /", Given("ROLE"));
  const std::string process =
      R"(credential_process = printf '{"Version":1,"AccessKeyId":"PROCESS","SecretAccessKey":"s"}')";
  surroundings_.Config("[default]\n" + Keys("CONFIG"));
  EXPECT_EQ(Used(), "CONFIG");
  surroundings_.Config("[default]\n" + Keys("CONFIG") + process + "\n");
  EXPECT_EQ(Used(), "PROCESS");
  surroundings_.SharedCredentials("[default]\n" + Keys("CREDENTIALS"));
  EXPECT_EQ(Used(), "CREDENTIALS");
  surroundings_.Config("[default]\n" + Role("r") + "source_profile = default\n");
  EXPECT_EQ(Used(), "ROLE");
}

TEST_F(ProfileCredentialsTest, SingleSignOnIsRefusedWithAWayOut) {
  surroundings_.Config("[default]\nsso_session = s\n");
  EXPECT_EQ(Complaint(),
            "line 2: sso_session is not supported: let a profile have credential_process = aws "
            "configure export-credentials --profile NAME");
  surroundings_.Config("[default]\nsso_start_url = https://x\n");
  EXPECT_EQ(Complaint().rfind("line 2: sso_start_url is not supported", 0), 0U);
}

TEST_F(ProfileCredentialsTest, ACommandThatCannotBeSplitIsRefused) {
  surroundings_.Config("[default]\ncredential_process = 'p\n");
  EXPECT_EQ(Complaint(), "line 2: split command: a quote is not closed");
}

TEST_F(ProfileCredentialsTest, TheEndOfTheProviderEndsItsProgramAndTellsWhoWaits) {
  for (const std::string& role : {std::string(), "source_profile = base\n" + Role("r")}) {
    surroundings_.Config(role.empty() ? "[default]\ncredential_process = sleep 600\n"
                                      : "[default]\n" + role +
                                            "[profile base]\ncredential_process = sleep 600\n");
    auto provider = Select();
    ASSERT_TRUE(provider.ok());
    std::promise<std::string> told;
    (*provider)->Get([&told](const Result<CredentialsPtr>& got) { told.set_value(Told(got)); });
    provider->reset();
    EXPECT_EQ(told.get_future().get(), "run 'sleep': the caller is ending");
    EXPECT_TRUE(server_.requests().empty());
  }
}

TEST_F(ProfileCredentialsTest, ARefusalOfStsIsToldWithItsRole) {
  surroundings_.Config("[default]\n" + Role("r") + "source_profile = default\n" + Keys("SELF"));
  server_.On("POST /", Answer(403,
                              "<E><Error><Code>AccessDenied</Code><Message>not you</Message>"
                              "</Error></E>"));
  EXPECT_EQ(Used(), "ask STS for arn:aws:iam::123456789012:role/r: AccessDenied: not you");
}

}  // namespace
}  // namespace zael::aws
