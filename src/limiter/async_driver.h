// AsyncDriver: runs any number of operations at a time to their ends without holding a thread for
// one.
//
// The blocking driver waits for an answer; this one goes on when it arrives, on the thread that
// brings it: between two answers an operation only computes. Pauses are a timer's.
#pragma once

#include <zael/async.h>
#include <zael/store.h>

#include <cstddef>
#include <functional>
#include <memory>

#include "base/mutex.h"
#include "limiter/action.h"
#include "os/task_threads.h"
#include "os/timer.h"

namespace zael::limiter {

// What the driver stands on. `items` or, for a store that can only be waited for, `waited`.
struct AsyncParts {
  std::shared_ptr<AsyncItemStore> items;
  std::shared_ptr<ItemStore> waited;
  std::unique_ptr<os::Timer> timer;
  AsyncOptions options;
};

// Thread-safe. The destructor waits for the operations under way. Requires: it does not run where
// an answer arrives while others are.
class AsyncDriver {
 public:
  explicit AsyncDriver(AsyncParts parts);
  ~AsyncDriver();
  AsyncDriver(const AsyncDriver&) = delete;
  AsyncDriver& operator=(const AsyncDriver&) = delete;

  // What is called when an operation is at its end: makes of it what tells the caller.
  using Conclude = std::function<std::function<void()>()>;

  // Runs `operation` to its end, then `conclude`; when both are destroyed, what that gave is called
  // where answers arrive, never inside this call. False: as many as may be are under way, or it is
  // closed; nothing has been or will be done.
  [[nodiscard]] bool Run(std::shared_ptr<Operation> operation, Conclude conclude);

  // What the destructor does; no operation is begun from here on.
  void Close();

  // Runs `task` where answers arrive: for what is known without asking anybody.
  void Post(std::function<void()> task);

 private:
  struct Flight;
  class Arrivals;

  void Advance(std::shared_ptr<Flight> flight, Action action);
  void Send(std::shared_ptr<Flight> flight, StoreRequest request);
  void Pause(std::shared_ptr<Flight> flight, std::chrono::nanoseconds duration);
  void Land(std::shared_ptr<Flight> flight);
  void Arrive(std::function<void()> arrival);
  void CountLanded();

  const AsyncOptions options_;
  Mutex mutex_;
  CondVar landed_;
  std::size_t under_way_ ZAEL_GUARDED_BY(mutex_) = 0;
  bool closed_ ZAEL_GUARDED_BY(mutex_) = false;
  // In the order of their making: threads end after the timer, which gives them work.
  os::TaskThreads threads_;
  const std::shared_ptr<AsyncItemStore> items_;
  const std::unique_ptr<os::Timer> timer_;
};

}  // namespace zael::limiter
