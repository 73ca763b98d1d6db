#include "tests/integration/dynamodb/endpoint_server.h"

#include <optional>
#include <utility>

#include "base/check.h"
#include "base/random.h"

namespace zael::dynamo {
namespace {

constexpr const char* kRegion = "eu-central-1";

std::shared_ptr<engine::Engine> OpenEngine(const std::string& directory,
                                           std::shared_ptr<Clock> clock) {
  auto engine = engine::Engine::Open({.directory = directory,
                                      .clock = std::move(clock),
                                      .sweep_interval = std::chrono::milliseconds(0)});
  CHECK(engine.ok());
  return *std::move(engine);
}

std::optional<std::string> NoVariables(const char*) { return std::nullopt; }

}  // namespace

aws::Credentials EndpointServer::credentials() {
  return {.access_key_id = "AKIDTEST", .secret_access_key = "a-secret-of-the-tests"};
}

EndpointServer::EndpointServer(std::shared_ptr<Clock> clock)
    : directory_(*os::TemporaryDirectory::Make("zael-endpoint-")),
      engine_(OpenEngine(directory_.path() + "/data", clock)) {
  auto endpoint = endpoint::Endpoint::Start(
      engine_->stores(), std::move(clock),
      {.server = {},
       .keys = {{credentials().access_key_id, credentials().secret_access_key}},
       .region = kRegion,
       .on_handled = nullptr});
  CHECK(endpoint.ok());
  endpoint_ = *std::move(endpoint);
}

std::shared_ptr<DynamoClient> EndpointServer::Connect() {
  auto client = DynamoClient::Open({.aws = {.profile = "",
                                            .region = kRegion,
                                            .endpoint_url = url(),
                                            .credentials = credentials()},
                                    .variables = &NoVariables,
                                    .retry = {.attempt_timeout = std::chrono::seconds(60),
                                              .call_timeout = std::chrono::seconds(120)},
                                    .clock = MakeSystemClock(),
                                    .random = std::make_shared<SeededRandom>(7)});
  CHECK(client.ok());
  return *std::move(client);
}

}  // namespace zael::dynamo
