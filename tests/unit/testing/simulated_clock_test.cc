#include "testing/simulated_clock.h"

#include <gtest/gtest.h>

namespace zael::testing {
namespace {

using namespace std::chrono_literals;

TEST(SimulatedClock, PassesOnlyWhenTold) {
  SimulatedClock clock;
  const MonotonicTime start = clock.MonotonicNow();
  EXPECT_EQ(clock.NowMs(), kSimulationStartMs);
  clock.Advance(1500us);
  EXPECT_EQ(clock.NowMs(), kSimulationStartMs + 1);
  clock.SleepFor(500us);
  EXPECT_EQ(clock.NowMs(), kSimulationStartMs + 2);
  EXPECT_EQ(clock.MonotonicNow() - start, 2ms);
}

TEST(SkewedClock, ShiftsWallTimeOnly) {
  const auto base = std::make_shared<SimulatedClock>();
  SkewedClock clock(base, -5s);
  clock.SleepFor(7ms);
  EXPECT_EQ(base->WallNow() - clock.WallNow(), 5s);
  EXPECT_EQ(base->MonotonicNow(), clock.MonotonicNow());
  EXPECT_EQ(base->NowMs(), kSimulationStartMs + 7);
}

}  // namespace
}  // namespace zael::testing
