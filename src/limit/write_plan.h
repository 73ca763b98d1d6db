// WritePlan: the one conditional write that refills a stored bucket and takes from it, planned
// without I/O.
//
// Memory (the last state of the bucket this process saw) only chooses which write to try; the
// condition that goes with it is complete on its own, so a stale memory can make a write fail but
// never over-admit (I1). A plan never denies from memory: a remembered balance that is too low
// gives a write whose condition fails and brings back the fresh item, for which Judge() gives the
// verdict.
//
// Why each condition suffices. The stored pair (T, L) promises the level V(t) = min(B, T + r(t -
// L)) at every t >= L, and by induction V never exceeds the level of the ideal (greedy) bucket. A
// write keeps this when the new pair promises at most V - need from then on, and V >= need at a
// moment between L and now. L never goes back, so the moments of the writes are in the order of the
// writes.
//
// * Create: no item, so the ideal bucket is full (first touch, or a reset).
// * Add: the new pair lies on the line through the old one, lowered by need: credit <= r(L' - L).
//   Two lines promise different levels only where the old one is cut off at B. Without the upper
//   bound on T, a bucket lazily full at `now` would keep what it earned above B and get it back
//   after the consume. With credit = 0 it is enough that L is not older than the remembered one
//   (less can have been earned since), so writers do not contend for L. When the caller's clock is
//   not ahead of L, the moment is L itself, where nothing is cut off.
// * Fill: same L and T + floor(r * dt) >= B, so V(now) = B whatever T is now.
// * Adopt: every field is as remembered, so the new pair was computed from exactly this item. The
//   new parameters hold from the moment m = max(now, L) on, and the new pair is V(m), rounded down
//   and cut at the new B. Where clocks differ, grants may have been answered with moments after m,
//   by less than one old step (L trails the moment of a write by less). Up to those moments V was
//   not cut off, so the same grants are covered when they are taken at m: in this order an ideal
//   bucket whose parameters change at m promises no less than V. A later moment would keep a
//   raised limit waiting for up to one step of the old rate, which may be hours.
// * Check: takes nothing; T >= 0, or T + floor(r * dt) >= 0 with the same L and rate, means that
//   the bucket is not in debt.
//
// Add and Fill also require the stored parameters to be the wanted ones: a change of configuration
// made elsewhere shows as a failed condition, not as a wrong refill.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "limit/arithmetic.h"

namespace zael {

struct BucketState {
  BucketParams params;
  BucketBalance balance;

  friend bool operator==(const BucketState&, const BucketState&) = default;
};

// Put the item. Condition: it does not exist.
struct CreatePlan {
  BucketBalance result;
};

// tokens += credit - need; last_refill = new_last_refill when last_refill_must_equal, else left
// alone. Condition: the four parameters = wanted; last_refill = base (must_equal) or >= base;
// tokens >= min; tokens <= max when given.
struct AddPlan {
  std::int64_t credit_milli = 0;
  std::int64_t need_milli = 0;
  std::int64_t base_last_refill_ms = 0;
  std::int64_t new_last_refill_ms = 0;
  bool last_refill_must_equal = false;  // true exactly when new_last_refill differs from base
  std::int64_t min_tokens_milli = 0;
  std::optional<std::int64_t> max_tokens_milli;

  std::int64_t delta_milli() const { return credit_milli - need_milli; }
};

// tokens and last_refill = result. Condition: the four parameters = wanted; last_refill = base;
// tokens >= min.
struct FillPlan {
  std::int64_t base_last_refill_ms = 0;
  std::int64_t min_tokens_milli = 0;
  BucketBalance result;
};

// The bucket takes the wanted parameters and result. Condition: tokens, last_refill and the four
// parameters = expected; tokens >= min (which fails when the remembered balance is too low for the
// need).
struct AdoptPlan {
  BucketState expected;
  std::int64_t min_tokens_milli = 0;
  BucketBalance result;
};

// Nothing to write. Condition: no item; or tokens >= 0; or last_refill, refill amount and period
// are those of `expected` and tokens >= min.
struct CheckPlan {
  BucketState expected;
  std::int64_t min_tokens_milli = 0;
};

// The need is above burst: no state of the bucket grants it.
struct NeverPlan {};

using WritePlan = std::variant<CreatePlan, AddPlan, FillPlan, AdoptPlan, CheckPlan, NeverPlan>;

// One limit of an acquire. Requires: IsValid(wanted), need >= 0.
struct BucketRequest {
  BucketParams wanted;  // from the configuration
  std::int64_t need_milli = 0;
  std::int64_t now_ms = 0;
};

// `remembered` absent: the bucket is believed not to exist.
WritePlan PlanWrite(const std::optional<BucketState>& remembered, const BucketRequest& request);

// What an acquire on this state gets; absent: no item.
struct Verdict {
  bool granted = false;
  std::int64_t available = 0;                      // whole tokens, before the need is taken
  std::optional<std::int64_t> retry_after_ms = 0;  // 0 when granted, absent for never
  std::int64_t as_of_ms = 0;                       // the later of now and the bucket's own time
  bool stale_params = false;                       // the item has other parameters than the wanted
};

// For stale parameters the answer supposes that the bucket takes the wanted ones now: after a
// denial, write PlanAdopt(state, request), or a raised limit would never reach a bucket whose
// requests are above the old burst.
Verdict Judge(const std::optional<BucketState>& state, const BucketRequest& request);

// Takes the wanted parameters and nothing else; the need is ignored.
AdoptPlan PlanAdopt(const BucketState& state, const BucketRequest& request);

}  // namespace zael
