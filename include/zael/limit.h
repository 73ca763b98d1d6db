// Limit: a named token bucket rule, in whole tokens.
//
// A bucket under the limit holds at most `burst` tokens and regains `refill_amount` tokens every
// `refill_period`. A Limit is a plain value; it is validated where it is used, and Parse and
// Validate are public so that a caller can do it earlier. Design: semantics.md, section 3.
#pragma once

#include <zael/result.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zael {

// Whole tokens per limit name, as an acquire asks for them or a lease holds them.
using Amounts = std::map<std::string, std::int64_t, std::less<>>;

// The largest capacity, burst, refill amount or consumed amount, in whole tokens: in millitokens
// still far inside 64 bits.
inline constexpr std::int64_t kMaxTokens = 1'000'000'000'000'000;

// The longest refill period: ten years.
inline constexpr std::chrono::seconds kMaxRefillPeriod{std::chrono::hours{24 * 3660}};

struct Limit {
  std::string name;                        // [A-Za-z][A-Za-z0-9_.-]*, at most 64 bytes
  std::int64_t capacity = 0;               // tokens per period as people speak of it; > 0
  std::int64_t burst = 0;                  // the ceiling of the balance; >= capacity
  std::int64_t refill_amount = 0;          // tokens regained per period; > 0
  std::chrono::seconds refill_period{60};  // > 0, whole seconds

  // `capacity` tokens per second, minute, hour or day. burst = 0 means burst = capacity.
  static Limit PerSecond(std::string name, std::int64_t capacity, std::int64_t burst = 0);
  static Limit PerMinute(std::string name, std::int64_t capacity, std::int64_t burst = 0);
  static Limit PerHour(std::string name, std::int64_t capacity, std::int64_t burst = 0);
  static Limit PerDay(std::string name, std::int64_t capacity, std::int64_t burst = 0);

  // Every member given by the caller; nothing is derived.
  static Limit Custom(std::string name, std::int64_t capacity, std::int64_t burst,
                      std::int64_t refill_amount, std::chrono::seconds refill_period);

  // Reads `name:capacity[/period][:burst]`; period is `sec`, `min` (when absent), `hour`, `day`, or
  // a duration such as `30s`, `5m`, `2h`, `7d`. Examples: `rpm:1000`, `rps:10/sec`,
  // `tpm:10000/min:50000`. Errors: kInvalidArgument naming the part, its value and the rule.
  static Result<Limit> Parse(std::string_view text);

  // The text form; Parse(ToText()) gives the limit back when refill_amount == capacity.
  std::string ToText() const;

  // Errors: kInvalidArgument naming the field, its value and the rule.
  Status Validate() const;

  friend bool operator==(const Limit&, const Limit&) = default;
};

using Limits = std::vector<Limit>;

}  // namespace zael
