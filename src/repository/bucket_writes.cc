#include "repository/bucket_writes.h"

#include <utility>

#include "base/check.h"
#include "records/attributes.h"
#include "records/bucket_record.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: attribute names

void RequireParams(const BucketParams& params, Conditions& conditions) {
  conditions.push_back(Equal(kCapacityMilli, params.capacity_milli));
  conditions.push_back(Equal(kBurstMilli, params.burst_milli));
  conditions.push_back(Equal(kRefillAmountMilli, params.refill_amount_milli));
  conditions.push_back(Equal(kRefillPeriodMs, params.refill_period_ms));
}

// An absent write_id is unequal too.
Condition Fence(std::int64_t write_id) { return Unequal(kWriteId, write_id); }

// What every update of a bucket sets besides its balance.
UpdateActions Bookkeeping(std::int64_t consumed_milli, std::optional<std::int64_t> ttl,
                          std::int64_t write_id) {
  UpdateActions actions;
  actions.reserve(10);
  actions.push_back(AddTo(kTotalConsumedMilli, consumed_milli));
  actions.push_back(Assign(kWriteId, write_id));
  actions.push_back(ttl ? Assign(kTtl, *ttl) : RemoveFrom(kTtl));
  return actions;
}

void AssignBalance(const BucketBalance& balance, UpdateActions& actions) {
  actions.push_back(Assign(kTokensMilli, balance.tokens_milli));
  actions.push_back(Assign(kLastRefillMs, balance.last_refill_ms));
}

// One request per kind of plan.
struct PlanToRequest {
  const std::string& table;
  const BucketWrite& write;

  UpdateRequest Update(Conditions conditions, UpdateActions actions) const {
    conditions.push_back(Fence(write.write_id));
    return {.table = table,
            .key = BucketKey(write.id),
            .condition = All(std::move(conditions)),
            .actions = std::move(actions)};
  }

  UpdateActions Actions() const {
    return Bookkeeping(write.need_milli, write.ttl_seconds, write.write_id);
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
    Conditions conditions;
    conditions.reserve(8);
    conditions.push_back(AtLeast(kTokensMilli, plan.min_tokens_milli));
    if (plan.max_tokens_milli) conditions.push_back(AtMost(kTokensMilli, *plan.max_tokens_milli));
    conditions.push_back(plan.last_refill_must_equal
                             ? Equal(kLastRefillMs, plan.base_last_refill_ms)
                             : AtLeast(kLastRefillMs, plan.base_last_refill_ms));
    RequireParams(write.wanted, conditions);
    UpdateActions actions = Actions();
    actions.push_back(AddTo(kTokensMilli, plan.delta_milli()));
    if (plan.last_refill_must_equal)
      actions.push_back(Assign(kLastRefillMs, plan.new_last_refill_ms));
    return Update(std::move(conditions), std::move(actions));
  }

  TransactItem operator()(const FillPlan& plan) const {
    Conditions conditions;
    conditions.reserve(8);
    conditions.push_back(AtLeast(kTokensMilli, plan.min_tokens_milli));
    conditions.push_back(Equal(kLastRefillMs, plan.base_last_refill_ms));
    RequireParams(write.wanted, conditions);
    UpdateActions actions = Actions();
    AssignBalance(plan.result, actions);
    return Update(std::move(conditions), std::move(actions));
  }

  TransactItem operator()(const AdoptPlan& plan) const {
    Conditions conditions;
    conditions.reserve(8);
    conditions.push_back(Equal(kTokensMilli, plan.expected.balance.tokens_milli));
    conditions.push_back(AtLeast(kTokensMilli, plan.min_tokens_milli));
    conditions.push_back(Equal(kLastRefillMs, plan.expected.balance.last_refill_ms));
    RequireParams(plan.expected.params, conditions);
    UpdateActions actions = Actions();
    AssignBalance(plan.result, actions);
    actions.push_back(Assign(kCapacityMilli, write.wanted.capacity_milli));
    actions.push_back(Assign(kBurstMilli, write.wanted.burst_milli));
    actions.push_back(Assign(kRefillAmountMilli, write.wanted.refill_amount_milli));
    actions.push_back(Assign(kRefillPeriodMs, write.wanted.refill_period_ms));
    return Update(std::move(conditions), std::move(actions));
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

UpdateRequest MakeAdjust(const std::string& table, const BucketAdjust& adjust) {
  UpdateActions actions = Bookkeeping(adjust.delta_milli, adjust.ttl_seconds, adjust.write_id);
  if (adjust.keep_ttl) actions.pop_back();
  actions.push_back(AddTo(kTokensMilli, -adjust.delta_milli));
  return {.table = table,
          .key = BucketKey(adjust.id),
          .condition = All({Exists(kPk), Fence(adjust.write_id)}),
          .actions = std::move(actions)};
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
