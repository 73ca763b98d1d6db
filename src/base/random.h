// RandomSource: where ids and jitter get their random numbers, so that one seed repeats a whole
// run.
//
// Not for secrets. The seed of a production source comes from the system (os/random_seed.h).
#pragma once

#include <array>
#include <cstdint>

#include "base/mutex.h"

namespace zael {

// Thread-safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::uint64_t Next() = 0;

  // Uniform in [0, bound). Requires: bound > 0.
  std::uint64_t Below(std::uint64_t bound);
};

// xoshiro256**, its state filled by SplitMix64 from the seed. Thread-safe.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed);
  std::uint64_t Next() override;

 private:
  Mutex mutex_;
  std::array<std::uint64_t, 4> state_ ZAEL_GUARDED_BY(mutex_);
};

// One step of SplitMix64: a good 64-bit hash of `state`, which is advanced.
std::uint64_t SplitMix64(std::uint64_t& state);

}  // namespace zael
