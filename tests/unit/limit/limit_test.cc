#include <gtest/gtest.h>
#include <zael/limit.h>

#include "base/random.h"

namespace zael {
namespace {

using std::chrono::seconds;

TEST(LimitText, ReadsTheDocumentedExamples) {
  EXPECT_EQ(*Limit::Parse("rpm:1000"), Limit::PerMinute("rpm", 1000));
  EXPECT_EQ(*Limit::Parse("rps:10/sec"), Limit::PerSecond("rps", 10));
  EXPECT_EQ(*Limit::Parse("tpm:10000/min:50000"), Limit::PerMinute("tpm", 10'000, 50'000));
  EXPECT_EQ(*Limit::Parse("d:5/day"), Limit::PerDay("d", 5));
  EXPECT_EQ(*Limit::Parse("h:5/hour:6"), Limit::PerHour("h", 5, 6));
  EXPECT_EQ(*Limit::Parse("x:5:6"), Limit::PerMinute("x", 5, 6));
  EXPECT_EQ(*Limit::Parse("x:5/30s"), Limit::Custom("x", 5, 5, 5, seconds(30)));
  EXPECT_EQ(*Limit::Parse("x:5/7d"), Limit::Custom("x", 5, 5, 5, seconds(7 * 86'400)));
  EXPECT_EQ(*Limit::Parse("x:5/90m"), Limit::Custom("x", 5, 5, 5, seconds(5'400)));
}

TEST(LimitText, SurvivesTheRoundTrip) {
  SeededRandom random(1);
  for (int i = 0; i < 20'000; ++i) {
    Limit limit{.name = "a.b-c_9"};
    limit.capacity = static_cast<std::int64_t>(random.Below(kMaxTokens) >> random.Below(50)) + 1;
    limit.burst = limit.capacity;
    if (random.Below(2) == 0) {
      limit.burst += static_cast<std::int64_t>(
          random.Below(static_cast<std::uint64_t>(kMaxTokens - limit.capacity) + 1));
    }
    limit.refill_amount = limit.capacity;
    const auto longest = static_cast<std::uint64_t>(kMaxRefillPeriod.count());
    limit.refill_period = seconds((random.Below(longest) >> random.Below(28)) + 1);
    const Result<Limit> parsed = Limit::Parse(limit.ToText());
    ASSERT_TRUE(parsed.ok()) << limit.ToText() << ": " << parsed.error().message();
    EXPECT_EQ(*parsed, limit);
  }
}

TEST(LimitText, RefusesEverythingElseNamingThePart) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "expected name:capacity[/period][:burst]"},
      {"rpm", "expected name:capacity"},
      {":5", "validate limit: ''"},
      {"a#b:5", "'a#b' must be"},
      {"PK:5", "'PK' is the name of a record attribute"},
      {"rpm:", "capacity '' is not a whole number"},
      {"rpm:0", "capacity is 0, must be 1 to"},
      {"rpm:-5", "capacity '-5' is not"},
      {"rpm:+5", "capacity '+5' is not"},
      {"rpm: 5", "capacity ' 5' is not"},
      {"rpm:1.5", "capacity '1.5' is not"},
      {"rpm:9223372036854775808", "capacity '9223372036854775808' is not"},
      {"rpm:1000000000000001", "capacity is 1000000000000001, must be 1 to 1000000000000000"},
      {"rpm:5/", "period '' is not"},
      {"rpm:5/fortnight", "period 'fortnight' is not"},
      {"rpm:5/0s", "period '0s' is not"},
      {"rpm:5/-1s", "period '-1s' is not"},
      {"rpm:5/3661d", "period '3661d' is not"},
      {"rpm:5/99999999999999999999d", "period '99999999999999999999d' is not"},
      {"rpm:5/min/min", "period 'min/min' is not"},
      {"rpm:5:", "burst '' is not"},
      {"rpm:5:4", "burst is 4, must be 5 to"},
      {"rpm:5:6:7", "burst '6:7' is not"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Limit> limit = Limit::Parse(text);
    ASSERT_FALSE(limit.ok()) << text;
    EXPECT_EQ(limit.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(limit.error().message().find(message), std::string::npos)
        << text << " -> " << limit.error().message();
  }
}

TEST(LimitText, RepeatsOnlyAShortPartOfALongValue) {
  EXPECT_LT(Limit::Parse(std::string(100'000, 'x')).error().message().size(), 200u);
}

TEST(LimitValidate, NamesTheFieldTheValueAndTheRule) {
  const Limit good = Limit::PerMinute("rpm", 10);
  EXPECT_TRUE(good.Validate().ok());
  const auto message = [](Limit limit) { return limit.Validate().error().message(); };
  Limit bad = good;
  bad.refill_amount = 0;
  EXPECT_EQ(message(bad),
            "validate limit 'rpm': refill_amount is 0, must be 1 to 1000000000000000 whole tokens");
  bad = good;
  bad.refill_period = seconds(0);
  EXPECT_EQ(message(bad), "validate limit 'rpm': refill_period is 0 s, must be 1 to 316224000 s");
  bad.refill_period = kMaxRefillPeriod + seconds(1);
  EXPECT_FALSE(bad.Validate().ok());
  EXPECT_FALSE(Limit::PerMinute("rpm", -1).Validate().ok());
  EXPECT_FALSE(Limit::PerMinute("rpm", 10, 9).Validate().ok());
  EXPECT_FALSE(Limit::PerMinute("rpm", 10, kMaxTokens + 1).Validate().ok());
}

}  // namespace
}  // namespace zael
