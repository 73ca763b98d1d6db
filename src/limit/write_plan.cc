#include "limit/write_plan.h"

#include <algorithm>
#include <limits>

namespace zael {
namespace {

// a - b without leaving 64 bits.
std::int64_t Minus(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  using Range = std::numeric_limits<std::int64_t>;
  return b > 0 ? Range::min() : Range::max();
}

// Refilled under the old parameters to now, cut to the new burst. The remainder of time is given
// up: under another rate it would be worth something else.
BucketBalance Adopted(const BucketState& state, const BucketRequest& request) {
  const std::int64_t elapsed = ElapsedMs(state.balance.last_refill_ms, request.now_ms);
  const std::int64_t earned = EarnedMilli(state.params, elapsed);
  std::int64_t tokens = state.balance.tokens_milli;
  if (elapsed > 0 && __builtin_add_overflow(tokens, earned, &tokens)) {
    tokens = std::numeric_limits<std::int64_t>::max();
  }
  if (elapsed > 0) tokens = std::min(tokens, state.params.burst_milli);
  return {.tokens_milli = std::min(tokens, request.wanted.burst_milli),
          .last_refill_ms = std::max(request.now_ms, state.balance.last_refill_ms)};
}

AdoptPlan PlanAdoptAndTake(const BucketState& state, const BucketRequest& request) {
  const BucketBalance adopted = Adopted(state, request);
  const bool enough = adopted.tokens_milli >= request.need_milli;
  return {.expected = state,
          .min_tokens_milli =
              enough ? state.balance.tokens_milli : std::numeric_limits<std::int64_t>::max(),
          .result = {.tokens_milli = Minus(adopted.tokens_milli, request.need_milli),
                     .last_refill_ms = adopted.last_refill_ms}};
}

CheckPlan PlanCheck(const std::optional<BucketState>& remembered, const BucketRequest& request) {
  // Without memory the third alternative adds nothing to "no item" and "tokens >= 0".
  if (!remembered) return {.expected = {.params = request.wanted}, .min_tokens_milli = 0};
  const std::int64_t elapsed = ElapsedMs(remembered->balance.last_refill_ms, request.now_ms);
  return {.expected = *remembered, .min_tokens_milli = -EarnedMilli(remembered->params, elapsed)};
}

WritePlan PlanTake(const BucketState& remembered, const BucketRequest& request) {
  const BucketBalance& base = remembered.balance;
  const std::int64_t elapsed = ElapsedMs(base.last_refill_ms, request.now_ms);
  const RefillResult refill = Refill(request.wanted, base, request.now_ms, request.need_milli);
  if (refill.full) {
    return FillPlan{
        .base_last_refill_ms = base.last_refill_ms,
        .min_tokens_milli = Minus(request.wanted.burst_milli, EarnedMilli(request.wanted, elapsed)),
        .result = {.tokens_milli = request.wanted.burst_milli - request.need_milli,
                   .last_refill_ms = request.now_ms}};
  }
  AddPlan add{.credit_milli = refill.credited_milli,
              .need_milli = request.need_milli,
              .base_last_refill_ms = base.last_refill_ms,
              .new_last_refill_ms = refill.balance.last_refill_ms,
              .last_refill_must_equal = refill.balance.last_refill_ms != base.last_refill_ms,
              .min_tokens_milli = Minus(request.need_milli, refill.credited_milli)};
  if (elapsed > 0) {
    add.max_tokens_milli =
        Minus(request.wanted.burst_milli, EarnedMilliRoundedUp(request.wanted, elapsed));
  }
  return add;
}

}  // namespace

WritePlan PlanWrite(const std::optional<BucketState>& remembered, const BucketRequest& request) {
  if (request.need_milli > request.wanted.burst_milli) return NeverPlan{};
  if (request.need_milli == 0) return PlanCheck(remembered, request);
  if (!remembered) {
    return CreatePlan{{.tokens_milli = request.wanted.burst_milli - request.need_milli,
                       .last_refill_ms = request.now_ms}};
  }
  if (remembered->params != request.wanted) return PlanAdoptAndTake(*remembered, request);
  return PlanTake(*remembered, request);
}

Verdict Judge(const std::optional<BucketState>& state, const BucketRequest& request) {
  const bool stale = state && state->params != request.wanted;
  BucketBalance balance{.tokens_milli = request.wanted.burst_milli,
                        .last_refill_ms = request.now_ms};
  if (state) balance = stale ? Adopted(*state, request) : state->balance;
  return {
      .granted = Grants(request.wanted, balance, request.now_ms, request.need_milli),
      .available = AvailableTokens(request.wanted, balance, request.now_ms),
      .retry_after_ms = RetryAfterMs(request.wanted, balance, request.now_ms, request.need_milli),
      .as_of_ms = std::max(request.now_ms, balance.last_refill_ms),
      .stale_params = stale};
}

AdoptPlan PlanAdopt(const BucketState& state, const BucketRequest& request) {
  return {.expected = state,
          .min_tokens_milli = state.balance.tokens_milli,
          .result = Adopted(state, request)};
}

}  // namespace zael
