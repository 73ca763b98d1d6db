// What an acquire grants, denies and refuses, and what it costs.
#include "limiter_fixture.h"

namespace zael::limiter {
namespace {

using Acquiring = LimiterTest;
using Cost = LimiterTest;
using P10_NegativeConsume = LimiterTest;
using P11_UnknownLimit = LimiterTest;
using P12_AboveBurst = LimiterTest;
using P14_ParentExhausted = LimiterTest;
using P20_NameAlphabet = LimiterTest;
using P25_MixedSizes = LimiterTest;
using P27_DenialsCost = LimiterTest;
using P31_ReadOnlyCalls = LimiterTest;

const Limit kRpm = Limit::PerMinute("rpm", 10);
const Limit kTpm = Limit::PerMinute("tpm", 1'000, 2'000);

TEST_F(Acquiring, GrantsExactlyTheBurstAndThenSaysHowLongToWait) {
  SetLimits({kRpm});
  EXPECT_EQ(GrantedInARow({{"rpm", 1}}), 10);
  const auto denied = Acquire({{"rpm", 1}});
  ASSERT_TRUE(denied.ok());
  EXPECT_FALSE(denied->granted());
  EXPECT_EQ(denied->retry_after(), milliseconds(6'000));
  clock_->Advance(milliseconds(5'999));
  EXPECT_FALSE(Granted({{"rpm", 1}}));
  clock_->Advance(milliseconds(1));
  EXPECT_TRUE(Granted({{"rpm", 1}}));
}

TEST_F(Acquiring, TheDecisionHasTheStatusOfEveryLimitCheckedEntityFirst) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({kRpm}, "team");
  const auto decision = Acquire({{"rpm", 4}});
  ASSERT_TRUE(decision.ok() && decision->granted());
  ASSERT_EQ(decision->statuses().size(), 3u);
  EXPECT_EQ(decision->statuses()[0].limit, "rpm");
  EXPECT_EQ(decision->statuses()[0].available, 10);
  EXPECT_EQ(decision->statuses()[0].requested, 4);
  EXPECT_EQ(decision->statuses()[1].limit, "tpm");
  EXPECT_EQ(decision->statuses()[1].available, 2'000);
  EXPECT_EQ(decision->statuses()[1].requested, 0);
  EXPECT_EQ(decision->statuses()[2].entity_id, "team");
  EXPECT_EQ(decision->statuses()[2].as_of, clock_->WallNow());
}

TEST_F(Acquiring, ResolvesTheParentsLimitsForTheParent) {
  MakeFamily();
  SetLimits({Limit::PerMinute("rpm", 100)});
  SetLimits({Limit::PerMinute("rpm", 3)}, "team");
  EXPECT_EQ(GrantedInARow({{"rpm", 1}}), 3);
}

TEST_F(Acquiring, TheFirstLevelWithLimitsWins) {
  ASSERT_TRUE(config().SetSystemDefaults({.limits = {Limit::PerMinute("rpm", 1)}}).ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 1);
  ASSERT_TRUE(config().SetResourceDefaults("api", {Limit::PerMinute("rpm", 2)}).ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 2);
  ASSERT_TRUE(config().SetLimits("key", kDefaultResource, {Limit::PerMinute("rpm", 3)}).ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 3);
  ASSERT_TRUE(config().SetLimits("key", "api", {Limit::PerMinute("rpm", 4)}).ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 4);
}

TEST_F(Acquiring, FallbackLimitsHoldOnlyWhereNothingIsConfigured) {
  AcquireRequest request = Ask({{"rpm", 1}});
  EXPECT_CODE(limiter_->Acquire(request), ErrorCode::kInvalidArgument);
  request.fallback_limits = {Limit::PerMinute("rpm", 2)};
  EXPECT_EQ(limiter_->Acquire(request)->statuses()[0].available, 2);
  SetLimits({Limit::PerMinute("rpm", 7)}, "other");
  request.entity_id = "other";
  EXPECT_EQ(limiter_->Acquire(request)->statuses()[0].available, 7);
}

TEST_F(Acquiring, OverrideLimitsReplaceTheConfiguration) {
  SetLimits({Limit::PerMinute("rpm", 7)});
  AcquireRequest request = Ask({{"x", 1}});
  request.override_limits = {Limit::PerMinute("x", 2)};
  EXPECT_TRUE(limiter_->Acquire(request)->granted());
  EXPECT_TRUE(limiter_->Acquire(request)->granted());
  EXPECT_FALSE(limiter_->Acquire(request)->granted());
}

TEST_F(Acquiring, ALimitInDebtDeniesWhatAsksNothingOfIt) {
  SetLimits({kRpm, kTpm});
  Lease lease = TakeLease({{"rpm", 1}});
  ASSERT_TRUE(lease.Adjust({{"tpm", 2'500}}).ok());
  const auto denied = Acquire({{"rpm", 1}});
  ASSERT_TRUE(denied.ok());
  EXPECT_FALSE(denied->granted());
  EXPECT_EQ(denied->primary_violation()->limit, "tpm");
  EXPECT_EQ(denied->primary_violation()->available, -500);
  EXPECT_EQ(denied->retry_after(), milliseconds(30'000));
  clock_->Advance(milliseconds(30'000));
  EXPECT_TRUE(Granted({{"rpm", 1}}));
}

TEST_F(Acquiring, RefusesBadNamesAndEmptyRequestsAndWritesNothing) {
  SetLimits({kRpm});
  AcquireRequest request = Ask({{"rpm", 1}}, "no#hash");
  EXPECT_CODE(limiter_->Acquire(request), ErrorCode::kInvalidArgument);
  request = Ask({{"rpm", 1}});
  request.resource = "#";
  EXPECT_CODE(limiter_->Acquire(request), ErrorCode::kInvalidArgument);
  EXPECT_CODE(Acquire({}), ErrorCode::kInvalidArgument);
  request = Ask({{"rpm", 1}});
  request.fallback_limits = {Limit::PerMinute("rpm", 0)};
  EXPECT_CODE(limiter_->Acquire(request), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Reads() + Writes(), 0u);
}

TEST_F(P10_NegativeConsume, IsRejectedAtEveryEntryPoint) {
  SetLimits({kRpm});
  EXPECT_CODE(Acquire({{"rpm", -1}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(limiter_->TimeUntilAvailable({.entity_id = "key", .resource = "api"}, {{"rpm", -1}}),
              ErrorCode::kInvalidArgument);
  Lease lease = TakeLease({{"rpm", 1}});
  EXPECT_CODE(lease.Consume({{"rpm", -1}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(lease.Release({{"rpm", -1}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(lease.Adjust({{"rpm", -2}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(P11_UnknownLimit, IsRejectedNamingTheKnownOnes) {
  SetLimits({kRpm, kTpm});
  const auto wrong = Acquire({{"rmp", 1}});
  EXPECT_CODE(wrong, ErrorCode::kInvalidArgument);
  EXPECT_NE(wrong.error().message().find("'rmp'"), std::string::npos) << wrong.error().message();
  EXPECT_NE(wrong.error().message().find("'rpm', 'tpm'"), std::string::npos);
  Lease lease = TakeLease({{"rpm", 1}});
  EXPECT_CODE(lease.Consume({{"rmp", 1}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(lease.Adjust({{"rmp", 1}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(lease.Release({{"rmp", 1}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Stored("rpm"), 9);
}

TEST_F(P12_AboveBurst, IsNeverGrantedAndMakesNoBucket) {
  SetLimits({kRpm});
  const auto denied = Acquire({{"rpm", 11}});
  ASSERT_TRUE(denied.ok());
  EXPECT_FALSE(denied->granted());
  EXPECT_EQ(denied->retry_after(), std::nullopt);
  EXPECT_EQ(Writes(), 0u);
  EXPECT_EQ(BucketItem("rpm"), std::nullopt);
  EXPECT_EQ(*limiter_->TimeUntilAvailable({.entity_id = "key", .resource = "api"}, {{"rpm", 11}}),
            std::nullopt);
}

TEST_F(P14_ParentExhausted, DeniesWithAllStatusesAndLeavesTheChildUntouched) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({Limit::PerMinute("rpm", 2)}, "team");
  ASSERT_TRUE(Granted({{"rpm", 2}, {"tpm", 5}}));
  const auto child = BucketItem("rpm");
  const auto denied = Acquire({{"rpm", 1}, {"tpm", 5}});
  ASSERT_TRUE(denied.ok());
  EXPECT_FALSE(denied->granted());
  EXPECT_EQ(denied->statuses().size(), 3u);
  ASSERT_EQ(denied->violations().size(), 1u);
  EXPECT_EQ(denied->violations()[0].entity_id, "team");
  EXPECT_EQ(BucketItem("rpm"), child);
  EXPECT_EQ(Stored("tpm"), 1'995);
}

TEST_F(P20_NameAlphabet, EveryCharacterOfANameWorksInEveryOperation) {
  const std::string limit = "aZ09_.-x-.";
  const std::string entity = "9aZ_.:@-";
  ASSERT_TRUE(config().SetLimits(entity, "r/_.-9", {Limit::PerMinute(limit, 5), kRpm}).ok());
  const AcquireRequest request{
      .entity_id = entity, .resource = "r/_.-9", .consume = {{limit, 2}, {"rpm", 1}}};
  auto decision = limiter_->Acquire(request);
  ASSERT_TRUE(decision.ok()) << decision.error().message();
  Lease lease = decision->TakeLease();
  EXPECT_TRUE(lease.Consume({{limit, 1}})->granted());
  EXPECT_TRUE(lease.Adjust({{limit, 1}}).ok());
  EXPECT_EQ(limiter_->Available({.entity_id = entity, .resource = "r/_.-9"})->at(limit), 1);
  EXPECT_TRUE(lease.Rollback().ok());
  EXPECT_EQ(limiter_->Available({.entity_id = entity, .resource = "r/_.-9"})->at(limit), 5);
  for (char c = '!'; c <= '~'; ++c) {
    const AcquireRequest odd = Ask({{std::string("a") + c, 1}});
    const auto answer = limiter_->Acquire(odd);
    EXPECT_CODE(answer, ErrorCode::kInvalidArgument);  // no such limit, or no such name
  }
}

TEST_F(P25_MixedSizes, AnOversizedRequestDoesNotBlockSmallOnes) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 5}}));
  EXPECT_FALSE(Granted({{"rpm", 6}}));
  EXPECT_FALSE(Granted({{"rpm", 100}}));
  EXPECT_EQ(GrantedInARow({{"rpm", 1}}), 5);
}

TEST_F(Cost, ASteadyAcquireIsOneWriteAndNoRead) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  faults_->ResetCounts();
  for (int i = 1; i <= 8; ++i) {
    ASSERT_TRUE(Granted({{"rpm", 1}}));
    clock_->Advance(milliseconds(i * 777));
    EXPECT_EQ(Reads(), 0u);
    EXPECT_EQ(faults_->counts().SingleWrites(), static_cast<std::uint64_t>(i));
    EXPECT_EQ(faults_->counts().Transactions(), 0u);
  }
}

TEST_F(Cost, SeveralLimitsOrACascadeAreOneTransactionAndNoRead) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({Limit::PerMinute("rpm", 100), Limit::PerMinute("other", 5)}, "team");
  ASSERT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
  faults_->ResetCounts();
  ASSERT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
  clock_->Advance(milliseconds(100));
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  EXPECT_EQ(Reads(), 0u);
  EXPECT_EQ(faults_->counts().SingleWrites(), 0u);
  EXPECT_EQ(faults_->counts().Transactions(), 2u);
}

TEST_F(Cost, AColdBucketIsOneReadMore) {
  SetLimits({kRpm, kTpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  EXPECT_EQ(faults_->counts().Of(StoreCall::kQuery), 2u);  // the entity, and once the system
  EXPECT_EQ(faults_->counts().Of(StoreCall::kBatchGet), 1u);
  EXPECT_EQ(Writes(), 1u);
}

TEST_F(P27_DenialsCost, AtMostOneWriteAndNoRead) {
  SetLimits({kRpm});
  ASSERT_EQ(GrantedInARow({{"rpm", 1}}), 10);
  faults_->ResetCounts();
  for (int i = 1; i <= 20; ++i) {
    clock_->Advance(milliseconds(10));
    EXPECT_FALSE(Granted({{"rpm", 1}}));
    EXPECT_LE(Writes(), static_cast<std::uint64_t>(i));
  }
  EXPECT_EQ(Reads(), 0u);
}

TEST_F(P27_DenialsCost, AlsoWithSeveralLimitsAndCascade) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({Limit::PerMinute("rpm", 2)}, "team");
  ASSERT_EQ(GrantedInARow({{"rpm", 1}, {"tpm", 1}}), 2);
  faults_->ResetCounts();
  EXPECT_FALSE(Granted({{"rpm", 1}, {"tpm", 1}}));
  EXPECT_EQ(Writes(), 1u);
  EXPECT_EQ(Reads(), 0u);
}

TEST_F(P31_ReadOnlyCalls, AvailableAndWaitsSendNoWrite) {
  MakeFamily();
  SetLimits({kRpm, kTpm});
  SetLimits({Limit::PerMinute("rpm", 4)}, "team");
  const AvailabilityRequest request{.entity_id = "key", .resource = "api"};
  EXPECT_EQ(*limiter_->Available(request), (Amounts{{"rpm", 4}, {"tpm", 2'000}}));
  EXPECT_EQ(*limiter_->TimeUntilAvailable(request, {{"rpm", 1}}), milliseconds(0));
  EXPECT_TRUE(limiter_->IsAvailable(milliseconds(10)));
  EXPECT_EQ(Writes(), 0u);
  ASSERT_TRUE(Granted({{"rpm", 4}}));
  faults_->ResetCounts();
  EXPECT_EQ(*limiter_->Available(request), (Amounts{{"rpm", 0}, {"tpm", 2'000}}));
  EXPECT_EQ(*limiter_->TimeUntilAvailable(request, {{"rpm", 1}}), milliseconds(15'000));
  EXPECT_CODE(limiter_->TimeUntilAvailable(request, {{"rmp", 1}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Writes(), 0u);
}

}  // namespace
}  // namespace zael::limiter
