#include "repository/bucket_writes.h"

#include <utility>
#include <vector>

#include "base/check.h"
#include "records/attributes.h"
#include "records/bucket_record.h"
#include "repository/update_builder.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: attribute names

// More would only be held by a thread that sent a transaction with as many buckets.
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

// One request per kind of plan.
struct PlanToRequest {
  const std::string& table;
  const BucketWrite& write;

  UpdateBuilder Begin(std::int64_t min_tokens_milli) const {
    UpdateBuilder update(TakeSpare(write.plan), table, write.id);
    update.Require(kTokensMilli, CompareOp::kGreaterOrEqual, min_tokens_milli);
    update.Fence(write.write_id);
    update.SetTtl(write.ttl_seconds);
    update.Add(kTotalConsumedMilli, write.need_milli);
    return update;
  }

  TransactItem operator()(const CreatePlan& plan) const {
    const BucketRecord record{.state = {.params = write.wanted, .balance = plan.result},
                              .total_consumed_milli = write.need_milli,
                              .ttl_seconds = write.ttl_seconds,
                              .write_id = write.write_id};
    return PutRequest{
        .table = table, .item = EncodeBucket(write.id, record), .condition = NotExists(kPk)};
  }

  TransactItem operator()(const AddPlan& plan) const {
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
    return std::move(update).Take();
  }

  TransactItem operator()(const FillPlan& plan) const {
    UpdateBuilder update = Begin(plan.min_tokens_milli);
    update.Require(kLastRefillMs, CompareOp::kEqual, plan.base_last_refill_ms);
    update.RequireParams(write.wanted);
    update.SetBalance(plan.result);
    return std::move(update).Take();
  }

  TransactItem operator()(const AdoptPlan& plan) const {
    UpdateBuilder update = Begin(plan.min_tokens_milli);
    update.Require(kTokensMilli, CompareOp::kEqual, plan.expected.balance.tokens_milli);
    update.Require(kLastRefillMs, CompareOp::kEqual, plan.expected.balance.last_refill_ms);
    update.RequireParams(plan.expected.params);
    update.SetBalance(plan.result);
    update.Set(kCapacityMilli, write.wanted.capacity_milli);
    update.Set(kBurstMilli, write.wanted.burst_milli);
    update.Set(kRefillAmountMilli, write.wanted.refill_amount_milli);
    update.Set(kRefillPeriodMs, write.wanted.refill_period_ms);
    return std::move(update).Take();
  }

  TransactItem operator()(const CheckPlan& plan) const {
    const BucketState& expected = plan.expected;
    Condition earned = All({Equal(kLastRefillMs, expected.balance.last_refill_ms),
                            Equal(kRefillAmountMilli, expected.params.refill_amount_milli),
                            Equal(kRefillPeriodMs, expected.params.refill_period_ms),
                            AtLeast(kTokensMilli, plan.min_tokens_milli)});
    return CheckRequest{.table = table,
                        .key = BucketKey(write.id),
                        .condition = Any({NotExists(kPk), AtLeast(kTokensMilli, std::int64_t{0}),
                                          std::move(earned)})};
  }

  TransactItem operator()(const NeverPlan&) const {
    CHECK(false && "a plan that never grants has no write");
    return CheckRequest{};
  }
};

}  // namespace

TransactItem MakeBucketWrite(const std::string& table, const BucketWrite& write) {
  return std::visit(PlanToRequest{table, write}, write.plan);
}

void ReuseBucketWrite(const WritePlan& plan, UpdateRequest spent) {
  std::vector<UpdateRequest>* spares = SparesOfThread().Of(plan);
  if (spares != nullptr && spares->size() < kMostSpares) spares->push_back(std::move(spent));
}

UpdateRequest MakeAdjust(const std::string& table, const BucketAdjust& adjust) {
  UpdateBuilder update({}, table, adjust.id);
  update.RequireExists();
  update.Fence(adjust.write_id);
  if (!adjust.keep_ttl) update.SetTtl(adjust.ttl_seconds);
  update.Add(kTotalConsumedMilli, adjust.delta_milli);
  update.Add(kTokensMilli, -adjust.delta_milli);
  return std::move(update).Take();
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

}  // namespace zael::repository
