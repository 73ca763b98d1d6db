#include "limiter/limiter_core.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "limit/names.h"
#include "limiter/lease_state.h"
#include "records/keys.h"

namespace zael::internal {

using limiter::AcquireOperation;
using limiter::AvailabilityOperation;
using limiter::LeasedBucket;
using limiter::TargetQuery;

namespace {

// Longer ones would leave the range of the monotonic clock.
constexpr std::chrono::milliseconds kLongestTimeout = std::chrono::hours(24 * 365);

void Join(limiter::LeasedBuckets& leased, const limiter::LeasedBuckets& taken) {
  for (const LeasedBucket& more : taken) {
    const auto place = std::find_if(leased.begin(), leased.end(), [&](const LeasedBucket& bucket) {
      return bucket.spec->memory_key == more.spec->memory_key;
    });
    if (place == leased.end()) {
      leased.push_back(more);
      continue;
    }
    place->held += more.held;
    place->owner = more.owner;  // the newer parameters, should a charge have to make the bucket
    place->spec = more.spec;
  }
}

}  // namespace

TargetQuery TargetOf(const AcquireRequest& request) {
  return {request.entity_id, request.resource, request.fallback_limits, request.override_limits};
}

TargetQuery TargetOf(const AvailabilityRequest& request) {
  return {request.entity_id, request.resource, request.fallback_limits, request.override_limits};
}

LimiterCore::LimiterCore(std::shared_ptr<Repository> repository, RateLimiterOptions options)
    : repository_(std::move(repository)),
      options_(options),
      cache_(options.config_cache_ttl, options.config_cache_entries),
      memory_(options.remembered_buckets),
      context_{*repository_, repository_->table_name(), repository_->clock(), cache_, memory_} {}

limiter::TimeFrame LimiterCore::FrameOf(std::optional<std::chrono::milliseconds> timeout) {
  const auto wait =
      std::clamp(timeout.value_or(options_.timeout), Milliseconds(0), kLongestTimeout);
  const MonotonicTime now = context_.clock.MonotonicNow();
  return {.started = now, .deadline = now + wait};
}

void LimiterCore::Run(limiter::Operation& operation) {
  limiter::RunBlocking(operation, *repository_->stores().items, context_.clock);
}

Status LimiterCore::Validate(const AcquireRequest& request) const {
  ZAEL_TRY(limiter::ValidateTarget(TargetOf(request)));
  if (request.consume.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "validate consume: no limit is named, name at least one");
  }
  return limit::ValidateAmounts("consume", request.consume);
}

Result<Decision> LimiterCore::Acquire(const AcquireRequest& request) {
  ZAEL_TRY(Validate(request));
  AcquireOperation operation(context_, TargetOf(request), request.consume,
                             FrameOf(request.timeout));
  Run(operation);
  return Conclude(operation, request);
}

Result<Decision> LimiterCore::Conclude(AcquireOperation& operation, const AcquireRequest& request,
                                       std::weak_ptr<AsyncCore> async) {
  if (const Error* failure = operation.failure()) [[unlikely]] {
    if (!MayOpen(operation, request)) return *failure;
    return Decision::Granted({}, MakeLease(request, {}, /*degraded=*/true, std::move(async)));
  }
  limiter::AcquireResult& result = operation.result();
  if (!result.granted) return Decision::Denied(std::move(result.statuses));
  return Decision::Granted(
      std::move(result.statuses),
      MakeLease(request, std::move(result.taken), /*degraded=*/false, std::move(async)));
}

Result<Decision> LimiterCore::AcquireMore(const AcquireRequest& request,
                                          limiter::LeasedBuckets& leased) {
  ZAEL_TRY(Validate(request));
  AcquireOperation operation(context_, TargetOf(request), request.consume, FrameOf(request.timeout),
                             &leased);
  Run(operation);
  return ConcludeMore(operation, request, leased);
}

Result<Decision> LimiterCore::ConcludeMore(AcquireOperation& operation,
                                           const AcquireRequest& request,
                                           limiter::LeasedBuckets& leased) {
  if (const Error* failure = operation.failure()) {
    if (!MayOpen(operation, request)) return *failure;
    return Decision::Granted({}, Lease());
  }
  limiter::AcquireResult& result = operation.result();
  if (!result.granted) return Decision::Denied(std::move(result.statuses));
  Join(leased, result.taken);
  return Decision::Granted(std::move(result.statuses), Lease());
}

// What this call says, over what the table says, over what the program said.
bool LimiterCore::MayOpen(const AcquireOperation& operation, const AcquireRequest& request) const {
  if (!operation.failure_may_open()) return false;
  const auto stored = cache_.LastKnownMode();
  const OnUnavailable mode =
      request.on_unavailable.value_or(stored.value_or(options_.on_unavailable));
  return mode == OnUnavailable::kAllow;
}

Lease LimiterCore::MakeLease(const AcquireRequest& request, limiter::LeasedBuckets&& taken,
                             bool degraded, std::weak_ptr<AsyncCore> async) {
  return Lease(std::make_unique<LeaseState>(shared_from_this(), request, std::move(taken), degraded,
                                            std::move(async)));
}

Status LimiterCore::Validate(const AvailabilityRequest& request, const Amounts& needed) const {
  ZAEL_TRY(limiter::ValidateTarget(TargetOf(request)));
  return limit::ValidateAmounts("needed", needed);
}

Result<Amounts> LimiterCore::AvailableOf(const AvailabilityOperation& operation) {
  ZAEL_TRY(operation.status());
  return operation.available();
}

Result<std::optional<Milliseconds>> LimiterCore::WaitOf(const AvailabilityOperation& operation) {
  ZAEL_TRY(operation.status());
  return operation.wait();
}

Result<Amounts> LimiterCore::Available(const AvailabilityRequest& request) {
  const Amounts nothing;
  ZAEL_TRY(Validate(request, nothing));
  AvailabilityOperation operation(context_, TargetOf(request), nothing, FrameOf({}));
  Run(operation);
  return AvailableOf(operation);
}

Result<std::optional<Milliseconds>> LimiterCore::TimeUntilAvailable(
    const AvailabilityRequest& request, const Amounts& needed) {
  ZAEL_TRY(Validate(request, needed));
  AvailabilityOperation operation(context_, TargetOf(request), needed, FrameOf({}));
  Run(operation);
  return WaitOf(operation);
}

bool LimiterCore::IsAvailable(std::chrono::milliseconds timeout) {
  const GetRequest request{
      .table = context_.table, .key = records::VersionKey(), .deadline = DeadlineAfter(timeout)};
  return repository_->stores().items->Get(request).ok();
}

void LimiterCore::OnEntityChanged(std::string_view entity_id) { cache_.EvictEntity(entity_id); }

void LimiterCore::OnSharedDefaultsChanged() { cache_.Clear(); }

void LimiterCore::OnBucketsChanged(std::string_view entity_id) { memory_.EraseGroup(entity_id); }

}  // namespace zael::internal
