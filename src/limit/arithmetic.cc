#include "limit/arithmetic.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace zael {
namespace {

using Wide = __int128;

constexpr std::int64_t kMaxElapsedMs = std::int64_t{1} << 62;

std::int64_t Saturate(Wide value) {
  constexpr Wide kLow = std::numeric_limits<std::int64_t>::min();
  constexpr Wide kHigh = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp(value, kLow, kHigh));
}

bool FitsIn64(Wide value) { return value == static_cast<std::int64_t>(value); }

Wide FloorDivide(Wide numerator, Wide divisor) {
  if (FitsIn64(numerator) && FitsIn64(divisor) && numerator >= 0) {  // the usual case, and cheap
    return static_cast<std::int64_t>(numerator) / static_cast<std::int64_t>(divisor);
  }
  const Wide quotient = numerator / divisor;
  return numerator % divisor < 0 ? quotient - 1 : quotient;
}

Wide CeilDivide(Wide numerator, Wide divisor) { return -FloorDivide(-numerator, divisor); }

// At most 10^18 * 2^62, far inside 128 bits.
Wide Earned(const BucketParams& params, std::int64_t elapsed_ms) {
  if (elapsed_ms <= 0) return 0;
  return Wide{params.refill_amount_milli} * elapsed_ms / params.refill_period_ms;
}

// The first moment at which the balance has earned enough to hold `target`.
Wide MomentOf(const BucketParams& params, const BucketBalance& balance, std::int64_t target) {
  const Wide missing = Wide{target} - balance.tokens_milli;
  if (missing <= 0) return balance.last_refill_ms;
  return balance.last_refill_ms +
         CeilDivide(missing * params.refill_period_ms, params.refill_amount_milli);
}

}  // namespace

BucketParams ParamsOf(const Limit& limit) {
  return {.capacity_milli = limit.capacity * kMillitokensPerToken,
          .burst_milli = limit.burst * kMillitokensPerToken,
          .refill_amount_milli = limit.refill_amount * kMillitokensPerToken,
          .refill_period_ms = Milliseconds(limit.refill_period).count()};
}

Limit LimitOf(std::string name, const BucketParams& params) {
  return Limit::Custom(
      std::move(name), params.capacity_milli / kMillitokensPerToken,
      params.burst_milli / kMillitokensPerToken, params.refill_amount_milli / kMillitokensPerToken,
      std::chrono::floor<std::chrono::seconds>(Milliseconds(params.refill_period_ms)));
}

bool IsValid(const BucketParams& params) {
  constexpr std::int64_t kMaxMilli = kMaxTokens * kMillitokensPerToken;
  return params.capacity_milli > 0 && params.burst_milli >= params.capacity_milli &&
         params.burst_milli <= kMaxMilli && params.refill_amount_milli > 0 &&
         params.refill_amount_milli <= kMaxMilli && params.refill_period_ms > 0 &&
         params.refill_period_ms <= Milliseconds(kMaxRefillPeriod).count();
}

std::int64_t EarnedMilli(const BucketParams& params, std::int64_t elapsed_ms) {
  return Saturate(Earned(params, elapsed_ms));
}

std::int64_t EarnedMilliRoundedUp(const BucketParams& params, std::int64_t elapsed_ms) {
  if (elapsed_ms <= 0) return 0;
  return Saturate(
      CeilDivide(Wide{params.refill_amount_milli} * elapsed_ms, params.refill_period_ms));
}

std::int64_t ElapsedMs(std::int64_t since_ms, std::int64_t now_ms) {
  const Wide elapsed = Wide{now_ms} - since_ms;
  return static_cast<std::int64_t>(std::clamp<Wide>(elapsed, -kMaxElapsedMs, kMaxElapsedMs));
}

RefillResult Refill(const BucketParams& params, const BucketBalance& balance, std::int64_t now_ms,
                    std::int64_t need_milli) {
  const std::int64_t elapsed = ElapsedMs(balance.last_refill_ms, now_ms);
  if (elapsed <= 0) return {.balance = balance};
  const Wide exact = Earned(params, elapsed);
  if (balance.tokens_milli + exact >= params.burst_milli) {
    return {.balance = {.tokens_milli = params.burst_milli, .last_refill_ms = now_ms},
            .credited_milli = Saturate(Wide{params.burst_milli} - balance.tokens_milli),
            .full = true};
  }
  const std::int64_t divisor = std::gcd(params.refill_amount_milli, params.refill_period_ms);
  const std::int64_t step_ms = params.refill_period_ms / divisor;
  const std::int64_t steps = elapsed / step_ms;
  Wide credit = Wide{steps} * (params.refill_amount_milli / divisor);
  std::int64_t used_ms = steps * step_ms;
  if (balance.tokens_milli + credit < need_milli && need_milli <= balance.tokens_milli + exact) {
    credit = exact;
    used_ms = static_cast<std::int64_t>(
        CeilDivide(exact * params.refill_period_ms, params.refill_amount_milli));
  }
  // The sum is below burst; the credit alone may be larger than 64 bits only in a debt as large.
  return {.balance = {.tokens_milli = Saturate(balance.tokens_milli + credit),
                      .last_refill_ms = balance.last_refill_ms + used_ms},
          .credited_milli = Saturate(credit)};
}

bool Grants(const BucketParams& params, const BucketBalance& balance, std::int64_t now_ms,
            std::int64_t need_milli) {
  if (need_milli > params.burst_milli) return false;
  const std::int64_t least = std::max<std::int64_t>(need_milli, 0);
  return Refill(params, balance, now_ms, least).balance.tokens_milli >= least;
}

std::int64_t AvailableTokens(const BucketParams& params, const BucketBalance& balance,
                             std::int64_t now_ms) {
  const std::int64_t elapsed = ElapsedMs(balance.last_refill_ms, now_ms);
  Wide tokens_milli = balance.tokens_milli + Earned(params, elapsed);
  if (elapsed > 0) tokens_milli = std::min<Wide>(tokens_milli, params.burst_milli);
  return Saturate(FloorDivide(tokens_milli, kMillitokensPerToken));
}

std::optional<std::int64_t> RetryAfterMs(const BucketParams& params, const BucketBalance& balance,
                                         std::int64_t now_ms, std::int64_t need_milli) {
  if (need_milli > params.burst_milli) return std::nullopt;
  const std::int64_t least = std::max<std::int64_t>(need_milli, 0);
  if (balance.tokens_milli >= least) return 0;
  return Saturate(std::max<Wide>(MomentOf(params, balance, least) - now_ms, 0));
}

std::int64_t TimeToFullMs(const BucketParams& params, const BucketBalance& balance,
                          std::int64_t now_ms) {
  if (balance.tokens_milli >= params.burst_milli) return 0;
  return Saturate(std::max<Wide>(MomentOf(params, balance, params.burst_milli) - now_ms, 0));
}

}  // namespace zael
