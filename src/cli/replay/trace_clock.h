// TraceClock: the limiter's clock at full speed: its wall time is the time of the trace.
//
// It stands at the largest time any call handed out so far had, and never goes back. Monotonic time
// and sleeping stay the system's: back-off and deadlines are real. Thread-safe.
#pragma once

#include <zael/clock.h>

#include <atomic>
#include <memory>

namespace zael::cli::replay {

class TraceClock final : public Clock {
 public:
  TraceClock(std::shared_ptr<Clock> system, WallTime start)
      : system_(std::move(system)), now_ms_(start.time_since_epoch().count()) {}

  // To `time`, or nowhere when that is in the past.
  void AdvanceTo(WallTime time) {
    const std::int64_t ms = time.time_since_epoch().count();
    std::int64_t now = now_ms_.load();
    while (now < ms && !now_ms_.compare_exchange_weak(now, ms)) {
    }
  }

  WallTime WallNow() override { return WallTime(Milliseconds(now_ms_.load())); }
  MonotonicTime MonotonicNow() override { return system_->MonotonicNow(); }
  void SleepFor(std::chrono::nanoseconds duration) override { system_->SleepFor(duration); }

 private:
  const std::shared_ptr<Clock> system_;
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace zael::cli::replay
