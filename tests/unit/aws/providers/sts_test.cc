#include "aws/providers/sts.h"

#include <gtest/gtest.h>

#include "aws/sigv4_verify.h"
#include "base/time.h"
#include "provider_fixture.h"
#include "scripted_credentials.h"
#include "surroundings.h"

namespace zael::aws {
namespace {

constexpr const char* kRole = "arn:aws:iam::123456789012:role/r";

std::string Given(const std::string& action, const std::string& expiry = "2099-01-01T00:00:00Z") {
  return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
         "Result><AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId>"
         "<Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser><Credentials>"
         "<AccessKeyId>A</AccessKeyId><SecretAccessKey>sec/ret</SecretAccessKey>"
         "<SessionToken>tok==</SessionToken><Expiration>" +
         expiry + "</Expiration></Credentials></" + action + "Result></" + action + "Response>";
}

std::string Refusal(const std::string& code) {
  return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
         "<Type>Sender</Type><Code>" +
         code + "</Code><Message>No, &lt;you&gt;\nmay not.</Message></Error></ErrorResponse>";
}

std::string Complaint(unsigned status, const std::string& body) {
  const auto parsed = ParseStsAnswer(status, body, "ROLE");
  return parsed.ok() ? "accepted" : parsed.error().message();
}

TEST(StsAnswer, HoldsTheCredentialsOfBothCalls) {
  const Credentials expected{"A", "sec/ret", "tok==", *ParseUtcText("2099-01-01T00:00:00Z"),
                             "123456789012"};
  EXPECT_EQ(*ParseStsAnswer(200, Given("AssumeRole"), "ROLE"), expected);
  EXPECT_EQ(*ParseStsAnswer(200, Given("AssumeRoleWithWebIdentity"), "ROLE"), expected);
}

TEST(StsAnswer, ARefusalSaysItsCodeAndMessageOnOneLine) {
  EXPECT_EQ(Complaint(403, Refusal("AccessDenied")),
            "ask STS for ROLE: AccessDenied: No, <you> may not.");
  EXPECT_EQ(Complaint(502, "<html>"), "ask STS for ROLE: it answered 502");
  EXPECT_EQ(Complaint(403, ""), "ask STS for ROLE: it answered 403");
}

TEST(StsAnswer, ARefusalsCodeSaysWhatCanBeDone) {
  const auto code = [](const std::string& sts_code) {
    return ParseStsAnswer(400, Refusal(sts_code), "ROLE").error().code();
  };
  EXPECT_EQ(code("AccessDenied"), ErrorCode::kPermissionDenied);
  EXPECT_EQ(code("ExpiredTokenException"), ErrorCode::kPermissionDenied);
  EXPECT_EQ(code("InvalidClientTokenId"), ErrorCode::kPermissionDenied);
  EXPECT_EQ(code("ValidationError"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code("Throttling"), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code("IDPCommunicationError"), ErrorCode::kUnavailable);
  EXPECT_EQ(code("InternalFailure"), ErrorCode::kUnavailable);
}

TEST(StsAnswer, WhatCannotBeReadIsToldWithoutRepeatingIt) {
  EXPECT_EQ(Complaint(200, "{}"), "ask STS for ROLE: its answer is no XML");
  EXPECT_EQ(Complaint(200, "<a/>"), "ask STS for ROLE: its answer holds no credentials");
  EXPECT_EQ(Complaint(200, "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"),
            "ask STS for ROLE: its answer holds no credentials");
  EXPECT_EQ(Complaint(200, Given("AssumeRole", "soon")),
            "ask STS for ROLE: its answer says no expiry");
  std::string no_secret = Given("AssumeRole");
  no_secret.replace(no_secret.find("sec/ret"), 7, "");
  EXPECT_EQ(Complaint(200, no_secret),
            "ask STS for ROLE: read the answer of STS: the secret access key is missing");
  std::string split = Given("AssumeRole");
  split.replace(split.find("tok=="), 5, "a&#10;b");
  EXPECT_EQ(Complaint(200, split),
            "ask STS for ROLE: read the answer of STS: the session token holds a blank or another "
            "forbidden character");
  EXPECT_EQ(Complaint(200, std::string(70'000, '<')), "ask STS for ROLE: its answer is no XML");
}

class StsTest : public ::testing::Test {
 protected:
  ServiceEndpoint Endpoint() const {
    ServiceEndpoint sts;
    sts.endpoint = {false, "127.0.0.1", server_.port()};
    sts.signing_region = "eu-west-1";
    sts.signing_name = "sts";
    return sts;
  }

  static std::string Body(const std::string& request) {
    return request.substr(request.find("\r\n\r\n") + 4);
  }

  static std::string Header(const std::string& request, const std::string& name) {
    const std::size_t place = request.find("\r\n" + name + ": ");
    if (place == std::string::npos) return "";
    const std::size_t value = place + name.size() + 4;
    return request.substr(value, request.find("\r\n", value) - value);
  }

  const RoleRequest role_{kRole, "session", "ext 1&2", 900};
  const std::shared_ptr<StaticCredentials> own_ = std::make_shared<StaticCredentials>(
      Credentials{.access_key_id = "OWN", .secret_access_key = "own secret"});
  Surroundings surroundings_;
  TableServer server_;
  LoopbackRuntime loopback_;
};

TEST_F(StsTest, ARoleIsAskedForWithASignatureOfItsTaker) {
  server_.On("POST /", Answer(200, Given("AssumeRole")));
  AssumeRoleCredentials provider(role_, Endpoint(), own_, loopback_.runtime());
  EXPECT_EQ(Told(GetNow(provider)), "A");
  const std::string request = server_.requests().at(0);
  EXPECT_EQ(Body(request),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole"
            "%2Fr&RoleSessionName=session&ExternalId=ext%201%262&DurationSeconds=900");
  const auto authorization = ParseAuthorization(Header(request, "Authorization"));
  ASSERT_TRUE(authorization.ok());
  EXPECT_EQ(authorization->access_key_id, "OWN");
  EXPECT_EQ(authorization->region, "eu-west-1");
  EXPECT_EQ(authorization->service, "sts");
  Headers headers;
  for (const char* name : {"Host", "Content-Type", "Accept", "X-Amz-Date"}) {
    headers.emplace_back(name, Header(request, name));
  }
  SigningKeys keys;
  const std::string body = Body(request);
  EXPECT_EQ(authorization->signature,
            ExpectedSignature({"POST", "/", headers, body}, *authorization,
                              Header(request, "X-Amz-Date"), "own secret", keys));
}

TEST_F(StsTest, WhatIsNotAskedForIsNotSent) {
  server_.On("POST /", Answer(200, Given("AssumeRole")));
  AssumeRoleCredentials provider({kRole, "s", "", 0}, Endpoint(), own_, loopback_.runtime());
  EXPECT_EQ(Told(GetNow(provider)), "A");
  EXPECT_EQ(Body(server_.requests().at(0)).find("ExternalId"), std::string::npos);
  EXPECT_EQ(Body(server_.requests().at(0)).find("DurationSeconds"), std::string::npos);
}

TEST_F(StsTest, TheSourcesFailureIsToldAndNothingSent) {
  const auto source = std::make_shared<ScriptedCredentials>();
  AssumeRoleCredentials provider(role_, Endpoint(), source, loopback_.runtime());
  std::string told;
  provider.Get([&told](const Result<CredentialsPtr>& got) { told = Told(got); });
  source->Answer(Error(ErrorCode::kUnavailable, "ask source: down"));
  EXPECT_EQ(told, "ask source: down");
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(StsTest, RefusedCutAndHugeAnswersAreTold) {
  AssumeRoleCredentials provider(role_, Endpoint(), own_, loopback_.runtime());
  server_.On("POST /", Answer(403, Refusal("AccessDenied")));
  const auto refused = GetNow(provider);
  EXPECT_EQ(refused.error().code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(refused.error().message(),
            std::string("ask STS for ") + kRole + ": AccessDenied: No, <you> may not.");
  server_.On("POST /", Answer(200, std::string(100'000, 'x')));
  EXPECT_EQ(Told(GetNow(provider)),
            std::string("ask STS for ") + kRole + ": its answer is larger than 65536 bytes");
  server_.On("POST /", "nonsense\r\n\r\n");
  EXPECT_EQ(GetNow(provider).error().code(), ErrorCode::kUnavailable);
}

TEST_F(StsTest, TroubleOfTheServiceIsTriedAgain) {
  server_.On("POST /", {Answer(500, ""), Answer(200, Given("AssumeRole"))});
  AssumeRoleCredentials provider(role_, Endpoint(), own_, loopback_.runtime());
  EXPECT_EQ(Told(GetNow(provider)), "A");
}

TEST_F(StsTest, AWebIdentityIsProvenByTheTokenOfItsFileAndNotSigned) {
  server_.On("POST /", Answer(200, Given("AssumeRoleWithWebIdentity")));
  const std::string path = surroundings_.Write("token", "eyJ.1.x\n");
  WebIdentityCredentials provider({kRole, "session", "", 0}, path, Endpoint(), loopback_.runtime());
  EXPECT_EQ(Told(GetNow(provider)), "A");
  surroundings_.Write("token", "eyJ.2+x");
  EXPECT_EQ(Told(GetNow(provider)), "A");
  const auto requests = server_.requests();
  EXPECT_EQ(Header(requests.at(0), "Authorization"), "");
  EXPECT_EQ(Body(requests.at(0)),
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
            "123456789012%3Arole%2Fr&RoleSessionName=session&WebIdentityToken=eyJ.1.x");
  EXPECT_NE(Body(requests.at(1)).find("&WebIdentityToken=eyJ.2%2Bx"), std::string::npos);
}

TEST_F(StsTest, AMissingOrEmptyTokenFileIsToldByName) {
  WebIdentityCredentials missing({kRole, "s", "", 0}, "/nowhere/token", Endpoint(),
                                 loopback_.runtime());
  EXPECT_EQ(Told(GetNow(missing)), "open /nowhere/token: No such file or directory");
  const std::string path = surroundings_.Write("token", "\n");
  WebIdentityCredentials empty({kRole, "s", "", 0}, path, Endpoint(), loopback_.runtime());
  EXPECT_EQ(Told(GetNow(empty)), "read " + path + ": there is no token in it");
}

TEST_F(StsTest, ItMayEndWhileARequestIsUnderWay) {
  const SilentServer silent;
  ServiceEndpoint sts = Endpoint();
  sts.endpoint.port = silent.port();
  std::promise<ErrorCode> told;
  {
    AssumeRoleCredentials provider(role_, sts, own_, loopback_.runtime());
    provider.Get(
        [&told](const Result<CredentialsPtr>& got) { told.set_value(got.error().code()); });
  }
  loopback_.Destroy();
  EXPECT_EQ(told.get_future().get(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace zael::aws
