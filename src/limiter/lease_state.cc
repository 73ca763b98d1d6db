#include "limiter/lease_state.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "limit/names.h"
#include "limiter/async_core.h"
#include "limiter/limiter_core.h"

namespace zael::internal {

using limiter::AdjustOperation;
using limiter::Correction;
using limiter::LeasedBucket;

namespace {

std::unique_ptr<const BroughtLimits> BroughtBy(const AcquireRequest& request) {
  if (request.fallback_limits.empty() && request.override_limits.empty()) return nullptr;
  return std::make_unique<const BroughtLimits>(
      BroughtLimits{.fallback = request.fallback_limits, .override = request.override_limits});
}

}  // namespace

LeaseState::LeaseState(std::shared_ptr<LimiterCore> core, const AcquireRequest& request,
                       limiter::LeasedBuckets&& buckets, bool degraded,
                       std::weak_ptr<AsyncCore> async)
    : core_(std::move(core)),
      entity_id_(request.entity_id),
      resource_(request.resource),
      on_unavailable_(request.on_unavailable),
      timeout_(request.timeout),
      brought_(BroughtBy(request)),
      buckets_(std::move(buckets)),
      async_(std::move(async)),
      degraded_(degraded),
      exceptions_at_start_(std::uncaught_exceptions()) {}

LeaseState::~LeaseState() = default;

Error LeaseState::Ended() {
  return {ErrorCode::kFailedPrecondition,
          "use lease: it has ended, was taken before, or was never granted"};
}

bool LeaseState::IsUnwinding() const { return std::uncaught_exceptions() > exceptions_at_start_; }

Status LeaseState::RequireOpen(std::string_view what) const {
  if (ended_) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("{} lease: it has been committed or rolled back", what));
  }
  if (unfinished_rollback_) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("{} lease: its rollback is not finished, call Rollback again", what));
  }
  return {};
}

Result<AcquireRequest> LeaseState::RequestFor(const Amounts& amounts) const {
  ZAEL_TRY(RequireOpen("consume with"));
  AcquireRequest request{.entity_id = entity_id_,
                         .resource = resource_,
                         .consume = amounts,
                         .fallback_limits = {},
                         .override_limits = {},
                         .on_unavailable = on_unavailable_,
                         .timeout = timeout_};
  if (brought_) {
    request.fallback_limits = brought_->fallback;
    request.override_limits = brought_->override;
  }
  return request;
}

Result<Decision> LeaseState::Consume(const Amounts& amounts) {
  ZAEL_ASSIGN(const AcquireRequest request, RequestFor(amounts));
  return core_->AcquireMore(request, buckets_);
}

Result<std::shared_ptr<Booking>> LeaseState::BeginAdjust(const Amounts& deltas) {
  ZAEL_TRY(RequireOpen("adjust"));
  ZAEL_TRY(limit::ValidateDeltas("deltas", deltas));
  return Begin(deltas, "adjust");
}

Result<std::shared_ptr<Booking>> LeaseState::BeginRelease(const Amounts& amounts) {
  ZAEL_TRY(RequireOpen("release from"));
  ZAEL_TRY(limit::ValidateAmounts("amounts", amounts));
  Amounts deltas = amounts;
  for (auto& [name, amount] : deltas) amount = -amount;
  return Begin(deltas, "release");
}

Status LeaseState::Run(const Result<std::shared_ptr<Booking>>& booking) {
  ZAEL_TRY(booking);
  if (*booking == nullptr) return {};
  core_->Run((*booking)->operation);
  return Conclude(**booking);
}

Status LeaseState::Adjust(const Amounts& deltas) { return Run(BeginAdjust(deltas)); }
Status LeaseState::Release(const Amounts& amounts) { return Run(BeginRelease(amounts)); }
Status LeaseState::Rollback() { return Run(BeginRollback()); }

const LeasedBucket* LeaseState::FindOwn(std::string_view limit) const {
  const auto place = std::find_if(
      buckets_.begin(), buckets_.end(),
      [&](const LeasedBucket& bucket) { return bucket.is_own && bucket.spec->id.limit == limit; });
  return place == buckets_.end() ? nullptr : &*place;
}

Status LeaseState::ValidateCorrection(const Amounts& deltas, std::string_view what) const {
  for (const auto& [name, delta] : deltas) {
    const LeasedBucket* bucket = FindOwn(name);
    if (bucket == nullptr) {
      ZAEL_TRY(limiter::ValidateKnown(*buckets_.front().owner, {{name, delta}}));
      continue;
    }
    if (bucket->held + delta < 0) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("{} limit {}: {} given back, the lease holds {}", what, Shorten(name),
                          -delta, bucket->held));
    }
    if (bucket->held + delta > kMaxTokens) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("{} limit {}: the lease would hold more than {}", what, Shorten(name),
                          kMaxTokens));
    }
  }
  return {};
}

Result<std::shared_ptr<Booking>> LeaseState::Begin(const Amounts& deltas, std::string what) {
  // Nothing was charged, and the store was away: there is nothing to correct.
  if (buckets_.empty()) return std::shared_ptr<Booking>();
  ZAEL_TRY(ValidateCorrection(deltas, what));
  std::vector<Correction> corrections;
  std::vector<std::pair<std::size_t, std::int64_t>> changes;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    const LeasedBucket& bucket = buckets_[i];
    const auto found = deltas.find(bucket.spec->id.limit);
    // A parent's limit that came later holds less than the entity's own.
    const std::int64_t delta = found == deltas.end() ? 0 : std::max(found->second, -bucket.held);
    if (delta == 0) continue;
    corrections.push_back({bucket.owner, bucket.spec, delta});
    changes.emplace_back(i, delta);
  }
  if (corrections.empty()) return std::shared_ptr<Booking>();
  auto booking = std::make_shared<Booking>(core_->context(), std::move(what),
                                           std::move(corrections), core_->DeadlineAfter(timeout_));
  booking->changes = std::move(changes);
  return booking;
}

Status LeaseState::Conclude(Booking& booking) {
  const AdjustOperation& operation = booking.operation;
  const bool ok = operation.status().ok();
  if (booking.ends_lease) {
    if (ok) {
      for (LeasedBucket& bucket : buckets_) bucket.held = 0;
      ended_ = true;
    }
    if (!operation.outcome_unknown()) unfinished_rollback_.reset();
    return operation.status();
  }
  for (const auto& [i, delta] : booking.changes) {
    // Never give back what perhaps was not taken, nor twice what perhaps was given back.
    if (ok || (operation.outcome_unknown() && delta < 0)) buckets_[i].held += delta;
  }
  return operation.status();
}

Status LeaseState::Commit() {
  if (ended_) return RequireOpen("commit");
  ended_ = true;
  return {};
}

Result<std::shared_ptr<Booking>> LeaseState::BeginRollback() {
  if (ended_) return RequireOpen("roll back").error();
  const MonotonicTime deadline = core_->DeadlineAfter(timeout_);
  if (unfinished_rollback_) {
    unfinished_rollback_->operation.SetDeadline(deadline);
    return unfinished_rollback_;
  }
  std::vector<Correction> corrections;
  for (const LeasedBucket& bucket : buckets_) {
    if (bucket.held != 0) corrections.push_back({bucket.owner, bucket.spec, -bucket.held});
  }
  if (corrections.empty()) {
    ended_ = true;
    return std::shared_ptr<Booking>();
  }
  unfinished_rollback_ =
      std::make_shared<Booking>(core_->context(), "roll back", std::move(corrections), deadline);
  unfinished_rollback_->ends_lease = true;
  return unfinished_rollback_;
}

void LeaseState::RollbackForNobody(std::unique_ptr<LeaseState> lease) {
  if (const auto async = lease->async_.lock()) {
    async->RollbackForNobody(std::move(lease));
  } else {
    (void)lease->Rollback();
  }
}

Amounts LeaseState::consumed() const {
  Amounts amounts;
  for (const LeasedBucket& bucket : buckets_) {
    if (bucket.is_own && bucket.held != 0) amounts[bucket.spec->id.limit] = bucket.held;
  }
  return amounts;
}

}  // namespace zael::internal
