// The program of main.cc as a coroutine: no thread of its own waits for the store.
#include <zael/async.h>
#include <zael/repository.h>

#include <coroutine>
#include <exception>
#include <future>
#include <iostream>

// A coroutine that runs by itself; programs bring the type of their own runtime.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Detached Call(zael::AsyncRateLimiter& limiter, std::promise<int>& exit_code) {
  const zael::AcquireRequest request{
      .entity_id = "api-key-123",
      .resource = "gpt-4",
      .consume = {{"rpm", 1}, {"tpm", 500}},
      .fallback_limits = {zael::Limit::PerMinute("rpm", 100),
                          zael::Limit::PerMinute("tpm", 10'000, /*burst=*/50'000)}};
  auto decision = co_await limiter.Acquire(request);
  if (!decision.ok() || !decision->granted()) {
    std::cerr << (decision.ok() ? decision->ToJson() : decision.error().message()) << '\n';
    exit_code.set_value(1);
    co_return;
  }
  zael::Lease lease = decision->TakeLease();
  const zael::Amounts used = {{"tpm", 120}};
  const zael::Status adjusted = co_await limiter.Adjust(lease, used);
  exit_code.set_value(adjusted.ok() && lease.Commit().ok() ? 0 : 1);
}

int main() {
  auto repository = zael::Repository::Open({.name = "demo", .data_dir = "zael-demo"});
  if (!repository.ok()) {
    std::cerr << repository.error().message() << '\n';
    return 1;
  }
  std::promise<int> exit_code;  // outlives the limiter, whose destructor ends its threads
  zael::AsyncRateLimiter limiter{zael::RateLimiter(*repository)};
  Call(limiter, exit_code);
  return exit_code.get_future().get();
}
