// The two times of the limiter, and the seam through which all code reads them.
//
// Wall time dates what is stored and is shared between hosts (it may jump); monotonic time measures
// deadlines and cache ages inside one process (it never goes back). They are different types on
// purpose. Tests and the trace replay put their own Clock in; nothing else in the library asks the
// system for time.
#pragma once

#include <chrono>
#include <memory>

namespace zael {

using Milliseconds = std::chrono::milliseconds;

// Milliseconds since the Unix epoch, UTC: the unit of every stored time.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Milliseconds>;

// A point on this process's own time line; meaningless elsewhere.
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual WallTime WallNow() = 0;
  virtual MonotonicTime MonotonicNow() = 0;

  // Lets `duration` of monotonic time pass (a simulated clock just advances).
  virtual void SleepFor(std::chrono::nanoseconds duration) = 0;
};

// The clock of the operating system.
std::shared_ptr<Clock> MakeSystemClock();

}  // namespace zael
