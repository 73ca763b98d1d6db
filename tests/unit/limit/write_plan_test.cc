#include "limit/write_plan.h"

#include <gtest/gtest.h>

namespace zael {
namespace {

constexpr std::int64_t kStartMs = 1'767'225'600'000;

// 10 tokens, 7 per minute: one step is 60 ms worth 7 millitokens.
const BucketParams kParams = ParamsOf(Limit::Custom("x", 7, 10, 7, std::chrono::seconds(60)));

BucketRequest Need(std::int64_t milli, std::int64_t now_ms) {
  return {.wanted = kParams, .need_milli = milli, .now_ms = now_ms};
}

std::optional<BucketState> State(std::int64_t tokens_milli) {
  return BucketState{kParams, {tokens_milli, kStartMs}};
}

TEST(PlanWrite, CreatesAMissingBucketFull) {
  const auto plan = std::get<CreatePlan>(PlanWrite(std::nullopt, Need(3'000, kStartMs)));
  EXPECT_EQ(plan.result, (BucketBalance{7'000, kStartMs}));
}

TEST(PlanWrite, P12_NeedsAboveBurstAreNever) {
  EXPECT_TRUE(std::holds_alternative<NeverPlan>(PlanWrite(std::nullopt, Need(10'001, kStartMs))));
  EXPECT_TRUE(std::holds_alternative<NeverPlan>(PlanWrite(State(20'000), Need(10'001, kStartMs))));
}

TEST(PlanWrite, WithoutAStepOfRefillWritersDoNotContend) {
  const auto plan = std::get<AddPlan>(PlanWrite(State(5'000), Need(1'000, kStartMs + 59)));
  EXPECT_EQ(plan.credit_milli, 0);
  EXPECT_FALSE(plan.last_refill_must_equal);
  EXPECT_EQ(plan.new_last_refill_ms, kStartMs);
  EXPECT_EQ(plan.min_tokens_milli, 1'000);
  EXPECT_EQ(plan.max_tokens_milli, 10'000 - 7);  // ceil(6.88)
  EXPECT_EQ(plan.delta_milli(), -1'000);
}

TEST(PlanWrite, ARefillIsBoundToTheMomentItWasComputedFrom) {
  const auto plan = std::get<AddPlan>(PlanWrite(State(5'000), Need(1'000, kStartMs + 6'030)));
  EXPECT_EQ(plan.credit_milli, 700);
  EXPECT_TRUE(plan.last_refill_must_equal);
  EXPECT_EQ(plan.base_last_refill_ms, kStartMs);
  EXPECT_EQ(plan.new_last_refill_ms, kStartMs + 6'000);
  EXPECT_EQ(plan.min_tokens_milli, 300);
  EXPECT_EQ(plan.max_tokens_milli, 10'000 - 704);  // ceil(703.5)
}

TEST(PlanWrite, P2_ASlowClockTakesFromTheStoredBalanceWithoutACeiling) {
  const auto plan = std::get<AddPlan>(PlanWrite(State(12'000), Need(1'000, kStartMs - 5'000)));
  EXPECT_EQ(plan.credit_milli, 0);
  EXPECT_FALSE(plan.last_refill_must_equal);
  EXPECT_EQ(plan.max_tokens_milli, std::nullopt);
}

TEST(PlanWrite, FillsABucketThatHasRefilledToBurst) {
  const auto plan = std::get<FillPlan>(PlanWrite(State(9'000), Need(4'000, kStartMs + 60'000)));
  EXPECT_EQ(plan.base_last_refill_ms, kStartMs);
  EXPECT_EQ(plan.min_tokens_milli, 3'000);
  EXPECT_EQ(plan.result, (BucketBalance{6'000, kStartMs + 60'000}));
}

TEST(PlanWrite, ARememberedBalanceThatIsTooLowIsStillTried) {
  const auto plan = std::get<AddPlan>(PlanWrite(State(0), Need(4'000, kStartMs + 600)));
  EXPECT_EQ(plan.min_tokens_milli, 4'000 - 70);
  const auto debt = std::get<AddPlan>(PlanWrite(State(-50'000), Need(4'000, kStartMs)));
  EXPECT_EQ(debt.min_tokens_milli, 4'000);
}

TEST(PlanWrite, P13_NothingNeededOnlyChecksForDebt) {
  const auto plan = std::get<CheckPlan>(PlanWrite(State(-100), Need(0, kStartMs + 600)));
  EXPECT_EQ(plan.expected, *State(-100));
  EXPECT_EQ(plan.min_tokens_milli, -70);
  EXPECT_EQ(std::get<CheckPlan>(PlanWrite(std::nullopt, Need(0, kStartMs))).min_tokens_milli, 0);
}

TEST(PlanWrite, P5_ABucketTakesNewParametersAndKeepsItsBalanceClipped) {
  BucketRequest request = Need(1'000, kStartMs + 6'030);
  request.wanted = ParamsOf(Limit::PerSecond("x", 4));
  const auto plan = std::get<AdoptPlan>(PlanWrite(State(5'000), request));
  EXPECT_EQ(plan.expected, *State(5'000));
  EXPECT_EQ(plan.result, (BucketBalance{3'000, kStartMs + 6'030}));
  request.wanted = ParamsOf(Limit::PerSecond("x", 400));
  EXPECT_EQ(std::get<AdoptPlan>(PlanWrite(State(5'000), request)).result,
            (BucketBalance{4'703, kStartMs + 6'030}));
  request.now_ms = kStartMs - 5;
  EXPECT_EQ(std::get<AdoptPlan>(PlanWrite(State(5'000), request)).result,
            (BucketBalance{4'000, kStartMs}));
}

TEST(PlanWrite, P5_ARaisedLimitReachesABucketThatDenies) {
  BucketRequest request = Need(50'000, kStartMs);
  request.wanted = ParamsOf(Limit::PerMinute("x", 100));
  const auto plan = std::get<AdoptPlan>(PlanWrite(State(10'000), request));
  EXPECT_GT(plan.min_tokens_milli, 10'000) << "the condition must fail: 10 < 50";
  const Verdict verdict = Judge(State(10'000), request);
  EXPECT_FALSE(verdict.granted);
  EXPECT_TRUE(verdict.stale_params);
  EXPECT_EQ(verdict.retry_after_ms, 24'000);
  const AdoptPlan adopt = PlanAdopt(*State(10'000), request);
  EXPECT_EQ(adopt.result, (BucketBalance{10'000, kStartMs}));
  const BucketState adopted{request.wanted, adopt.result};
  request.now_ms += *verdict.retry_after_ms;
  EXPECT_TRUE(Judge(adopted, request).granted);
}

TEST(Judge, TellsWhatIsThereAndHowLongToWait) {
  const Verdict denied = Judge(State(1'999), Need(3'000, kStartMs));
  EXPECT_FALSE(denied.granted);
  EXPECT_EQ(denied.available, 1);
  EXPECT_EQ(denied.retry_after_ms, 8'580);  // 1001 millitokens at 7/60 per ms
  EXPECT_EQ(denied.as_of_ms, kStartMs);
  EXPECT_FALSE(denied.stale_params);
  EXPECT_EQ(Judge(State(0), Need(1, kStartMs - 10)).as_of_ms, kStartMs);
  EXPECT_EQ(Judge(State(0), Need(20'000, kStartMs)).retry_after_ms, std::nullopt);
  const Verdict missing = Judge(std::nullopt, Need(10'000, kStartMs));
  EXPECT_TRUE(missing.granted);
  EXPECT_EQ(missing.available, 10);
  EXPECT_EQ(missing.retry_after_ms, 0);
}

}  // namespace
}  // namespace zael
