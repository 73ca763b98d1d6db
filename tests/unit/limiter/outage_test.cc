// What happens when the store throttles, goes away, answers late, or answers to nobody.
#include "limiter_fixture.h"

namespace zael::limiter {
namespace {

using Deadlines = LimiterTest;
using FailureMode = LimiterTest;
using P7_LostAnswers = LimiterTest;
using P6_FailedReads = LimiterTest;
using P15_Conflicts = LimiterTest;
using P17_OnlyOutagesOpen = LimiterTest;
using P18_EveryStepOpens = LimiterTest;

const Limit kRpm = Limit::PerMinute("rpm", 10);
const Limit kTpm = Limit::PerMinute("tpm", 1'000);

AcquireRequest Allow(AcquireRequest request) {
  request.on_unavailable = OnUnavailable::kAllow;
  return request;
}

TEST_F(P7_LostAnswers, OfTheWriteThatMakesTheBucketIsChargedOnce) {
  SetLimits({kRpm});
  faults_->Script(StoreCall::kPut, {Fault::kLostAnswer});
  EXPECT_TRUE(Granted({{"rpm", 3}}));
  EXPECT_EQ(Stored("rpm"), 7);
}

TEST_F(P7_LostAnswers, OfASingleUpdateIsChargedOnce) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  faults_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  const auto decision = Acquire({{"rpm", 3}});
  ASSERT_TRUE(decision.ok() && decision->granted());
  EXPECT_EQ(decision->statuses()[0].available, 9);
  EXPECT_EQ(Stored("rpm"), 6);
}

TEST_F(P7_LostAnswers, OfATransactionIsChargedOnce) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({kRpm}, "team");
  for (int round = 1; round <= 3; ++round) {
    faults_->Script(StoreCall::kTransactWrite, {Fault::kLostAnswer});
    EXPECT_TRUE(Granted({{"rpm", 2}, {"tpm", 5}}));
    EXPECT_EQ(Stored("rpm"), 10 - 2 * round);
    EXPECT_EQ(Stored("tpm"), 1'000 - 5 * round);
    EXPECT_EQ(Stored("rpm", "team"), 10 - 2 * round);
  }
}

TEST_F(P7_LostAnswers, ATimeoutBeforeTheWriteIsRepeatedAndChargedOnce) {
  SetLimits({kRpm});
  for (const Fault fault : {Fault::kTimeout, Fault::kUnavailable}) {
    faults_->Script(StoreCall::kPut, {fault});
    faults_->Script(StoreCall::kUpdate, {fault, fault});
    EXPECT_TRUE(Granted({{"rpm", 1}}));
  }
  EXPECT_EQ(Stored("rpm"), 8);
}

TEST_F(P7_LostAnswers, WritesThatNeverArriveAreAnOutageThatChargedNothing) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  faults_->Script(StoreCall::kUpdate, std::deque<Fault>(12, Fault::kUnavailable));
  EXPECT_CODE(Acquire({{"rpm", 1}}), ErrorCode::kUnavailable);
  auto open = limiter_->Acquire(Allow(Ask({{"rpm", 1}})));
  ASSERT_TRUE(open.ok());
  EXPECT_TRUE(open->TakeLease().degraded());
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(P7_LostAnswers, OfAdjustReleaseAndRollbackIsBookedOnce) {
  SetLimits({kRpm, kTpm});
  Lease lease = TakeLease({{"rpm", 1}, {"tpm", 100}});
  faults_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  EXPECT_TRUE(lease.Adjust({{"tpm", 50}}).ok());
  EXPECT_EQ(Stored("tpm"), 850);
  faults_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  EXPECT_TRUE(lease.Release({{"tpm", 20}}).ok());
  EXPECT_EQ(Stored("tpm"), 870);
  faults_->Script(StoreCall::kTransactWrite, {Fault::kLostAnswer});
  EXPECT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(Stored("tpm"), 1'000);
  EXPECT_EQ(Stored("rpm"), 10);
}

TEST_F(P7_LostAnswers, WithTheEvidenceWrittenOverTheCallSaysItMayHaveBeenCharged) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  RateLimiter rival(admin_);
  int updates = 0;
  hooks_->after = [&](StoreCall call) {
    if (call == StoreCall::kUpdate && ++updates == 1) {
      ASSERT_TRUE(rival.Acquire(Ask({{"rpm", 1}}))->granted());
    }
  };
  faults_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  const auto unknown = limiter_->Acquire(Allow(Ask({{"rpm", 2}})));
  EXPECT_CODE(unknown, ErrorCode::kDeadlineExceeded);
  EXPECT_NE(unknown.error().message().find("may have been charged"), std::string::npos);
  EXPECT_EQ(Stored("rpm"), 6);
}

TEST_F(P7_LostAnswers, ARollbackOfUnknownOutcomeIsFinishedByCallingAgainAndGivesBackOnce) {
  SetLimits({kRpm});
  Lease lease = TakeLease({{"rpm", 4}});
  faults_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  faults_->Script(StoreCall::kUpdate, std::deque<Fault>(5, Fault::kUnavailable));
  EXPECT_CODE(lease.Rollback(), ErrorCode::kDeadlineExceeded);
  EXPECT_CODE(lease.Adjust({{"rpm", 1}}), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(lease.Rollback().ok());
  EXPECT_CODE(lease.Rollback(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Stored("rpm"), 10);
}

TEST_F(P6_FailedReads, AreErrorsAndNeverANewFullBucket) {
  SetLimits({kRpm});
  ASSERT_EQ(GrantedInARow({{"rpm", 1}}), 10);
  RateLimiter fresh(repository_);
  faults_->Script(StoreCall::kBatchGet, {Fault::kThrottled});
  EXPECT_CODE(fresh.Acquire(Ask({{"rpm", 1}})), ErrorCode::kResourceExhausted);
  faults_->Script(StoreCall::kQuery, {Fault::kThrottled});
  RateLimiter other(repository_);
  EXPECT_CODE(other.Acquire(Ask({{"rpm", 1}})), ErrorCode::kResourceExhausted);
  EXPECT_FALSE(other.Acquire(Ask({{"rpm", 1}}))->granted());
  EXPECT_FALSE(fresh.Acquire(Ask({{"rpm", 1}}))->granted());
}

TEST_F(P15_Conflicts, AreRetriedAndNeverDeny) {
  SetLimits({kRpm, kTpm});
  ASSERT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
  faults_->Script(StoreCall::kTransactWrite, std::deque<Fault>(12, Fault::kConflict));
  EXPECT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
  EXPECT_EQ(Stored("rpm"), 8);
}

TEST_F(P15_Conflicts, ThatLastUntilTheDeadlineAreAbortedAndChargeNothing) {
  SetLimits({kRpm, kTpm});
  faults_->SetRates({.conflict = 1'000});
  AcquireRequest request = Allow(Ask({{"rpm", 1}, {"tpm", 1}}));
  request.timeout = milliseconds(200);
  const MonotonicTime before = clock_->MonotonicNow();
  EXPECT_CODE(limiter_->Acquire(request), ErrorCode::kAborted);
  EXPECT_EQ(clock_->MonotonicNow() - before, milliseconds(200));
  EXPECT_EQ(BucketItem("rpm"), std::nullopt);
}

TEST_F(P17_OnlyOutagesOpen, RefusedAccessBadDataAndBadArgumentsStayErrors) {
  SetLimits({kRpm});
  for (const StoreCall step : {StoreCall::kQuery, StoreCall::kBatchGet, StoreCall::kPut}) {
    faults_->Script(step, {Fault::kDenied});
    RateLimiter fresh(repository_);
    EXPECT_CODE(fresh.Acquire(Allow(Ask({{"rpm", 1}}))), ErrorCode::kPermissionDenied);
  }
  EXPECT_CODE(limiter_->Acquire(Allow(Ask({{"nope", 1}}))), ErrorCode::kInvalidArgument);
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  Item broken = *BucketItem("rpm");
  broken.Set("tokens_milli", "many");
  ASSERT_TRUE(memory_.stores().items->Put({.table = "ZAEL-demo", .item = broken}).ok());
  RateLimiter fresh(repository_);
  EXPECT_CODE(fresh.Acquire(Allow(Ask({{"rpm", 1}}))), ErrorCode::kDataLoss);
}

TEST_F(P18_EveryStepOpens, WhenTheStoreIsAwayThrottledOrLate) {
  SetLimits({kRpm, kTpm});
  SetLimits({kRpm}, "single");
  for (const Fault fault : {Fault::kUnavailable, Fault::kThrottled}) {
    for (int warm_calls = 0; warm_calls < 2; ++warm_calls) {
      for (const char* entity : {"key", "single"}) {
        // Let the first `pass` calls through, then the store is gone.
        for (int pass = 0; pass < 5; ++pass) {
          RateLimiter fresh(repository_);
          if (warm_calls > 0) {
            ASSERT_TRUE(fresh.Acquire(Ask({{"rpm", 0}}, entity)).ok());
          }
          int calls = 0;
          hooks_->after = [&](StoreCall) {
            if (++calls >= pass) faults_->Always(fault);
          };
          if (pass == 0) faults_->Always(fault);
          const auto decision = fresh.Acquire(Allow(Ask({{"rpm", 0}}, entity)));
          hooks_->after = nullptr;
          faults_->Always(Fault::kNone);
          ASSERT_TRUE(decision.ok()) << pass << decision.error().message();
          EXPECT_TRUE(decision->granted());
        }
      }
    }
  }
}

TEST_F(P18_EveryStepOpens, TheWriteOfAWarmLimiterToo) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  faults_->Always(Fault::kUnavailable);
  EXPECT_CODE(Acquire({{"rpm", 1}}), ErrorCode::kUnavailable);
  auto open = limiter_->Acquire(Allow(Ask({{"rpm", 1}})));
  ASSERT_TRUE(open.ok());
  Lease lease = open->TakeLease();
  EXPECT_TRUE(lease.degraded());
  EXPECT_TRUE(lease.consumed().empty());
  EXPECT_TRUE(lease.Adjust({{"rpm", 5}}).ok());
  EXPECT_TRUE(lease.Rollback().ok());
  faults_->Always(Fault::kNone);
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(FailureMode, TheCallGoesOverTheTableAndTheTableOverTheOption) {
  SetLimits({kRpm});
  RateLimiter allowing(repository_, {.on_unavailable = OnUnavailable::kAllow});
  faults_->Always(Fault::kUnavailable);
  EXPECT_TRUE(allowing.Acquire(Ask({{"rpm", 1}})).ok());
  AcquireRequest block = Ask({{"rpm", 1}});
  block.on_unavailable = OnUnavailable::kBlock;
  EXPECT_CODE(allowing.Acquire(block), ErrorCode::kUnavailable);
  faults_->Always(Fault::kNone);
  ASSERT_TRUE(config().SetSystemDefaults({.on_unavailable = OnUnavailable::kBlock}).ok());
  ASSERT_TRUE(allowing.Acquire(Ask({{"rpm", 1}})).ok());
  clock_->Advance(std::chrono::hours(1));  // what was read is too old to limit by, not to open by
  faults_->Always(Fault::kUnavailable);
  EXPECT_CODE(allowing.Acquire(Ask({{"rpm", 1}})), ErrorCode::kUnavailable);
  EXPECT_TRUE(allowing.Acquire(Allow(Ask({{"rpm", 1}}))).ok());
}

TEST_F(Deadlines, ASlowConfigurationReadEndsAtTheDeadlineAndChargesNothing) {
  SetLimits({kRpm});
  faults_->SetLatency(milliseconds(600));
  AcquireRequest request = Ask({{"rpm", 1}});
  request.timeout = milliseconds(1'000);
  EXPECT_CODE(limiter_->Acquire(request), ErrorCode::kDeadlineExceeded);
  RateLimiter fresh(repository_);
  auto open = fresh.Acquire(Allow(request));
  ASSERT_TRUE(open.ok());
  EXPECT_TRUE(open->TakeLease().degraded());
  faults_->SetLatency(milliseconds(0));
  EXPECT_EQ(BucketItem("rpm"), std::nullopt);
}

TEST_F(Deadlines, IsAvailableSaysNoWhenTheStoreDoesNotAnswer) {
  EXPECT_TRUE(limiter_->IsAvailable(milliseconds(100)));
  faults_->Always(Fault::kUnavailable);
  EXPECT_FALSE(limiter_->IsAvailable(milliseconds(100)));
}

}  // namespace
}  // namespace zael::limiter
