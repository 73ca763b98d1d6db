#include "repository/bucket_writes.h"

#include <gtest/gtest.h>

#include "records/bucket_record.h"
#include "records/table.h"
#include "store/evaluate.h"

namespace zael::repository {
namespace {

constexpr std::int64_t kNowMs = 1'767'225'600'000;
const records::BucketId kId{"k-1", "gpt-4", "rpm"};
const Key kKey = records::BucketKey(kId);
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
          .key = kKey,
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
  ASSERT_TRUE(
      store.Run(MakeAdjust("ZAEL-t", {.id = kId, .key = kKey, .delta_milli = 10, .write_id = 2})));
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
  const UpdateRequest adjust =
      MakeAdjust("ZAEL-t", {.id = kId, .key = kKey, .delta_milli = 500, .write_id = 3});
  ASSERT_TRUE(store.Run(adjust));
  EXPECT_FALSE(store.Run(adjust));
  EXPECT_EQ(store.record().state.balance.tokens_milli, 57'500);
  EXPECT_EQ(store.record().total_consumed_milli, Number(2'500));
}

TEST(P7_Fence, HoldsWhileNothingWasWrittenAndKeepsTheLostWriteOff) {
  OneItem store;
  ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 1))));
  const BucketState before = store.record().state;
  const TransactItem lost = MakeBucketWrite("ZAEL-t", WriteOf(before, 1'000, kNowMs, 2));
  const UpdateRequest lost_adjust =
      MakeAdjust("ZAEL-t", {.id = kId, .key = kKey, .delta_milli = 500, .write_id = 3});
  EXPECT_FALSE(store.Run(MakeFence("ZAEL-t", BucketFence{kKey, std::nullopt, std::nullopt})));
  EXPECT_FALSE(store.Run(MakeFence("ZAEL-t", BucketFence{kKey, 5, std::nullopt})));
  EXPECT_FALSE(store.Run(MakeFence("ZAEL-t", BucketFence{kKey, 1, 1})));
  const UpdateRequest fence = MakeFence("ZAEL-t", BucketFence{kKey, 1, std::nullopt});
  ASSERT_TRUE(store.Run(fence));
  EXPECT_FALSE(store.Run(fence));
  EXPECT_EQ(store.record().write_epoch, 1);
  EXPECT_EQ(store.record().write_id, 1);
  EXPECT_EQ(store.record().state, before);
  EXPECT_FALSE(store.Run(lost));
  EXPECT_FALSE(store.Run(lost_adjust));
  BucketWrite again = WriteOf(before, 1'000, kNowMs, 2);
  again.write_epoch = 1;
  EXPECT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", again)));
  EXPECT_EQ(store.record().write_epoch, 1);
  EXPECT_FALSE(store.Run(lost));
  EXPECT_FALSE(store.Run(lost_adjust));
  EXPECT_TRUE(store.Run(MakeFence("ZAEL-t", BucketFence{kKey, 2, 1})));
  EXPECT_EQ(store.record().write_epoch, 2);
}

TEST(P7_Fence, OfAMissingBucketIsAFullOne) {
  OneItem store;
  const TransactItem lost = MakeBucketWrite("ZAEL-t", WriteOf({}, 1'000, kNowMs, 1));
  const PutRequest fence = MakeFence("ZAEL-t", MissingBucketFence{.id = kId,
                                                                  .params = kParams,
                                                                  .ttl_seconds = 42,
                                                                  .write_epoch = std::nullopt,
                                                                  .now_ms = kNowMs});
  ASSERT_TRUE(store.Run(fence));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{60'000, kNowMs}));
  EXPECT_EQ(store.record().write_epoch, 1);
  EXPECT_EQ(store.record().write_id, std::nullopt);
  EXPECT_EQ(store.record().total_consumed_milli, Number(0));
  EXPECT_FALSE(store.Run(lost));
  EXPECT_FALSE(store.Run(fence));
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
  ASSERT_TRUE(store.Run(MakeAdjust(
      "ZAEL-t", {.id = kId, .key = kKey, .delta_milli = 5'000, .ttl_seconds = 99, .write_id = 2})));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{-5'000, kNowMs}));
  EXPECT_EQ(store.record().ttl_seconds, 99);
  ASSERT_TRUE(store.Run(MakeAdjust(
      "ZAEL-t",
      {.id = kId, .key = kKey, .delta_milli = -65'000, .keep_ttl = true, .write_id = 3})));
  EXPECT_EQ(store.record().state.balance, (BucketBalance{60'000, kNowMs}));
  EXPECT_EQ(store.record().total_consumed_milli, Number(0));
  EXPECT_EQ(store.record().ttl_seconds, 99);
}

TEST(BucketWrites, AdjustOfAMissingBucketIsRefusedAndAChargeCreatesIt) {
  OneItem store;
  const BucketAdjust charge{.id = kId, .key = kKey, .delta_milli = 70'000, .write_id = 2};
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

// All of an update in one line; only what bucket writes are made of.
struct Show {
  std::string operator()(const Comparison& c) const {
    return Name(std::get<Path>(c.left)) + " " + std::to_string(static_cast<int>(c.op)) + " " +
           Text(std::get<Value>(c.right));
  }
  std::string operator()(const SetAction& a) const {
    EXPECT_EQ(a.op, SetOp::kAssign);
    return "SET " + Name(a.path) + " " + Text(std::get<Value>(a.left));
  }
  std::string operator()(const AddAction& a) const {
    return "ADD " + Name(a.path) + " " + Text(a.value);
  }
  std::string operator()(const RemoveAction& a) const { return "REMOVE " + Name(a.path); }
  std::string operator()(const AttributeNotExists& c) const { return "NO " + Name(c.path); }
  template <typename Other>
  std::string operator()(const Other&) const {
    ADD_FAILURE() << "not part of a bucket write";
    return "";
  }

  static std::string Text(const Value& value) { return value.As<Number>()->ToText(); }
  static std::string Name(const Path& path) {
    EXPECT_EQ(path.steps.size(), 1u);
    return std::get<std::string>(path.steps.front());
  }
  static std::string All(const UpdateRequest& update) {
    EXPECT_EQ(update.return_item, ReturnItem::kNone);
    EXPECT_EQ(update.deadline, std::nullopt);
    std::string text = update.table + " " + records::KeyText(update.key);
    for (const Condition& part : std::get<AllOf>(update.condition->node).parts) {
      text += "; " + std::visit(Show(), part.node);
    }
    for (const UpdateAction& action : update.actions) text += "; " + std::visit(Show(), action);
    return text;
  }
};

TEST(BucketWrites, AnUpdateInTheMemoryOfAnotherSaysWhatAFreshOneSays) {
  const BucketState full{kParams, {60'000, kNowMs}};
  const BucketState half{kParams, {30'000, kNowMs}};
  BucketState old = half;
  old.params.burst_milli = 50'000;
  const records::BucketId other{"a-much-longer-entity-name", "gpt-4-turbo-preview", "tpm"};
  const Key other_key = records::BucketKey(other);
  std::vector<BucketWrite> writes;
  std::int64_t write_id = 100;
  for (const BucketState& state : {full, half, old}) {
    for (const std::int64_t later : {0, 7, 100'000}) {  // without refill, with some, up to full
      BucketWrite write = WriteOf(state, 1'000, kNowMs + later, ++write_id);
      writes.push_back(write);
      write.ttl_seconds.reset();
      writes.push_back(write);
      write.write_epoch = 2;
      writes.push_back(write);
      writes.push_back({.id = other,
                        .key = other_key,
                        .wanted = write.wanted,
                        .plan = write.plan,
                        .need_milli = 1'000,
                        .write_id = ++write_id});
    }
  }
  std::vector<std::string> fresh;
  for (const BucketWrite& write : writes) {
    fresh.push_back(Show::All(std::get<UpdateRequest>(MakeBucketWrite("ZAEL-t", write))));
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    for (std::size_t j = 0; j < writes.size(); ++j) {
      auto first = std::get<UpdateRequest>(MakeBucketWrite("ZAEL-t", writes[i]));
      first.return_item = ReturnItem::kUpdatedNew;
      first.deadline = MonotonicTime();
      ReuseBucketWrite(writes[i].plan, std::move(first));
      auto second = std::get<UpdateRequest>(MakeBucketWrite("ZAEL-t", writes[j]));
      EXPECT_EQ(Show::All(second), fresh[j]) << "after " << fresh[i];
      ReuseBucketWrite(writes[j].plan, std::move(second));
    }
  }
}

// What an update names is in its answer: the limiter asks for no more.
TEST(BucketWrites, EveryUpdateNamesTheWholeBalance) {
  const BucketState half{kParams, {30'000, kNowMs}};
  for (const std::int64_t later : {0, 7, 100'000}) {
    OneItem store;
    ASSERT_TRUE(store.Run(MakeBucketWrite("ZAEL-t", WriteOf({}, 30'000, kNowMs, 1))));
    const TransactItem write = MakeBucketWrite("ZAEL-t", WriteOf(half, 1'000, kNowMs + later, 2));
    ASSERT_TRUE(store.Run(write));
    const auto& actions = std::get<UpdateRequest>(write).actions;
    const auto shown = records::DecodeBalance(store::NamedAttributes(actions, *store.item));
    ASSERT_TRUE(shown.ok()) << shown.error().message();
    EXPECT_EQ(*shown, store.record().state.balance);
  }
}

}  // namespace
}  // namespace zael::repository
