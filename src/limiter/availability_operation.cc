#include "limiter/availability_operation.h"

#include <algorithm>
#include <utility>

#include "base/format.h"

namespace zael::limiter {

AvailabilityOperation::AvailabilityOperation(OperationContext& context, const TargetQuery& target,
                                             const Amounts& needed, const TimeFrame& time)
    : context_(context),
      target_(target),
      needed_(needed),
      time_(time),
      resolver_(context, target, time) {}

Action AvailabilityOperation::Start() { return Resolve(resolver_.Start(/*bypass_cache=*/false)); }

Action AvailabilityOperation::Resume(Answer answer) {
  if (resolving_) return Resolve(resolver_.Resume(std::move(answer)));
  return OnRead(std::move(std::get<Result<std::vector<Item>>>(answer)));
}

Action AvailabilityOperation::Resolve(std::optional<Action> step) {
  if (step) return std::move(*step);
  if (!resolver_.status().ok()) return Fail(resolver_.status().error());
  const Targets& targets = resolver_.targets();
  const Status known = ValidateKnown(*targets.own, needed_);
  if (!known.ok()) return Fail(known.error());
  resolving_ = false;
  BatchGetRequest request{.table = context_.table, .deadline = time_.deadline};
  for (const SharedLimits& limits : {targets.own, targets.parent}) {
    if (!limits) continue;
    for (const BucketSpec& spec : limits->buckets) {
      request.keys.push_back(spec.key);
    }
  }
  return request;
}

Action AvailabilityOperation::OnRead(Result<std::vector<Item>> items) {
  if (!items.ok()) return Fail(items.error());
  const std::int64_t now_ms = context_.NowMs();
  const Targets& targets = resolver_.targets();
  for (const SharedLimits& limits : {targets.own, targets.parent}) {
    if (!limits) continue;
    for (const BucketSpec& spec : limits->buckets) {
      const auto bucket = Remember(TakeItemOf(spec, *items));
      if (!bucket.ok()) return Fail(bucket.error());
      const auto need = needed_.find(spec.id.limit);
      const std::int64_t tokens = need == needed_.end() ? 0 : need->second;
      const Verdict verdict = Judge(
          bucket->state,
          {.wanted = spec.params, .need_milli = tokens * kMillitokensPerToken, .now_ms = now_ms});
      const auto wait = ToWait(verdict.retry_after_ms);
      wait_ = wait_ && wait ? std::optional(std::max(*wait_, *wait)) : std::nullopt;
      if (limits == targets.own) {
        available_[spec.id.limit] = verdict.available;
      } else if (const auto own = available_.find(spec.id.limit); own != available_.end()) {
        own->second = std::min(own->second, verdict.available);
      }
    }
  }
  return Done{};
}

Action AvailabilityOperation::Fail(const Error& error) {
  status_ = Error(error.code(), Format("look at {} {}: {}", target_.entity_id, target_.resource,
                                       error.message()));
  return Done{};
}

}  // namespace zael::limiter
