#include "cli/units.h"

#include <gtest/gtest.h>

namespace zael::cli {
namespace {

TEST(CountText, GroupsThousands) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountText(1000), "1,000");
  EXPECT_EQ(CountText(-1234567), "-1,234,567");
  EXPECT_EQ(CountText(-123), "-123");
}

TEST(DurationText, NamesItsUnits) {
  EXPECT_EQ(DurationText(Milliseconds(0)), "0 ms");
  EXPECT_EQ(DurationText(Milliseconds(999)), "999 ms");
  EXPECT_EQ(DurationText(Milliseconds(4250)), "4.2 s");
  EXPECT_EQ(DurationText(Milliseconds(59'999)), "59.9 s");
  EXPECT_EQ(DurationText(Milliseconds(200'000)), "3 min 20 s");
  EXPECT_EQ(DurationText(std::chrono::hours(2)), "2 h");
  EXPECT_EQ(DurationText(std::chrono::hours(76)), "3 d 4 h");
}

TEST(WaitText, SaysNever) { EXPECT_EQ(WaitText(std::nullopt), "never"); }

TEST(TimeText, IsUtcWithItsZone) {
  EXPECT_EQ(TimeText(WallTime(Milliseconds(1'700'000'000'123))), "2023-11-14 22:13:20 UTC");
}

TEST(ParseDuration, ReadsEveryUnit) {
  EXPECT_EQ(*ParseDuration("--timeout", "250ms"), Milliseconds(250));
  EXPECT_EQ(*ParseDuration("--timeout", "10"), std::chrono::seconds(10));
  EXPECT_EQ(*ParseDuration("--timeout", "10s"), std::chrono::seconds(10));
  EXPECT_EQ(*ParseDuration("--timeout", "2m"), std::chrono::minutes(2));
  EXPECT_EQ(*ParseDuration("--timeout", "24h"), std::chrono::hours(24));
}

TEST(ParseDuration, RefusesWhatIsNoneAndNamesFieldValueAndRule) {
  for (const char* text : {"", "s", "-1s", "1.5s", "25h", "10 s", "99999999999999999999s", "5d"}) {
    const auto duration = ParseDuration("--timeout", text);
    ASSERT_FALSE(duration.ok()) << text;
    EXPECT_EQ(duration.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(duration.error().message().find("--timeout"), std::string::npos);
    EXPECT_NE(duration.error().message().find("10s"), std::string::npos);
  }
}

TEST(ParseNumber, TakesTheWholeRangeAndNothingElse) {
  EXPECT_EQ(*ParseNumber("--repeat", "1", 1, 10), 1);
  EXPECT_EQ(*ParseNumber("--repeat", "+10", 1, 10), 10);
  EXPECT_EQ(*ParseNumber("--adjust", "-5", -10, 10), -5);
  for (const char* text : {"", "0", "11", "1x", " 1", "+-1", "0x5", "1e3"}) {
    EXPECT_FALSE(ParseNumber("--repeat", text, 1, 10).ok()) << text;
  }
}

}  // namespace
}  // namespace zael::cli
