#include "repository/bucket_writes.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/same_name.h"
#include "records/attributes.h"
#include "records/bucket_record.h"
#include "store/number_update.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: attribute names

// Of each kind; more would only be held by a thread that sent a transaction with as many buckets.
constexpr std::size_t kMostSpares = 8;

// Answered updates of this thread, by the kind of their plan: of the kinds that acquires of live
// buckets make, again and again.
struct Spares {
  std::vector<UpdateRequest> adds;
  std::vector<UpdateRequest> fills;

  std::vector<UpdateRequest>* Of(const WritePlan& plan) {
    if (std::holds_alternative<AddPlan>(plan)) return &adds;
    return std::holds_alternative<FillPlan>(plan) ? &fills : nullptr;
  }
};

Spares& SparesOfThread() {
  thread_local Spares spares;
  return spares;
}

UpdateRequest TakeSpare(const WritePlan& plan) {
  std::vector<UpdateRequest>* spares = SparesOfThread().Of(plan);
  if (spares == nullptr || spares->empty()) return {};
  UpdateRequest spare = std::move(spares->back());
  spares->pop_back();
  return spare;
}

void RequireParams(const BucketParams& params, NumberUpdate* update) {
  update->Require(kCapacityMilli, CompareOp::kEqual, params.capacity_milli);
  update->Require(kBurstMilli, CompareOp::kEqual, params.burst_milli);
  update->Require(kRefillAmountMilli, CompareOp::kEqual, params.refill_amount_milli);
  update->Require(kRefillPeriodMs, CompareOp::kEqual, params.refill_period_ms);
}

// The item has exactly this epoch, or none.
void RequireEpoch(std::optional<std::int64_t> epoch, NumberUpdate* update) {
  if (epoch) return update->Require(kWriteEpoch, CompareOp::kEqual, *epoch);
  update->RequireAbsent(kWriteEpoch);
}

// Refuses an item that this write_id wrote; an absent one is unequal too.
void Sign(std::int64_t write_id, NumberUpdate* update) {
  update->Require(kWriteId, CompareOp::kNotEqual, write_id);
  update->Set(kWriteId, write_id);
}

void SetBalance(const BucketBalance& balance, NumberUpdate* update) {
  update->Set(kTokensMilli, balance.tokens_milli);
  update->Set(kLastRefillMs, balance.last_refill_ms);
}

void SetTtl(std::optional<std::int64_t> ttl_seconds, NumberUpdate* update) {
  if (ttl_seconds) return update->Set(kTtl, *ttl_seconds);
  update->Remove(kTtl);
}

// The plans that are updates; false: this is none. Those of live buckets name the same attributes
// in the same order, which a store may profit from.
struct PlanToUpdate {
  const BucketWrite& write;
  NumberUpdate& update;

  void Begin(std::int64_t min_tokens_milli) const {
    update.Require(kTokensMilli, CompareOp::kGreaterOrEqual, min_tokens_milli);
    Sign(write.write_id, &update);
    RequireEpoch(write.write_epoch, &update);
    SetTtl(write.ttl_seconds, &update);
    update.Add(kTotalConsumedMilli, write.need_milli);
  }

  bool operator()(const AddPlan& plan) const {
    Begin(plan.min_tokens_milli);
    RequireParams(write.wanted, &update);
    update.Require(kLastRefillMs,
                   plan.last_refill_must_equal ? CompareOp::kEqual : CompareOp::kGreaterOrEqual,
                   plan.base_last_refill_ms);
    if (plan.max_tokens_milli) {
      update.Require(kTokensMilli, CompareOp::kLessOrEqual, *plan.max_tokens_milli);
    }
    update.Add(kTokensMilli, plan.delta_milli());
    // By zero when the refill time stays: what an update names is in its answer, and this one may
    // have been moved on by others.
    update.Add(kLastRefillMs, plan.new_last_refill_ms - plan.base_last_refill_ms);
    return true;
  }

  bool operator()(const FillPlan& plan) const {
    Begin(plan.min_tokens_milli);
    RequireParams(write.wanted, &update);
    update.Require(kLastRefillMs, CompareOp::kEqual, plan.base_last_refill_ms);
    SetBalance(plan.result, &update);
    return true;
  }

  bool operator()(const AdoptPlan& plan) const {
    Begin(plan.min_tokens_milli);
    update.Require(kTokensMilli, CompareOp::kEqual, plan.expected.balance.tokens_milli);
    update.Require(kLastRefillMs, CompareOp::kEqual, plan.expected.balance.last_refill_ms);
    RequireParams(plan.expected.params, &update);
    SetBalance(plan.result, &update);
    update.Set(kCapacityMilli, write.wanted.capacity_milli);
    update.Set(kBurstMilli, write.wanted.burst_milli);
    update.Set(kRefillAmountMilli, write.wanted.refill_amount_milli);
    update.Set(kRefillPeriodMs, write.wanted.refill_period_ms);
    return true;
  }

  template <typename Other>
  bool operator()(const Other&) const {
    return false;
  }
};

// The plans that are no updates.
struct PlanToRequest {
  const std::string& table;
  const BucketWrite& write;

  TransactItem operator()(const CreatePlan& plan) const {
    const BucketRecord record{.state = {.params = write.wanted, .balance = plan.result},
                              .total_consumed_milli = write.need_milli,
                              .ttl_seconds = write.ttl_seconds,
                              .write_id = write.write_id};
    return PutRequest{
        .table = table, .item = EncodeBucket(write.id, record), .condition = NotExists(kPk)};
  }

  TransactItem operator()(const CheckPlan& plan) const {
    const BucketState& expected = plan.expected;
    Condition earned = All({Equal(kLastRefillMs, expected.balance.last_refill_ms),
                            Equal(kRefillAmountMilli, expected.params.refill_amount_milli),
                            Equal(kRefillPeriodMs, expected.params.refill_period_ms),
                            AtLeast(kTokensMilli, plan.min_tokens_milli)});
    return CheckRequest{.table = table,
                        .key = write.key,
                        .condition = Any({NotExists(kPk), AtLeast(kTokensMilli, std::int64_t{0}),
                                          std::move(earned)})};
  }

  template <typename Other>
  TransactItem operator()(const Other&) const {
    CHECK(false && "a plan that never grants has no write");
    return CheckRequest{};
  }
};

}  // namespace

bool MakeBucketUpdate(const std::string& table, const BucketWrite& write, NumberUpdate* update) {
  update->table = &table;
  update->key = &write.key;
  update->conditions.clear();
  update->actions.clear();
  update->deadline.reset();
  update->deadline_is_ahead = false;
  update->constant_names = true;
  return std::visit(PlanToUpdate{write, *update}, write.plan);
}

std::optional<BucketBalance> BalanceLeftBehind(const NumberUpdate& update,
                                               const NumberOutcome& outcome) {
  const auto left = [&](std::string_view name) -> std::optional<std::int64_t> {
    for (std::size_t i = 0; i < update.actions.size(); ++i) {
      if (SameName(update.actions[i].name, name)) return outcome.values[i];
    }
    return std::nullopt;
  };
  const auto tokens_milli = left(kTokensMilli);
  const auto last_refill_ms = left(kLastRefillMs);
  if (!tokens_milli || !last_refill_ms) return std::nullopt;
  return BucketBalance{.tokens_milli = *tokens_milli, .last_refill_ms = *last_refill_ms};
}

TransactItem MakeBucketWrite(const std::string& table, const BucketWrite& write) {
  NumberUpdate update;
  if (!MakeBucketUpdate(table, write, &update)) {
    return std::visit(PlanToRequest{table, write}, write.plan);
  }
  TransactItem item(std::in_place_type<UpdateRequest>, TakeSpare(write.plan));
  auto& request = std::get<UpdateRequest>(item);
  request.return_item = ReturnItem::kNone;
  store::WriteAsUpdate(update, &request);
  return item;
}

void ReuseBucketWrite(const WritePlan& plan, UpdateRequest&& spent) {
  std::vector<UpdateRequest>* spares = SparesOfThread().Of(plan);
  if (spares != nullptr && spares->size() < kMostSpares) spares->push_back(std::move(spent));
}

UpdateRequest MakeAdjust(const std::string& table, const BucketAdjust& adjust) {
  NumberUpdate update{.table = &table, .key = &adjust.key};
  update.RequireExists(kPk);
  Sign(adjust.write_id, &update);
  RequireEpoch(adjust.write_epoch, &update);
  if (!adjust.keep_ttl) SetTtl(adjust.ttl_seconds, &update);
  update.Add(kTotalConsumedMilli, adjust.delta_milli);
  update.Add(kTokensMilli, -adjust.delta_milli);
  return store::AsUpdate(update);
}

PutRequest MakeAdjustCreate(const std::string& table, const BucketAdjust& adjust,
                            const BucketParams& params, std::int64_t now_ms) {
  CHECK(adjust.delta_milli > 0);
  const BucketRecord record{
      .state = {.params = params,
                .balance = {.tokens_milli = params.burst_milli - adjust.delta_milli,
                            .last_refill_ms = now_ms}},
      .total_consumed_milli = adjust.delta_milli,
      .ttl_seconds = adjust.ttl_seconds,
      .write_id = adjust.write_id};
  return {.table = table, .item = EncodeBucket(adjust.id, record), .condition = NotExists(kPk)};
}

std::int64_t NextEpoch(std::optional<std::int64_t> epoch) { return epoch.value_or(0) + 1; }

UpdateRequest MakeFence(const std::string& table, const BucketFence& fence) {
  NumberUpdate update{.table = &table, .key = &fence.key};
  update.RequireExists(kPk);
  if (fence.write_id) {
    update.Require(kWriteId, CompareOp::kEqual, *fence.write_id);
  } else {
    update.RequireAbsent(kWriteId);
  }
  RequireEpoch(fence.write_epoch, &update);
  update.Set(kWriteEpoch, NextEpoch(fence.write_epoch));
  UpdateRequest request = store::AsUpdate(update);
  request.return_item = ReturnItem::kNew;
  return request;
}

PutRequest MakeFence(const std::string& table, const MissingBucketFence& fence) {
  const BucketRecord record{.state = {.params = fence.params,
                                      .balance = {.tokens_milli = fence.params.burst_milli,
                                                  .last_refill_ms = fence.now_ms}},
                            .total_consumed_milli = Number(),
                            .ttl_seconds = fence.ttl_seconds,
                            .write_id = std::nullopt,
                            .write_epoch = NextEpoch(fence.write_epoch)};
  return {.table = table, .item = EncodeBucket(fence.id, record), .condition = NotExists(kPk)};
}

}  // namespace zael::repository
