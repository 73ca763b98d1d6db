#include "endpoint/dispatcher.h"

#include <algorithm>
#include <utility>

#include "base/crc32.h"
#include "base/format.h"
#include "dynamo/http_date.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kItemService = "DynamoDB_20120810.";
constexpr std::string_view kStreamService = "DynamoDBStreams_20120810.";
constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
constexpr std::string_view kPlainJson = "application/json";
constexpr std::size_t kRequestIdBytes = 52;
constexpr std::size_t kMaxShownTarget = 80;

std::string_view MediaType(const HttpRequest& request) {
  const std::string* header = request.Header("content-type");
  if (header == nullptr) return {};
  std::string_view type = *header;
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type;
}

bool IsCall(const HttpRequest& request) {
  const std::string_view type = MediaType(request);
  return request.method == "POST" && request.target.substr(0, request.target.find('?')) == "/" &&
         (type == kJson10 || type == kPlainJson);
}

bool IsProbe(const HttpRequest& request) {
  return (request.method == "GET" || request.method == "HEAD") &&
         (request.target == "/" || request.target.starts_with("/health"));
}

// What an outsider sent, without what could confuse a reader of the log.
std::string_view ShownTarget(std::string_view target) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  };
  const bool plain =
      target.size() <= kMaxShownTarget && std::all_of(target.begin(), target.end(), is_plain);
  return plain ? target : "?";
}

struct Explanation {
  unsigned status;
  ApiError error;
};

Explanation ExplanationOf(HttpProblem problem) {
  switch (problem) {
    case HttpProblem::kMalformed:
      return {400, SerializationError("The request is not HTTP")};
    case HttpProblem::kHeaderTooLarge:
      return {431, ServiceError("RequestHeaderSectionTooLarge", "The request header is too large")};
    case HttpProblem::kBodyTooLarge:
      return {413, ServiceError("RequestEntityTooLarge", "The request is larger than 16 MB")};
    case HttpProblem::kOverloaded:
      return {503, ServiceError("ServiceUnavailable", "Too much at once, try again")};
    case HttpProblem::kFailed:
      break;
  }
  return {500, InternalServerError()};
}

}  // namespace

Dispatcher::Dispatcher(DispatcherParts parts)
    : authenticator_(parts.authenticator),
      region_(std::move(parts.region)),
      random_(parts.random),
      clock_(parts.clock),
      on_handled_(std::move(parts.on_handled)) {
  ServiceOperations& operations = parts.operations;
  for (auto& [name, operation] : operations.items) {
    operations_[Format("{}{}", kItemService, name)] =
        [operation = std::move(operation)](const Caller&, const json::JsonValue& request) {
          return operation(request);
        };
  }
  for (auto& [name, operation] : operations.tables) {
    operations_[Format("{}{}", kItemService, name)] = std::move(operation);
  }
  for (auto& [name, operation] : operations.streams) {
    operations_[Format("{}{}", kStreamService, name)] = std::move(operation);
  }
}

HttpResponse Dispatcher::Handle(const HttpRequest& request) const {
  if (IsProbe(request)) {
    return Answer(200, "text/plain", Format("healthy: dynamodb.{}.amazonaws.com ", region_));
  }
  if (!IsCall(request)) {
    return Answer(404, "application/xml", "<UnknownOperationException/>\n");
  }
  return Call(request);
}

HttpResponse Dispatcher::Call(const HttpRequest& request) const {
  const MonotonicTime begun = clock_.MonotonicNow();
  ApiOutcome outcome = Run(request);
  const std::string type(MediaType(request));
  const unsigned status = outcome.ok() ? 200 : static_cast<unsigned>(outcome.error().status);
  if (on_handled_) {
    const std::string* target = request.Header("x-amz-target");
    on_handled_({.target = target == nullptr ? std::string_view() : ShownTarget(*target),
                 .status = status,
                 .error = outcome.ok() ? std::string_view() : ErrorName(outcome.error()),
                 .took = clock_.MonotonicNow() - begun});
  }
  return Answer(status, type, outcome.ok() ? *std::move(outcome) : ErrorBody(outcome.error()));
}

ApiOutcome Dispatcher::Run(const HttpRequest& request) const {
  const auto document = json::JsonDocument::Parse(request.body);
  if (!document.ok()) return SerializationError({});
  const std::string* target = request.Header("x-amz-target");
  const auto found = target == nullptr ? operations_.end() : operations_.find(*target);
  if (found == operations_.end()) return UnknownOperation();
  const auto caller = authenticator_.Check(request);
  if (!caller.ok()) return caller.error();
  return found->second(*caller, document->root());
}

HttpResponse Dispatcher::Explain(HttpProblem problem) const {
  Explanation explanation = ExplanationOf(problem);
  if (on_handled_) {
    on_handled_({.target = {},
                 .status = explanation.status,
                 .error = ErrorName(explanation.error),
                 .took = {}});
  }
  return Answer(explanation.status, std::string(kJson10), ErrorBody(explanation.error));
}

HttpHandlers Dispatcher::handlers() const {
  return {.handle = [this](const HttpRequest& request) { return Handle(request); },
          .explain = [this](HttpProblem problem) { return Explain(problem); }};
}

HttpResponse Dispatcher::Answer(unsigned status, std::string content_type, std::string body) const {
  HttpResponse response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.emplace_back("Content-Type", std::move(content_type));
  response.headers.emplace_back("Date", dynamo::ToHttpDate(clock_.WallNow()));
  response.headers.emplace_back("x-amzn-RequestId", RequestId());
  response.headers.emplace_back("x-amz-crc32", Format("{}", Crc32(response.body)));
  return response;
}

std::string Dispatcher::RequestId() const {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string id;
  id.reserve(kRequestIdBytes);
  while (id.size() < kRequestIdBytes) {
    std::uint64_t bits = random_.Next();
    for (int i = 0; i < 8 && id.size() < kRequestIdBytes; ++i, bits >>= 8) {
      id.push_back(kAlphabet[(bits & 0xff) % kAlphabet.size()]);
    }
  }
  return id;
}

}  // namespace zael::endpoint
