#include "testing/reference_bucket.h"

#include <algorithm>
#include <numeric>

namespace zael::testing {
namespace {

using Wide = __int128;

Wide FloorDivide(Wide dividend, Wide divisor) {
  const Wide quotient = dividend / divisor;
  return quotient * divisor > dividend ? quotient - 1 : quotient;
}

Wide CeilDivide(Wide dividend, Wide divisor) { return -FloorDivide(-dividend, divisor); }

std::int64_t PeriodMs(const Limit& limit) { return limit.refill_period.count() * 1000; }

}  // namespace

ReferenceBucket::ReferenceBucket(const Limit& limit) : limit_(limit) {}

ReferenceBucket::State ReferenceBucket::Current(std::int64_t now_ms) const {
  return stored_.value_or(State{Wide(limit_.burst) * 1000, now_ms});
}

ReferenceBucket::State ReferenceBucket::Refilled(std::int64_t now_ms, Wide need_milli) const {
  State state = Current(now_ms);
  const std::int64_t elapsed_ms = now_ms - state.last_refill_ms;
  if (elapsed_ms <= 0) return state;

  const Wide amount = Wide(limit_.refill_amount) * 1000;
  const Wide period = PeriodMs(limit_);
  const Wide burst = Wide(limit_.burst) * 1000;
  const Wide exact = FloorDivide(amount * elapsed_ms, period);
  if (state.tokens_milli + exact >= burst) return {burst, now_ms};

  const Wide divisor =
      std::gcd(static_cast<std::int64_t>(amount), static_cast<std::int64_t>(period));
  const Wide step_ms = period / divisor;
  const Wide steps = elapsed_ms / step_ms;
  const Wide in_steps = state.tokens_milli + steps * (amount / divisor);
  if (in_steps < need_milli && need_milli <= state.tokens_milli + exact) {
    const Wide used_ms = CeilDivide(exact * period, amount);
    return {state.tokens_milli + exact, state.last_refill_ms + static_cast<std::int64_t>(used_ms)};
  }
  return {in_steps, state.last_refill_ms + static_cast<std::int64_t>(steps * step_ms)};
}

bool ReferenceBucket::WouldGrant(std::int64_t tokens, std::int64_t now_ms) const {
  const Wide need = Wide(tokens) * 1000;
  if (tokens > limit_.burst) return false;  // never, even on a balance lifted by a give-back
  return Refilled(now_ms, need).tokens_milli >= need;
}

bool ReferenceBucket::Acquire(std::int64_t tokens, std::int64_t now_ms) {
  if (!WouldGrant(tokens, now_ms)) return false;
  if (tokens == 0) return true;  // asking for nothing writes nothing
  const Wide need = Wide(tokens) * 1000;
  State state = Refilled(now_ms, need);
  state.tokens_milli -= need;
  stored_ = state;
  return true;
}

void ReferenceBucket::Adjust(std::int64_t tokens, std::int64_t now_ms) {
  if (!stored_ && tokens <= 0) return;  // a missing bucket is full already
  State state = Current(now_ms);
  state.tokens_milli -= Wide(tokens) * 1000;
  stored_ = state;
}

void ReferenceBucket::SetLimit(const Limit& limit, std::int64_t now_ms) {
  if (stored_) {
    State state = Refilled(now_ms, 0);
    state.tokens_milli = std::min(state.tokens_milli, Wide(limit.burst) * 1000);
    state.last_refill_ms = std::max(state.last_refill_ms, now_ms);
    stored_ = state;
  }
  limit_ = limit;
}

std::int64_t ReferenceBucket::Available(std::int64_t now_ms) const {
  const State state = Current(now_ms);
  const std::int64_t elapsed_ms = std::max<std::int64_t>(0, now_ms - state.last_refill_ms);
  const Wide exact = FloorDivide(Wide(limit_.refill_amount) * 1000 * elapsed_ms, PeriodMs(limit_));
  Wide balance = state.tokens_milli;
  if (elapsed_ms > 0) balance = std::min(balance + exact, Wide(limit_.burst) * 1000);
  return static_cast<std::int64_t>(FloorDivide(balance, 1000));
}

}  // namespace zael::testing
