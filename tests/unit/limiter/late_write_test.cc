// What happens when a write reaches the store after its sender gave up on it.
#include "limiter_fixture.h"

namespace zael::limiter {
namespace {

using P7_LateWrites = LimiterTest;

const Limit kRpm = Limit::PerMinute("rpm", 10);
const Limit kTpm = Limit::PerMinute("tpm", 1'000);

TEST_F(P7_LateWrites, OfASingleUpdateIsChargedOnce) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  RateLimiter rival(admin_);
  for (int round = 1; round <= 2; ++round) {
    faults_->Script(StoreCall::kUpdate, {Fault::kLate});
    EXPECT_TRUE(Granted({{"rpm", 2}}));
    EXPECT_TRUE(rival.Acquire(Ask({{"rpm", 1}}))->granted());
    EXPECT_EQ(faults_->DeliverLate(), 1u);
    EXPECT_EQ(Stored("rpm"), 10 - 4 * round);
    EXPECT_TRUE(Granted({{"rpm", 1}}));  // sees what the rival wrote
  }
}

TEST_F(P7_LateWrites, OfTheWriteThatMakesTheBucketIsChargedOnce) {
  SetLimits({kRpm});
  RateLimiter rival(admin_);
  faults_->Script(StoreCall::kPut, {Fault::kLate});
  EXPECT_TRUE(Granted({{"rpm", 3}}));
  EXPECT_TRUE(rival.Acquire(Ask({{"rpm", 1}}))->granted());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("rpm"), 6);
}

TEST_F(P7_LateWrites, OfATransactionIsChargedOnce) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({kRpm}, "team");
  RateLimiter rival(admin_);
  for (int round = 1; round <= 3; ++round) {
    faults_->Script(StoreCall::kTransactWrite, {Fault::kLate});
    EXPECT_TRUE(Granted({{"rpm", 1}, {"tpm", 5}}));
    EXPECT_TRUE(rival.Acquire(Ask({{"rpm", 1}, {"tpm", 1}}))->granted());
    EXPECT_EQ(faults_->DeliverLate(), 1u);
    EXPECT_EQ(Stored("rpm"), 11 - 3 * round);
    EXPECT_EQ(Stored("tpm"), 1'001 - 7 * round);
    EXPECT_EQ(Stored("rpm", "team"), 11 - 3 * round);
    EXPECT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));  // sees what the rival wrote
  }
}

TEST_F(P7_LateWrites, OfADeniedCallChargeNothing) {
  SetLimits({kRpm});
  RateLimiter rival(admin_);
  auto others = rival.Acquire(Ask({{"rpm", 6}}));
  ASSERT_TRUE(Granted({{"rpm", 4}}));
  faults_->Script(StoreCall::kUpdate, {Fault::kLate});
  EXPECT_FALSE(Granted({{"rpm", 3}}));
  ASSERT_TRUE(others->TakeLease().Rollback().ok());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("rpm"), 6);
}

TEST_F(P7_LateWrites, OfACallDeniedByTheParentChargeNothing) {
  MakeFamily();
  SetLimits({kRpm});
  SetLimits({kRpm}, "team");
  RateLimiter rival(admin_);
  ASSERT_TRUE(Granted({{"rpm", 4}}));
  auto others = rival.Acquire(Ask({{"rpm", 6}}, "team"));
  ASSERT_TRUE(others.ok() && others->granted());
  faults_->Script(StoreCall::kTransactWrite, {Fault::kLate});
  EXPECT_FALSE(Granted({{"rpm", 3}}));
  ASSERT_TRUE(others->TakeLease().Rollback().ok());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("rpm"), 6);
  EXPECT_EQ(Stored("rpm", "team"), 6);
}

TEST_F(P7_LateWrites, OfACallThatFailedAsSurelyNotChargedChargeNothing) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  std::deque<Fault> faults;
  for (int i = 0; i < 10; ++i) faults.push_back(i % 2 == 0 ? Fault::kLate : Fault::kNone);
  faults_->Script(StoreCall::kUpdate, faults);
  const auto failed = Acquire({{"rpm", 2}});
  EXPECT_CODE(failed, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(failed.error().message().find("may have been"), std::string::npos);
  RateLimiter rival(admin_);
  EXPECT_TRUE(rival.Acquire(Ask({{"rpm", 1}}))->granted());
  EXPECT_EQ(faults_->DeliverLate(), 5u);
  EXPECT_EQ(Stored("rpm"), 8);
}

TEST_F(P7_LateWrites, ThatNobodyCouldStopAreSaidToBePossible) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  faults_->Script(StoreCall::kUpdate, {Fault::kLate});
  faults_->Script(StoreCall::kUpdate, std::deque<Fault>(5, Fault::kUnavailable));
  const auto unknown = Acquire({{"rpm", 2}});
  EXPECT_CODE(unknown, ErrorCode::kDeadlineExceeded);
  EXPECT_NE(unknown.error().message().find("may have been charged"), std::string::npos);
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("rpm"), 7);
}

TEST_F(P7_LateWrites, OfAdjustReleaseAndRollbackAreBookedOnce) {
  SetLimits({kRpm, kTpm});
  RateLimiter rival(admin_);
  Lease lease = TakeLease({{"rpm", 1}, {"tpm", 100}});
  faults_->Script(StoreCall::kUpdate, {Fault::kLate});
  EXPECT_TRUE(lease.Adjust({{"tpm", 50}}).ok());
  ASSERT_TRUE(rival.Acquire(Ask({{"rpm", 1}, {"tpm", 1}}))->granted());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("tpm"), 849);
  EXPECT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));  // sees what the rival wrote
  faults_->Script(StoreCall::kUpdate, {Fault::kLate});
  EXPECT_TRUE(lease.Adjust({{"tpm", -20}}).ok());
  ASSERT_TRUE(rival.Acquire(Ask({{"rpm", 1}, {"tpm", 1}}))->granted());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("tpm"), 867);
  EXPECT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
  faults_->Script(StoreCall::kTransactWrite, {Fault::kLate});
  EXPECT_TRUE(lease.Rollback().ok());
  ASSERT_TRUE(rival.Acquire(Ask({{"rpm", 1}, {"tpm", 1}}))->granted());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("tpm"), 995);
  EXPECT_EQ(Stored("rpm"), 5);
}

TEST_F(P7_LateWrites, OfACorrectionThatMakesOrMissesTheBucketAreBookedOnce) {
  SetLimits({kRpm});
  RateLimiter rival(admin_);
  Lease lease = TakeLease({{"rpm", 4}});
  ASSERT_TRUE(admin_->buckets().Reset("key", {}).ok());
  faults_->Script(StoreCall::kPut, {Fault::kLate});
  EXPECT_TRUE(lease.Adjust({{"rpm", 2}}).ok());
  ASSERT_TRUE(rival.Acquire(Ask({{"rpm", 1}}))->granted());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("rpm"), 7);
  ASSERT_TRUE(admin_->buckets().Reset("key", {}).ok());
  faults_->Script(StoreCall::kUpdate, {Fault::kLate});
  EXPECT_TRUE(lease.Adjust({{"rpm", -3}}).ok());
  ASSERT_TRUE(rival.Acquire(Ask({{"rpm", 1}}))->granted());
  EXPECT_EQ(faults_->DeliverLate(), 1u);
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(P7_LateWrites, AreChargedOnceAlsoWhenTheAnswerOfWhatStopsThemIsLost) {
  SetLimits({kRpm});
  faults_->Script(StoreCall::kPut, {Fault::kLate, Fault::kLostAnswer});
  EXPECT_TRUE(Granted({{"rpm", 1}}));
  for (const Fault fence : {Fault::kLostAnswer, Fault::kLate, Fault::kTimeout}) {
    faults_->Script(StoreCall::kUpdate, {Fault::kLate, fence});
    EXPECT_TRUE(Granted({{"rpm", 2}}));
  }
  EXPECT_EQ(faults_->DeliverLate(), 5u);
  EXPECT_EQ(Stored("rpm"), 3);
}

}  // namespace
}  // namespace zael::limiter
