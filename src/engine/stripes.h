// Stripes: locks of keys, a fixed number of them shared by all keys.
//
// A write holds the stripes of all its keys from reading the old items to having written the new
// ones, which makes writes serializable. Stripes are taken in ascending order, so two transactions
// cannot wait for each other. Taking all of them keeps every writer out (table changes). Nobody
// sleeps under one.
//
// A stripe is the three-state futex lock (0 free, 1 held, 2 held and waited for) and not a Mutex
// because a transaction holds up to a hundred, more than ThreadSanitizer can follow of a thread's
// mutexes.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace zael::engine {

inline constexpr std::size_t kStripes = 256;

// Thread-safe.
class Stripes {
 public:
  static std::size_t Of(std::string_view key) {
    return std::hash<std::string_view>{}(key) % kStripes;
  }

 private:
  friend class StripeLock;
  class alignas(64) Stripe {
   public:
    void Lock() {
      std::uint32_t state = kFree;
      if (state_.compare_exchange_strong(state, kHeld, std::memory_order_acquire)) return;
      // From here on the state says that somebody waits, perhaps falsely: that costs one wake too
      // many.
      while (state_.exchange(kWaitedFor, std::memory_order_acquire) != kFree) {
        state_.wait(kWaitedFor, std::memory_order_relaxed);
      }
    }
    void Unlock() {
      if (state_.exchange(kFree, std::memory_order_release) == kWaitedFor) state_.notify_one();
    }

   private:
    static constexpr std::uint32_t kFree = 0, kHeld = 1, kWaitedFor = 2;
    std::atomic<std::uint32_t> state_ = kFree;
  };
  std::array<Stripe, kStripes> stripes_;
};

// Holds some stripes for its own life. Thread-compatible.
class StripeLock {
 public:
  StripeLock(Stripes& stripes, std::size_t stripe) : stripes_(stripes), single_(stripe) {
    stripes_.stripes_[single_].Lock();
  }

  // Repeated ones are taken once.
  StripeLock(Stripes& stripes, std::vector<std::size_t> several)
      : stripes_(stripes), several_(std::move(several)) {
    std::sort(several_.begin(), several_.end());
    several_.erase(std::unique(several_.begin(), several_.end()), several_.end());
    for (const std::size_t stripe : several_) stripes_.stripes_[stripe].Lock();
  }

  ~StripeLock() {
    if (single_ != kStripes) stripes_.stripes_[single_].Unlock();
    for (const std::size_t stripe : several_) stripes_.stripes_[stripe].Unlock();
  }
  StripeLock(const StripeLock&) = delete;
  StripeLock& operator=(const StripeLock&) = delete;

  static std::vector<std::size_t> All() {
    std::vector<std::size_t> all(kStripes);
    for (std::size_t i = 0; i < kStripes; ++i) all[i] = i;
    return all;
  }

 private:
  Stripes& stripes_;
  std::size_t single_ = kStripes;
  std::vector<std::size_t> several_;
};

}  // namespace zael::engine
