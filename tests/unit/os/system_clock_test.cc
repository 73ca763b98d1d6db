#include <gtest/gtest.h>
#include <zael/clock.h>

namespace zael {
namespace {

TEST(SystemClock, KnowsThisCenturyAndNeverGoesBack) {
  const std::shared_ptr<Clock> clock = MakeSystemClock();
  const WallTime in_2020{std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)};
  EXPECT_GT(clock->WallNow(), in_2020);
  const MonotonicTime first = clock->MonotonicNow();
  clock->SleepFor(std::chrono::nanoseconds(1));
  EXPECT_GT(clock->MonotonicNow(), first);
}

}  // namespace
}  // namespace zael
