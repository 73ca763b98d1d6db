#include "limit/names.h"

#include <gtest/gtest.h>
#include <zael/config.h>

#include <string>

namespace zael::limit {
namespace {

TEST(Names, AcceptTheirAlphabet) {
  for (const char* id : {"a", "9", "user:42", "x@y.example-z_1", "Key-1"}) {
    EXPECT_TRUE(ValidateIdentifier("entity_id", id).ok()) << id;
  }
  for (const char* name : {"rpm", "a.b-c_9", "R"}) {
    EXPECT_TRUE(ValidateLimitName(name).ok()) << name;
    EXPECT_TRUE(ValidateResource(name).ok()) << name;
  }
  EXPECT_TRUE(ValidateResource("openai/gpt-4").ok());
}

TEST(Names, P10_RefuseWhatCouldForgeAKey) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool word = std::isalnum(byte) != 0 || c == '_' || c == '.' || c == '-';
    const std::string name = std::string("a") + c + "b";
    EXPECT_EQ(ValidateIdentifier("entity_id", name).ok(), word || c == ':' || c == '@') << byte;
    EXPECT_EQ(ValidateLimitName(name).ok(), word) << byte;
    EXPECT_EQ(ValidateResource(name).ok(), word || c == '/') << byte;
    const std::string first(1, c);
    EXPECT_EQ(ValidateIdentifier("entity_id", first).ok(), std::isalnum(byte) != 0) << byte;
    EXPECT_EQ(ValidateLimitName(first).ok(), std::isalpha(byte) != 0) << byte;
    EXPECT_EQ(ValidateResource(first).ok(), std::isalpha(byte) != 0) << byte;
  }
}

TEST(Names, HaveALargestLength) {
  EXPECT_TRUE(ValidateIdentifier("entity_id", std::string(256, 'a')).ok());
  EXPECT_FALSE(ValidateIdentifier("entity_id", std::string(257, 'a')).ok());
  EXPECT_TRUE(ValidateLimitName(std::string(64, 'a')).ok());
  EXPECT_FALSE(ValidateLimitName(std::string(65, 'a')).ok());
  EXPECT_TRUE(ValidateResource(std::string(64, 'a')).ok());
  EXPECT_FALSE(ValidateResource(std::string(65, 'a')).ok());
}

TEST(Names, ErrorsNameTheFieldTheValueAndTheRule) {
  const Error error = ValidateIdentifier("parent_id", "a#b").error();
  EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error.message(),
            "validate parent_id: 'a#b' must be a letter or digit, then letters, digits or _.:@- (1 "
            "to 256 "
            "bytes)");
  EXPECT_FALSE(ValidateResource("").ok());
}

TEST(Names, ALimitIsNotCalledLikeAnAttributeOfUsageRecords) {
  for (const char* name : {"PK", "SK", "GSI2PK", "GSI2SK", "entity_id", "resource", "window",
                           "window_start", "total_events", "ttl"}) {
    EXPECT_FALSE(ValidateLimitName(name).ok()) << name;
  }
  EXPECT_TRUE(ValidateLimitName("TTL").ok());
}

TEST(Names, TheDefaultResourceIsForEntityLimitsOnly) {
  EXPECT_FALSE(ValidateResource(kDefaultResource).ok());
  EXPECT_TRUE(ValidateResourceOrDefault(kDefaultResource).ok());
  EXPECT_FALSE(ValidateResourceOrDefault("_other_").ok());
}

TEST(ValidateLimits, RefusesBadOnesTwoOfOneNameAndTooMany) {
  Limits limits = {Limit::PerMinute("a", 1), Limit::PerMinute("b", 1)};
  EXPECT_TRUE(ValidateLimits("limits", limits).ok());
  limits.push_back(Limit::PerDay("a", 2));
  EXPECT_EQ(ValidateLimits("limits", limits).error().message(),
            "validate limits: 'a' is named twice, give each limit once");
  EXPECT_FALSE(ValidateLimits("limits", {Limit::PerMinute("a", 0)}).ok());
  limits.clear();
  for (std::size_t i = 0; i <= kMaxLimitsPerLevel; ++i) {
    limits.push_back(Limit::PerMinute("l" + std::to_string(i), 1));
  }
  EXPECT_FALSE(ValidateLimits("limits", limits).ok());
  limits.pop_back();
  EXPECT_TRUE(ValidateLimits("limits", limits).ok());
}

TEST(ValidateAmounts, P10_NegativeConsumesAreRefusedAndCorrectionsAreNot) {
  EXPECT_TRUE(ValidateAmounts("consume", {{"rpm", 0}, {"tpm", kMaxTokens}}).ok());
  EXPECT_EQ(ValidateAmounts("consume", {{"rpm", -1}}).error().message(),
            "validate consume: 'rpm' is -1, must be 0 to 1000000000000000 whole tokens");
  EXPECT_FALSE(ValidateAmounts("consume", {{"rpm", kMaxTokens + 1}}).ok());
  EXPECT_FALSE(ValidateAmounts("consume", {{"a#b", 1}}).ok());
  EXPECT_TRUE(ValidateDeltas("adjust", {{"rpm", -kMaxTokens}, {"tpm", kMaxTokens}}).ok());
  EXPECT_FALSE(ValidateDeltas("adjust", {{"rpm", -kMaxTokens - 1}}).ok());
}

}  // namespace
}  // namespace zael::limit
