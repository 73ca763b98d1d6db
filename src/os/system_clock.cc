#include <zael/clock.h>

#include <thread>

namespace zael {
namespace {

class SystemClock final : public Clock {
 public:
  WallTime WallNow() override {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
  }
  MonotonicTime MonotonicNow() override {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now());
  }
  void SleepFor(std::chrono::nanoseconds duration) override {
    std::this_thread::sleep_for(duration);
  }
};

}  // namespace

std::shared_ptr<Clock> MakeSystemClock() { return std::make_shared<SystemClock>(); }

}  // namespace zael
