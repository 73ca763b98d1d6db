// Time through the whole limiter: skew, frequent touches, slow rates, huge numbers, long runs.
#include "limiter_fixture.h"
#include "testing/history_checker.h"
#include "testing/reference_bucket.h"

namespace zael::limiter {
namespace {

using P2_ClockSkew = LimiterTest;
using P3_TouchedEveryMillisecond = LimiterTest;
using P4_SlowBesideBusy = LimiterTest;
using P29_HugeNumbers = LimiterTest;
using P34_LongRuns = LimiterTest;

TEST_F(P2_ClockSkew, HoldsI1AndStarvesNobodyForLongerThanTheSkew) {
  const Limit rpm = Limit::PerMinute("rpm", 60);
  for (const auto skew : {milliseconds(5'000), milliseconds(3'600'000)}) {
    const std::string entity = "skew-" + std::to_string(skew.count());
    SetLimits({rpm}, entity);
    std::vector<RateLimiter> limiters;
    for (const auto shift : {-skew, milliseconds(0), skew}) {
      limiters.emplace_back(OpenRepository(std::make_shared<testing::SkewedClock>(clock_, shift)));
    }
    testing::HistoryChecker history;
    history.SetLimit(entity, rpm, 0);
    std::int64_t granted = 0;
    const int seconds = 3 * static_cast<int>(skew.count() / 1'000);
    for (int s = 0; s < seconds; ++s) {
      for (RateLimiter& limiter : limiters) {
        const auto decision = limiter.Acquire(Ask({{"rpm", 1}}, entity));
        ASSERT_TRUE(decision.ok());
        if (!decision->granted()) continue;
        ++granted;
        const auto as_of = decision->statuses()[0].as_of.time_since_epoch().count();
        history.Grant(entity, 1, as_of);
      }
      clock_->Advance(milliseconds(1'000));
    }
    EXPECT_TRUE(history.FindOverAdmissions().empty());
    EXPECT_LE(granted, 60 + seconds + 2 * skew.count() / 1'000);
    EXPECT_GE(granted, seconds - skew.count() / 1'000);
  }
}

TEST_F(P3_TouchedEveryMillisecond, TheRefillIsExact) {
  for (const int every_ms : {1, 3, 10}) {
    const std::string entity = "touch-" + std::to_string(every_ms);
    const Limit limit = Limit::PerMinute("rpm", 600);
    SetLimits({limit}, entity);
    testing::ReferenceBucket reference(limit);
    std::int64_t granted = 0;
    std::int64_t expected = 0;
    for (int i = 0; i < 20'000; ++i) {
      granted += limiter_->Acquire(Ask({{"rpm", 1}}, entity))->granted();
      expected += reference.Acquire(1, clock_->NowMs());
      clock_->Advance(milliseconds(every_ms));
    }
    EXPECT_EQ(granted, expected);
    EXPECT_EQ(granted, 600 + (20'000 - 1) * every_ms / 100);
  }
}

TEST_F(P4_SlowBesideBusy, BothAreExact) {
  const Limit slow = Limit::Custom("slow", 100, 100, 100, std::chrono::hours(24));
  SetLimits({slow, Limit::PerSecond("busy", 1'000)});
  ASSERT_TRUE(Granted({{"slow", 100}}));
  for (int i = 0; i < 8'640; ++i) {  // 100 a day is one in 864 s
    clock_->Advance(milliseconds(100));
    EXPECT_TRUE(Granted({{"busy", 10}}));
    ASSERT_EQ(Granted({{"busy", 1}, {"slow", 1}}), i == 8'639) << i;
  }
}

TEST_F(P29_HugeNumbers, TheWholeRangeOfLimitsGrantsAsTheReferenceDoes) {
  const Limit limits[] = {
      Limit::Custom("x", 1, 1, 1, std::chrono::hours(24 * 365)),
      Limit::PerSecond("x", 1'000'000'000),
      Limit::Custom("x", kMaxTokens, kMaxTokens, kMaxTokens, std::chrono::seconds(1)),
      Limit::Custom("x", 1, kMaxTokens, 1, kMaxRefillPeriod),
  };
  int n = 0;
  for (const Limit& limit : limits) {
    const std::string entity = "huge-" + std::to_string(++n);
    SetLimits({limit}, entity);
    testing::ReferenceBucket reference(limit);
    for (int i = 0; i < 300; ++i) {
      const std::int64_t amount = i % 3 == 0 ? limit.burst : 1 + limit.burst / 7;
      const auto decision = limiter_->Acquire(Ask({{"x", amount}}, entity));
      ASSERT_TRUE(decision.ok()) << decision.error().message();
      EXPECT_EQ(decision->granted(), reference.Acquire(amount, clock_->NowMs()));
      clock_->Advance(milliseconds(i % 5 == 0 ? 86'400'000LL * i : i));
    }
  }
}

TEST_F(P34_LongRuns, ABucketBehavesAfterManyAcquires) {
  const Limit limit = Limit::PerMinute("rpm", 100);
  SetLimits({limit});
  testing::ReferenceBucket reference(limit);
  std::uint64_t random = 7;
  for (int i = 0; i < 60'000; ++i) {
    const std::int64_t amount = 1 + static_cast<std::int64_t>(SplitMix64(random) % 5);
    const auto decision = Acquire({{"rpm", amount}});
    ASSERT_TRUE(decision.ok());
    ASSERT_EQ(decision->granted(), reference.Acquire(amount, clock_->NowMs())) << i;
    ASSERT_EQ(decision->statuses()[0].exceeded, !decision->granted());
    clock_->Advance(milliseconds(SplitMix64(random) % 4'000));
  }
}

}  // namespace
}  // namespace zael::limiter
