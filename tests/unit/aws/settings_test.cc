#include "aws/settings.h"

#include <gtest/gtest.h>

#include "surroundings.h"

namespace zael::aws {
namespace {

Settings Load(const Surroundings& surroundings, const std::string& profile = "") {
  auto settings = Settings::Load(surroundings.variables(), profile);
  EXPECT_TRUE(settings.ok()) << (settings.ok() ? "" : settings.error().message());
  return settings.ok() ? *settings : Settings();
}

TEST(Settings, AVariableGoesBeforeTheProfile) {
  Surroundings surroundings;
  surroundings.Config("[default]\nregion = file\n");
  EXPECT_EQ(Load(surroundings).Find("AWS_REGION", "region")->value, "file");
  surroundings.Set("AWS_REGION", "variable");
  EXPECT_EQ(Load(surroundings).Find("AWS_REGION", "region")->value, "variable");
  EXPECT_EQ(Load(surroundings).Find("AWS_REGION", "region")->place, "AWS_REGION");
  surroundings.Set("AWS_REGION", "");
  EXPECT_EQ(Load(surroundings).Find("AWS_REGION", "region")->value, "file");
}

TEST(Settings, TheProfileComesFromCodeThenVariablesThenDefault) {
  Surroundings surroundings;
  surroundings.Config("[profile a]\n[profile b]\n[profile c]\n");
  EXPECT_EQ(Load(surroundings).profile(), "default");
  surroundings.Set("AWS_DEFAULT_PROFILE", "a");
  EXPECT_EQ(Load(surroundings).profile(), "a");
  surroundings.Set("AWS_PROFILE", "b");
  EXPECT_EQ(Load(surroundings).profile(), "b");
  EXPECT_FALSE(Load(surroundings).profile_given_in_code());
  EXPECT_EQ(Load(surroundings, "c").profile(), "c");
  EXPECT_TRUE(Load(surroundings, "c").profile_given_in_code());
}

TEST(Settings, AProfileThatIsAskedForMustExist) {
  Surroundings surroundings;
  const auto given = Settings::Load(surroundings.variables(), "nobody");
  ASSERT_FALSE(given.ok());
  EXPECT_EQ(given.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(given.error().message(), "find profile 'nobody' (the profile given): it is not in " +
                                         surroundings.home() + "/.aws/config and " +
                                         surroundings.home() + "/.aws/credentials");
  surroundings.Set("AWS_PROFILE", "nobody");
  EXPECT_FALSE(Settings::Load(surroundings.variables(), "").ok());
  surroundings.Set("AWS_PROFILE", "default");
  EXPECT_TRUE(Settings::Load(surroundings.variables(), "").ok());
}

TEST(Settings, ASwitchIsTrueOrFalse) {
  Surroundings surroundings;
  surroundings.Config("[default]\nuse_fips_endpoint = TRUE\nx = yes\n");
  EXPECT_TRUE(*Load(surroundings).FindBool("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
  EXPECT_FALSE(*Load(surroundings).FindBool("UNSET", "unset"));
  const auto failed = Load(surroundings).FindBool("UNSET", "x");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message(),
            "read " + surroundings.config_path() + ": line 3: 'yes' is neither true nor false");
  surroundings.Set("AWS_USE_FIPS_ENDPOINT", "False");
  EXPECT_FALSE(*Load(surroundings).FindBool("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
}

}  // namespace
}  // namespace zael::aws
