#include "limiter/async_core.h"

#include <optional>
#include <utility>

#include "base/format.h"

namespace zael::internal {
namespace {

using limiter::AcquireOperation;
using limiter::AvailabilityOperation;
using limiter::Operation;

// What an operation refers to, for as long as it runs.
struct AcquireCall {
  AcquireCall(std::shared_ptr<LimiterCore> c, AcquireRequest r,
              const limiter::LeasedBuckets* leased = nullptr)
      : core(std::move(c)),
        request(std::move(r)),
        operation(core->context(), TargetOf(request), request.consume,
                  core->FrameOf(request.timeout), leased) {}

  const std::shared_ptr<LimiterCore> core;
  const AcquireRequest request;
  AcquireOperation operation;
};

struct LookCall {
  LookCall(std::shared_ptr<LimiterCore> c, AvailabilityRequest r, Amounts n)
      : core(std::move(c)),
        request(std::move(r)),
        needed(std::move(n)),
        operation(core->context(), TargetOf(request), needed, core->FrameOf({})) {}

  const std::shared_ptr<LimiterCore> core;
  const AvailabilityRequest request;
  const Amounts needed;
  AvailabilityOperation operation;
};

// Keeps all of the call alive.
template <typename Call>
std::shared_ptr<Operation> OperationOf(const std::shared_ptr<Call>& call) {
  return {call, &call->operation};
}

limiter::AsyncParts PartsOf(const Stores& stores, AsyncOptions options,
                            std::unique_ptr<os::Timer> timer) {
  return {.items = stores.async_items,
          .waited = stores.items,
          .timer = timer ? std::move(timer) : os::MakeTimerThread(),
          .options = std::move(options)};
}

}  // namespace

AsyncCore::AsyncCore(std::shared_ptr<LimiterCore> core, AsyncOptions options,
                     std::unique_ptr<os::Timer> timer)
    : core_(std::move(core)),
      most_calls_(options.most_calls),
      driver_(PartsOf(core_->stores(), std::move(options), std::move(timer))) {}

template <typename Answer>
void AsyncCore::Run(std::shared_ptr<Operation> operation, std::function<Answer()> conclude,
                    const Done<Answer>& done) {
  const bool begun = driver_.Run(
      std::move(operation), [conclude = std::move(conclude), done]() -> std::function<void()> {
        return [answer = std::make_shared<Answer>(conclude()), done] { done(std::move(*answer)); };
      });
  if (begun) return;
  Say(Answer(Error(ErrorCode::kResourceExhausted,
                   Format("begin call: {} calls are under way already", most_calls_))),
      done);
}

void AsyncCore::Acquire(AcquireRequest request, const Done<Result<Decision>>& done) {
  if (const Status valid = core_->Validate(request); !valid.ok()) {
    return Say(Result<Decision>(valid.error()), done);
  }
  auto call = std::make_shared<AcquireCall>(core_, std::move(request));
  Run<Result<Decision>>(
      OperationOf(call),
      [call, async = weak_from_this()] {
        return call->core->Conclude(call->operation, call->request, async);
      },
      done);
}

template <typename Answer>
void AsyncCore::Look(AvailabilityRequest request, Amounts needed,
                     Answer (*conclude)(const AvailabilityOperation&), const Done<Answer>& done) {
  if (const Status valid = core_->Validate(request, needed); !valid.ok()) {
    return Say(Answer(valid.error()), done);
  }
  auto call = std::make_shared<LookCall>(core_, std::move(request), std::move(needed));
  Run<Answer>(
      OperationOf(call), [call, conclude] { return conclude(call->operation); }, done);
}

void AsyncCore::Available(AvailabilityRequest request, const Done<Result<Amounts>>& done) {
  Look<Result<Amounts>>(std::move(request), {}, &LimiterCore::AvailableOf, done);
}

void AsyncCore::TimeUntilAvailable(AvailabilityRequest request, Amounts needed,
                                   const Done<Result<std::optional<Milliseconds>>>& done) {
  Look<Result<std::optional<Milliseconds>>>(std::move(request), std::move(needed),
                                            &LimiterCore::WaitOf, done);
}

void AsyncCore::Consume(LeaseState& lease, const Amounts& amounts,
                        const Done<Result<Decision>>& done) {
  auto request = lease.RequestFor(amounts);
  if (!request.ok()) return Say(Result<Decision>(request.error()), done);
  if (const Status valid = core_->Validate(*request); !valid.ok()) {
    return Say(Result<Decision>(valid.error()), done);
  }
  auto call = std::make_shared<AcquireCall>(lease.core(), *std::move(request), &lease.buckets());
  Run<Result<Decision>>(
      OperationOf(call),
      [call, &lease] {
        return call->core->ConcludeMore(call->operation, call->request, lease.buckets());
      },
      done);
}

void AsyncCore::Book(LeaseState& lease, Result<std::shared_ptr<Booking>> booking,
                     const Done<Status>& done) {
  if (!booking.ok()) return Say(Status(booking.error()), done);
  if (*booking == nullptr) return Say(Status(), done);
  const std::shared_ptr<Booking> booked = *std::move(booking);
  Run<Status>(
      OperationOf(booked), [booked, &lease] { return lease.Conclude(*booked); }, done);
}

void AsyncCore::Adjust(LeaseState& lease, const Amounts& deltas, const Done<Status>& done) {
  Book(lease, lease.BeginAdjust(deltas), done);
}

void AsyncCore::Release(LeaseState& lease, const Amounts& amounts, const Done<Status>& done) {
  Book(lease, lease.BeginRelease(amounts), done);
}

void AsyncCore::Rollback(LeaseState& lease, const Done<Status>& done) {
  Book(lease, lease.BeginRollback(), done);
}

void AsyncCore::RollbackForNobody(const std::shared_ptr<LeaseState>& lease) {
  const auto booking = lease->BeginRollback();
  if (!booking.ok() || *booking == nullptr) return;
  const bool begun = driver_.Run(OperationOf(*booking), [lease, booked = *booking] {
    (void)lease->Conclude(*booked);
    return [] {};
  });
  if (!begun) (void)lease->Rollback();
}

}  // namespace zael::internal
