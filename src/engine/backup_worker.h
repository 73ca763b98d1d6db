// BackupWorker: the thread that makes backups and restores, one after the other, beside the
// callers.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <thread>

#include "base/mutex.h"

namespace zael::engine {

inline constexpr std::size_t kMaxBackupTasks = 64;

// Thread-safe.
class BackupWorker {
 public:
  BackupWorker() = default;
  ~BackupWorker() { Stop(); }
  BackupWorker(const BackupWorker&) = delete;
  BackupWorker& operator=(const BackupWorker&) = delete;

  // A task that must not be lost is done before Stop returns; others are dropped then, and one
  // under way should look at stopping() and end.
  enum class AtStop { kFinish, kDrop };
  // False: there are too many already, or it has stopped.
  bool Add(std::function<void()> task, AtStop at_stop);

  // Whether tasks that can be dropped are to end.
  const std::atomic<bool>& stopping() const { return stopping_; }

  // Harmless when repeated.
  void Stop();

 private:
  struct Task {
    std::function<void()> run;
    AtStop at_stop;
  };
  void Loop();

  std::atomic<bool> stopping_ = false;
  Mutex mutex_;
  CondVar changed_;
  std::deque<Task> tasks_ ZAEL_GUARDED_BY(mutex_);
  std::thread thread_ ZAEL_GUARDED_BY(mutex_);  // from the first task on
};

}  // namespace zael::engine
