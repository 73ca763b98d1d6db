// HttpTransport: the production Transport, HTTP/1.1 with or without TLS over kept connections.
//
// One thread does all its I/O and calls every `done`; Post and RunAfter lend that thread to an
// asynchronous client. Each endpoint has its own bounded set of connections; a request waits for
// the first that is free. Idle ones are closed before servers usually do. No exception leaves it.
//
// A connection that the server closed while it was idle is noticed and costs nothing. When the
// close crosses the request on the wire nobody can know whether the server acted: the failure says
// may_have_arrived.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "aws/transport.h"
#include "os/timer.h"

namespace zael::aws {

struct HttpTransportOptions {
  std::size_t connections_per_endpoint = 64;
  std::size_t endpoints = 64;     // those unused longest make room for others
  std::size_t requests = 10'000;  // waiting and under way; one more is refused
  std::size_t header_bytes = 64 * 1024;
  std::size_t body_bytes = 32 * 1024 * 1024;  // of an answer
  std::chrono::milliseconds connect{3'000};   // finding the name, connecting, TLS, all together
  std::chrono::milliseconds idle{20'000};
  std::string ca_file;  // trusted instead of the system's roots; PEM
};

// Thread-safe.
class HttpTransport final : public Transport, public os::Timer {
 public:
  // Errors: kInvalidArgument (ca_file cannot be used), kUnavailable (no thread).
  static Result<std::unique_ptr<HttpTransport>> Start(const HttpTransportOptions& options,
                                                      std::shared_ptr<Clock> clock);

  // Fails what is waiting or under way, runs the tasks left, and joins the thread: must not happen
  // on it. A system that is looking up a name may hold it up until that ends.
  ~HttpTransport() override;

  // Fails with kInvalidArgument too, when a header holds a line break.
  void Send(HttpRequest request, MonotonicTime deadline,
            std::function<void(HttpOutcome)> done) override;

  // On the transport's thread; tasks must not block.
  void Post(std::function<void()> task);
  void RunAfter(std::chrono::nanoseconds delay, std::function<void()> task) override;

  // Open or being opened, of all endpoints.
  std::size_t connections() const;

 private:
  class Impl;
  explicit HttpTransport(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace zael::aws
