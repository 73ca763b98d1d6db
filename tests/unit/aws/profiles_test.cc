#include "aws/profiles.h"

#include <gtest/gtest.h>

#include "surroundings.h"

namespace zael::aws {
namespace {

Profiles Load(const Surroundings& surroundings) {
  auto profiles = Profiles::Load(surroundings.variables());
  EXPECT_TRUE(profiles.ok()) << (profiles.ok() ? "" : profiles.error().message());
  return profiles.ok() ? *profiles : Profiles();
}

std::string Value(const std::optional<PlacedSetting>& setting) {
  return setting ? setting->value : "absent";
}

TEST(Profiles, AreReadFromTheHomeDirectory) {
  Surroundings surroundings;
  surroundings.Config("[default]\nregion = eu-west-1\n");
  surroundings.SharedCredentials("[default]\naws_access_key_id = AKID\n");
  const Profiles profiles = Load(surroundings);
  EXPECT_EQ(Value(profiles.Find("default", "region")), "eu-west-1");
  EXPECT_EQ(Value(profiles.Find("default", "aws_access_key_id")), "AKID");
  EXPECT_EQ(Value(profiles.Find("other", "region")), "absent");
  EXPECT_TRUE(profiles.Has("default"));
  EXPECT_FALSE(profiles.Has("other"));
}

TEST(Profiles, VariablesNameOtherFiles) {
  Surroundings surroundings;
  surroundings.Config("[default]\nregion = home\n");
  surroundings.Set("AWS_CONFIG_FILE", surroundings.Write("c", "[default]\nregion = other\n"));
  surroundings.Write("keys", "[x]\naws_access_key_id = AKID\n");
  surroundings.Set("AWS_SHARED_CREDENTIALS_FILE", "~/keys");
  const Profiles profiles = Load(surroundings);
  EXPECT_EQ(Value(profiles.Find("default", "region")), "other");
  EXPECT_EQ(Value(profiles.Find("x", "aws_access_key_id")), "AKID");
}

TEST(Profiles, TheCredentialsFileWins) {
  Surroundings surroundings;
  surroundings.Config("[profile x]\na = config\nb = config\n");
  surroundings.SharedCredentials("[x]\na = credentials\n");
  const Profiles profiles = Load(surroundings);
  EXPECT_EQ(Value(profiles.Find("x", "a")), "credentials");
  EXPECT_EQ(Value(profiles.Find("x", "b")), "config");
  EXPECT_EQ(Value(profiles.FindInConfig("x", "a")), "config");
  EXPECT_EQ(Value(profiles.FindInCredentials("x", "b")), "absent");
}

TEST(Profiles, AnEmptyValueIsNoValue) {
  Surroundings surroundings;
  surroundings.Config("[default]\nregion =\n");
  EXPECT_EQ(Value(Load(surroundings).Find("default", "region")), "absent");
}

TEST(Profiles, ASettingKnowsItsPlace) {
  Surroundings surroundings;
  surroundings.Config("\n[default]\nregion = x\n");
  EXPECT_EQ(Load(surroundings).Find("default", "region")->place,
            surroundings.config_path() + ": line 3");
}

TEST(Profiles, ServicesHaveSettingsOfTheirOwn) {
  Surroundings surroundings;
  surroundings.Config("[services s]\ndynamodb =\n  endpoint_url = http://a\n  empty =\n");
  const Profiles profiles = Load(surroundings);
  EXPECT_EQ(Value(profiles.FindOfService("s", "dynamodb", "endpoint_url")), "http://a");
  EXPECT_EQ(Value(profiles.FindOfService("s", "dynamodb", "empty")), "absent");
  EXPECT_EQ(Value(profiles.FindOfService("s", "sts", "endpoint_url")), "absent");
  EXPECT_EQ(Value(profiles.FindOfService("t", "dynamodb", "endpoint_url")), "absent");
  EXPECT_TRUE(profiles.HasServices("s"));
  EXPECT_FALSE(profiles.HasServices("t"));
}

TEST(Profiles, MissingFilesAndAMissingHomeAreEmpty) {
  Surroundings surroundings;
  EXPECT_FALSE(Load(surroundings).Has("default"));
  surroundings.Set("AWS_CONFIG_FILE", surroundings.home() + "/nowhere/config");
  EXPECT_FALSE(Load(surroundings).Has("default"));
  surroundings.Unset("HOME");
  surroundings.Unset("AWS_CONFIG_FILE");
  EXPECT_FALSE(Load(surroundings).Has("default"));
  EXPECT_EQ(Load(surroundings).Places(), "no file, as HOME is not set");
}

TEST(Profiles, AHomeThatIsNoDirectoryIsNoFault) {
  Surroundings surroundings;
  surroundings.Set("HOME", "/dev/null");
  EXPECT_FALSE(Load(surroundings).Has("default"));
}

TEST(Profiles, AFileThatIsNamedMustBeReachable) {
  Surroundings surroundings;
  surroundings.Set("AWS_CONFIG_FILE", "/dev/null/config");
  EXPECT_FALSE(Profiles::Load(surroundings.variables()).ok());
}

TEST(Profiles, AFaultNamesItsFileAndLine) {
  Surroundings surroundings;
  surroundings.Config("[default]\nnonsense\n");
  const auto failed = Profiles::Load(surroundings.variables());
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message(), "read " + surroundings.config_path() +
                                          ": line 2: there is no = between a key and a value");
}

TEST(Profiles, AFileThatCannotBeReadIsAFault) {
  Surroundings surroundings;
  surroundings.Set("AWS_CONFIG_FILE", surroundings.home());
  const auto failed = Profiles::Load(surroundings.variables());
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().message().find(surroundings.home()), std::string::npos);
}

}  // namespace
}  // namespace zael::aws
