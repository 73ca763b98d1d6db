// TaskThreads: a few threads, started when there is first something to do, that run tasks in their
// order.
//
// For what has to wait on behalf of callers that must not. How many tasks wait is bounded by who
// gives them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace zael::os {

// Thread-safe.
class TaskThreads {
 public:
  explicit TaskThreads(std::size_t most_threads);
  // Runs what waits and ends the threads. One of them may do it, in a task: it ends afterwards.
  ~TaskThreads();
  TaskThreads(const TaskThreads&) = delete;
  TaskThreads& operator=(const TaskThreads&) = delete;

  // Tasks do not throw.
  void Run(std::function<void()> task);

 private:
  struct State;
  const std::shared_ptr<State> state_;  // also held by every thread
};

}  // namespace zael::os
