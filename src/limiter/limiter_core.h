// LimiterCore: what the copies of one RateLimiter and all its leases share.
//
// Validates, runs the operations on the calling thread, and decides what a store that does not
// answer means. Hears of configuration changes made through its repository and forgets what they
// touch.
#pragma once

#include <zael/limiter.h>
#include <zael/repository.h>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "limiter/acquire_operation.h"
#include "limiter/adjust_operation.h"
#include "limiter/availability_operation.h"
#include "limiter/operation_context.h"

namespace zael::internal {

class AsyncCore;

limiter::TargetQuery TargetOf(const AcquireRequest& request);
limiter::TargetQuery TargetOf(const AvailabilityRequest& request);

// Thread-safe.
class LimiterCore final : public ConfigObserver, public std::enable_shared_from_this<LimiterCore> {
 public:
  LimiterCore(std::shared_ptr<Repository> repository, RateLimiterOptions options);

  Result<Decision> Acquire(const AcquireRequest& request);
  // Amounts for a lease that holds `leased`, which grows when granted.
  Result<Decision> AcquireMore(const AcquireRequest& request, limiter::LeasedBuckets& leased);

  Result<Amounts> Available(const AvailabilityRequest& request);
  Result<std::optional<Milliseconds>> TimeUntilAvailable(const AvailabilityRequest& request,
                                                         const Amounts& needed);
  bool IsAvailable(std::chrono::milliseconds timeout);

  // The same in steps, for drivers that do not wait: validate, run the operation, conclude.
  Status Validate(const AcquireRequest& request) const;
  Status Validate(const AvailabilityRequest& request, const Amounts& needed) const;
  Result<Decision> Conclude(limiter::AcquireOperation& operation, const AcquireRequest& request,
                            std::weak_ptr<AsyncCore> async = {});
  Result<Decision> ConcludeMore(limiter::AcquireOperation& operation, const AcquireRequest& request,
                                limiter::LeasedBuckets& leased);
  static Result<Amounts> AvailableOf(const limiter::AvailabilityOperation& operation);
  static Result<std::optional<Milliseconds>> WaitOf(
      const limiter::AvailabilityOperation& operation);

  const Stores& stores() const { return repository_->stores(); }
  limiter::OperationContext& context() { return context_; }
  limiter::ConfigCache& cache() { return cache_; }
  // For `timeout`, or the limiter's own.
  limiter::TimeFrame FrameOf(std::optional<std::chrono::milliseconds> timeout);
  MonotonicTime DeadlineAfter(std::optional<std::chrono::milliseconds> timeout) {
    return FrameOf(timeout).deadline;
  }
  void Run(limiter::Operation& operation);

  void OnEntityChanged(std::string_view entity_id) override;
  void OnSharedDefaultsChanged() override;
  void OnBucketsChanged(std::string_view entity_id) override;

 private:
  bool MayOpen(const limiter::AcquireOperation& operation, const AcquireRequest& request) const;
  Lease MakeLease(const AcquireRequest& request, limiter::LeasedBuckets&& taken, bool degraded,
                  std::weak_ptr<AsyncCore> async);

  const std::shared_ptr<Repository> repository_;
  const RateLimiterOptions options_;
  limiter::ConfigCache cache_;
  limiter::BucketMemory memory_;
  limiter::OperationContext context_;
};

}  // namespace zael::internal
