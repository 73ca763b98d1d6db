#include "cli/amounts.h"

#include <gtest/gtest.h>

namespace zael::cli {
namespace {

TEST(ParseAmounts, TakesRepeatedAndCommaSeparatedPairs) {
  const auto amounts = ParseAmounts("--consume", {"rpm=1,tpm=500", "x.y-z=0"}, Sign::kNotNegative);
  ASSERT_TRUE(amounts.ok()) << amounts.error().message();
  EXPECT_EQ(*amounts, (Amounts{{"rpm", 1}, {"tpm", 500}, {"x.y-z", 0}}));
}

TEST(ParseAmounts, TakesSignsOnlyWhereTheyMeanSomething) {
  EXPECT_EQ(*ParseAmounts("--adjust", {"tpm=-5"}, Sign::kAny), (Amounts{{"tpm", -5}}));
  EXPECT_EQ(*ParseAmounts("--adjust", {"tpm=+5"}, Sign::kAny), (Amounts{{"tpm", 5}}));
}

TEST(P10_NegativeConsume, IsRefusedOnTheCommandLine) {
  const auto amounts = ParseAmounts("--consume", {"rpm=-1"}, Sign::kNotNegative);
  ASSERT_FALSE(amounts.ok());
  EXPECT_EQ(amounts.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_NE(amounts.error().message().find("--consume"), std::string::npos);
  EXPECT_NE(amounts.error().message().find("'-1'"), std::string::npos);
}

TEST(ParseAmounts, RefusesWhatIsNoPair) {
  for (const char* text :
       {"", "rpm", "=1", "rpm=", "rpm=one", "rpm=1,", "rpm=1,rpm=2", "rpm=99999999999999999999"}) {
    EXPECT_FALSE(ParseAmounts("--consume", {text}, Sign::kNotNegative).ok()) << text;
  }
}

TEST(ParseLimits, ReadsTextFormsAndRefusesANameTwice) {
  const auto limits = ParseLimits("--limit", {"rpm:100", "tpm:10000/min:50000"});
  ASSERT_TRUE(limits.ok()) << limits.error().message();
  EXPECT_EQ(limits->at(1).burst, 50'000);
  EXPECT_FALSE(ParseLimits("--limit", {"rpm:100", "rpm:200"}).ok());
}

TEST(ParseLimits, SuggestsTheNearestPeriod) {
  const auto limits = ParseLimits("--limit", {"rpm:100/mn"});
  ASSERT_FALSE(limits.ok());
  EXPECT_NE(limits.error().message().find("`/min`"), std::string::npos) << limits.error().message();
}

TEST(ParseMetadata, KeepsEverythingAfterTheFirstEqualsSign) {
  const auto metadata = ParseMetadata("--metadata", {"query=a=b", "empty="});
  ASSERT_TRUE(metadata.ok());
  EXPECT_EQ(*metadata, (Metadata{{"query", "a=b"}, {"empty", ""}}));
  EXPECT_FALSE(ParseMetadata("--metadata", {"nothing"}).ok());
  EXPECT_FALSE(ParseMetadata("--metadata", {"a=1", "a=2"}).ok());
}

}  // namespace
}  // namespace zael::cli
