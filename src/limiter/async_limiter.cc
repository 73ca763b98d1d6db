#include <zael/async.h>

#include <utility>

#include "limiter/async_core.h"
#include "os/timer.h"

namespace zael {

using internal::AsyncCore;
using internal::LeaseState;

namespace {

// What the copies of one limiter share; leases know the core too, and may see it closed.
struct Owner {
  explicit Owner(std::shared_ptr<AsyncCore> owned) : core(std::move(owned)) {}
  ~Owner() { core->Close(); }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;

  const std::shared_ptr<AsyncCore> core;
};

}  // namespace

AsyncRateLimiter::AsyncRateLimiter(const RateLimiter& limiter, AsyncOptions options) {
  auto owner = std::make_shared<Owner>(
      std::make_shared<AsyncCore>(limiter.core_, std::move(options), nullptr));
  core_ = {owner, owner->core.get()};
}

Pending<Result<Decision>> AsyncRateLimiter::Acquire(AcquireRequest request) {
  return Pending<Result<Decision>>(
      [core = core_, request = std::move(request)](const auto& done) mutable {
        core->Acquire(std::move(request), done);
      });
}

Pending<Result<Amounts>> AsyncRateLimiter::Available(AvailabilityRequest request) {
  return Pending<Result<Amounts>>(
      [core = core_, request = std::move(request)](const auto& done) mutable {
        core->Available(std::move(request), done);
      });
}

Pending<Result<std::optional<Milliseconds>>> AsyncRateLimiter::TimeUntilAvailable(
    AvailabilityRequest request, Amounts needed) {
  return Pending<Result<std::optional<Milliseconds>>>(
      [core = core_, request = std::move(request),
       needed = std::move(needed)](const auto& done) mutable {
        core->TimeUntilAvailable(std::move(request), std::move(needed), done);
      });
}

Pending<Result<Decision>> AsyncRateLimiter::Consume(Lease& lease, Amounts amounts) {
  return Pending<Result<Decision>>(
      [core = core_, state = lease.state_.get(), amounts = std::move(amounts)](const auto& done) {
        if (state == nullptr) return core->Say(Result<Decision>(LeaseState::Ended()), done);
        core->Consume(*state, amounts, done);
      });
}

namespace {

template <typename Begin>
Pending<Status> OfLease(std::shared_ptr<AsyncCore> core, LeaseState* state, Begin begin) {
  return Pending<Status>(
      [core = std::move(core), state, begin = std::move(begin)](const auto& done) {
        if (state == nullptr) return core->Say(Status(LeaseState::Ended()), done);
        begin(*core, *state, done);
      });
}

}  // namespace

Pending<Status> AsyncRateLimiter::Adjust(Lease& lease, Amounts deltas) {
  return OfLease(
      core_, lease.state_.get(),
      [deltas = std::move(deltas)](AsyncCore& core, LeaseState& state, const auto& done) {
        core.Adjust(state, deltas, done);
      });
}

Pending<Status> AsyncRateLimiter::Release(Lease& lease, Amounts amounts) {
  return OfLease(
      core_, lease.state_.get(),
      [amounts = std::move(amounts)](AsyncCore& core, LeaseState& state, const auto& done) {
        core.Release(state, amounts, done);
      });
}

Pending<Status> AsyncRateLimiter::Rollback(Lease& lease) {
  return OfLease(
      core_, lease.state_.get(),
      [](AsyncCore& core, LeaseState& state, const auto& done) { core.Rollback(state, done); });
}

}  // namespace zael
