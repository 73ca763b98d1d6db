// Transport: one HTTP exchange at a time, asynchronously. What signing, retries and codecs stand
// on.
//
// It knows nothing of AWS: the request comes signed. The production one keeps connections alive and
// runs on its own I/O thread; tests script theirs. The key idea is in the failure: only when
// nothing of the request can have reached the server may a caller repeat a write blindly. Design:
// storage.md (DynamoDB client), dynamodb-api.md 3.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zael::aws {

// Names as they go on the wire; compared without regard to case.
using Headers = std::vector<std::pair<std::string, std::string>>;

// Where to connect. `host` without brackets or port.
struct Endpoint {
  bool tls = true;
  std::string host;
  std::uint16_t port = 443;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

struct HttpRequest {
  Endpoint endpoint;
  std::string method = "POST";
  std::string target = "/";  // path and query, encoded
  Headers headers;           // Host included; Content-Length is the transport's
  std::string body;
};

struct HttpResponse {
  unsigned status = 0;
  Headers headers;
  std::string body;
};

// kUnavailable (refused, cut, unreadable answer) or kDeadlineExceeded.
struct TransportFailure {
  Error error;
  // False only when no byte of the request left: the server cannot have acted on it.
  bool may_have_arrived = true;
};

using HttpOutcome = std::variant<HttpResponse, TransportFailure>;

// Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;

  // Calls `done` exactly once, on any thread, also before Send returns; `done` must not block.
  // Bounded: what does not fit into its queue fails at once with kResourceExhausted.
  virtual void Send(HttpRequest request, MonotonicTime deadline,
                    std::function<void(HttpOutcome)> done) = 0;
};

}  // namespace zael::aws
