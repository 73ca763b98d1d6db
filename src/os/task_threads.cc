#include "os/task_threads.h"

#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace zael::os {

struct TaskThreads::State {
  explicit State(std::size_t most) : most_threads(most) {}

  const std::size_t most_threads;
  Mutex mutex;
  CondVar changed;
  std::deque<std::function<void()>> waiting ZAEL_GUARDED_BY(mutex);
  std::vector<std::thread> threads ZAEL_GUARDED_BY(mutex);
  std::size_t idle ZAEL_GUARDED_BY(mutex) = 0;
  bool ending ZAEL_GUARDED_BY(mutex) = false;

  // Empty: the thread is to end.
  std::function<void()> Next() {
    const MutexLock lock(mutex);
    ++idle;
    while (waiting.empty() && !ending) changed.Wait(mutex);
    --idle;
    if (waiting.empty()) return nullptr;
    std::function<void()> task = std::move(waiting.front());
    waiting.pop_front();
    return task;
  }
};

TaskThreads::TaskThreads(std::size_t most_threads)
    : state_(std::make_shared<State>(most_threads)) {}

TaskThreads::~TaskThreads() {
  std::vector<std::thread> threads;
  {
    const MutexLock lock(state_->mutex);
    state_->ending = true;
    threads.swap(state_->threads);
    state_->changed.NotifyAll();
  }
  for (std::thread& thread : threads) {
    if (thread.get_id() == std::this_thread::get_id()) {
      thread.detach();
    } else {
      thread.join();
    }
  }
}

void TaskThreads::Run(std::function<void()> task) {
  const MutexLock lock(state_->mutex);
  state_->waiting.push_back(std::move(task));
  // While they end, the thread that gives the task is one of them and will come to it.
  const bool may_grow = !state_->ending && state_->threads.size() < state_->most_threads;
  if (may_grow && state_->idle < state_->waiting.size()) {
    state_->threads.emplace_back([state = state_] {
      while (const std::function<void()> next = state->Next()) next();
    });
  }
  state_->changed.NotifyOne();
}

}  // namespace zael::os
