// WorkerPool: a few threads and a bounded queue, so that a slow call never holds up the I/O thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace zael::endpoint {

// Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t max_waiting);
  ~WorkerPool() { Stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool has stopped; then the task is dropped. Tasks do not
  // throw.
  bool Submit(std::function<void()> task);

  // Drops what has not begun and waits for what has. Harmless when repeated.
  void Stop();

 private:
  void Run();

  const std::size_t max_waiting_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> waiting_ ZAEL_GUARDED_BY(mutex_);
  bool stopped_ ZAEL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace zael::endpoint
