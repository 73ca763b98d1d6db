#include "testing/simulated_clock.h"

#include <utility>

namespace zael::testing {

SimulatedClock::SimulatedClock(WallTime start) : start_(start) {}

WallTime SimulatedClock::WallNow() {
  const std::chrono::nanoseconds elapsed(elapsed_ns_.load());
  return start_ + std::chrono::duration_cast<Milliseconds>(elapsed);
}

MonotonicTime SimulatedClock::MonotonicNow() {
  return MonotonicTime(std::chrono::nanoseconds(elapsed_ns_.load()));
}

void SimulatedClock::SleepFor(std::chrono::nanoseconds duration) { Advance(duration); }

void SimulatedClock::Advance(std::chrono::nanoseconds duration) { elapsed_ns_ += duration.count(); }

SkewedClock::SkewedClock(std::shared_ptr<Clock> base, Milliseconds skew)
    : base_(std::move(base)), skew_(skew) {}

WallTime SkewedClock::WallNow() { return base_->WallNow() + skew_; }
MonotonicTime SkewedClock::MonotonicNow() { return base_->MonotonicNow(); }
void SkewedClock::SleepFor(std::chrono::nanoseconds duration) { base_->SleepFor(duration); }

}  // namespace zael::testing
