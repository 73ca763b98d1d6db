#include "testing/history_checker.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "testing/reference_bucket.h"

namespace zael::testing {
namespace {

constexpr std::int64_t kStartMs = 1'767'225'600'000;

// 10 tokens, one per second.
Limit TenPerTenSeconds() { return Limit::Custom("x", 10, 10, 10, std::chrono::seconds(10)); }

HistoryChecker Checker() {
  HistoryChecker checker;
  checker.SetLimit("b", TenPerTenSeconds(), 0);
  return checker;
}

TEST(HistoryChecker, FindsNothingWhenEveryTokenWasEarned) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 10, kStartMs);
  checker.Grant("b", 3, kStartMs + 3'000);
  checker.Grant("b", 10, kStartMs + 20'000);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
}

TEST(HistoryChecker, FindsOneMillitokenTooMuch) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 10, kStartMs);
  checker.Grant("b", 3, kStartMs + 2'999);
  const auto found = checker.FindOverAdmissions();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].bucket, "b");
  EXPECT_EQ(found[0].at_ms, kStartMs + 2'999);
  EXPECT_EQ(found[0].excess_milli, 1);
}

TEST(HistoryChecker, DoesNotCareInWhichOrderClientsReport) {
  HistoryChecker checker = Checker(), other;
  other.Grant("b", 3, kStartMs + 3'000);
  other.Grant("b", 10, kStartMs);
  checker.Merge(other);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
}

TEST(HistoryChecker, KeepsBucketsApartAndIgnoresThoseWithoutALimit) {
  HistoryChecker checker = Checker();
  checker.SetLimit("c", TenPerTenSeconds(), 0);
  checker.Grant("b", 10, kStartMs);
  checker.Grant("c", 10, kStartMs);
  checker.Grant("unlimited", 1'000, kStartMs);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
}

TEST(HistoryChecker, AChargeMayCreateDebtWhichGrantsMustWaitFor) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 10, kStartMs);
  checker.Adjust("b", 5, kStartMs, kStartMs);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
  HistoryChecker patient = checker;
  checker.Grant("b", 1, kStartMs + 5'999);
  patient.Grant("b", 1, kStartMs + 6'000);
  EXPECT_EQ(checker.FindOverAdmissions().size(), 1u);
  EXPECT_TRUE(patient.FindOverAdmissions().empty());
}

TEST(HistoryChecker, WhatIsGivenBackMayBeGrantedFromTheBeginningOfTheCall) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 10, kStartMs);
  checker.Adjust("b", -4, kStartMs + 100, kStartMs + 500);
  checker.Grant("b", 4, kStartMs + 100);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
  checker.Grant("b", 1, kStartMs + 600);
  EXPECT_EQ(checker.FindOverAdmissions().size(), 1u);
}

TEST(HistoryChecker, P9_WhatIsGivenBackIsClippedByTheNextRefill) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 6, kStartMs);
  checker.Grant("b", 1, kStartMs + 10'000);
  checker.Adjust("b", -6, kStartMs + 10'000, kStartMs + 10'000);
  HistoryChecker exact = checker;
  exact.Grant("b", 10, kStartMs + 20'000);
  EXPECT_TRUE(exact.FindOverAdmissions().empty());
  checker.Grant("b", 11, kStartMs + 20'000);
  EXPECT_EQ(checker.FindOverAdmissions().size(), 1u);
}

TEST(HistoryChecker, FollowsTheLimitsAsTheyChange) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 4, kStartMs);
  checker.SetLimit("b", Limit::Custom("x", 2, 2, 10, std::chrono::seconds(1)), kStartMs + 1'000);
  HistoryChecker over = checker;
  checker.Grant("b", 2, kStartMs + 1'000);
  checker.Grant("b", 2, kStartMs + 1'200);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
  over.Grant("b", 3, kStartMs + 1'000);
  EXPECT_EQ(over.FindOverAdmissions().size(), 1u);
}

// A bucket books a correction without refilling, so refill that spilled over pays for a late
// charge.
TEST(HistoryChecker, AgreesWithTheReferenceModelOnEveryHistory) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SeededRandom random(seed);
    const Limit limit = TenPerTenSeconds();
    ReferenceBucket bucket(limit);
    HistoryChecker checker = Checker();
    std::int64_t now = kStartMs, last_need = 0, last_grant_ms = 0;
    for (int i = 0; i < 300; ++i) {
      now += static_cast<std::int64_t>(random.Below(20'000) >> random.Below(12));
      const auto amount = static_cast<std::int64_t>(random.Below(10)) + 1;
      if (random.Below(4) > 0 || last_need == 0) {
        if (!bucket.Acquire(amount, now)) continue;
        checker.Grant("b", amount, now);
        last_need = amount;
        last_grant_ms = now;
      } else {
        const std::int64_t delta = random.Below(2) == 0 ? amount : -std::min(amount, last_need);
        last_need = delta < 0 ? last_need + delta : last_need;
        bucket.Adjust(delta, now);
        checker.Adjust("b", delta, delta > 0 ? last_grant_ms : now, now);
      }
    }
    const auto found = checker.FindOverAdmissions();
    ASSERT_TRUE(found.empty()) << "seed " << seed << ": " << found[0].excess_milli << " at +"
                               << found[0].at_ms - kStartMs << " ms";
  }
}

TEST(HistoryChecker, AChargeIsNotForgottenInABucketThatStaysBusy) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 5, kStartMs + 60'000);
  checker.Adjust("b", 4, kStartMs + 60'000, kStartMs + 61'000);
  checker.Grant("b", 4, kStartMs + 62'000);
  EXPECT_EQ(checker.FindOverAdmissions().size(), 1u);
}

// What is granted on the word of an older refill may have been earned by the moment of the write.
TEST(HistoryChecker, AGrantWithoutAnExactMomentMayHaveBeenMadeUntilItsAnswer) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 10, kStartMs);
  HistoryChecker early = checker;
  checker.Grant("b", 3, kStartMs + 2'990, kStartMs + 3'000);
  early.Grant("b", 3, kStartMs + 2'990, kStartMs + 2'999);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
  EXPECT_EQ(early.FindOverAdmissions().size(), 1u);
}

// A full bucket: made at the beginning of the call, the grant leaves room for what it then earns.
TEST(HistoryChecker, RefillThatSpillsDuringTheCallPaysForItsGrant) {
  HistoryChecker checker = Checker();
  checker.Grant("b", 4, kStartMs, kStartMs + 4'000);
  checker.Grant("b", 10, kStartMs + 4'000);
  EXPECT_TRUE(checker.FindOverAdmissions().empty());
  checker.Grant("b", 1, kStartMs + 4'999);
  EXPECT_EQ(checker.FindOverAdmissions().size(), 1u);
}

}  // namespace
}  // namespace zael::testing
