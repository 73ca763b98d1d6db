// OperationContext: what every operation of one limiter shares, and how long to wait after a loss.
#pragma once

#include <zael/repository.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "limiter/action.h"
#include "limiter/bucket_memory.h"
#include "limiter/config_cache.h"

namespace zael::limiter {

// When an operation began and when it has to be done.
struct TimeFrame {
  MonotonicTime started{};
  MonotonicTime deadline{};
};

// Outlives every operation made with it. Thread-safe.
struct OperationContext {
  Repository& repository;
  const std::string& table;
  Clock& clock;
  ConfigCache& cache;
  BucketMemory& memory;

  std::int64_t NowMs() { return clock.WallNow().time_since_epoch().count(); }
  // Non-zero, 63 bits.
  std::int64_t NewWriteId() { return static_cast<std::int64_t>(repository.NextRandom() >> 1) | 1; }
};

// The pauses of one operation between lost races: none after the first, then random, at most
// doubling, never past the deadline. Thread-compatible.
class Pauses {
 public:
  Pauses(OperationContext& context, MonotonicTime deadline)
      : context_(&context), deadline_(deadline) {}

  void CountLoss() { ++losses_; }
  bool TimeIsUp() const { return context_->clock.MonotonicNow() >= deadline_; }

  // Zero: go on at once.
  std::chrono::nanoseconds Next() {
    if (losses_ < 2) return std::chrono::nanoseconds(0);
    const std::int64_t ceiling =
        std::min(kLongestPause.count(), kFirstPause.count() << std::min(losses_ - 2, 20));
    const std::chrono::nanoseconds pause(
        1 + static_cast<std::int64_t>(context_->repository.NextRandom() %
                                      static_cast<std::uint64_t>(ceiling)));
    const auto left = deadline_ - context_->clock.MonotonicNow();
    return std::clamp(left, std::chrono::nanoseconds(0), pause);
  }

 private:
  static constexpr std::chrono::nanoseconds kFirstPause{std::chrono::microseconds(200)};
  static constexpr std::chrono::nanoseconds kLongestPause{std::chrono::milliseconds(20)};

  OperationContext* context_;
  MonotonicTime deadline_;
  int losses_ = 0;
};

}  // namespace zael::limiter
