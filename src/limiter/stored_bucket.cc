#include "limiter/stored_bucket.h"

#include <algorithm>
#include <utility>

#include "base/try.h"
#include "records/attributes.h"

namespace zael::limiter {
namespace {

bool HasText(const Item& item, std::string_view name, std::string_view text) {
  const Value* value = item.Find(name);
  const std::string* found = value == nullptr ? nullptr : value->As<std::string>();
  return found != nullptr && *found == text;
}

struct PlanResult {
  const BucketSpec& spec;
  const std::optional<BucketState>& base;

  std::optional<BucketState> With(const BucketBalance& balance) const {
    return BucketState{.params = spec.params, .balance = balance};
  }
  std::optional<BucketState> operator()(const CreatePlan& plan) const { return With(plan.result); }
  std::optional<BucketState> operator()(const FillPlan& plan) const { return With(plan.result); }
  std::optional<BucketState> operator()(const AdoptPlan& plan) const { return With(plan.result); }
  std::optional<BucketState> operator()(const AddPlan& plan) const {
    BucketBalance balance = base->balance;
    balance.tokens_milli += plan.delta_milli();
    if (plan.last_refill_must_equal) balance.last_refill_ms = plan.new_last_refill_ms;
    return With(balance);
  }
  std::optional<BucketState> operator()(const CheckPlan&) const { return base; }
  std::optional<BucketState> operator()(const NeverPlan&) const { return base; }
};

}  // namespace

void StoredBucket::Recall(const BucketMemory& memory) {
  auto remembered = memory.Find(spec->memory());
  knowledge = remembered ? Knowledge::kRemembered : Knowledge::kNone;
  if (remembered) base = *remembered;
}

Status StoredBucket::See(const std::optional<Item>& item, BucketMemory& memory) {
  ZAEL_ASSIGN(base, Remember(item));
  knowledge = Knowledge::kSeen;
  memory.Put(spec->memory(), base);
  return {};
}

std::optional<BucketState> AfterPlan(const WritePlan& plan, const BucketSpec& spec,
                                     const std::optional<BucketState>& base) {
  return std::visit(PlanResult{spec, base}, plan);
}

std::optional<Item> TakeItemOf(const BucketSpec& spec, std::vector<Item>& items) {
  const std::string& pk = *spec.key.Find(records::kPk)->As<std::string>();
  const std::string& sk = *spec.key.Find(records::kSk)->As<std::string>();
  const auto place = std::find_if(items.begin(), items.end(), [&](const Item& item) {
    return HasText(item, records::kSk, sk) && HasText(item, records::kPk, pk);
  });
  if (place == items.end()) return std::nullopt;
  return std::move(*place);
}

std::optional<Milliseconds> ToWait(std::optional<std::int64_t> wait_ms) {
  if (!wait_ms) return std::nullopt;
  return Milliseconds(*wait_ms);
}

}  // namespace zael::limiter
