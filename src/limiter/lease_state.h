// LeaseState: what an open lease holds, bucket by bucket, and how it is corrected and given back.
#pragma once

#include <zael/limiter.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "limiter/adjust_operation.h"
#include "limiter/stored_bucket.h"

namespace zael::internal {

class LimiterCore;

// Thread-compatible. Nothing here happens by itself: Lease decides what its destruction means.
class LeaseState {
 public:
  // `request.consume` is not used.
  LeaseState(std::shared_ptr<LimiterCore> core, AcquireRequest request,
             limiter::LeasedBuckets buckets, bool degraded);
  ~LeaseState();

  Result<Decision> Consume(const Amounts& amounts);
  Status Adjust(const Amounts& deltas);
  Status Release(const Amounts& amounts);
  Status Commit();
  Status Rollback();

  Amounts consumed() const;
  bool degraded() const { return degraded_; }
  bool ended() const { return ended_; }
  // An exception is being thrown that was not when the lease was made.
  bool IsUnwinding() const;

 private:
  Status RequireOpen(std::string_view what) const;
  Status ValidateCorrection(const Amounts& deltas, std::string_view what) const;
  Status Correct(const Amounts& deltas, std::string what);
  const limiter::LeasedBucket* FindOwn(std::string_view limit) const;

  const std::shared_ptr<LimiterCore> core_;
  const AcquireRequest request_;
  limiter::LeasedBuckets buckets_;
  const bool degraded_;
  const int exceptions_at_start_;
  bool ended_ = false;
  // A rollback whose outcome is unknown: run again, never made anew, or it could give back twice.
  std::unique_ptr<limiter::AdjustOperation> unfinished_rollback_;
};

}  // namespace zael::internal
