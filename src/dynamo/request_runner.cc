#include "dynamo/request_runner.h"

#include <atomic>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/format.h"
#include "base/mutex.h"

namespace zael::dynamo {

struct RequestRunner::Operation {
  std::shared_ptr<Exchange> exchange;
  std::function<void()> done;
  std::optional<RequestCycle> cycle;
  bool finished = false;
  // Counts the end of Start and the result: whichever comes second delivers.
  std::atomic<int> milestones{0};
};

// Who is inside the runner and what is open. Callbacks own it, so that those that come after the
// runner's end find it closed. Thread-safe.
class RequestRunner::Gate {
 public:
  using Operations = std::set<std::shared_ptr<Operation>>;

  // False once closing. Every success is followed by a Leave.
  bool Enter() {
    const MutexLock lock(mutex_);
    if (closing_) return false;
    ++inside_;
    return true;
  }
  void Leave() {
    const MutexLock lock(mutex_);
    if (--inside_ == 0 && closing_) left_.NotifyAll();
  }

  bool Add(const std::shared_ptr<Operation>& operation) {
    const MutexLock lock(mutex_);
    return open_.size() < kMaxOpen && open_.insert(operation).second;
  }
  void Remove(const std::shared_ptr<Operation>& operation) {
    const MutexLock lock(mutex_);
    open_.erase(operation);
  }

  // Lets nobody in any more, waits until all are out, and hands over what is open.
  Operations Close() {
    const MutexLock lock(mutex_);
    closing_ = true;
    while (inside_ > 0) left_.Wait(mutex_);
    return std::move(open_);
  }

  // Runs `work` inside, unless it is closed.
  template <typename Work>
  bool Within(Work work) {
    if (!Enter()) return false;
    work();
    Leave();
    return true;
  }

 private:
  Mutex mutex_;
  CondVar left_;
  bool closing_ ZAEL_GUARDED_BY(mutex_) = false;
  std::size_t inside_ ZAEL_GUARDED_BY(mutex_) = 0;
  Operations open_ ZAEL_GUARDED_BY(mutex_);
};

RequestRunner::RequestRunner(ServiceAddress address, const RetryOptions& retry, RunnerSeams seams)
    : address_(std::move(address)),
      retry_(retry),
      seams_(std::move(seams)),
      gate_(std::make_shared<Gate>()) {}

RequestRunner::~RequestRunner() {
  for (const auto& operation : gate_->Close()) {
    if (!operation->finished) {
      operation->exchange->Fail(
          {ErrorCode::kUnavailable, Format("{}: the store was closed; a write may have been made",
                                           operation->exchange->call().operation)});
    }
    operation->done();
  }
}

void RequestRunner::Defer(std::function<void()> task) {
  seams_.timer->RunAfter(std::chrono::nanoseconds(0), std::move(task));
}

void RequestRunner::Start(std::shared_ptr<Exchange> exchange, Deadline deadline,
                          std::function<void()> done) {
  const auto operation = std::make_shared<Operation>();
  operation->exchange = std::move(exchange);
  operation->done = std::move(done);
  operation->cycle.emplace(CycleContext{.options = retry_,
                                        .clock = *seams_.clock,
                                        .random = *seams_.random,
                                        .quota = quota_,
                                        .server_clock = server_clock_},
                           *operation->exchange, deadline);
  const std::string_view name = operation->exchange->call().operation;
  const bool open = gate_->Within([&] {
    if (!gate_->Add(operation)) {
      operation->exchange->Fail(
          {ErrorCode::kResourceExhausted, Format("{}: {} requests are open", name, kMaxOpen)});
      return Defer(operation->done);
    }
    Advance(operation, operation->cycle->Start());
    if (operation->milestones.fetch_add(1) == 0) return;
    Defer([this, gate = gate_, operation] { gate->Within([&] { Deliver(operation); }); });
  });
  if (open) return;
  operation->exchange->Fail({ErrorCode::kUnavailable, Format("{}: the store is closed", name)});
  Defer(operation->done);
}

void RequestRunner::Run(const std::shared_ptr<Exchange>& exchange, Deadline deadline) {
  struct Latch {
    Mutex mutex;
    CondVar changed;
    bool open ZAEL_GUARDED_BY(mutex) = false;
  };
  const auto latch = std::make_shared<Latch>();
  Start(exchange, deadline, [latch] {
    const MutexLock lock(latch->mutex);
    latch->open = true;
    latch->changed.NotifyAll();
  });
  const MutexLock lock(latch->mutex);
  while (!latch->open) latch->changed.Wait(latch->mutex);
}

void RequestRunner::Advance(const std::shared_ptr<Operation>& operation, CycleStep step) {
  if (std::holds_alternative<GetCredentials>(step)) return Fetch(operation);
  if (const auto* send = std::get_if<SendCall>(&step)) return Send(operation, *send);
  if (const auto* pause = std::get_if<Pause>(&step)) {
    seams_.timer->RunAfter(pause->duration, [this, gate = gate_, operation] {
      gate->Within([&] { Advance(operation, operation->cycle->OnPaused()); });
    });
    return;
  }
  operation->finished = true;
  if (operation->milestones.fetch_add(1) == 1) Deliver(operation);
}

void RequestRunner::Deliver(const std::shared_ptr<Operation>& operation) {
  gate_->Remove(operation);
  operation->done();
}

void RequestRunner::Fetch(const std::shared_ptr<Operation>& operation) {
  seams_.credentials->Get([this, gate = gate_, operation](Result<aws::CredentialsPtr> credentials) {
    gate->Within(
        [&] { Advance(operation, operation->cycle->OnCredentials(std::move(credentials))); });
  });
}

void RequestRunner::Send(const std::shared_ptr<Operation>& operation, const SendCall& send) {
  const Call& call = operation->exchange->call();
  const aws::ServiceEndpoint& service = call.of_streams ? address_.streams : address_.tables;
  auto endpoint = service.At(send.credentials->account_id);
  if (!endpoint.ok()) {
    return Advance(operation, operation->cycle->OnOutcome(aws::TransportFailure{
                                  .error = endpoint.error(), .may_have_arrived = false}));
  }
  aws::HttpRequest request;
  request.endpoint = *std::move(endpoint);
  request.target = service.path + "/";
  request.headers.reserve(6);
  request.headers.emplace_back("Content-Type", "application/x-amz-json-1.0");
  request.headers.emplace_back("X-Amz-Target", TargetOf(call));
  request.body = call.body;
  signer_.Sign(request, *send.credentials, service.signing_region, service.signing_name,
               send.signing_time);
  seams_.transport->Send(
      std::move(request), send.deadline, [this, gate = gate_, operation](aws::HttpOutcome outcome) {
        gate->Within([&] { Advance(operation, operation->cycle->OnOutcome(std::move(outcome))); });
      });
}

}  // namespace zael::dynamo
