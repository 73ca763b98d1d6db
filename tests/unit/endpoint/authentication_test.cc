#include "endpoint/authentication.h"

#include <gtest/gtest.h>

#include "signed_request.h"
#include "testing/simulated_clock.h"

namespace zael::endpoint {
namespace {

using testing::SimulatedClock;

class Authentication : public ::testing::Test {
 protected:
  HttpRequest Signed(std::string_view secret = "secret", std::string_view id = "AKID",
                     std::string_view service = "dynamodb") {
    return SignedRequest({.target = "DynamoDB_20120810.ListTables",
                          .body = "{}",
                          .access_key_id = std::string(id),
                          .secret = std::string(secret),
                          .service = std::string(service)},
                         clock_.WallNow());
  }

  std::string Refusal(const HttpRequest& request) {
    const auto caller = authenticator_.Check(request);
    if (caller.ok()) return "none";
    EXPECT_EQ(caller.error().status, 400);
    EXPECT_EQ(caller.error().message.find("AKID"), std::string::npos) << caller.error().message;
    return std::string(ErrorName(caller.error()));
  }

  SimulatedClock clock_;
  Authenticator authenticator_{{{"AKID", "secret"}}, "local", clock_};
};

TEST_F(Authentication, ASignatureMadeWithTheKeyIsAccepted) {
  const auto caller = authenticator_.Check(Signed());
  ASSERT_TRUE(caller.ok()) << caller.error().message;
  EXPECT_EQ(caller->region, "eu-west-1");
}

TEST_F(Authentication, AWrongSecretOrAChangedRequestIsNot) {
  EXPECT_EQ(Refusal(Signed("other")), "InvalidSignatureException");
  HttpRequest request = Signed();
  request.body = "{ }";
  EXPECT_EQ(Refusal(request), "InvalidSignatureException");
}

TEST_F(Authentication, AnUnknownKeyIsNamedByNobody) {
  EXPECT_EQ(Refusal(Signed("secret", "AKID2")), "UnrecognizedClientException");
}

TEST_F(Authentication, ARequestLivesAQuarterOfAnHourEitherWay) {
  const HttpRequest request = Signed();
  clock_.Advance(kMaxClockSkew);
  EXPECT_EQ(Refusal(request), "none");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Refusal(request), "InvalidSignatureException");
  EXPECT_EQ(authenticator_.Check(request).error().message,
            "Signature expired: 20260101T000000Z is now earlier than 20260101T000001Z "
            "(20260101T001501Z - 15 min.)");
  const HttpRequest early = Signed();
  clock_.Advance(-kMaxClockSkew - std::chrono::seconds(1));
  EXPECT_EQ(authenticator_.Check(early).error().message,
            "Signature not yet current: 20260101T001501Z is still later than 20260101T001500Z "
            "(20260101T000000Z + 15 min.)");
}

TEST_F(Authentication, WhatIsMissingIsNamed) {
  HttpRequest request = Signed();
  std::erase_if(request.headers, [](const auto& one) { return one.first == "Authorization"; });
  EXPECT_EQ(authenticator_.Check(request).error().message,
            "Request is missing Authentication Token");
  EXPECT_EQ(Refusal(request), "MissingAuthenticationTokenException");
  request.headers.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request");
  EXPECT_EQ(Refusal(request), "IncompleteSignatureException");
  EXPECT_EQ(authenticator_.Check(request).error().message,
            "Authorization header requires 'Signature' parameter. Authorization header requires "
            "'SignedHeaders' parameter.");
  HttpRequest undated = Signed();
  std::erase_if(undated.headers, [](const auto& one) { return one.first == "X-Amz-Date"; });
  EXPECT_EQ(Refusal(undated), "IncompleteSignatureException");
}

TEST_F(Authentication, ASignatureForAnotherServiceIsNotForThisOne) {
  EXPECT_EQ(Refusal(Signed("secret", "AKID", "s3")), "InvalidSignatureException");
}

TEST_F(Authentication, WithoutKeysAnyHeaderIsTakenAtItsWordButThereMustBeOne) {
  Authenticator open({}, "local", clock_);
  HttpRequest request = Signed("whatever");
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(open.Check(request)->region, "eu-west-1");
  request.headers = {{"authorization", "AWS4-HMAC-SHA256 nonsense"}};
  EXPECT_EQ(open.Check(request)->region, "local");
  request.headers.clear();
  EXPECT_FALSE(open.Check(request).ok());
}

}  // namespace
}  // namespace zael::endpoint
