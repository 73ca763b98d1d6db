#include "repository/bucket_writes.h"

#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "records/attributes.h"
#include "records/bucket_record.h"
#include "repository/update_builder.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: attribute names

using UpdatePtr = std::unique_ptr<UpdateRequest>;
using UpdatePtrs = std::vector<UpdatePtr>;

// More would only be held by a thread that sent a transaction with as many buckets.
constexpr std::size_t kMostSpares = 8;

void Keep(UpdatePtr spare, UpdatePtrs* spares) {
  if (spares->size() < kMostSpares) spares->push_back(std::move(spare));
}

UpdatePtr TakeFrom(UpdatePtrs* spares) {
  if (spares->empty()) return std::make_unique<UpdateRequest>();
  UpdatePtr spare = std::move(spares->back());
  spares->pop_back();
  return spare;
}

// Answered updates of this thread, by the kind of their plan: of the kinds that acquires of live
// buckets make, again and again.
struct Spares {
  UpdatePtrs adds;
  UpdatePtrs fills;
  UpdatePtrs shells;  // whose requests were moved into transactions

  UpdatePtrs* Of(const WritePlan& plan) {
    if (std::holds_alternative<AddPlan>(plan)) return &adds;
    return std::holds_alternative<FillPlan>(plan) ? &fills : nullptr;
  }
};

Spares& SparesOfThread() {
  thread_local Spares spares;
  return spares;
}

UpdatePtr TakeSpare(const WritePlan& plan) {
  UpdatePtrs* spares = SparesOfThread().Of(plan);
  return spares == nullptr ? std::make_unique<UpdateRequest>() : TakeFrom(spares);
}

// The plans that are updates; false: this is none.
struct PlanToUpdate {
  const std::string& table;
  const BucketWrite& write;
  UpdateRequest& request;

  UpdateBuilder Begin(std::int64_t min_tokens_milli) const {
    UpdateBuilder update(request, table, write.key);
    update.Require(kTokensMilli, CompareOp::kGreaterOrEqual, min_tokens_milli);
    update.Fence(write.write_id);
    update.RequireEpoch(write.write_epoch);
    update.SetTtl(write.ttl_seconds);
    update.Add(kTotalConsumedMilli, write.need_milli);
    return update;
  }

  bool operator()(const AddPlan& plan) const {
    UpdateBuilder update = Begin(plan.min_tokens_milli);
    update.RequireParams(write.wanted);
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
    update.Finish();
    return true;
  }

  bool operator()(const FillPlan& plan) const {
    UpdateBuilder update = Begin(plan.min_tokens_milli);
    update.Require(kLastRefillMs, CompareOp::kEqual, plan.base_last_refill_ms);
    update.RequireParams(write.wanted);
    update.SetBalance(plan.result);
    update.Finish();
    return true;
  }

  bool operator()(const AdoptPlan& plan) const {
    UpdateBuilder update = Begin(plan.min_tokens_milli);
    update.Require(kTokensMilli, CompareOp::kEqual, plan.expected.balance.tokens_milli);
    update.Require(kLastRefillMs, CompareOp::kEqual, plan.expected.balance.last_refill_ms);
    update.RequireParams(plan.expected.params);
    update.SetBalance(plan.result);
    update.Set(kCapacityMilli, write.wanted.capacity_milli);
    update.Set(kBurstMilli, write.wanted.burst_milli);
    update.Set(kRefillAmountMilli, write.wanted.refill_amount_milli);
    update.Set(kRefillPeriodMs, write.wanted.refill_period_ms);
    update.Finish();
    return true;
  }

  template <typename Other>
  bool operator()(const Other&) const {
    return false;
  }
};

bool IsUpdate(const WritePlan& plan) {
  return std::holds_alternative<AddPlan>(plan) || std::holds_alternative<FillPlan>(plan) ||
         std::holds_alternative<AdoptPlan>(plan);
}

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

std::unique_ptr<UpdateRequest> MakeBucketUpdate(const std::string& table,
                                                const BucketWrite& write) {
  if (!IsUpdate(write.plan)) return nullptr;
  UpdatePtr update = TakeSpare(write.plan);
  update->return_item = ReturnItem::kNone;
  update->deadline.reset();
  CHECK(std::visit(PlanToUpdate{table, write, *update}, write.plan));
  return update;
}

TransactItem MakeBucketWrite(const std::string& table, const BucketWrite& write) {
  UpdatePtr update = MakeBucketUpdate(table, write);
  if (update == nullptr) return std::visit(PlanToRequest{table, write}, write.plan);
  TransactItem item(std::in_place_type<UpdateRequest>, std::move(*update));
  Keep(std::move(update), &SparesOfThread().shells);
  return item;
}

void ReuseBucketWrite(const WritePlan& plan, std::unique_ptr<UpdateRequest> spent) {
  if (UpdatePtrs* spares = SparesOfThread().Of(plan)) Keep(std::move(spent), spares);
}

void ReuseBucketWrite(const WritePlan& plan, UpdateRequest&& spent) {
  UpdatePtr shell = TakeFrom(&SparesOfThread().shells);
  *shell = std::move(spent);
  ReuseBucketWrite(plan, std::move(shell));
}

UpdateRequest MakeAdjust(const std::string& table, const BucketAdjust& adjust) {
  UpdateRequest request;
  UpdateBuilder update(request, table, adjust.key);
  update.RequireExists();
  update.Fence(adjust.write_id);
  update.RequireEpoch(adjust.write_epoch);
  if (!adjust.keep_ttl) update.SetTtl(adjust.ttl_seconds);
  update.Add(kTotalConsumedMilli, adjust.delta_milli);
  update.Add(kTokensMilli, -adjust.delta_milli);
  update.Finish();
  return request;
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
  UpdateRequest request;
  UpdateBuilder update(request, table, fence.key);
  update.RequireExists();
  if (fence.write_id) {
    update.Require(kWriteId, CompareOp::kEqual, *fence.write_id);
  } else {
    update.RequireAbsent(kWriteId);
  }
  update.RequireEpoch(fence.write_epoch);
  update.Set(kWriteEpoch, NextEpoch(fence.write_epoch));
  update.Finish();
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
