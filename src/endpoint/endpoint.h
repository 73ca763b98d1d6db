// Endpoint: the stores of a process behind DynamoDB's wire protocol, on a port of this machine.
//
// Puts the room together: server, authentication, dispatcher, operations. Everything an outsider
// can grow is bounded by HttpLimits. Design: storage.md (Endpoint). How to use it:
// docs/endpoint.md.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>
#include <zael/store.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "endpoint/authentication.h"
#include "endpoint/dispatcher.h"
#include "endpoint/http_server.h"

namespace zael::endpoint {

struct EndpointOptions {
  HttpServerOptions server;
  AccessKeys keys;                   // empty: any signature is accepted
  std::string region = "us-east-1";  // of callers whose signature names none
  OnHandled on_handled;              // may be empty; called by the workers, must not throw
};

// Thread-safe.
class Endpoint {
 public:
  // Serves when it answers. Errors: those of HttpServer::Start.
  static Result<std::unique_ptr<Endpoint>> Start(Stores stores, std::shared_ptr<Clock> clock,
                                                 EndpointOptions options);
  ~Endpoint();  // Stop without grace
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  std::string url() const;  // http://127.0.0.1:8000
  std::size_t connections() const;

  // As HttpServer::Stop.
  void Stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit Endpoint(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace zael::endpoint
