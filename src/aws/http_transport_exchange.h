// Exchange: one request on its way through the transport, until its outcome is told.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "aws/http_transport_alarms.h"
#include "aws/transport.h"

namespace zael::aws {

class Exchange;

// Who holds an exchange: a pool while it waits, a connection while it is under way.
class ExchangeHolder {
 public:
  virtual ~ExchangeHolder() = default;

  virtual void DeadlinePassed(Exchange& exchange) = 0;
};

// Thread-compatible.
class Exchange final : public Alarm {
 public:
  using Done = std::function<void(HttpOutcome)>;

  Exchange(HttpRequest request, MonotonicTime deadline, Done done)
      : request_(std::move(request)), deadline_(deadline), done_(std::move(done)) {}

  const HttpRequest& request() const { return request_; }
  MonotonicTime deadline() const { return deadline_; }
  void set_holder(ExchangeHolder* holder) { holder_ = holder; }

  // Once. Requires: its alarm is cleared.
  void Finish(HttpOutcome outcome) { done_(std::move(outcome)); }

 private:
  void Ring() override { holder_->DeadlinePassed(*this); }

  const HttpRequest request_;
  const MonotonicTime deadline_;
  const Done done_;
  ExchangeHolder* holder_ = nullptr;
};

}  // namespace zael::aws
