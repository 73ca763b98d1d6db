// LeaseState: what an open lease holds, bucket by bucket, and how it is corrected and given back.
#pragma once

#include <zael/limiter.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limiter/adjust_operation.h"
#include "limiter/stored_bucket.h"

namespace zael::internal {

class AsyncCore;
class LimiterCore;

// A correction of a lease under way: run the operation, then LeaseState::Conclude.
struct Booking {
  Booking(limiter::OperationContext& context, std::string what,
          std::vector<limiter::Correction> corrections, MonotonicTime deadline)
      : operation(context, std::move(what), std::move(corrections), deadline) {}

  limiter::AdjustOperation operation;
  std::vector<std::pair<std::size_t, std::int64_t>> changes;  // of buckets, should it succeed
  bool ends_lease = false;
};

// Limits that a call brought along; most bring none.
struct BroughtLimits {
  Limits fallback;
  Limits override;
};

// Thread-compatible. Nothing here happens by itself: Lease decides what its destruction means.
class LeaseState {
 public:
  // `request.consume` is not used. `async`: who granted it, when that was an AsyncRateLimiter.
  LeaseState(std::shared_ptr<LimiterCore> core, const AcquireRequest& request,
             limiter::LeasedBuckets&& buckets, bool degraded, std::weak_ptr<AsyncCore> async);
  ~LeaseState();

  static Error Ended();

  Result<Decision> Consume(const Amounts& amounts);
  Status Adjust(const Amounts& deltas);
  Status Release(const Amounts& amounts);
  Status Commit();
  Status Rollback();

  // The same in steps, for drivers that do not wait. Null: there is nothing to do.
  Result<AcquireRequest> RequestFor(const Amounts& amounts) const;  // of Consume
  Result<std::shared_ptr<Booking>> BeginAdjust(const Amounts& deltas);
  Result<std::shared_ptr<Booking>> BeginRelease(const Amounts& amounts);
  Result<std::shared_ptr<Booking>> BeginRollback();
  Status Conclude(Booking& booking);
  limiter::LeasedBuckets& buckets() { return buckets_; }
  const std::shared_ptr<LimiterCore>& core() const { return core_; }

  Amounts consumed() const;
  bool degraded() const { return degraded_; }
  bool ended() const { return ended_; }
  // Rolls back a lease that is being destroyed: without waiting when it was granted so, for the
  // thread may be the one that brings the answers. Requires: `lease` is the only one that holds it.
  static void RollbackForNobody(std::unique_ptr<LeaseState> lease);
  // An exception is being thrown that was not when the lease was made.
  bool IsUnwinding() const;

 private:
  Status RequireOpen(std::string_view what) const;
  Status ValidateCorrection(const Amounts& deltas, std::string_view what) const;
  Result<std::shared_ptr<Booking>> Begin(const Amounts& deltas, std::string what);
  Status Run(const Result<std::shared_ptr<Booking>>& booking);
  const limiter::LeasedBucket* FindOwn(std::string_view limit) const;

  const std::shared_ptr<LimiterCore> core_;
  const std::string entity_id_;
  const std::string resource_;
  const std::optional<OnUnavailable> on_unavailable_;
  const std::optional<std::chrono::milliseconds> timeout_;
  const std::unique_ptr<const BroughtLimits> brought_;  // null: none
  limiter::LeasedBuckets buckets_;
  const std::weak_ptr<AsyncCore> async_;
  const bool degraded_;
  const int exceptions_at_start_;
  bool ended_ = false;
  // A rollback whose outcome is unknown: run again, never made anew, or it could give back twice.
  std::shared_ptr<Booking> unfinished_rollback_;
};

}  // namespace zael::internal
