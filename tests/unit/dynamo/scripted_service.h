// ScriptedService: a transport that answers what a test says, in order, and remembers what it was
// asked; and a timer for which no time passes.
//
// Answers come inside Send, which is the hardest case for whoever must not answer inside a call.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "aws/transport.h"
#include "base/mutex.h"
#include "dynamo/request_runner.h"
#include "os/timer.h"
#include "testing/simulated_clock.h"

namespace zael::dynamo {

// Thread-safe.
class ScriptedService final : public aws::Transport {
 public:
  struct Asked {
    std::string operation;  // without the target's prefix
    std::string body;
    aws::Headers headers;
    aws::Endpoint endpoint;
  };

  void Send(aws::HttpRequest request, MonotonicTime,
            std::function<void(aws::HttpOutcome)> done) override {
    std::optional<aws::HttpOutcome> outcome;
    {
      const MutexLock lock(mutex_);
      Asked asked{.body = std::move(request.body), .endpoint = request.endpoint};
      for (const auto& [name, value] : request.headers) {
        if (name == "X-Amz-Target") asked.operation = value.substr(value.find('.') + 1);
      }
      asked.headers = std::move(request.headers);
      asked_.push_back(std::move(asked));
      if (!answers_.empty()) {
        outcome = std::move(answers_.front());
        answers_.pop_front();
      }
    }
    // Without an answer the request stays open for ever.
    if (outcome) done(*std::move(outcome));
  }

  void Answer(std::string body, unsigned status = 200) {
    AnswerWith(aws::HttpResponse{.status = status, .headers = {}, .body = std::move(body)});
  }
  void Refuse(const std::string& code, const std::string& members = "") {
    Answer(R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + code + "\"" + members + "}", 400);
  }
  void Lose() {
    AnswerWith(aws::TransportFailure{Error(ErrorCode::kUnavailable, "connection cut"), true});
  }
  void AnswerWith(aws::HttpOutcome outcome) {
    const MutexLock lock(mutex_);
    answers_.push_back(std::move(outcome));
  }

  std::vector<Asked> asked() {
    const MutexLock lock(mutex_);
    return asked_;
  }
  std::vector<std::string> operations() {
    std::vector<std::string> names;
    for (const Asked& asked : asked()) names.push_back(asked.operation);
    return names;
  }

 private:
  Mutex mutex_;
  std::deque<aws::HttpOutcome> answers_ ZAEL_GUARDED_BY(mutex_);
  std::vector<Asked> asked_ ZAEL_GUARDED_BY(mutex_);
};

// Runs every task as soon as its thread can, and lets the simulated time pass that it was to wait.
// Thread-safe.
class EagerTimer final : public os::Timer {
 public:
  explicit EagerTimer(std::shared_ptr<testing::SimulatedClock> clock)
      : clock_(std::move(clock)), thread_([this] { Run(); }) {}
  ~EagerTimer() override {
    {
      const MutexLock lock(mutex_);
      closing_ = true;
      changed_.NotifyAll();
    }
    thread_.join();
  }

  void RunAfter(std::chrono::nanoseconds delay, std::function<void()> task) override {
    const MutexLock lock(mutex_);
    tasks_.emplace_back(delay, std::move(task));
    changed_.NotifyAll();
  }

 private:
  void Run() {
    while (true) {
      std::pair<std::chrono::nanoseconds, std::function<void()>> next;
      {
        const MutexLock lock(mutex_);
        while (tasks_.empty() && !closing_) changed_.Wait(mutex_);
        if (tasks_.empty()) return;
        next = std::move(tasks_.front());
        tasks_.pop_front();
      }
      clock_->Advance(next.first);
      next.second();
    }
  }

  const std::shared_ptr<testing::SimulatedClock> clock_;
  Mutex mutex_;
  CondVar changed_;
  bool closing_ ZAEL_GUARDED_BY(mutex_) = false;
  std::deque<std::pair<std::chrono::nanoseconds, std::function<void()>>> tasks_
      ZAEL_GUARDED_BY(mutex_);
  std::thread thread_;
};

inline aws::ServiceEndpoint ServiceAt(std::string host) {
  return {.endpoint = {.tls = true, .host = std::move(host), .port = 443},
          .path = "",
          .signing_region = "eu-central-1",
          .signing_name = "dynamodb"};
}

// A runner over a scripted service.
struct ScriptedRunner {
  std::shared_ptr<testing::SimulatedClock> clock = std::make_shared<testing::SimulatedClock>();
  std::shared_ptr<ScriptedService> service = std::make_shared<ScriptedService>();
  std::unique_ptr<RequestRunner> runner = std::make_unique<RequestRunner>(
      ServiceAddress{.tables = ServiceAt("tables.example"),
                     .streams = ServiceAt("streams.example")},
      RetryOptions(),
      RunnerSeams{.transport = service,
                  .timer = std::make_shared<EagerTimer>(clock),
                  .credentials = std::make_shared<aws::StaticCredentials>(
                      aws::Credentials{.access_key_id = "AKID", .secret_access_key = "secret"}),
                  .clock = clock,
                  .random = std::make_shared<SeededRandom>(7)});
};

}  // namespace zael::dynamo
