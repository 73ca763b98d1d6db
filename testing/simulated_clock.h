// SimulatedClock: time that passes only when a test says so, and SkewedClock: the same time as
// another host sees it.
//
// SleepFor advances the time instead of waiting, so code that backs off runs at full speed.
#pragma once

#include <zael/clock.h>

#include <atomic>
#include <chrono>
#include <memory>

namespace zael::testing {

// 2026-01-01T00:00:00Z, where simulated time starts unless told otherwise.
inline constexpr std::int64_t kSimulationStartMs = 1'767'225'600'000;

// Thread-safe.
class SimulatedClock : public Clock {
 public:
  explicit SimulatedClock(WallTime start = WallTime(Milliseconds(kSimulationStartMs)));

  WallTime WallNow() override;
  MonotonicTime MonotonicNow() override;
  void SleepFor(std::chrono::nanoseconds duration) override;

  void Advance(std::chrono::nanoseconds duration);
  std::int64_t NowMs() { return WallNow().time_since_epoch().count(); }

 private:
  const WallTime start_;
  std::atomic<std::int64_t> elapsed_ns_{0};
};

// `base` with its wall time shifted by a fixed skew. Thread-safe.
class SkewedClock : public Clock {
 public:
  SkewedClock(std::shared_ptr<Clock> base, Milliseconds skew);

  WallTime WallNow() override;
  MonotonicTime MonotonicNow() override;
  void SleepFor(std::chrono::nanoseconds duration) override;

 private:
  const std::shared_ptr<Clock> base_;
  const Milliseconds skew_;
};

}  // namespace zael::testing
