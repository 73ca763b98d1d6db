#include "os/timer.h"

#include <map>
#include <thread>
#include <utility>

#include "base/mutex.h"

namespace zael::os {
namespace {

class TimerThread final : public Timer {
 public:
  ~TimerThread() override {
    {
      const MutexLock lock(mutex_);
      closing_ = true;
      changed_.NotifyAll();
    }
    if (thread_.joinable()) thread_.join();
  }

  void RunAfter(std::chrono::nanoseconds delay, std::function<void()> task) override {
    const MutexLock lock(mutex_);
    tasks_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
    if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
    changed_.NotifyAll();
  }

 private:
  void Run() {
    while (std::function<void()> task = Next()) task();
  }

  // Empty when the timer is closing and nothing is left.
  std::function<void()> Next() {
    const MutexLock lock(mutex_);
    while (true) {
      const auto now = std::chrono::steady_clock::now();
      if (!tasks_.empty() && (closing_ || tasks_.begin()->first <= now)) {
        std::function<void()> task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        return task;
      }
      if (closing_) return {};
      if (tasks_.empty()) {
        changed_.Wait(mutex_);
      } else {
        (void)changed_.WaitFor(mutex_, tasks_.begin()->first - now);
      }
    }
  }

  Mutex mutex_;
  CondVar changed_;
  bool closing_ ZAEL_GUARDED_BY(mutex_) = false;
  std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> tasks_
      ZAEL_GUARDED_BY(mutex_);
  std::thread thread_;  // written under the mutex, joined by the destructor
};

}  // namespace

std::unique_ptr<Timer> MakeTimerThread() { return std::make_unique<TimerThread>(); }

}  // namespace zael::os
