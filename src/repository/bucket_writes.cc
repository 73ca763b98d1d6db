#include "repository/bucket_writes.h"

#include <utility>

#include "base/check.h"
#include "records/attributes.h"
#include "records/bucket_record.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: attribute names

// An update of one bucket under construction. Conditions and actions are filled where they stand:
// this runs in every acquire, and moving the nested variants costs more than all the rest of it.
class UpdateBuilder {
 public:
  UpdateBuilder(const std::string& table, const BucketId& id) {
    request_.table = table;
    request_.key = BucketKey(id);
    request_.condition.emplace().node.emplace<AllOf>().parts.reserve(kMostConditions);
    request_.actions.reserve(kMostActions);
  }

  void RequireExists() { parts().emplace_back().node.emplace<AttributeExists>().path = Path(kPk); }

  void Require(std::string_view name, CompareOp op, std::int64_t value) {
    auto& comparison = parts().emplace_back().node.emplace<Comparison>();
    comparison.left.emplace<Path>().steps.emplace_back(std::in_place_type<std::string>, name);
    comparison.op = op;
    comparison.right.emplace<Value>(value);
  }

  void RequireParams(const BucketParams& params) {
    Require(kCapacityMilli, CompareOp::kEqual, params.capacity_milli);
    Require(kBurstMilli, CompareOp::kEqual, params.burst_milli);
    Require(kRefillAmountMilli, CompareOp::kEqual, params.refill_amount_milli);
    Require(kRefillPeriodMs, CompareOp::kEqual, params.refill_period_ms);
  }

  // An absent write_id is unequal too.
  void Fence(std::int64_t write_id) {
    Require(kWriteId, CompareOp::kNotEqual, write_id);
    Set(kWriteId, write_id);
  }

  void Set(std::string_view name, std::int64_t value) {
    auto& set = std::get<SetAction>(request_.actions.emplace_back(std::in_place_type<SetAction>));
    set.path.steps.emplace_back(std::in_place_type<std::string>, name);
    set.left.emplace<Value>(value);
  }

  void SetBalance(const BucketBalance& balance) {
    Set(kTokensMilli, balance.tokens_milli);
    Set(kLastRefillMs, balance.last_refill_ms);
  }

  void SetTtl(std::optional<std::int64_t> ttl_seconds) {
    if (ttl_seconds) return Set(kTtl, *ttl_seconds);
    auto& remove =
        std::get<RemoveAction>(request_.actions.emplace_back(std::in_place_type<RemoveAction>));
    remove.path = Path(kTtl);
  }

  void Add(std::string_view name, std::int64_t value) {
    auto& add = std::get<AddAction>(request_.actions.emplace_back(std::in_place_type<AddAction>));
    add.path.steps.emplace_back(std::in_place_type<std::string>, name);
    add.value = value;
  }

  UpdateRequest Take() && { return std::move(request_); }

 private:
  static constexpr std::size_t kMostConditions = 8;
  static constexpr std::size_t kMostActions = 9;

  Conditions& parts() { return std::get<AllOf>(request_.condition->node).parts; }

  UpdateRequest request_;
};

// One request per kind of plan.
struct PlanToRequest {
  const std::string& table;
  const BucketWrite& write;

  UpdateBuilder Begin(std::int64_t min_tokens_milli) const {
    UpdateBuilder update(table, write.id);
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
    if (plan.max_tokens_milli)
      update.Require(kTokensMilli, CompareOp::kLessOrEqual, *plan.max_tokens_milli);
    update.Require(kLastRefillMs,
                   plan.last_refill_must_equal ? CompareOp::kEqual : CompareOp::kGreaterOrEqual,
                   plan.base_last_refill_ms);
    update.RequireParams(write.wanted);
    update.Add(kTokensMilli, plan.delta_milli());
    if (plan.last_refill_must_equal) update.Set(kLastRefillMs, plan.new_last_refill_ms);
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

UpdateRequest MakeAdjust(const std::string& table, const BucketAdjust& adjust) {
  UpdateBuilder update(table, adjust.id);
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
