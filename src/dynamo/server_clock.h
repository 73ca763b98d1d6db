// ServerClock: the server's wall time as far as it is known, for signatures that must be dated by
// it.
//
// It is the local time until a server refuses a signature for its date; the answer's own Date then
// corrects it for the whole client. Facts: dynamodb-api.md 3.3.
#pragma once

#include <zael/clock.h>

#include <atomic>
#include <chrono>

namespace zael::dynamo {

// Thread-safe.
class ServerClock {
 public:
  WallTime Now(WallTime local) const {
    return local + std::chrono::milliseconds(ahead_ms_.load(std::memory_order_relaxed));
  }

  // False when that tells nothing new, so that another try would end alike.
  bool Correct(WallTime local, WallTime server) {
    const auto ahead = server - local;
    const auto before = std::chrono::milliseconds(ahead_ms_.exchange(ahead.count()));
    return ahead - before > kNoise || before - ahead > kNoise;
  }

 private:
  static constexpr std::chrono::seconds kNoise{2};  // Date has whole seconds
  std::atomic<std::chrono::milliseconds::rep> ahead_ms_{0};
};

}  // namespace zael::dynamo
