#include "aws/providers/credential_answer.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace zael::aws {
namespace {

using Kind = CredentialAnswerKind;

std::string Complaint(const std::string& text, Kind kind = Kind::kContainer) {
  const auto parsed = ParseCredentialAnswer(text, kind, "SOURCE");
  return parsed.ok() ? "accepted" : parsed.error().message();
}

TEST(CredentialAnswer, OfAContainerAndAnInstanceSaysToken) {
  const std::string text =
      R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"A","SecretAccessKey":"s","Token":"t",)"
      R"("Expiration":"2026-01-31T23:59:59Z","AccountId":"123456789012"})";
  const Credentials expected{"A", "s", "t", *ParseUtcText("2026-01-31T23:59:59Z"), "123456789012"};
  EXPECT_EQ(*ParseCredentialAnswer(text, Kind::kContainer, "x"), expected);
  EXPECT_EQ(*ParseCredentialAnswer(text, Kind::kInstance, "x"), expected);
}

TEST(CredentialAnswer, OfAProgramSaysSessionToken) {
  EXPECT_EQ(*ParseCredentialAnswer(
                R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t"})",
                Kind::kProgram, "x"),
            (Credentials{"A", "s", "t", std::nullopt, ""}));
  EXPECT_EQ(*ParseCredentialAnswer(
                R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":null})",
                Kind::kProgram, "x"),
            (Credentials{"A", "s", "", std::nullopt, ""}));
}

TEST(CredentialAnswer, WhatIsWrongIsNamedAndNothingRepeated) {
  EXPECT_EQ(Complaint("secret"), "read answer of SOURCE: it is no JSON");
  EXPECT_EQ(Complaint(""), "read answer of SOURCE: it is no JSON");
  EXPECT_EQ(Complaint("[]"), "read answer of SOURCE: it is no JSON object");
  EXPECT_EQ(Complaint("{}"), "read SOURCE: the access key id is missing");
  EXPECT_EQ(Complaint(R"({"AccessKeyId":"A"})"), "read SOURCE: the secret access key is missing");
  EXPECT_EQ(Complaint(R"({"AccessKeyId":7})"),
            "read answer of SOURCE: its AccessKeyId is no string");
  EXPECT_EQ(Complaint(R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"t\r\nx: y"})"),
            "read SOURCE: the session token holds a blank or another forbidden character");
  EXPECT_EQ(Complaint(R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"})"),
            "read answer of SOURCE: its Expiration is no time");
  EXPECT_EQ(Complaint(R"({"AccessKeyId":"A","SecretAccessKey":"s"})", Kind::kProgram),
            "read answer of SOURCE: its Version is not 1");
  EXPECT_EQ(Complaint(std::string(64 * 1024 + 1, ' ')), "read answer of SOURCE: it is no JSON");
}

TEST(CredentialAnswer, AnInstanceMayRefuse) {
  const auto refused = ParseCredentialAnswer(
      R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"..."})", Kind::kInstance, "SOURCE");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(),
            Error(ErrorCode::kPermissionDenied,
                  "read answer of SOURCE: it says 'AssumeRoleUnauthorizedAccess'"));
}

TEST(CredentialAnswer, AProgramsFaultIsItsUsersAndAServicesIsAnOutage) {
  EXPECT_EQ(ParseCredentialAnswer("x", Kind::kProgram, "S").error().code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseCredentialAnswer("{}", Kind::kProgram, "S").error().code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseCredentialAnswer("x", Kind::kContainer, "S").error().code(),
            ErrorCode::kUnavailable);
  EXPECT_EQ(ParseCredentialAnswer("{}", Kind::kInstance, "S").error().code(),
            ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace zael::aws
