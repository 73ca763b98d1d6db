#include "limit/arithmetic.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"
#include "testing/reference_bucket.h"

namespace zael {
namespace {

using Wide = __int128;

constexpr std::int64_t kStartMs = 1'767'225'600'000;

BucketParams Params(std::int64_t burst, std::int64_t amount, std::int64_t period_s) {
  return {.capacity_milli = 1000,
          .burst_milli = burst * 1000,
          .refill_amount_milli = amount * 1000,
          .refill_period_ms = period_s * 1000};
}

// Takes `need` whole tokens if the bucket grants them.
bool Take(const BucketParams& params, BucketBalance& balance, std::int64_t now_ms,
          std::int64_t need) {
  if (!Grants(params, balance, now_ms, need * 1000)) return false;
  balance = Refill(params, balance, now_ms, need * 1000).balance;
  balance.tokens_milli -= need * 1000;
  return true;
}

// Every magnitude about as often: from 1 to `largest`.
std::int64_t AnyMagnitude(RandomSource& random, std::int64_t largest) {
  const auto shift = random.Below(63);
  return static_cast<std::int64_t>((random.Next() >> 1) >> shift) % largest + 1;
}

TEST(Refill, CreditsWholeStepsAndKeepsTheRemainderOfTime) {
  // 7 tokens per minute: one step is 60 ms worth 7 millitokens.
  const RefillResult result = Refill(Params(10, 7, 60), {0, kStartMs}, kStartMs + 179, 0);
  EXPECT_EQ(result.balance, (BucketBalance{14, kStartMs + 120}));
  EXPECT_EQ(result.credited_milli, 14);
  EXPECT_FALSE(result.full);
}

TEST(Refill, CreditsTheFractionOnlyForANeedThatTurnsOnIt) {
  // 1000 tokens in 999 s: one step is 999 ms worth 1000 millitokens.
  const BucketParams params = Params(10, 1000, 999);
  const BucketBalance base{500, kStartMs};
  EXPECT_EQ(Refill(params, base, kStartMs + 600, 501).balance,
            (BucketBalance{1100, kStartMs + 600}));
  EXPECT_EQ(Refill(params, base, kStartMs + 600, 1101).balance, base);
  EXPECT_EQ(Refill(params, base, kStartMs + 600, 500).balance, base);
}

TEST(Refill, RoundsTheTimeOfAFractionUp) {
  // 10 tokens per second and 7: 10/7 millitokens per ms, a step is 7 ms.
  const BucketParams params = Params(10, 10, 7);
  const RefillResult result = Refill(params, {0, kStartMs}, kStartMs + 5, 7);
  EXPECT_EQ(result.balance, (BucketBalance{7, kStartMs + 5}));  // floor(50/7) = 7 needs 4.9 ms
}

TEST(Refill, P2_ASlowClockChangesNothing) {
  const BucketBalance base{20'000, kStartMs};
  for (const std::int64_t back : {0, 1, 5'000, 3'600'000}) {
    const RefillResult result = Refill(Params(10, 10, 1), base, kStartMs - back, 0);
    EXPECT_EQ(result.balance, base);
    EXPECT_FALSE(result.full);
  }
}

TEST(Refill, P9_ABalanceLiftedOverBurstIsClippedByTheNextRefill) {
  const BucketParams params = Params(100, 100, 60);
  BucketBalance balance{100'000, kStartMs};
  ASSERT_TRUE(Take(params, balance, kStartMs, 59));
  ASSERT_TRUE(Take(params, balance, kStartMs + 60'000, 1));  // full again, then 99
  balance.tokens_milli += 60'000;                            // everything is given back late
  const RefillResult result = Refill(params, balance, kStartMs + 60'001, 0);
  EXPECT_TRUE(result.full);
  EXPECT_EQ(result.balance, (BucketBalance{100'000, kStartMs + 60'001}));
  EXPECT_EQ(result.credited_milli, -59'000);
  EXPECT_FALSE(Grants(params, balance, kStartMs + 120'000, 100'001));
}

TEST(Refill, AFullBucketKeepsNoRemainder) {
  // One step is a whole day: without the rule the 12 hours before would be credited after the take.
  const BucketParams params = Params(1, 1, 86'400);
  BucketBalance balance{1'000, kStartMs};
  ASSERT_TRUE(Take(params, balance, kStartMs + 43'200'000, 1));
  EXPECT_FALSE(Take(params, balance, kStartMs + 86'400'000, 1));
  EXPECT_TRUE(Take(params, balance, kStartMs + 43'200'000 + 86'400'000, 1));
}

TEST(Refill, P3_NeverCreditsAMillisecondTwice) {
  for (const std::int64_t touch_ms : {1, 3, 10}) {
    const BucketParams params = Params(1000, 997, 61);
    BucketBalance balance{0, kStartMs};
    std::int64_t granted = 0;
    constexpr std::int64_t kHourMs = 3'600'000;
    for (std::int64_t t = 0; t <= kHourMs; t += touch_ms) {
      granted += Take(params, balance, kStartMs + t, 1) ? 1 : 0;
    }
    const std::int64_t exact = static_cast<std::int64_t>(Wide{997} * kHourMs / 61'000);
    EXPECT_LE(granted, exact) << touch_ms;
    // Each grant may trail by less than the worth of 1 ms.
    EXPECT_GE(granted, exact - granted * 997 / 61'000 - touch_ms) << touch_ms;
    // Touching without taking loses nothing at all.
    BucketBalance touched{0, kStartMs};
    for (std::int64_t t = 0; t <= kHourMs / 100; t += touch_ms) {
      touched = Refill(params, touched, kStartMs + t, 0).balance;
    }
    const std::int64_t end = kStartMs + kHourMs / 100;
    EXPECT_EQ(Refill(params, touched, end, 0).balance,
              Refill(params, {0, kStartMs}, end, 0).balance);
  }
}

TEST(Refill, P4_ASlowLimitBesideABusyOneIsExact) {
  const BucketParams slow = Params(100, 100, 86'400);
  const BucketParams busy = Params(1000, 1000, 1);
  BucketBalance slow_balance{0, kStartMs}, busy_balance{0, kStartMs};
  std::int64_t slow_granted = 0, busy_granted = 0;
  constexpr std::int64_t kDayMs = 86'400'000;
  for (std::int64_t t = 10; t <= kDayMs; t += 10) {
    slow_granted += Take(slow, slow_balance, kStartMs + t, 1) ? 1 : 0;
    busy_granted += Take(busy, busy_balance, kStartMs + t, 10) ? 10 : 0;
  }
  EXPECT_EQ(slow_granted, 100);
  EXPECT_EQ(busy_granted, kDayMs);
}

TEST(RetryAfter, P12_IsNeverAboveBurst) {
  EXPECT_EQ(RetryAfterMs(Params(10, 10, 1), {10'000, kStartMs}, kStartMs, 10'001), std::nullopt);
  EXPECT_EQ(RetryAfterMs(Params(10, 10, 1), {10'000, kStartMs}, kStartMs, 10'000), 0);
  EXPECT_FALSE(Grants(Params(10, 10, 1), {20'000, kStartMs}, kStartMs, 10'001));
}

TEST(RetryAfter, WaitsForADebtToBeRepaidEvenWhenNothingIsNeeded) {
  const BucketParams params = Params(10, 10, 1);
  EXPECT_FALSE(Grants(params, {-1'000, kStartMs}, kStartMs, 0));
  EXPECT_EQ(RetryAfterMs(params, {-1'000, kStartMs}, kStartMs, 0), 100);
  EXPECT_EQ(RetryAfterMs(params, {-1'000, kStartMs}, kStartMs + 40, 0), 60);
  EXPECT_EQ(RetryAfterMs(params, {-1'000, kStartMs}, kStartMs - 40, 0), 140);
  EXPECT_EQ(AvailableTokens(params, {-1, kStartMs}, kStartMs), -1);
}

TEST(TimeToFull, IsTheWaitUntilBurst) {
  EXPECT_EQ(TimeToFullMs(Params(10, 10, 1), {4'000, kStartMs}, kStartMs + 100), 500);
  EXPECT_EQ(TimeToFullMs(Params(10, 10, 1), {10'000, kStartMs}, kStartMs), 0);
  EXPECT_EQ(TimeToFullMs(Params(10, 10, 1), {0, kStartMs}, kStartMs + 9'999), 0);
}

TEST(Arithmetic, P29_TheWholeRangeAgreesWithExactFractions) {
  SeededRandom random(29);
  constexpr std::int64_t kMaxMilli = kMaxTokens * 1000;
  const std::int64_t max_period = Milliseconds(kMaxRefillPeriod).count();
  for (int i = 0; i < 300'000; ++i) {
    const BucketParams params{1000, AnyMagnitude(random, kMaxMilli),
                              AnyMagnitude(random, kMaxMilli), AnyMagnitude(random, max_period)};
    const BucketBalance base{params.burst_milli - AnyMagnitude(random, kMaxMilli),
                             static_cast<std::int64_t>(random.Below(1u << 30)) - (1 << 29)};
    const std::int64_t elapsed = AnyMagnitude(random, std::int64_t{1} << 61);
    const std::int64_t now = base.last_refill_ms + elapsed;
    const std::int64_t need = AnyMagnitude(random, params.burst_milli) % params.burst_milli;
    const RefillResult result = Refill(params, base, now, need);
    const Wide rate = params.refill_amount_milli, period = params.refill_period_ms;
    const Wide credited = Wide{result.balance.tokens_milli} - base.tokens_milli;
    const Wide used = Wide{result.balance.last_refill_ms} - base.last_refill_ms;
    ASSERT_LE(result.balance.tokens_milli, params.burst_milli);
    ASSERT_LE(credited * period, rate * used) << "credits more than was earned";
    ASSERT_GE(used, 0);
    ASSERT_LE(used, elapsed);
    if (!result.full) {
      ASSERT_LT((rate * used - credited * period), rate) << "loses a millisecond's worth or more";
    }
    const bool enough = base.tokens_milli + rate * elapsed / period >= need;
    ASSERT_EQ(Grants(params, base, now, need), enough);
    const auto wait = RetryAfterMs(params, base, now, need);
    ASSERT_TRUE(wait.has_value());
    ASSERT_EQ(*wait == 0, enough);
    if (*wait > 0 && *wait < std::int64_t{1} << 60) {
      ASSERT_TRUE(Grants(params, base, now + *wait, need));
      ASSERT_FALSE(Grants(params, base, now + *wait - 1, need));
    }
  }
}

TEST(Arithmetic, P29_SaturatesAtTheEndsOf64Bits) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  const BucketParams fast{kMaxTokens * 1000, kMaxTokens * 1000, kMaxTokens * 1000, 1};
  const BucketParams slow{1000, kMaxTokens * 1000, 1, Milliseconds(kMaxRefillPeriod).count()};
  for (const BucketParams& params : {fast, slow}) {
    ASSERT_TRUE(IsValid(params));
    for (const std::int64_t tokens : {kMin, std::int64_t{0}, kMax}) {
      for (const std::int64_t since : {kMin, std::int64_t{0}, kMax}) {
        for (const std::int64_t now : {kMin, std::int64_t{0}, kMax}) {
          const BucketBalance balance{tokens, since};
          const RefillResult result = Refill(params, balance, now, 1000);
          EXPECT_GE(result.balance.last_refill_ms, since);
          EXPECT_GE(*RetryAfterMs(params, balance, now, 1000), 0);
          EXPECT_GE(TimeToFullMs(params, balance, now), 0);
          (void)AvailableTokens(params, balance, now);
        }
      }
    }
  }
  EXPECT_EQ(RetryAfterMs(slow, {kMin, 0}, 0, 1000), kMax);
}

TEST(Arithmetic, P34_AMillionAcquiresOverThirtyDaysAreTheReferenceModels) {
  const Limit limits[] = {
      Limit::Custom("yearly", 1, 1, 1, std::chrono::hours(24 * 365)),
      Limit::PerDay("daily", 100),
      Limit::PerMinute("rpm", 997, 1'000),
      Limit::Custom("prime", 1'000'003, 2'000'003, 1'000'003, std::chrono::seconds(86'399)),
      Limit::PerSecond("huge", 1'000'000'000),
  };
  for (const Limit& limit : limits) {
    SeededRandom random(34);
    const BucketParams params = ParamsOf(limit);
    testing::ReferenceBucket reference(limit);
    std::int64_t now = kStartMs, granted = 0;
    BucketBalance balance{params.burst_milli, now};
    ASSERT_TRUE(reference.Acquire(1, now) && Take(params, balance, now, 1));
    // Gaps of every magnitude up to a day, 2.6 s on average: 30 days in 10^6 acquires.
    for (int i = 0; i < 1'000'000; ++i) {
      const std::int64_t need = static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(
                                    std::min<std::int64_t>(limit.burst, 1'000)))) +
                                1;
      now += static_cast<std::int64_t>(random.Below(86'400'001) >> random.Below(28));
      const bool grants = Take(params, balance, now, need);
      ASSERT_EQ(grants, reference.Acquire(need, now)) << limit.ToText() << " acquire " << i;
      if (grants) granted += need;
    }
    const Wide most = Wide{params.burst_milli} * params.refill_period_ms +
                      Wide{params.refill_amount_milli} * (now - kStartMs);
    EXPECT_LE(Wide{granted} * 1000 * params.refill_period_ms, most) << limit.ToText();
  }
}

TEST(BucketParams, ComeFromALimitAndGoBack) {
  const Limit limit = Limit::Custom("x", 5, 7, 3, std::chrono::seconds(11));
  EXPECT_EQ(ParamsOf(limit), (BucketParams{5'000, 7'000, 3'000, 11'000}));
  EXPECT_EQ(LimitOf("x", ParamsOf(limit)), limit);
  EXPECT_TRUE(IsValid(ParamsOf(limit)));
  EXPECT_FALSE(IsValid({0, 1, 1, 1}));
  EXPECT_FALSE(IsValid({2, 1, 1, 1}));
  EXPECT_FALSE(IsValid({1, 1, 0, 1}));
  EXPECT_FALSE(IsValid({1, 1, 1, 0}));
  EXPECT_FALSE(IsValid({1, kMaxTokens * 1000 + 1, 1, 1}));
}

}  // namespace
}  // namespace zael
