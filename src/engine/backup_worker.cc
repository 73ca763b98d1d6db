#include "engine/backup_worker.h"

#include <utility>

namespace zael::engine {

bool BackupWorker::Add(std::function<void()> task, AtStop at_stop) {
  {
    MutexLock lock(mutex_);
    if (stopping_.load(std::memory_order_relaxed) || tasks_.size() >= kMaxBackupTasks) return false;
    tasks_.push_back({.run = std::move(task), .at_stop = at_stop});
    if (!thread_.joinable()) thread_ = std::thread([this] { Loop(); });
  }
  changed_.NotifyAll();
  return true;
}

void BackupWorker::Stop() {
  std::thread thread;
  {
    MutexLock lock(mutex_);
    stopping_.store(true, std::memory_order_relaxed);
    std::erase_if(tasks_, [](const Task& task) { return task.at_stop == AtStop::kDrop; });
    thread = std::move(thread_);
  }
  changed_.NotifyAll();
  if (thread.joinable()) thread.join();
}

void BackupWorker::Loop() {
  for (;;) {
    Task task;
    {
      MutexLock lock(mutex_);
      while (tasks_.empty()) {
        if (stopping_.load(std::memory_order_relaxed)) return;
        changed_.Wait(mutex_);
      }
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task.run();
  }
}

}  // namespace zael::engine
