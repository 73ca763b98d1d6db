// Decision: what an acquire answers, granted or denied, with the state of every limit it checked.
//
// A denial is an answer, not an error: it says which limits were exceeded and how long to wait.
// Design: semantics.md, section 4.
#pragma once

#include <zael/clock.h>
#include <zael/lease.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zael {

// One limit of the entity or of its parent, as this acquire saw it. Amounts in whole tokens.
struct LimitStatus {
  std::string entity_id;
  std::string resource;
  std::string limit;
  std::int64_t available = 0;  // before this acquire took its share, after refill; negative in debt
  std::int64_t requested = 0;
  bool exceeded = false;
  // How long until `requested` would be granted if nobody else took anything: zero when not
  // exceeded, absent when never (the request is above burst).
  std::optional<Milliseconds> retry_after{Milliseconds{0}};
  // The moment on the bucket's own time line (the fastest clock that touched it) these numbers hold
  // for.
  WallTime as_of{};
};

// Thread-compatible; move-only because it may carry the lease.
class Decision {
 public:
  static Decision Granted(std::vector<LimitStatus> statuses, Lease lease);
  static Decision Denied(std::vector<LimitStatus> statuses);

  bool granted() const { return granted_; }

  // Every limit checked, the entity's first, then its parent's.
  const std::vector<LimitStatus>& statuses() const { return statuses_; }

  // The exceeded ones; empty when granted.
  std::vector<LimitStatus> violations() const;

  // The exceeded limit with the longest wait ("never" is the longest); nullptr when granted.
  const LimitStatus* primary_violation() const;

  // The wait after which all limits would grant; zero when granted, absent when never.
  std::optional<Milliseconds> retry_after() const;

  // The lease of a granted acquire. Requires: granted() and not taken before (a second call, or one
  // on a denial, gives an ended lease on which every operation is kFailedPrecondition).
  Lease TakeLease();

  // {"granted":…, "error":…, "message":…, "retry_after_seconds":…, "retry_after_ms":…,
  // "limits":[…]}: one line, members in this order; `error` and `message` are null when granted,
  // the waits are null for never.
  std::string ToJson() const;

 private:
  Decision(bool granted, std::vector<LimitStatus> statuses, Lease lease);

  bool granted_ = false;
  std::vector<LimitStatus> statuses_;
  Lease lease_;
};

}  // namespace zael
