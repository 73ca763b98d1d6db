// AsyncRateLimiter: the limiter for programs that must not hold a thread while the store answers.
//
// The same calls under the same rules as RateLimiter and Lease; each gives a Pending, which begins
// when it is awaited in a coroutine or given a function:
//
//   auto decision = co_await limiter.Acquire(request);
//   limiter.Acquire(request).Then([](Result<Decision> decision) { ... });
//
// Nothing waits: a store on a network goes on when its answer comes, pauses between lost races are
// timers, and a store that can only be waited for is waited for on other threads. A call ends by
// its answer or by its timeout; there is no other way to cancel it. Design: semantics.md 4-6.
#pragma once

#include <zael/limiter.h>

#include <coroutine>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace zael {

namespace internal {
class AsyncCore;
}

// Runs every task it is given once, soon, and never inside the call that gives it.
using Executor = std::function<void(std::function<void()> task)>;

struct AsyncOptions {
  // Where answers arrive, and where a store that can only be waited for is waited for. It outlives
  // every call. Absent: on the thread of the store's answer, and on a few threads of the limiter's.
  Executor executor;
  std::size_t most_calls = 100'000;  // under way at a time; more are kResourceExhausted at once
};

// A call that has not begun. Its answer arrives once, where AsyncOptions say, and never inside
// Then. Thread-compatible. Never begun: nothing happens.
template <typename Answer>
class [[nodiscard]] Pending {
 public:
  using Done = std::function<void(Answer)>;
  class Awaiter;

  // For the library.
  explicit Pending(std::function<void(Done)> begin) : begin_(std::move(begin)) {}

  // `done` must not throw.
  void Then(Done done) && { std::exchange(begin_, nullptr)(std::move(done)); }

  Awaiter operator co_await() && { return Awaiter(std::move(begin_)); }

 private:
  std::function<void(Done)> begin_;
};

template <typename Answer>
class Pending<Answer>::Awaiter {
 public:
  explicit Awaiter(std::function<void(Done)> begin) : begin_(std::move(begin)) {}

  bool await_ready() const noexcept { return false; }
  // The answer may resume the coroutine, and end this object, before `begin` returns.
  void await_suspend(std::coroutine_handle<> coroutine) {
    const auto begin = std::exchange(begin_, nullptr);
    begin([this, coroutine](Answer answer) {
      answer_.emplace(std::move(answer));
      coroutine.resume();
    });
  }
  Answer await_resume() { return *std::move(answer_); }

 private:
  std::function<void(Done)> begin_;
  std::optional<Answer> answer_;
};

// Thread-safe; copies share everything. The destructor of the last copy waits until every call
// under way has its answer, which the timeouts bound, and the answer has arrived (with an executor:
// was given to it). It may run where the last answer arrives, but nowhere else that answers arrive.
class AsyncRateLimiter {
 public:
  // Shares caches and memory with `limiter`.
  explicit AsyncRateLimiter(const RateLimiter& limiter, AsyncOptions options = {});

  // Errors of all: those of the call of the same name in RateLimiter and Lease, and
  // kResourceExhausted (most_calls).
  Pending<Result<Decision>> Acquire(AcquireRequest request);
  Pending<Result<Amounts>> Available(AvailabilityRequest request);
  Pending<Result<std::optional<Milliseconds>>> TimeUntilAvailable(AvailabilityRequest request,
                                                                  Amounts needed);

  // Of a lease, whoever granted it. Requires: until the answer the lease is neither used nor
  // destroyed; it may be moved. Commit writes nothing: call the lease's. A lease granted here that
  // an exception destroys is rolled back without waiting.
  Pending<Result<Decision>> Consume(Lease& lease, Amounts amounts);
  Pending<Status> Adjust(Lease& lease, Amounts deltas);
  Pending<Status> Release(Lease& lease, Amounts amounts);
  Pending<Status> Rollback(Lease& lease);

 private:
  std::shared_ptr<internal::AsyncCore> core_;
};

}  // namespace zael
