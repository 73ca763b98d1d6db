// RequestRunner: runs exchanges over a transport: signs, sends, waits by timer, and answers each
// exactly once. It drives request_cycle.h and decides nothing itself.
//
// Work happens on the caller's thread and on those of the transport, the timer and the credentials'
// provider, never on one of its own. Closing answers everything that is open at once.
#pragma once

#include <zael/clock.h>
#include <zael/store.h>

#include <functional>
#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/service_endpoint.h"
#include "aws/sigv4.h"
#include "aws/transport.h"
#include "base/random.h"
#include "dynamo/exchange.h"
#include "dynamo/request_cycle.h"
#include "dynamo/retry.h"
#include "dynamo/server_clock.h"
#include "os/timer.h"

namespace zael::dynamo {

struct ServiceAddress {
  aws::ServiceEndpoint tables;
  aws::ServiceEndpoint streams;
};

// Where the runner's requests go and what they need; the transport may be its own timer.
struct RunnerSeams {
  std::shared_ptr<aws::Transport> transport;
  std::shared_ptr<os::Timer> timer;
  std::shared_ptr<aws::CredentialsProvider> credentials;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<RandomSource> random;
};

// Thread-safe.
class RequestRunner {
 public:
  static constexpr std::size_t kMaxOpen = 20'000;  // one more fails with kResourceExhausted

  RequestRunner(ServiceAddress address, const RetryOptions& retry, RunnerSeams seams);

  // Ends what is open with kUnavailable. Must not happen in `done` or on a thread of the transport.
  ~RequestRunner();

  // Calls `done` once, when the exchange has its result: never inside Start, with no lock held, on
  // any thread; it must be quick.
  void Start(std::shared_ptr<Exchange> exchange, Deadline deadline, std::function<void()> done);

  // Waits for the result on the calling thread, which is none of the transport's.
  void Run(const std::shared_ptr<Exchange>& exchange, Deadline deadline);

  // `task` soon, on the timer's thread.
  void Defer(std::function<void()> task);

  Clock& clock() { return *seams_.clock; }
  RandomSource& random() { return *seams_.random; }

 private:
  class Gate;
  struct Operation;

  void Advance(const std::shared_ptr<Operation>& operation, CycleStep step);
  void Fetch(const std::shared_ptr<Operation>& operation);
  void Send(const std::shared_ptr<Operation>& operation, const SendCall& send);
  void Deliver(const std::shared_ptr<Operation>& operation);

  const ServiceAddress address_;
  const RetryOptions retry_;
  const RunnerSeams seams_;
  aws::Signer signer_;
  RetryQuota quota_;
  ServerClock server_clock_;
  const std::shared_ptr<Gate> gate_;
};

}  // namespace zael::dynamo
