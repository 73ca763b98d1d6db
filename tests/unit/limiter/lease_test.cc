// Leases: corrections, give-backs, and how they end.
#include <stdexcept>

#include "limiter_fixture.h"

namespace zael::limiter {
namespace {

using LeaseTest = LimiterTest;
using P9_RefundAfterRefill = LimiterTest;
using P13_ZeroEstimate = LimiterTest;
using P16_ExpiredBucket = LimiterTest;
using P19_KilledWork = LimiterTest;

const Limit kRpm = Limit::PerMinute("rpm", 10);
const Limit kTpm = Limit::PerMinute("tpm", 1'000);

TEST_F(LeaseTest, CountsTheEntitysOwnAmountsAndGivesBackTheParentsToo) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({kRpm}, "team");
  Lease lease = TakeLease({{"rpm", 2}, {"tpm", 50}});
  EXPECT_EQ(lease.consumed(), (Amounts{{"rpm", 2}, {"tpm", 50}}));
  EXPECT_TRUE(lease.Consume({{"rpm", 1}})->granted());
  EXPECT_EQ(lease.consumed(), (Amounts{{"rpm", 3}, {"tpm", 50}}));
  EXPECT_EQ(Stored("rpm", "team"), 7);
  EXPECT_TRUE(lease.Release({{"rpm", 1}}).ok());
  EXPECT_EQ(Stored("rpm", "team"), 8);
  EXPECT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(Stored("rpm"), 10);
  EXPECT_EQ(Stored("tpm"), 1'000);
  EXPECT_EQ(Stored("rpm", "team"), 10);
}

TEST_F(LeaseTest, AdjustIsOneWriteAndNoRead) {
  SetLimits({kRpm, kTpm});
  Lease lease = TakeLease({{"rpm", 1}, {"tpm", 50}});
  faults_->ResetCounts();
  EXPECT_TRUE(lease.Adjust({{"tpm", 25}}).ok());
  EXPECT_EQ(faults_->counts().SingleWrites(), 1u);
  EXPECT_TRUE(lease.Release({{"tpm", 25}}).ok());
  EXPECT_EQ(faults_->counts().SingleWrites(), 2u);
  EXPECT_TRUE(lease.Adjust({{"tpm", 25}, {"rpm", -1}}).ok());
  EXPECT_EQ(faults_->counts().Transactions(), 1u);
  EXPECT_TRUE(lease.Commit().ok());
  EXPECT_EQ(Writes(), 3u);
  EXPECT_EQ(Reads(), 0u);
}

TEST_F(LeaseTest, EndedLeasesRefuseEverything) {
  SetLimits({kRpm});
  Lease lease = TakeLease({{"rpm", 1}});
  ASSERT_TRUE(lease.Commit().ok());
  Lease never;
  for (Lease* ended : {&lease, &never}) {
    EXPECT_CODE(ended->Consume({{"rpm", 1}}), ErrorCode::kFailedPrecondition);
    EXPECT_CODE(ended->Adjust({{"rpm", 1}}), ErrorCode::kFailedPrecondition);
    EXPECT_CODE(ended->Release({{"rpm", 1}}), ErrorCode::kFailedPrecondition);
    EXPECT_CODE(ended->Commit(), ErrorCode::kFailedPrecondition);
    EXPECT_CODE(ended->Rollback(), ErrorCode::kFailedPrecondition);
  }
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(LeaseTest, GivingBackMoreThanItHoldsIsRefusedAndWritesNothing) {
  SetLimits({kRpm, kTpm});
  Lease lease = TakeLease({{"rpm", 2}});
  faults_->ResetCounts();
  EXPECT_CODE(lease.Release({{"rpm", 3}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(lease.Adjust({{"rpm", -3}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(lease.Adjust({{"tpm", -1}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Writes(), 0u);
  EXPECT_TRUE(lease.Release({{"rpm", 2}}).ok());
}

TEST_F(LeaseTest, ADeniedConsumeChangesNothing) {
  SetLimits({kRpm, kTpm});
  Lease lease = TakeLease({{"rpm", 6}, {"tpm", 1}});
  const auto more = lease.Consume({{"rpm", 5}, {"tpm", 1}});
  ASSERT_TRUE(more.ok());
  EXPECT_FALSE(more->granted());
  EXPECT_EQ(lease.consumed(), (Amounts{{"rpm", 6}, {"tpm", 1}}));
  EXPECT_EQ(Stored("tpm"), 999);
}

TEST_F(LeaseTest, AGiveBackToABucketThatWasResetIsDropped) {
  SetLimits({kRpm});
  Lease lease = TakeLease({{"rpm", 6}});
  ASSERT_TRUE(repository_->buckets().Reset("key", {}).ok());
  EXPECT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(Stored("rpm"), std::nullopt);
  EXPECT_EQ(GrantedInARow({{"rpm", 1}}), 10);
}

TEST_F(LeaseTest, AChargeToABucketThatWasResetMakesItLessTheCharge) {
  SetLimits({kRpm});
  Lease lease = TakeLease({{"rpm", 6}});
  ASSERT_TRUE(repository_->buckets().Reset("key", {}).ok());
  EXPECT_TRUE(lease.Adjust({{"rpm", 4}}).ok());
  EXPECT_EQ(Stored("rpm"), 6);
}

TEST_F(LeaseTest, GoesOnWithALimitThatTheConfigurationDropped) {
  SetLimits({kRpm, kTpm});
  Lease lease = TakeLease({{"rpm", 1}, {"tpm", 1}});
  SetLimits({kRpm});
  EXPECT_TRUE(lease.Consume({{"tpm", 9}})->granted());
  EXPECT_EQ(Stored("tpm"), 990);
  EXPECT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(Stored("tpm"), 1'000);
}

TEST_F(LeaseTest, AMoveKeepsItOpenAndAnAssignmentCommitsTheOldOne) {
  SetLimits({kRpm});
  Lease first = TakeLease({{"rpm", 1}});
  Lease second = std::move(first);
  EXPECT_CODE(first.Commit(), ErrorCode::kFailedPrecondition);  // NOLINT: moved from on purpose
  second = TakeLease({{"rpm", 2}});
  EXPECT_EQ(Stored("rpm"), 7);
  EXPECT_TRUE(second.Rollback().ok());
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(LeaseTest, OutlivesItsLimiter) {
  SetLimits({kRpm});
  Lease lease = TakeLease({{"rpm", 5}});
  limiter_.reset();
  EXPECT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(Stored("rpm"), 10);
}

TEST_F(P9_RefundAfterRefill, IsClippedByTheNextRefill) {
  SetLimits({kRpm});
  Lease lease = TakeLease({{"rpm", 8}});
  clock_->Advance(std::chrono::minutes(5));
  ASSERT_TRUE(Granted({{"rpm", 1}}));  // full again, less one
  ASSERT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(Stored("rpm"), 17);
  clock_->Advance(std::chrono::minutes(5));
  EXPECT_EQ(GrantedInARow({{"rpm", 1}}), 10);
}

TEST_F(P13_ZeroEstimate, AnAdjustOfALimitNotAskedForIsBooked) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({kTpm}, "team");
  Lease lease = TakeLease({{"rpm", 1}});
  ASSERT_TRUE(lease.Adjust({{"tpm", 620}}).ok());
  EXPECT_EQ(Stored("tpm"), 380);
  EXPECT_EQ(Stored("tpm", "team"), 380);
  EXPECT_EQ(lease.consumed(), (Amounts{{"rpm", 1}, {"tpm", 620}}));
  ASSERT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(Stored("tpm"), 1'000);
  Lease zero = TakeLease({{"rpm", 1}, {"tpm", 0}});
  ASSERT_TRUE(zero.Adjust({{"tpm", 1'600}}).ok());
  EXPECT_EQ(Stored("tpm"), -600);
}

TEST_F(P16_ExpiredBucket, AnItemPastItsTtlStillCounts) {
  ASSERT_TRUE(config()
                  .SetSystemDefaults(
                      {.limits = {Limit::Custom("rpm", 10, 10, 1, std::chrono::hours(24 * 365))}})
                  .ok());
  Lease lease = TakeLease({{"rpm", 10}});
  ASSERT_TRUE(lease.Adjust({{"rpm", 5}}).ok());
  Item item = *BucketItem("rpm");
  item.Set("ttl", std::int64_t{1});
  ASSERT_TRUE(memory_.stores().items->Put({.table = "ZAEL-demo", .item = item}).ok());
  RateLimiter fresh(repository_);
  EXPECT_FALSE(fresh.Acquire(Ask({{"rpm", 1}}))->granted());
  EXPECT_EQ(fresh.Available({.entity_id = "key", .resource = "api"})->at("rpm"), -5);
}

TEST_F(P16_ExpiredBucket, BucketsOfEntityLimitsNeverExpireAndDebtOutlivesItsRepayment) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  EXPECT_EQ(BucketItem("rpm")->Find("ttl"), nullptr);
  ASSERT_TRUE(config().SetSystemDefaults({.limits = {Limit::PerDay("rpd", 10)}}).ok());
  auto decision = limiter_->Acquire(Ask({{"rpd", 1}}, "other"));
  ASSERT_TRUE(decision.ok());
  ASSERT_TRUE(decision->TakeLease().Adjust({{"rpd", 99}}).ok());
  const auto ttl = BucketItem("rpd", "other")->Find("ttl")->As<Number>()->ToInt64();
  EXPECT_GE(*ttl, clock_->NowMs() / 1000 + 7 * 10 * 86'400);
}

TEST_F(P16_ExpiredBucket, AChargeFromOutdatedMemoryDoesNotShortenTheLifeOfTheDebt) {
  ASSERT_TRUE(config().SetSystemDefaults({.limits = {Limit::PerSecond("x", 2)}}).ok());
  Lease lease = TakeLease({{"x", 1}});
  Configuration& elsewhere = admin_->configuration();
  ASSERT_TRUE(elsewhere.SetSystemDefaults({.limits = {Limit::PerDay("x", 2)}}).ok());
  RateLimiter other(admin_);
  ASSERT_TRUE(other.Acquire(Ask({{"x", 1}}))->granted());  // the bucket refills slowly from now on
  ASSERT_TRUE(lease.Adjust({{"x", 20}}).ok());
  const auto ttl = BucketItem("x")->Find("ttl")->As<Number>()->ToInt64();
  EXPECT_GE(*ttl, clock_->NowMs() / 1000 + 10 * 86'400);
}

TEST_F(P16_ExpiredBucket, AnAcquireFromOutdatedMemoryDoesNotShortenTheLifeOfTheBucket) {
  ASSERT_TRUE(config().SetSystemDefaults({.limits = {Limit::PerDay("x", 100)}}).ok());
  ASSERT_TRUE(Granted({{"x", 1}}));
  RateLimiter other(admin_);
  ASSERT_TRUE(other.Acquire(Ask({{"x", 98}}))->granted());
  ASSERT_TRUE(Granted({{"x", 1}}));  // remembers 99, there is 1
  const auto ttl = BucketItem("x")->Find("ttl")->As<Number>()->ToInt64();
  EXPECT_GE(*ttl, clock_->NowMs() / 1000 + 7 * 86'400);
}

TEST_F(P19_KilledWork, AnExceptionRollsBackAndAnOrdinaryEndKeeps) {
  SetLimits({kRpm});
  { const Lease kept = TakeLease({{"rpm", 1}}); }
  EXPECT_EQ(Stored("rpm"), 9);
  try {
    const Lease lost = TakeLease({{"rpm", 4}});
    EXPECT_EQ(Stored("rpm"), 5);
    throw std::runtime_error("the work failed");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(P19_KilledWork, ALeaseTakenWhileAnExceptionUnwindsIsAnOrdinaryOne) {
  SetLimits({kRpm});
  struct Cleanup {
    std::function<void()> run;
    ~Cleanup() { run(); }
  };
  try {
    const Cleanup cleanup{[this] { const Lease kept = TakeLease({{"rpm", 3}}); }};
    throw std::runtime_error("the work failed");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(Stored("rpm"), 7);
}

TEST_F(P19_KilledWork, AProcessKilledAroundAnyCallChargesAllOrNothing) {
  SetLimits({kRpm, kTpm});
  struct Killed {};
  for (const bool before : {true, false}) {
    for (int nth = 1; nth <= 4; ++nth) {
      ASSERT_TRUE(admin_->buckets().Reset("key", {}).ok());
      RateLimiter victim(repository_);
      int calls = 0;
      const auto kill = [&](StoreCall) {
        if (++calls == nth) throw Killed();
      };
      (before ? hooks_->before : hooks_->after) = kill;
      bool killed = false;
      try {
        (void)victim.Acquire(Ask({{"rpm", 4}, {"tpm", 40}}));
      } catch (const Killed&) {
        killed = true;
      }
      hooks_->before = hooks_->after = nullptr;
      const bool charged = Stored("rpm").has_value();
      EXPECT_EQ(Stored("rpm").value_or(10), charged ? 6 : 10);
      EXPECT_EQ(Stored("tpm").value_or(1'000), charged ? 960 : 1'000);
      EXPECT_EQ(killed, nth <= 4 && calls >= nth);
    }
  }
}

}  // namespace
}  // namespace zael::limiter
