// The token bucket in exact integers: millitokens and milliseconds, 128-bit intermediates, division
// rounded toward minus infinity, results saturated to 64 bits.
//
// A balance is a pair (tokens T, last refill L): at time t the bucket holds min(burst, T + rate *
// (t - L)). Refill credits whole steps of P/gcd(A,P) ms, each worth exactly A/gcd(A,P) millitokens,
// and leaves a shorter remainder in L, so nothing is rounded however often a bucket is touched. All
// functions are pure.
#pragma once

#include <zael/clock.h>
#include <zael/limit.h>

#include <cstdint>
#include <optional>
#include <string>

namespace zael {

inline constexpr std::int64_t kMillitokensPerToken = 1000;

// A limit as its bucket stores it.
struct BucketParams {
  std::int64_t capacity_milli = 0;
  std::int64_t burst_milli = 0;
  std::int64_t refill_amount_milli = 0;
  std::int64_t refill_period_ms = 0;

  friend bool operator==(const BucketParams&, const BucketParams&) = default;
};

struct BucketBalance {
  std::int64_t tokens_milli = 0;  // negative: in debt
  std::int64_t last_refill_ms = 0;

  friend bool operator==(const BucketBalance&, const BucketBalance&) = default;
};

struct RefillResult {
  BucketBalance balance;
  std::int64_t credited_milli = 0;  // negative when a balance above burst was clipped
  bool full = false;                // tokens = burst, last_refill = now
};

// Requires: limit.Validate().ok().
BucketParams ParamsOf(const Limit& limit);

// The limit of that name with these parameters; parts of a token or second are cut off.
Limit LimitOf(std::string name, const BucketParams& params);

// All members positive, inside the range of a valid limit, burst >= capacity. Everything below
// requires it.
bool IsValid(const BucketParams& params);

// floor(rate * elapsed) and the same rounded up; zero for elapsed <= 0.
std::int64_t EarnedMilli(const BucketParams& params, std::int64_t elapsed_ms);
std::int64_t EarnedMilliRoundedUp(const BucketParams& params, std::int64_t elapsed_ms);

// now - since, saturated to 2^62 ms; zero or less when the caller's clock is behind the bucket's.
std::int64_t ElapsedMs(std::int64_t since_ms, std::int64_t now_ms);

// The balance at `now`. When whole steps alone leave it below need and the exact fraction reaches
// it, the fraction is credited and the time used is rounded up. A full bucket forgets its remainder
// of time: else it would be credited after a consume. Nothing happens when now <= last_refill, not
// even the clip to burst.
RefillResult Refill(const BucketParams& params, const BucketBalance& balance, std::int64_t now_ms,
                    std::int64_t need_milli);

// Whether `need` is granted at `now`: never above burst, and never in debt.
bool Grants(const BucketParams& params, const BucketBalance& balance, std::int64_t now_ms,
            std::int64_t need_milli);

// Whole tokens at `now`, rounded down; negative in debt.
std::int64_t AvailableTokens(const BucketParams& params, const BucketBalance& balance,
                             std::int64_t now_ms);

// The shortest wait after which Grants(...) holds if nothing else happens: 0 for now, nullopt for
// never.
std::optional<std::int64_t> RetryAfterMs(const BucketParams& params, const BucketBalance& balance,
                                         std::int64_t now_ms, std::int64_t need_milli);

// The wait until the balance reaches burst.
std::int64_t TimeToFullMs(const BucketParams& params, const BucketBalance& balance,
                          std::int64_t now_ms);

}  // namespace zael
