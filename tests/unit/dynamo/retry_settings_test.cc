#include "dynamo/retry_settings.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::dynamo {
namespace {

aws::PlacedSetting Mode(const std::string& value) { return {value, "AWS_RETRY_MODE"}; }
aws::PlacedSetting Attempts(const std::string& value) { return {value, "AWS_MAX_ATTEMPTS"}; }

TEST(RetrySettings, LeaveWhatIsNotSet) {
  const auto options = WithRetrySettings({.max_attempts = 8}, std::nullopt, std::nullopt);
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->max_attempts, 8);
}

TEST(RetrySettings, TheModeDecidesHowOftenAndTheNumberBeforeIt) {
  for (const char* mode : {"standard", "adaptive", "Standard"})
    EXPECT_EQ(WithRetrySettings({}, Mode(mode), std::nullopt)->max_attempts, 3) << mode;
  EXPECT_EQ(WithRetrySettings({.max_attempts = 8}, Mode("legacy"), std::nullopt)->max_attempts, 8);
  EXPECT_EQ(WithRetrySettings({}, Mode("standard"), Attempts("5"))->max_attempts, 5);
  EXPECT_EQ(WithRetrySettings({}, std::nullopt, Attempts("1"))->max_attempts, 1);
}

TEST(RetrySettings, WhatIsNoModeAndNoNumberIsRefusedByItsName) {
  for (const char* number : {"0", "-1", "three", "3x", "", "99999999999"}) {
    const auto options = WithRetrySettings({}, std::nullopt, Attempts(number));
    ASSERT_FALSE(options.ok()) << number;
    EXPECT_EQ(options.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(options.error().message().rfind("read AWS_MAX_ATTEMPTS: ", 0), 0u)
        << options.error().message();
  }
  const auto options = WithRetrySettings({}, Mode("eager"), std::nullopt);
  ASSERT_FALSE(options.ok());
  EXPECT_EQ(options.error().message(),
            "read AWS_RETRY_MODE: 'eager' is not one of standard, adaptive and legacy");
}

}  // namespace
}  // namespace zael::dynamo
