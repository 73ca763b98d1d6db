#include "aws/profile_text.h"

#include <gtest/gtest.h>

namespace zael::aws {
namespace {

ProfileText Config(std::string_view text) {
  auto parsed = ParseProfileText(text, ProfileFileKind::kConfig, "f");
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message());
  return parsed.ok() ? *parsed : ProfileText{};
}

std::string Value(const ProfileText& text, const std::string& profile, const std::string& key) {
  return text.profiles.at(profile).at(key).value;
}

std::string Complaint(std::string_view text) {
  const auto parsed = ParseProfileText(text, ProfileFileKind::kConfig, "/h/config");
  if (parsed.ok()) return "accepted";
  EXPECT_EQ(parsed.error().code(), ErrorCode::kInvalidArgument);
  return parsed.error().message();
}

TEST(ProfileText, ConfigNamesProfilesWithAWordAndCredentialsWithout) {
  const std::string text = "[default]\nregion=a\n[profile x]\nregion=b\n[y]\nregion=c\n";
  const ProfileText config = Config(text);
  EXPECT_EQ(config.profiles.size(), 2U);
  EXPECT_EQ(Value(config, "default", "region"), "a");
  EXPECT_EQ(Value(config, "x", "region"), "b");
  const auto credentials = ParseProfileText(text, ProfileFileKind::kCredentials, "f");
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ(Value(*credentials, "y", "region"), "c");
  EXPECT_EQ(credentials->profiles.count("x"), 0U);
}

TEST(ProfileText, BlanksAroundNamesKeysAndValuesDoNotCount) {
  const ProfileText text = Config("[ profile \t x ] \nregion \t=  eu-west-1\t \n");
  EXPECT_EQ(Value(text, "x", "region"), "eu-west-1");
}

TEST(ProfileText, AQuotedProfileNameMayHaveBlanks) {
  const ProfileText text = Config("[profile \"two words\"]\na=1\n[profile 'x']\na=2\n");
  EXPECT_EQ(Value(text, "two words", "a"), "1");
  EXPECT_EQ(Value(text, "x", "a"), "2");
}

TEST(ProfileText, CommentsEndNothingButTheirLine) {
  const ProfileText text = Config(
      "# first\n; second\n[default] # third\n  # indented\na = 1 # rest\nb = 2#not\nc = #all\n"
      "d = e ; rest\n");
  EXPECT_EQ(Value(text, "default", "a"), "1");
  EXPECT_EQ(Value(text, "default", "b"), "2#not");
  EXPECT_EQ(Value(text, "default", "c"), "");
  EXPECT_EQ(Value(text, "default", "d"), "e");
}

TEST(ProfileText, KeysHaveNoCaseAndTheLastOneCounts) {
  const ProfileText text = Config("[default]\nRegion=a\nREGION=b\n[default]\nOutput=json\n");
  EXPECT_EQ(Value(text, "default", "region"), "b");
  EXPECT_EQ(Value(text, "default", "output"), "json");
}

TEST(ProfileText, AValueKeepsItsEqualsSigns) {
  EXPECT_EQ(Value(Config("[default]\na = b=c= \n"), "default", "a"), "b=c=");
}

TEST(ProfileText, IndentedLinesUnderAnEmptyValueAreItsOwnSettings) {
  const ProfileText text = Config(
      "[services local]\ndynamodb =\n  endpoint_url = http://a:1/?x=y\n\n\tMax = 3\nsts =\n"
      "  endpoint_url = http://b\n");
  const ProfileSection& services = text.services.at("local");
  EXPECT_EQ(services.at("dynamodb").nested.at("endpoint_url"), "http://a:1/?x=y");
  EXPECT_EQ(services.at("dynamodb").nested.at("max"), "3");
  EXPECT_EQ(services.at("sts").nested.at("endpoint_url"), "http://b");
}

TEST(ProfileText, IndentedLinesUnderAValueContinueIt) {
  EXPECT_EQ(Value(Config("[default]\na = 1\n  2 = 3\n"), "default", "a"), "1\n2 = 3");
}

TEST(ProfileText, SectionsOfOtherProgramsAreSkipped) {
  const ProfileText text =
      Config("[plugins]\nx = y\n[sso-session s]\nsso_region = z\n[x]\na = 1\n[default]\na = 2\n");
  EXPECT_EQ(text.profiles.size(), 1U);
  EXPECT_EQ(text.profiles.at("default").size(), 1U);
}

TEST(ProfileText, WindowsLinesAndAByteOrderMarkAreRead) {
  const ProfileText text = Config("\xEF\xBB\xBF[default]\r\nregion = a\r\n");
  EXPECT_EQ(Value(text, "default", "region"), "a");
  EXPECT_EQ(text.profiles.at("default").at("region").line, 2);
}

TEST(ProfileText, AnEmptyTextHasNoProfiles) { EXPECT_TRUE(Config("").profiles.empty()); }

TEST(ProfileText, ComplaintsNameFileAndLineAndNeverRepeatTheLine) {
  EXPECT_EQ(Complaint("a = 1\n"),
            "read /h/config: line 1: a setting stands before the first section");
  EXPECT_EQ(Complaint("\n[default\n"), "read /h/config: line 2: the section's heading has no ]");
  EXPECT_EQ(Complaint("[]\n"), "read /h/config: line 1: the section has no name");
  EXPECT_EQ(Complaint("[default] x\n"),
            "read /h/config: line 1: only a comment may follow the ] of a heading");
  EXPECT_EQ(Complaint("[default]\nsecret\n"),
            "read /h/config: line 2: there is no = between a key and a value");
  EXPECT_EQ(Complaint("[default]\n= secret\n"),
            "read /h/config: line 2: there is no key before the =");
  EXPECT_EQ(Complaint("[default]\n  secret\n"),
            "read /h/config: line 2: an indented line continues a setting, and there is none");
  EXPECT_EQ(Complaint("[default]\ns3 =\n  secret\n"),
            "read /h/config: line 3: an indented line under an empty value is no key = value");
  EXPECT_EQ(Complaint(std::string_view("[default]\na = \0\n", 16)),
            "read /h/config: line 2: there is a control character");
  EXPECT_EQ(Complaint("[default]\na = b\rc\n"),
            "read /h/config: line 2: there is a control character");
}

TEST(ProfileText, AHugeTextIsRefused) {
  EXPECT_EQ(Complaint(std::string(kMaxProfileFileBytes + 1, '\n')),
            "read /h/config: is larger than 1048576 bytes");
  EXPECT_EQ(Complaint(std::string(kMaxProfileFileBytes, '\n')), "accepted");
}

}  // namespace
}  // namespace zael::aws
