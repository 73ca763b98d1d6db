#include "tests/integration/differential/service.h"

#include <future>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/format.h"
#include "endpoint/item_operations.h"
#include "endpoint/tables/table_operations.h"
#include "engine/engine.h"
#include "json/json_document.h"

namespace zael::differential {
namespace {

std::string_view AfterHash(std::string_view type) { return type.substr(type.rfind('#') + 1); }

}  // namespace

EndpointService::EndpointService()
    : directory_(*os::TemporaryDirectory::Make("zael-differential-")) {
  const auto clock = MakeSystemClock();
  auto stores = engine::OpenEngine({.directory = directory_.path() + "/data", .clock = clock});
  CHECK(stores.ok());
  operations_ = endpoint::ItemOperations(*stores, clock);
  auto tables = endpoint::TableOperations(std::make_shared<endpoint::TablePlane>(*stores, clock));
  for (auto& [name, operation] : tables) {
    operations_.emplace(name, [called = std::move(operation)](const json::JsonValue& request) {
      return called({.region = "us-east-1"}, request);
    });
  }
}

Answer EndpointService::Call(std::string_view operation, const std::string& request) {
  const auto document = json::JsonDocument::Parse(request);
  CHECK(document.ok());
  const auto found = operations_.find(operation);
  CHECK(found != operations_.end());
  const endpoint::ApiOutcome outcome = found->second(document->root());
  if (outcome.ok()) return {.body = *outcome, .error = {}, .message = {}};
  return {.body = endpoint::ErrorBody(outcome.error()),
          .error = std::string(endpoint::ErrorName(outcome.error())),
          .message = outcome.error().message};
}

HttpService::HttpService(std::uint16_t port) : clock_(MakeSystemClock()), port_(port) {
  auto transport = aws::HttpTransport::Start({}, clock_);
  CHECK(transport.ok());
  transport_ = *std::move(transport);
}

Answer HttpService::Call(std::string_view operation, const std::string& request) {
  std::promise<aws::HttpOutcome> done;
  transport_->Send(
      {.endpoint = {.tls = false, .host = "127.0.0.1", .port = port_},
       .headers = {{"Host", Format("127.0.0.1:{}", port_)},
                   {"Content-Type", "application/x-amz-json-1.0"},
                   {"X-Amz-Target", Format("DynamoDB_20120810.{}", operation)},
                   {"X-Amz-Date", "20260101T000000Z"},
                   {"Authorization",
                    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/dynamodb/aws4_request, "
                    "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0"}},
       .body = request},
      clock_->MonotonicNow() + std::chrono::seconds(60),
      [&](aws::HttpOutcome outcome) { done.set_value(std::move(outcome)); });
  const aws::HttpOutcome outcome = done.get_future().get();
  if (const auto* failure = std::get_if<aws::TransportFailure>(&outcome)) {
    return {.body = {}, .error = "TransportFailure", .message = failure->error.message()};
  }
  const auto& response = std::get<aws::HttpResponse>(outcome);
  Answer answer{.body = response.body, .error = {}, .message = {}};
  if (response.status == 200) return answer;
  const auto document = json::JsonDocument::Parse(response.body);
  if (!document.ok()) return {.body = response.body, .error = "Unreadable", .message = {}};
  const auto root = document->root();
  answer.error = AfterHash(root.Find("__type").AsString().value_or("Unnamed"));
  auto message = root.Find("message").AsString();
  if (!message.has_value()) message = root.Find("Message").AsString();
  answer.message = message.value_or("");
  return answer;
}

}  // namespace zael::differential
