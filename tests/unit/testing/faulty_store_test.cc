#include "testing/faulty_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace zael::testing {
namespace {

class FaultyStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    TableSpec spec;
    spec.name = "ZAEL-t";
    spec.keys = {{"PK"}, KeyAttribute{"SK"}};
    ASSERT_TRUE(memory_.stores().tables->CreateTable(spec).ok());
  }
  std::string Add() {
    const auto outcome = store_.Update(
        {.table = "ZAEL-t", .key = {{"PK", "A"}, {"SK", "1"}}, .actions = {AddTo("v", 1)}});
    return outcome.ok() ? "ok" : std::string(ErrorCodeName(outcome.error().code()));
  }
  int Stored() {
    const auto item =
        memory_.stores().items->Get({.table = "ZAEL-t", .key = {{"PK", "A"}, {"SK", "1"}}});
    if (!item.ok() || !item->has_value()) return 0;
    return static_cast<int>((*item)->Find("v")->As<Number>()->ToInt64().value_or(-1));
  }

  const std::shared_ptr<SimulatedClock> clock_ = std::make_shared<SimulatedClock>();
  MemoryStore memory_{clock_};
  const std::shared_ptr<FaultPlan> plan_ = std::make_shared<FaultPlan>();
  FaultyStore store_{memory_.stores().items, plan_, clock_};
};

TEST_F(FaultyStoreTest, ScriptedFaultsMeetTheNextCallsOfThatKind) {
  plan_->Script(StoreCall::kUpdate, {Fault::kUnavailable, Fault::kThrottled, Fault::kTimeout,
                                     Fault::kDenied, Fault::kNone});
  plan_->Script(StoreCall::kPut, {Fault::kUnavailable});
  EXPECT_EQ(Add(), "unavailable");
  EXPECT_EQ(Add(), "resource_exhausted");
  EXPECT_EQ(Add(), "deadline_exceeded");
  EXPECT_EQ(Add(), "permission_denied");
  EXPECT_EQ(Stored(), 0);
  EXPECT_EQ(Add(), "ok");
  EXPECT_EQ(Add(), "ok");
  EXPECT_EQ(Stored(), 2);
}

TEST_F(FaultyStoreTest, P7_ALostAnswerLeavesTheWriteMade) {
  plan_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  EXPECT_EQ(Add(), "deadline_exceeded");
  EXPECT_EQ(Stored(), 1);
}

TEST_F(FaultyStoreTest, P7_ALateWriteIsMadeWhenItIsDelivered) {
  plan_->Script(StoreCall::kUpdate, {Fault::kLate, Fault::kNone});
  EXPECT_EQ(Add(), "deadline_exceeded");
  EXPECT_EQ(Add(), "ok");
  EXPECT_EQ(Stored(), 1);
  EXPECT_EQ(plan_->DeliverLate(), 1u);
  EXPECT_EQ(plan_->DeliverLate(), 0u);
  EXPECT_EQ(Stored(), 2);
  FaultPlan::Delivery kept;
  plan_->HandOverLate([&](FaultPlan::Delivery delivery) { kept = std::move(delivery); });
  plan_->Script(StoreCall::kUpdate, {Fault::kLate});
  EXPECT_EQ(Add(), "deadline_exceeded");
  kept();
  EXPECT_EQ(Stored(), 3);
}

TEST_F(FaultyStoreTest, P15_AConflictCancelsATransactionAndChangesNothing) {
  plan_->Script(StoreCall::kTransactWrite, {Fault::kConflict});
  TransactWriteRequest request;
  request.items = {PutRequest{.table = "ZAEL-t", .item = {{"PK", "A"}, {"SK", "1"}, {"v", 1}}},
                   PutRequest{.table = "ZAEL-t", .item = {{"PK", "A"}, {"SK", "2"}, {"v", 1}}}};
  const auto outcome = store_.TransactWrite(request);
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->applied);
  ASSERT_EQ(outcome->cancellations.size(), 2u);
  EXPECT_EQ(outcome->cancellations[0].reason, CancelReason::kConflict);
  EXPECT_EQ(Stored(), 0);
  EXPECT_TRUE(store_.TransactWrite(request)->applied);
  EXPECT_EQ(plan_->counts().Transactions(), 2u);
  EXPECT_EQ(plan_->counts().transact_items, 2u);
}

TEST_F(FaultyStoreTest, AnOutageLastsUntilItEnds) {
  plan_->Always(Fault::kUnavailable);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Add(), "unavailable");
  plan_->Always(Fault::kNone);
  EXPECT_EQ(Add(), "ok");
}

TEST_F(FaultyStoreTest, P27_EveryCallIsCounted) {
  plan_->Script(StoreCall::kUpdate, {Fault::kUnavailable});
  Add();
  Add();
  EXPECT_TRUE(store_.Get({.table = "ZAEL-t", .key = {{"PK", "A"}, {"SK", "1"}}}).ok());
  EXPECT_EQ(plan_->counts().SingleWrites(), 2u);
  EXPECT_EQ(plan_->counts().Reached(StoreCall::kUpdate), 1u);
  EXPECT_EQ(plan_->counts().Reads(), 1u);
  plan_->ResetCounts();
  EXPECT_EQ(plan_->counts().Reads(), 0u);
}

TEST_F(FaultyStoreTest, LatencyPassesOnTheClock) {
  plan_->SetLatency(Milliseconds(7));
  const std::int64_t start = clock_->NowMs();
  Add();
  Add();
  EXPECT_EQ(clock_->NowMs() - start, 14);
}

TEST_F(FaultyStoreTest, OneSeedRepeatsItsFaults) {
  const auto run = [&] {
    const auto plan = std::make_shared<FaultPlan>(42);
    plan->SetRates({.unavailable = 100, .throttled = 100, .lost_answer = 100});
    FaultyStore store(memory_.stores().items, plan, clock_);
    std::string answers;
    for (int i = 0; i < 200; ++i) {
      const auto item = store.Get({.table = "ZAEL-t", .key = {{"PK", "A"}, {"SK", "1"}}});
      answers += item.ok() ? "." : std::to_string(static_cast<int>(item.error().code()));
    }
    return answers;
  };
  const std::string first = run();
  EXPECT_EQ(first, run());
  EXPECT_GT(first.size(), static_cast<std::size_t>(std::count(first.begin(), first.end(), '.')));
}

}  // namespace
}  // namespace zael::testing
