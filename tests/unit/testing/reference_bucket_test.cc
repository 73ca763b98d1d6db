#include "testing/reference_bucket.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "limit/write_plan.h"

namespace zael::testing {
namespace {

constexpr std::int64_t kStartMs = 1'767'225'600'000;

TEST(ReferenceBucket, StartsFullAndRefills) {
  ReferenceBucket bucket(Limit::PerMinute("rpm", 60));
  EXPECT_TRUE(bucket.Acquire(60, kStartMs));
  EXPECT_FALSE(bucket.Acquire(1, kStartMs + 999));
  EXPECT_TRUE(bucket.Acquire(1, kStartMs + 1'000));
  EXPECT_EQ(bucket.Available(kStartMs + 600'000), 60);
}

TEST(ReferenceBucket, GrantsNothingAboveBurstOrInDebt) {
  ReferenceBucket bucket(Limit::PerMinute("rpm", 60));
  EXPECT_FALSE(bucket.Acquire(61, kStartMs));
  EXPECT_TRUE(bucket.Acquire(1, kStartMs));
  bucket.Adjust(69, kStartMs);
  EXPECT_EQ(bucket.Available(kStartMs), -10);
  EXPECT_FALSE(bucket.WouldGrant(0, kStartMs + 9'999));
  EXPECT_TRUE(bucket.WouldGrant(0, kStartMs + 10'000));
  bucket.Adjust(-100, kStartMs);
  EXPECT_FALSE(bucket.WouldGrant(61, kStartMs)) << "given back above burst";
  EXPECT_EQ(bucket.Available(kStartMs + 1), 60);
}

TEST(ReferenceBucket, ResetComesBackFull) {
  ReferenceBucket bucket(Limit::PerMinute("rpm", 60));
  EXPECT_TRUE(bucket.Acquire(60, kStartMs));
  bucket.Reset();
  EXPECT_TRUE(bucket.Acquire(60, kStartMs));
}

// The plans of one writer with fresh memory, and the model: two implementations of the same page.
TEST(ReferenceBucket, AnswersAsTheJudgeOfWritePlans) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SeededRandom random(seed);
    const std::int64_t burst = static_cast<std::int64_t>(random.Below(1'000)) + 1;
    Limit limit = Limit::Custom("x", 1, burst, static_cast<std::int64_t>(random.Below(5'000)) + 1,
                                std::chrono::seconds(random.Below(100'000) + 1));
    ReferenceBucket reference(limit);
    std::optional<BucketState> state;
    std::int64_t now = kStartMs;
    for (int i = 0; i < 500; ++i) {
      now += static_cast<std::int64_t>(random.Below(10'000'000) >> random.Below(24)) - 2;
      const auto need =
          static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(burst) + 2));
      const BucketRequest request{ParamsOf(limit), need * 1000, now};
      const Verdict verdict = Judge(state, request);
      ASSERT_EQ(verdict.available, reference.Available(now)) << seed << " " << i;
      ASSERT_EQ(verdict.granted, reference.Acquire(need, now)) << seed << " " << i;
      if (!verdict.granted || need == 0) continue;
      const BucketBalance before =
          state ? state->balance : BucketBalance{request.wanted.burst_milli, now};
      state = {request.wanted, Refill(request.wanted, before, now, request.need_milli).balance};
      state->balance.tokens_milli -= request.need_milli;
      if (random.Below(5) == 0) {
        const auto delta = static_cast<std::int64_t>(random.Below(200)) - 100;
        reference.Adjust(delta, now);
        state->balance.tokens_milli -= delta * 1000;
      }
    }
  }
}

}  // namespace
}  // namespace zael::testing
