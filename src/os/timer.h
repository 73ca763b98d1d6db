// Timer: runs something later without holding a thread for it. The seam for backoff in clients that
// do not block.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace zael::os {

// Thread-safe.
class Timer {
 public:
  virtual ~Timer() = default;

  // Runs `task` once, no earlier than `delay` from now, on a thread of the timer's choice; it must
  // not block.
  virtual void RunAfter(std::chrono::nanoseconds delay, std::function<void()> task) = 0;
};

// One thread, started with the first task. Its destruction waits for the running task and runs the
// rest at once, so that nothing waits for ever; it must not happen on that thread.
std::unique_ptr<Timer> MakeTimerThread();

}  // namespace zael::os
