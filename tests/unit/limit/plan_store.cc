#include "plan_store.h"

namespace zael {
namespace {

struct Writer {
  std::optional<BucketState>& item;
  const BucketParams& wanted;

  bool operator()(const CreatePlan& plan) const {
    if (item) return false;
    item = BucketState{wanted, plan.result};
    return true;
  }

  bool operator()(const AddPlan& plan) const {
    if (!item || item->params != wanted) return false;
    BucketBalance& stored = item->balance;
    const bool time_holds = plan.last_refill_must_equal
                                ? stored.last_refill_ms == plan.base_last_refill_ms
                                : stored.last_refill_ms >= plan.base_last_refill_ms;
    if (!time_holds || stored.tokens_milli < plan.min_tokens_milli) return false;
    if (plan.max_tokens_milli && stored.tokens_milli > *plan.max_tokens_milli) return false;
    stored.tokens_milli += plan.delta_milli();
    if (plan.last_refill_must_equal) stored.last_refill_ms = plan.new_last_refill_ms;
    return true;
  }

  bool operator()(const FillPlan& plan) const {
    if (!item || item->params != wanted) return false;
    if (item->balance.last_refill_ms != plan.base_last_refill_ms) return false;
    if (item->balance.tokens_milli < plan.min_tokens_milli) return false;
    item->balance = plan.result;
    return true;
  }

  bool operator()(const AdoptPlan& plan) const {
    if (item != plan.expected || item->balance.tokens_milli < plan.min_tokens_milli) return false;
    item = BucketState{wanted, plan.result};
    return true;
  }

  bool operator()(const CheckPlan& plan) const {
    if (!item || item->balance.tokens_milli >= 0) return true;
    return item->balance.last_refill_ms == plan.expected.balance.last_refill_ms &&
           item->params.refill_amount_milli == plan.expected.params.refill_amount_milli &&
           item->params.refill_period_ms == plan.expected.params.refill_period_ms &&
           item->balance.tokens_milli >= plan.min_tokens_milli;
  }

  bool operator()(const NeverPlan&) const { return false; }
};

}  // namespace

bool PlanStore::Apply(const WritePlan& plan, const BucketParams& wanted) {
  return std::visit(Writer{item_, wanted}, plan);
}

void PlanStore::Add(std::int64_t delta_milli) {
  if (item_) item_->balance.tokens_milli += delta_milli;
}

}  // namespace zael
