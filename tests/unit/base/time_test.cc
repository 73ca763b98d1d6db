#include "base/time.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"

namespace zael {
namespace {

TEST(UtcText, ShowsWholeSecondsAndReadsThemBack) {
  EXPECT_EQ(ToUtcText(FromEpochMs(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(ToUtcText(FromEpochMs(1'709'251'199'999)), "2024-02-29T23:59:59Z");
  EXPECT_EQ(ToUtcText(FromEpochMs(-1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(ToEpochMs(*ParseUtcText("2024-02-29T23:59:59Z")), 1'709'251'199'000);
}

TEST(UtcText, EveryTimeSurvivesTheRoundTrip) {
  SeededRandom random(1);
  for (int i = 0; i < 10'000; ++i) {
    // Seconds from the year 1 to the year 9999.
    const auto seconds = static_cast<std::int64_t>(random.Below(315'537'897'600)) - 62'135'596'800;
    const WallTime time = FromEpochMs(seconds * 1000);
    EXPECT_EQ(ToEpochMs(*ParseUtcText(ToUtcText(time))), ToEpochMs(time));
  }
}

TEST(UtcText, ShowsTheNearestTimeThatHasAText) {
  EXPECT_EQ(ToUtcText(FromEpochMs(std::numeric_limits<std::int64_t>::max())),
            "9999-12-31T23:59:59Z");
  EXPECT_EQ(ToUtcText(FromEpochMs(std::numeric_limits<std::int64_t>::min())),
            "0001-01-01T00:00:00Z");
}

TEST(UtcText, RefusesEverythingElse) {
  for (const char* text :
       {"", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
        "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
        "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00Z ",
        "+024-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z"}) {
    const Result<WallTime> time = ParseUtcText(text);
    ASSERT_FALSE(time.ok()) << text;
    EXPECT_EQ(time.error().code(), ErrorCode::kInvalidArgument);
  }
}

TEST(EpochSeconds, RoundTowardThePast) {
  EXPECT_EQ(ToEpochSeconds(FromEpochMs(1999)), 1);
  EXPECT_EQ(ToEpochSeconds(FromEpochMs(-1)), -1);
}

}  // namespace
}  // namespace zael
