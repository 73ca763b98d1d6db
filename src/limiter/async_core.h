// AsyncCore: what the copies of one AsyncRateLimiter share: the calls of LimiterCore and LeaseState
// with the driver that holds no thread.
#pragma once

#include <zael/async.h>

#include <functional>
#include <memory>
#include <utility>

#include "limiter/async_driver.h"
#include "limiter/availability_operation.h"
#include "limiter/lease_state.h"
#include "limiter/limiter_core.h"

namespace zael::internal {

// Thread-safe. Each `done` is called as Pending says. Shared by leases too, weakly, for the day
// they are destroyed by an exception; closed when the last AsyncRateLimiter goes.
class AsyncCore : public std::enable_shared_from_this<AsyncCore> {
 public:
  // `timer` absent: a thread.
  AsyncCore(std::shared_ptr<LimiterCore> core, AsyncOptions options,
            std::unique_ptr<os::Timer> timer);

  template <typename Answer>
  using Done = std::function<void(Answer)>;

  void Acquire(AcquireRequest request, const Done<Result<Decision>>& done);
  void Available(AvailabilityRequest request, const Done<Result<Amounts>>& done);
  void TimeUntilAvailable(AvailabilityRequest request, Amounts needed,
                          const Done<Result<std::optional<Milliseconds>>>& done);

  // `lease` outlives the call.
  void Consume(LeaseState& lease, const Amounts& amounts, const Done<Result<Decision>>& done);
  void Adjust(LeaseState& lease, const Amounts& deltas, const Done<Status>& done);
  void Release(LeaseState& lease, const Amounts& amounts, const Done<Status>& done);
  void Rollback(LeaseState& lease, const Done<Status>& done);

  // Rolls the lease back and tells nobody; waits only when closed, or too much is under way.
  void RollbackForNobody(const std::shared_ptr<LeaseState>& lease);

  void Close() { driver_.Close(); }

  // For what is known without asking anybody.
  template <typename Answer>
  void Say(Answer answer, const Done<Answer>& done) {
    driver_.Post(
        [kept = std::make_shared<Answer>(std::move(answer)), done] { done(std::move(*kept)); });
  }

 private:
  // Runs the operation, then answers what `conclude` makes of it.
  template <typename Answer>
  void Run(std::shared_ptr<limiter::Operation> operation, std::function<Answer()> conclude,
           const Done<Answer>& done);
  template <typename Answer>
  void Look(AvailabilityRequest request, Amounts needed,
            Answer (*conclude)(const limiter::AvailabilityOperation&), const Done<Answer>& done);
  void Book(LeaseState& lease, Result<std::shared_ptr<Booking>> booking, const Done<Status>& done);

  const std::shared_ptr<LimiterCore> core_;
  const std::size_t most_calls_;
  limiter::AsyncDriver driver_;
};

}  // namespace zael::internal
