// The acquire as a state machine, action by action, without a store.
#include "limiter/acquire_operation.h"

#include "limiter/adjust_operation.h"
#include "limiter_fixture.h"

namespace zael::limiter {
namespace {

class OperationTest : public LimiterTest {
 protected:
  const Limits none_{};
  const Limits limits_ = {Limit::PerMinute("rpm", 10)};
  const Limits two_ = {Limit::PerMinute("rpm", 10), Limit::PerMinute("tpm", 100)};
  const Amounts one_ = {{"rpm", 1}};
  ConfigCache cache_{milliseconds(60'000), 100};
  BucketMemory memory_of_buckets_{100};
  OperationContext context_{*repository_, repository_->table_name(), *clock_, cache_,
                            memory_of_buckets_};

  AcquireOperation Make(const Limits& limits) {
    return AcquireOperation(context_, {"key", "api", none_, limits}, one_,
                            {.started = clock_->MonotonicNow(),
                             .deadline = clock_->MonotonicNow() + milliseconds(100)});
  }
  // Through resolution and the read of unknown buckets: answers the first write.
  Action FirstWrite(AcquireOperation& operation) {
    Action action = operation.Start();
    while (std::holds_alternative<QueryRequest>(action)) {
      action = operation.Resume(Result<QueryPage>(QueryPage{}));
    }
    if (std::holds_alternative<BatchGetRequest>(action)) {
      action = operation.Resume(Result<std::vector<Item>>(std::vector<Item>{}));
    }
    return action;
  }
  Item ItemWith(std::int64_t tokens, std::optional<std::int64_t> write_id,
                std::optional<std::int64_t> write_epoch = std::nullopt) {
    return records::EncodeBucket(
        {"key", "api", "rpm"},
        {.state = {.params = ParamsOf(limits_[0]),
                   .balance = {.tokens_milli = tokens * 1000, .last_refill_ms = clock_->NowMs()}},
         .write_id = write_id,
         .write_epoch = write_epoch});
  }
};

using AcquireSteps = OperationTest;
using AdjustSteps = OperationTest;

TEST_F(AcquireSteps, ResolveReadCreateGrant) {
  AcquireOperation operation = Make(limits_);
  Action action = operation.Start();
  ASSERT_TRUE(std::holds_alternative<QueryRequest>(action));  // the entity
  action = operation.Resume(Result<QueryPage>(QueryPage{}));
  ASSERT_TRUE(std::holds_alternative<QueryRequest>(action));  // the resource
  action = operation.Resume(Result<QueryPage>(QueryPage{}));
  ASSERT_TRUE(std::holds_alternative<QueryRequest>(action));  // the system
  action = operation.Resume(Result<QueryPage>(QueryPage{}));
  ASSERT_TRUE(std::holds_alternative<BatchGetRequest>(action));
  action = operation.Resume(Result<std::vector<Item>>(std::vector<Item>{}));
  ASSERT_TRUE(std::holds_alternative<PutRequest>(action));
  action = operation.Resume(Result<WriteOutcome>(WriteOutcome{.applied = true}));
  ASSERT_TRUE(std::holds_alternative<Done>(action));
  EXPECT_TRUE(operation.result().granted);
}

TEST_F(AcquireSteps, AFollowingPageIsAskedForFromWhereTheFirstEnded) {
  AcquireOperation operation = Make(limits_);
  (void)operation.Start();
  const Key place = records::EntityKey("key");
  const Action action = operation.Resume(Result<QueryPage>(QueryPage{.items = {}, .next = place}));
  ASSERT_TRUE(std::holds_alternative<QueryRequest>(action));
  EXPECT_EQ(std::get<QueryRequest>(action).start_after, place);
}

TEST_F(AcquireSteps, ALostRaceIsPlannedFromTheItemThatCameBack) {
  AcquireOperation operation = Make(limits_);
  ASSERT_TRUE(std::holds_alternative<PutRequest>(FirstWrite(operation)));
  Action action = operation.Resume(Result<WriteOutcome>(WriteOutcome{.item = ItemWith(5, 1)}));
  ASSERT_TRUE(std::holds_alternative<PendingNumbers>(action));
  action = operation.Resume(Result<WriteOutcome>(WriteOutcome{.item = ItemWith(0, 2)}));
  ASSERT_TRUE(std::holds_alternative<Done>(action));
  const AcquireResult* result = &operation.result();
  EXPECT_FALSE(result->granted);
  EXPECT_EQ(result->statuses[0].available, 0);
}

TEST_F(AcquireSteps, PausesGrowFromTheSecondLossOnAndEndAtTheDeadline) {
  AcquireOperation operation = Make(limits_);
  (void)FirstWrite(operation);
  Action action = operation.Resume(Result<WriteOutcome>(WriteOutcome{.item = ItemWith(5, 1)}));
  int pauses = 0;
  while (!std::holds_alternative<Done>(action)) {
    if (const auto* pause = std::get_if<Backoff>(&action)) {
      ++pauses;
      clock_->Advance(pause->duration);
      action = operation.Resume(Slept{});
    } else {
      ASSERT_TRUE(std::holds_alternative<PendingNumbers>(action));
      action = operation.Resume(Result<WriteOutcome>(WriteOutcome{.item = ItemWith(5, pauses)}));
    }
  }
  EXPECT_GT(pauses, 5);
  ASSERT_NE(operation.failure(), nullptr);
  EXPECT_EQ(operation.failure()->code(), ErrorCode::kAborted);
  EXPECT_FALSE(operation.failure_may_open());
}

TEST_F(AcquireSteps, AFailedConditionThatShowsItsOwnWriteIsAGrant) {
  AcquireOperation operation = Make(limits_);
  Action action = FirstWrite(operation);
  const auto written = std::get<PutRequest>(action).item;
  action = operation.Resume(Result<WriteOutcome>(WriteOutcome{.item = written}));
  ASSERT_TRUE(std::holds_alternative<Done>(action));
  const AcquireResult* result = &operation.result();
  EXPECT_TRUE(result->granted);
  EXPECT_EQ(result->statuses[0].available, 10);
}

TEST_F(AcquireSteps, ATransactionOfAnotherPlanHasAnotherToken) {
  AcquireOperation operation = Make(two_);
  Action action = FirstWrite(operation);
  const auto first = std::get<TransactWriteRequest>(action);
  TransactOutcome conflict;
  conflict.cancellations = {{CancelReason::kConflict, {}}, {CancelReason::kNone, {}}};
  action = operation.Resume(Result<TransactOutcome>(conflict));
  ASSERT_TRUE(std::holds_alternative<TransactWriteRequest>(action));
  EXPECT_NE(std::get<TransactWriteRequest>(action).token, first.token);
  EXPECT_TRUE(std::holds_alternative<CheckRequest>(first.items[1]));
}

TEST_F(AdjustSteps, P7_AWriteWithoutAnswerIsFencedOffBeforeItIsRepeated) {
  const SharedLimits owner =
      MakeResolvedLimits({.entity_id = "key", .resource = "api"}, limits_, ConfigLevel::kSystem);
  AdjustOperation operation(context_, "adjust", {{owner, &owner->buckets[0], 3}},
                            clock_->MonotonicNow() + milliseconds(100));
  Action action = operation.Start();
  ASSERT_TRUE(std::holds_alternative<PendingUpdate>(action));
  action = operation.Resume(Result<WriteOutcome>(Error(ErrorCode::kDeadlineExceeded, "no answer")));
  ASSERT_TRUE(std::holds_alternative<PendingUpdate>(action));
  EXPECT_EQ(std::get<PendingUpdate>(action)->actions.size(), 1u);  // the fence
  action = operation.Resume(
      Result<WriteOutcome>(WriteOutcome{.applied = true, .item = ItemWith(5, {}, 1)}));
  ASSERT_TRUE(std::holds_alternative<PendingUpdate>(action));  // no writer since: not applied
  EXPECT_GT(std::get<PendingUpdate>(action)->actions.size(), 1u);
  action = operation.Resume(Result<WriteOutcome>(Error(ErrorCode::kDeadlineExceeded, "no answer")));
  action = operation.Resume(Result<WriteOutcome>(WriteOutcome{.item = ItemWith(2, 77, 1)}));
  ASSERT_TRUE(std::holds_alternative<Done>(action));  // somebody wrote: nobody can know
  EXPECT_CODE(operation.status(), ErrorCode::kDeadlineExceeded);
  EXPECT_TRUE(operation.outcome_unknown());
}

TEST_F(AdjustSteps, AMissingBucketIsMadeForAChargeAndLeftAloneForAGiveBack) {
  const SharedLimits owner =
      MakeResolvedLimits({.entity_id = "key", .resource = "api"}, limits_, ConfigLevel::kSystem);
  for (const std::int64_t delta : {3, -3}) {
    AdjustOperation operation(context_, "adjust", {{owner, &owner->buckets[0], delta}},
                              clock_->MonotonicNow() + milliseconds(100));
    (void)operation.Start();
    const Action action = operation.Resume(Result<WriteOutcome>(WriteOutcome{}));
    EXPECT_EQ(std::holds_alternative<PutRequest>(action), delta > 0);
    EXPECT_EQ(std::holds_alternative<Done>(action), delta < 0);
  }
}

}  // namespace
}  // namespace zael::limiter
