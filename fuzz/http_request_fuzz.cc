// What an outsider's bytes do to the endpoint before any operation sees them: read as HTTP, then
// authenticated and dispatched. Whatever they are, there is an answer that is well-formed.
#include <zael/clock.h>

#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/random.h"
#include "endpoint/dispatcher.h"
#include "endpoint/http_server.h"
#include "json/json_document.h"

namespace {

using namespace zael;            // NOLINT: a fuzzer is one function
using namespace zael::endpoint;  // NOLINT

struct Service {
  std::shared_ptr<Clock> clock = MakeSystemClock();
  SeededRandom random{1};
  Authenticator checking{{{"AKID", "secret"}}, "local", *clock};
  Authenticator trusting{{}, "local", *clock};

  Dispatcher Make(Authenticator& authenticator) {
    ServiceOperations operations;
    operations.items["GetItem"] = [](const json::JsonValue& request) -> ApiOutcome {
      if (!request.Is(json::JsonValue::Kind::kObject)) return SerializationError("no object");
      return std::string("{}");
    };
    return Dispatcher({.operations = std::move(operations),
                       .authenticator = authenticator,
                       .region = "local",
                       .random = random,
                       .clock = *clock,
                       .on_handled = {}});
  }
};

void CheckAnswer(const HttpResponse& response) {
  CHECK(response.status == 200 || response.status == 400 || response.status == 404);
  if (response.body.starts_with("{")) {
    CHECK(json::JsonDocument::Parse(response.body).ok());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Service service;
  static const Dispatcher checking = service.Make(service.checking);
  static const Dispatcher trusting = service.Make(service.trusting);
  const HttpLimits limits{.header_bytes = 4'096, .body_bytes = 16'384};
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto request = ParseHttpRequest(bytes, limits);
  if (!request.ok()) return 0;
  CHECK(request->body.size() <= limits.body_bytes);
  CheckAnswer(checking.Handle(*request));
  CheckAnswer(trusting.Handle(*request));
  return 0;
}
