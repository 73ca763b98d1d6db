// What tests of the transport share: a client of a LoopbackServer, and readers of outcomes.
#pragma once

#include <gtest/gtest.h>
#include <zael/clock.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "aws/http_transport.h"
#include "base/mutex.h"
#include "loopback_server.h"
#include "os/files.h"
#include "os/temporary_directory.h"

namespace zael::aws {

class Client {
 public:
  explicit Client(const LoopbackServer& server, const HttpTransportOptions& options = {})
      : Client(server.port(), options) {}
  explicit Client(std::uint16_t port, const HttpTransportOptions& options = {}) : port_(port) {
    auto started = HttpTransport::Start(options, clock_);
    EXPECT_TRUE(started.ok());
    transport_ = *std::move(started);
  }

  HttpTransport& transport() { return *transport_; }
  void Destroy() { transport_.reset(); }

  HttpRequest Request(std::string target, std::string body) const {
    HttpRequest request;
    request.endpoint = {false, "127.0.0.1", port_};
    request.target = std::move(target);
    request.body = std::move(body);
    return request;
  }

  // Far beyond any test.
  MonotonicTime Deadline() const { return In(std::chrono::minutes(5)); }
  MonotonicTime In(std::chrono::nanoseconds time) const { return clock_->MonotonicNow() + time; }

  std::future<HttpOutcome> Start(HttpRequest request) {
    return Start(std::move(request), Deadline());
  }
  std::future<HttpOutcome> Start(HttpRequest request, MonotonicTime deadline) {
    auto promise = std::make_shared<std::promise<HttpOutcome>>();
    transport_->Send(std::move(request), deadline,
                     [promise](HttpOutcome outcome) { promise->set_value(std::move(outcome)); });
    return promise->get_future();
  }
  HttpOutcome Call(HttpRequest request) { return Start(std::move(request)).get(); }

  // Lets the transport's thread turn until it has so many.
  void WaitForConnections(std::size_t count) {
    while (transport_->connections() != count) {
      std::promise<void> turned;
      transport_->Post([&turned] { turned.set_value(); });
      turned.get_future().wait();
    }
  }

 private:
  const std::shared_ptr<Clock> clock_ = MakeSystemClock();
  const std::uint16_t port_;
  std::unique_ptr<HttpTransport> transport_;
};

// The answer's body, or the failure's message.
inline std::string Body(const HttpOutcome& outcome) {
  if (const auto* response = std::get_if<HttpResponse>(&outcome)) return response->body;
  return "failed: " + std::get<TransportFailure>(outcome).error.message();
}

inline TransportFailure Failure(const HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<TransportFailure>(&outcome)) return *failure;
  ADD_FAILURE() << "answered: " << Body(outcome);
  return {Error(ErrorCode::kInternal, "answered"), true};
}

// Opens when so many have arrived.
class Gate {
 public:
  explicit Gate(int count) : missing_(count) {}

  void ArriveAndWait() {
    const MutexLock lock(mutex_);
    if (--missing_ == 0) open_.NotifyAll();
    while (missing_ > 0) open_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar open_;
  int missing_ ZAEL_GUARDED_BY(mutex_);
};

// The certificate as a file of trusted roots.
class CertificateFile {
 public:
  explicit CertificateFile(const TlsIdentity& identity)
      : directory_(*os::TemporaryDirectory::Make("zael-tls-")) {
    EXPECT_TRUE(os::WriteSmallFile(path(), identity.certificate_pem).ok());
  }
  std::string path() const { return directory_.path() + "/roots.pem"; }

 private:
  os::TemporaryDirectory directory_;
};

}  // namespace zael::aws
