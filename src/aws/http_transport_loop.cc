#include "aws/http_transport_loop.h"

#include <boost/asio/post.hpp>
#include <exception>
#include <system_error>
#include <utility>

#include "base/format.h"

namespace zael::aws {

// Owns itself until it has run.
class IoLoop::DelayedTask final : public Alarm {
 public:
  DelayedTask(IoLoop& loop, std::function<void()> task) : loop_(loop), task_(std::move(task)) {}

  void Ring() override {
    const std::unique_ptr<DelayedTask> self(this);
    loop_.alarms_.Clear(*this);
    loop_.delayed_.erase(this);
    task_();
  }

 private:
  IoLoop& loop_;
  const std::function<void()> task_;
};

IoLoop::IoLoop(std::shared_ptr<Clock> clock)
    : clock_(std::move(clock)), alarms_([this](MonotonicTime when) { MoveTimer(when); }) {}

IoLoop::~IoLoop() {
  if (thread_.joinable()) Stop([] {});
}

Status IoLoop::Start() {
  try {
    thread_ = std::thread([this] { Run(); });
  } catch (const std::system_error& error) {
    return Error(ErrorCode::kUnavailable, Format("start I/O thread: {}", error.what()));
  }
  return {};
}

void IoLoop::Stop(std::function<void()> close) {
  Post([this, close = std::move(close)] {
    stopping_ = true;
    close();
    RunDelayedTasks();
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

// Nothing of ours throws; what a library throws (no memory) ends one callback, not the loop.
void IoLoop::Run() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception&) {
      continue;
    }
  }
}

void IoLoop::Post(std::function<void()> task) { boost::asio::post(io_, std::move(task)); }

void IoLoop::RunAfter(std::chrono::nanoseconds delay, std::function<void()> task) {
  const MonotonicTime when = Now() + delay;
  Post([this, when, task = std::move(task)]() mutable {
    if (stopping_) return task();
    auto* delayed = new DelayedTask(*this, std::move(task));
    delayed_.insert(delayed);
    alarms_.Set(*delayed, when);
  });
}

void IoLoop::RunDelayedTasks() {
  while (!delayed_.empty()) (*delayed_.begin())->Ring();
}

void IoLoop::MoveTimer(MonotonicTime when) {
  if (stopping_) return;
  timer_.expires_at(when);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error && !stopping_) alarms_.TimerRang(Now());
  });
}

}  // namespace zael::aws
