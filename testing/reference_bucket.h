// ReferenceBucket: one bucket as semantics.md section 2 describes it, for one caller at a time.
//
// Written for being obviously right, not fast, and without a look at src/limit: tests compare the
// two.
#pragma once

#include <zael/limit.h>

#include <cstdint>
#include <optional>

namespace zael::testing {

// Amounts in whole tokens, times in epoch milliseconds. Thread-compatible.
class ReferenceBucket {
 public:
  explicit ReferenceBucket(const Limit& limit);

  // Whether `tokens` would be granted at `now_ms`; zero asks only that the bucket is not in debt.
  bool WouldGrant(std::int64_t tokens, std::int64_t now_ms) const;

  // Takes `tokens` if they would be granted; a refused call changes nothing.
  bool Acquire(std::int64_t tokens, std::int64_t now_ms);

  // Charges (positive) or gives back (negative) without asking.
  void Adjust(std::int64_t tokens, std::int64_t now_ms);

  // New parameters: refilled under the old ones up to now, clipped to the new burst.
  void SetLimit(const Limit& limit, std::int64_t now_ms);

  // Comes back full at the next touch.
  void Reset() { stored_.reset(); }

  // Whole tokens after refill, floored.
  std::int64_t Available(std::int64_t now_ms) const;

 private:
  struct State {
    __int128 tokens_milli;
    std::int64_t last_refill_ms;
  };

  State Refilled(std::int64_t now_ms, __int128 need_milli) const;
  State Current(std::int64_t now_ms) const;

  Limit limit_;
  std::optional<State> stored_;
};

}  // namespace zael::testing
