// IoLoop: the transport's thread, with its alarms and the tasks it is lent for.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_set>

#include "aws/http_transport_alarms.h"

namespace zael::aws {

// Post, RunAfter: thread-safe. All else: on the thread, or before it started.
class IoLoop {
 public:
  using Executor = boost::asio::io_context::executor_type;

  explicit IoLoop(std::shared_ptr<Clock> clock);
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  // Errors: kUnavailable.
  Status Start();

  // Runs `close` on the thread, then whatever tasks are left, delayed ones too, and joins. Once.
  void Stop(std::function<void()> close);

  void Post(std::function<void()> task);
  void RunAfter(std::chrono::nanoseconds delay, std::function<void()> task);

  Executor executor() { return io_.get_executor(); }
  Alarms& alarms() { return alarms_; }
  MonotonicTime Now() { return clock_->MonotonicNow(); }

 private:
  class DelayedTask;

  void Run();
  void MoveTimer(MonotonicTime when);
  void RunDelayedTasks();

  const std::shared_ptr<Clock> clock_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<Executor> work_{io_.get_executor()};
  boost::asio::basic_waitable_timer<std::chrono::steady_clock> timer_{io_};
  Alarms alarms_;
  std::unordered_set<DelayedTask*> delayed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace zael::aws
