#include "repository/bucket_writes.h"

#include <gtest/gtest.h>

#include "records/bucket_record.h"
#include "records/table.h"
#include "store/evaluate.h"

namespace zael::repository {
namespace {

constexpr std::int64_t kNowMs = 1'767'225'600'000;
const records::BucketId kId{"k-1", "gpt-4", "rpm"};
const BucketParams kParams{.capacity_milli = 60'000,
                           .burst_milli = 60'000,
                           .refill_amount_milli = 60'000,
                           .refill_period_ms = 60'000};  // one millitoken per ms

// A store of one item.
class OneItem {
 public:
  std::optional<Item> item;

  bool Run(const TransactItem& request) {
    if (const auto* put = std::get_if<PutRequest>(&request)) {
      if (!Holds(put->condition)) return false;
      item = put->item;
      return true;
    }
    if (const auto* update = std::get_if<UpdateRequest>(&request)) {
      if (!Holds(update->condition)) return false;
      const KeySchema schema = records::LimiterTable("ZAEL-t").keys;
      const auto applied =
          store::Apply(update->actions, item ? &*item : nullptr, update->key, schema);
      EXPECT_TRUE(applied.ok()) << applied.error().message();
      if (applied.ok()) item = *applied;
      return applied.ok();
    }
    return Holds(std::get<CheckRequest>(request).condition);
  }

  records::BucketRecord record() const { return *records::DecodeBucket(*item); }

 private:
  bool Holds(const std::optional<Condition>& condition) const {
    if (!condition) return true;
    const auto holds = store::Holds(*condition, item ? &*item : nullptr);
    EXPECT_TRUE(holds.ok());
    return holds.ok() && *holds;
  }
};

BucketWrite WriteOf(const std::optional<BucketState>& remembered, std::int64_t need,
                    std::int64_t now, std::int64_t write_id) {
  return {.id = kId,
          .wanted = kParams,
          .plan = PlanWrite(remembered, {.wanted = kParams, .need_milli = need, .now_ms = now}),
          .need_milli = need,
          .ttl_seconds = 42,
          .write_id = write_id};
}

TEST(BucketWrites, CreateMakesTheWholeItemOnce) {
  OneItem store;
  const TransactItem create = MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 7));
  ASSERT_TRUE(store.Run(create));
  EXPECT_EQ(*store.item, (Item{{"PK", "ENTITY#k-1"},
                               {"SK", "#BUCKET#gpt-4#rpm"},
                               {"GSI2PK", "RESOURCE#gpt-4"},
                               {"GSI2SK", "BUCKET#k-1#rpm"},
                               {"entity_id", "k-1"},
                               {"resource", "gpt-4"},
                               {"limit_name", "rpm"},
                               {"tokens_milli", 59'000},
                               {"last_refill_ms", kNowMs},
                               {"capacity_milli", 60'000},
                               {"burst_milli", 60'000},
                               {"refill_amount_milli", 60'000},
                               {"refill_period_ms", 60'000},
                               {"total_consumed_milli", 1'000},
                               {"ttl", 42},
                               {"write_id", 7}}));
  EXPECT_FALSE(store.Run(create));
}

TEST(BucketWrites, AddTakesFromWhatIsStoredAndCounts) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 30'000, kNowMs, 1))));
  const BucketState remembered = store.record().state;
  // 5 ms later: 5 millitokens are credited, and L moves.
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf(remembered, 10'000, kNowMs + 5, 2))));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{20'005, kNowMs + 5}));
  EXPECT_EQ(store.record().total_consumed_milli, Number(40'000));
  EXPECT_EQ(store.record().write_id, 2);
  // The remembered state is stale now: the refill was computed from another last_refill.
  EXPECT_FALSE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf(remembered, 10'000, kNowMs + 9, 3))));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{20'005, kNowMs + 5}));
}

TEST(BucketWrites, FillStartsAgainFromBurst) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 30'000, kNowMs, 1))));
  const BucketWrite fill = WriteOf(store.record().state, 1'000, kNowMs + 100'000, 2);
  ASSERT_TRUE(std::holds_alternative<FillPlan>(fill.plan));
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", fill)));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{59'000, kNowMs + 100'000}));
  EXPECT_EQ(store.record().total_consumed_milli, Number(31'000));
}

TEST(P5_ChangedLimit, ReachesTheLiveBucketWithItsBalanceClipped) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 1))));
  const BucketParams lowered{.capacity_milli = 10'000,
                             .burst_milli = 10'000,
                             .refill_amount_milli = 10'000,
                             .refill_period_ms = 60'000};
  const BucketRequest request{.wanted = lowered, .need_milli = 2'000, .now_ms = kNowMs};
  BucketWrite write = WriteOf({}, 2'000, kNowMs, 2);
  write.wanted = lowered;
  write.plan = PlanWrite(store.record().state, request);
  ASSERT_TRUE(std::holds_alternative<AdoptPlan>(write.plan));
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", write)));
  EXPECT_EQ(store.record().state, (BucketState{lowered, {8'000, kNowMs}}));
  EXPECT_EQ(store.record().total_consumed_milli, Number(3'000));
}

TEST(P5_ChangedLimit, MakesAWriteWithTheOldParametersFail) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 1))));
  const BucketState remembered = store.record().state;
  for (const std::string_view name :
       {"capacity_milli", "burst_milli", "refill_amount_milli", "refill_period_ms"}) {
    OneItem changed = store;
    changed.item->Set(name, 59'999);
    EXPECT_FALSE(changed.Run(MakeBucketWrite("ZAEL-t", WriteOf(remembered, 1'000, kNowMs, 2))))
        << name;
    EXPECT_FALSE(
        changed.Run(MakeBucketWrite("ZAEL-t", WriteOf(remembered, 1'000, kNowMs + 99'000, 2))))
        << name;
  }
}

TEST(BucketWrites, CheckHoldsUnlessTheBucketIsInDebt) {
  OneItem store;
  const auto check = [&](const std::optional<BucketState>& remembered, std::int64_t now) {
    return store.Run(MakeBucketWrite("ZAEL-t", WriteOf(remembered, 0, now, 9)));
  };
  EXPECT_TRUE(check({}, kNowMs));  // no bucket: a full one
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 60'000, kNowMs, 1))));
  EXPECT_TRUE(check({}, kNowMs));  // empty is not in debt
  ASSERT_TRUE(store.Run(MakeAdjust("ZAEL-t", {.id = kId, .delta_milli = 10, .write_id = 2})));
  EXPECT_FALSE(check(store.record().state, kNowMs + 9));
  EXPECT_TRUE(check(store.record().state, kNowMs + 10));
}

TEST(P7_UnknownOutcome, TheSameWriteAgainIsRefusedByItsFence) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 1))));
  const TransactItem add =
      MakeBucketWrite("ZAEL-t", WriteOf(store.record().state, 1'000, kNowMs, 2));
  ASSERT_TRUE(store.Run(add));
  EXPECT_FALSE(store.Run(add));
  const UpdateRequest adjust = MakeAdjust("ZAEL-t", {.id = kId, .delta_milli = 500, .write_id = 3});
  ASSERT_TRUE(store.Run(adjust));
  EXPECT_FALSE(store.Run(adjust));
  EXPECT_EQ(store.record().state.balance.tokens_milli, 57'500);
  EXPECT_EQ(store.record().total_consumed_milli, Number(2'500));
}

TEST(BucketWrites, ABucketOfAnOlderWriterTakesWritesAndGetsACounter) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 1))));
  store.item->Erase("write_id");
  store.item->Erase("total_consumed_milli");
  ASSERT_TRUE(
      store.Run(MakeBucketWrite("ZAEL-t", WriteOf(store.record().state, 1'000, kNowMs, 2))));
  EXPECT_EQ(store.record().total_consumed_milli, Number(1'000));
  EXPECT_EQ(store.record().write_id, 2);
}

TEST(BucketWrites, AdjustChargesIntoDebtAndGivesBack) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 60'000, kNowMs, 1))));
  ASSERT_TRUE(store.Run(
      MakeAdjust("ZAEL-t", {.id = kId, .delta_milli = 5'000, .ttl_seconds = 99, .write_id = 2})));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{-5'000, kNowMs}));
  EXPECT_EQ(store.record().ttl_seconds, 99);
  ASSERT_TRUE(store.Run(
      MakeAdjust("ZAEL-t", {.id = kId, .delta_milli = -65'000, .keep_ttl = true, .write_id = 3})));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{60'000, kNowMs}));
  EXPECT_EQ(store.record().total_consumed_milli, Number(0));
  EXPECT_EQ(store.record().ttl_seconds, 99);
}

TEST(BucketWrites, AdjustOfAMissingBucketIsRefusedAndAChargeCreatesIt) {
  OneItem store;
  const BucketAdjust charge{.id = kId, .delta_milli = 70'000, .write_id = 2};
  EXPECT_FALSE(store.Run(MakeAdjust("ZAEL-t", charge)));
  ASSERT_TRUE(store.Run(MakeAdjustCreate("ZAEL-t", charge, kParams, kNowMs)));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{-10'000, kNowMs}));
  EXPECT_EQ(store.record().total_consumed_milli, Number(70'000));
}

TEST(BucketWrites, OfAnEntitysOwnLimitTakeTheTtlAway) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 1))));
  BucketWrite write = WriteOf(store.record().state, 1'000, kNowMs, 2);
  write.ttl_seconds = {};
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", write)));
  EXPECT_EQ(store.item->Find("ttl"), nullptr);
  write.write_id = 3;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", write)));
}

}  // namespace
}  // namespace zael::repository
