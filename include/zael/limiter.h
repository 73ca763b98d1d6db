// RateLimiter: asks for tokens, before the work, and gets a Decision.
//
// One conditional write and no read per acquire in the steady state: the process remembers the last
// stored state of every bucket it touched and proposes the next one; the condition stored with the
// write alone decides, so any number of limiters, processes and hosts may share a table. Design:
// semantics.md 4-6.
#pragma once

#include <zael/clock.h>
#include <zael/config.h>
#include <zael/decision.h>
#include <zael/lease.h>
#include <zael/limit.h>
#include <zael/result.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zael {

class AsyncRateLimiter;
class Repository;

namespace internal {
class LimiterCore;
}

struct AcquireRequest {
  std::string entity_id;
  std::string resource;
  Amounts consume;  // limit name -> tokens >= 0; at least one; an unknown name is kInvalidArgument
  Limits fallback_limits;  // used when no level of the configuration has limits
  Limits override_limits;  // not empty: used as they are, the configuration is not looked at
  std::optional<OnUnavailable>
      on_unavailable;  // over the stored system default, over the limiter's option
  std::optional<std::chrono::milliseconds> timeout;  // over the limiter's option
};

struct RateLimiterOptions {
  // How long resolved configuration is believed before it is read again; zero reads it for every
  // acquire. A change made through this process is seen at once, one made elsewhere after this
  // long, or as soon as a bucket shows it.
  std::chrono::milliseconds config_cache_ttl{60'000};
  std::size_t config_cache_entries = 100'000;  // oldest go first
  std::size_t remembered_buckets = 1'000'000;  // forgetting one costs a read, never a token
  OnUnavailable on_unavailable = OnUnavailable::kBlock;
  std::chrono::milliseconds timeout{5'000};  // of an acquire that does not say its own
};

struct CacheStats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::size_t entries = 0;
};

// The entity and resource whose balances are asked for, and the limits when none are configured.
struct AvailabilityRequest {
  std::string entity_id;
  std::string resource;
  Limits fallback_limits;
  Limits override_limits;
};

// Thread-safe; cheap to make; copies share everything. Entities, configuration and audit are facets
// of the Repository.
class RateLimiter {
 public:
  explicit RateLimiter(std::shared_ptr<Repository> repository, RateLimiterOptions options = {});

  // Granted, denied, or why there is no answer.
  // Errors: kInvalidArgument, kAborted (every race lost inside the timeout), kDeadlineExceeded (may
  // have been charged), kUnavailable, kResourceExhausted, kPermissionDenied, kDataLoss.
  Result<Decision> Acquire(const AcquireRequest& request);

  // Whole tokens per limit name that an acquire could take now; with cascade the minimum of entity
  // and parent. Changes nothing. Errors as Acquire.
  Result<Amounts> Available(const AvailabilityRequest& request);

  // How long until `needed` would be granted: zero for now, absent for never. Changes nothing.
  Result<std::optional<Milliseconds>> TimeUntilAvailable(const AvailabilityRequest& request,
                                                         const Amounts& needed);

  // Whether the store answers within `timeout`. Never blocks longer.
  bool IsAvailable(std::chrono::milliseconds timeout);

  void InvalidateConfigCache();
  CacheStats GetCacheStats() const;

 private:
  friend class AsyncRateLimiter;

  std::shared_ptr<internal::LimiterCore> core_;
};

}  // namespace zael
