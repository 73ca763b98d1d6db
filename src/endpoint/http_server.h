// HttpServer: HTTP/1.1 over plain TCP for a handler that answers whole requests.
//
// One thread does all I/O, a few workers run the handler, so a slow handler delays nobody's bytes.
// Everything an outsider can grow is bounded: header, body, bodies of all requests together,
// connections, waiting requests, and the time each may take. Requests of one connection are
// answered one after another (pipelining). It knows nothing of DynamoDB. Design: storage.md
// (Endpoint).
#pragma once

#include <zael/result.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "endpoint/http_message.h"

namespace zael::endpoint {

struct HttpLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 16 * 1024 * 1024;
  std::size_t all_bodies_bytes = 256 * 1024 * 1024;  // read or being answered
  std::size_t connections = 12'000;                  // one more is closed at once
  std::size_t waiting_requests = 4'096;              // for a worker; one more is kOverloaded
  std::chrono::milliseconds idle{75'000};            // between requests
  std::chrono::milliseconds request{20'000};         // from the first byte of one to its last
  std::chrono::milliseconds answer{20'000};          // until the client has read it
};

struct HttpServerOptions {
  std::string host = "127.0.0.1";  // an address of this machine, or localhost
  std::uint16_t port = 0;          // 0: the system picks
  std::size_t workers = 4;
  HttpLimits limits;
};

// Called by the workers, several at a time.
struct HttpHandlers {
  std::function<HttpResponse(const HttpRequest&)> handle;
  std::function<HttpResponse(HttpProblem)> explain;  // what the client is told; must not throw
};

// Thread-safe.
class HttpServer {
 public:
  // Listens before it answers. Errors: kInvalidArgument (host), kUnavailable (the port is taken),
  // kPermissionDenied (a port below 1024).
  static Result<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                   HttpHandlers handlers);
  ~HttpServer();  // Stop without grace
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  std::string address() const;  // `127.0.0.1:8000`, `[::1]:8000`
  std::size_t connections() const;

  // Takes no new connection, closes idle ones, lets requests under way be answered for so long,
  // then cuts the rest; waits for handlers that run. Harmless when repeated.
  void Stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

// The request `bytes` begin with, read as the server reads it; for tests and fuzzing. Errors:
// kInvalidArgument (not HTTP, unfinished, over the limits).
Result<HttpRequest> ParseHttpRequest(std::string_view bytes, const HttpLimits& limits);

}  // namespace zael::endpoint
