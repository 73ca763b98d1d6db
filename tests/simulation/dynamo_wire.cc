#include "tests/simulation/dynamo_wire.h"

#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/crc32.h"
#include "base/format.h"
#include "dynamo/attribute_value.h"
#include "dynamo/dynamo_client.h"
#include "dynamo/http_date.h"
#include "dynamo/item_requests.h"
#include "endpoint/item_operations.h"
#include "endpoint/tables/table_operations.h"
#include "json/json_document.h"
#include "tests/unit/dynamo/scripted_service.h"

namespace zael::simulation {
namespace {

using std::chrono::minutes;

std::string HeaderOf(const aws::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

// Which key is good; the provider learns of a new one when the old was refused. Thread-compatible.
class Keys final : public aws::CredentialsProvider {
 public:
  void Get(aws::CredentialsCallback done) override {
    done(std::make_shared<const aws::Credentials>(
        aws::Credentials{.access_key_id = Id(known_), .secret_access_key = "secret"}));
  }
  // Not while the key is young: one that expires with every other request serves no client.
  void Rotate() {
    if (served_ < kServesAtLeast) return;
    ++good_;
    served_ = 0;
  }
  bool Accepts(const std::string& authorization) {
    if (authorization.find("Credential=" + Id(good_) + "/") != std::string::npos) {
      ++served_;
      return true;
    }
    known_ = good_;
    return false;
  }

 private:
  static constexpr int kServesAtLeast = 30;

  static std::string Id(int number) { return Format("AKID{}", number); }
  int served_ = 0;
  int good_ = 0;
  int known_ = 0;
};

bool IsWrite(const aws::HttpRequest& request) {
  const std::string target = HeaderOf(request, "X-Amz-Target");
  for (const char* write : {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}) {
    if (target.ends_with(std::string(".") + write)) return true;
  }
  return false;
}

// Thread-compatible: its callers take turns.
class Wire final : public aws::Transport, public std::enable_shared_from_this<Wire> {
 public:
  Wire(const Stores& stores, const WireOptions& options, std::shared_ptr<Keys> keys)
      : options_(options),
        operations_(endpoint::ItemOperations(stores, options.clock)),
        table_operations_(endpoint::TableOperations(
            std::make_shared<endpoint::TablePlane>(stores, options.clock))),
        keys_(std::move(keys)),
        random_(options.seed) {}

  void Send(aws::HttpRequest request, MonotonicTime deadline,
            std::function<void(aws::HttpOutcome)> done) override {
    done(Attempt(request, deadline));
  }

 private:
  bool Happens(int per_thousand, const char* what) {
    if (static_cast<int>(random_.Below(1000)) >= per_thousand) return false;
    ++(*options_.seen)[std::string("wire: ") + what];
    return true;
  }

  aws::HttpOutcome Attempt(const aws::HttpRequest& request, MonotonicTime deadline) {
    const WireRates& rates = options_.rates;
    if (Happens(rates.refused_connection, "refused connection")) return Failure(false);
    if (Happens(rates.lost_before, "lost before")) return Failure(true);
    if (auto refusal = Refuse(request)) return *std::move(refusal);
    if (Happens(rates.failed, "failed before")) return Refusal("InternalServerError", 500);
    if (IsWrite(request) && Happens(rates.delivered_late, "delivered late")) {
      options_.late([self = shared_from_this(), request] { (void)self->Perform(request); });
      return Failure(true);
    }
    aws::HttpResponse response = Perform(request);
    if (Happens(rates.failed, "failed after")) return Refusal("InternalServerError", 500);
    if (Happens(rates.lost_after, "lost after")) return Failure(true);
    if (Happens(rates.late, "late")) {
      const auto left = deadline - options_.client_clock->MonotonicNow();
      if (left.count() > 0) options_.clock->Advance(left);
      return aws::TransportFailure{Error(ErrorCode::kDeadlineExceeded, "no answer in time"), true};
    }
    if (Happens(rates.corrupted, "corrupted")) response.body.insert(response.body.size() / 2, "x");
    return response;
  }

  std::optional<aws::HttpResponse> Refuse(const aws::HttpRequest& request) {
    if (Happens(options_.rates.expired_key, "key expires")) keys_->Rotate();
    if (!keys_->Accepts(HeaderOf(request, "Authorization")))
      return Refusal("ExpiredTokenException");
    const WallTime now = options_.clock->WallNow();
    const std::string date = HeaderOf(request, "X-Amz-Date");
    if (date < aws::AmzDate(now - minutes(15)) || date > aws::AmzDate(now + minutes(15))) {
      ++(*options_.seen)["wire: skewed signature"];
      auto refusal = Refusal("InvalidSignatureException", 400,
                             R"("message":"Signature expired: )"
                             R"(it is now earlier")");
      refusal.headers.emplace_back("Date", dynamo::ToHttpDate(now));
      return refusal;
    }
    if (Happens(options_.rates.throttled, "throttled")) return Refusal("ThrottlingException");
    return std::nullopt;
  }

  aws::HttpResponse Perform(const aws::HttpRequest& request) {
    const std::string target = HeaderOf(request, "X-Amz-Target");
    const std::string operation = target.substr(target.find('.') + 1);
    const auto document = json::JsonDocument::Parse(request.body);
    CHECK(document.ok());
    const json::JsonValue root = document->root();
    if (operation == "TransactWriteItems" && Happens(options_.rates.conflict, "conflict")) {
      return Conflict(root.Find("TransactItems").size());
    }
    if (operation == "BatchGetItem" && Happens(options_.rates.in_part, "in part")) {
      return PerformInPart(root.Find("RequestItems").Member(0));
    }
    return Run(operation, root);
  }

  aws::HttpResponse Run(const std::string& operation, const json::JsonValue& root) {
    const auto found = operations_.find(operation);
    const endpoint::ApiOutcome outcome =
        found != operations_.end()
            ? found->second(root)
            : table_operations_.at(operation)({.region = "eu-central-1"}, root);
    if (outcome.ok()) return Guarded(200, *outcome);
    return Guarded(static_cast<unsigned>(outcome.error().status),
                   endpoint::ErrorBody(outcome.error()));
  }

  // The first keys only; the rest, maybe all, is left for another call.
  aws::HttpResponse PerformInPart(const json::JsonMember& table) {
    const json::JsonValue keys = table.value.Find("Keys");
    const std::size_t taken = random_.Below(keys.size());
    std::vector<Key> first, rest;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto key = dynamo::ReadItem(keys.At(i));
      CHECK(key.ok());
      (i < taken ? first : rest).push_back(*std::move(key));
    }
    const std::string left = Unprocessed(table.name, rest);
    if (first.empty()) return Answered(R"({"Responses":{},"UnprocessedKeys":)" + left + "}");
    const auto call = dynamo::RenderBatchGet(table.name, first);
    CHECK(call.ok());
    const auto document = json::JsonDocument::Parse(call->body);
    CHECK(document.ok());
    std::string body = Run("BatchGetItem", document->root()).body;
    const std::string nothing_left = R"("UnprocessedKeys":{})";
    const auto at = body.find(nothing_left);
    CHECK(at != std::string::npos);
    body.replace(at, nothing_left.size(), R"("UnprocessedKeys":)" + left);
    return Answered(std::move(body));
  }

  static std::string Unprocessed(std::string_view table, const std::vector<Key>& keys) {
    json::JsonWriter writer;
    writer.BeginObject().Key(table).BeginObject().Key("Keys").BeginArray();
    for (const Key& key : keys) dynamo::WriteItem(writer, key);
    writer.EndArray().EndObject().EndObject();
    return writer.Take();
  }

  static aws::HttpResponse Answered(std::string body) { return Guarded(200, std::move(body)); }
  static aws::HttpResponse Conflict(std::size_t members) {
    std::string reasons;
    for (std::size_t i = 0; i < members; ++i) {
      reasons += i == 0 ? R"({"Code":"TransactionConflict"})" : R"(,{"Code":"None"})";
    }
    return Refusal("TransactionCanceledException", 400,
                   R"("CancellationReasons":[)" + reasons + "]");
  }
  static aws::HttpResponse Refusal(const std::string& code, unsigned status = 400,
                                   const std::string& members = R"("message":"simulated")") {
    return Guarded(
        status, R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + code + "\"," + members + "}");
  }
  static aws::HttpResponse Guarded(unsigned status, std::string body) {
    aws::HttpResponse response{.status = status, .headers = {}, .body = std::move(body)};
    response.headers.emplace_back("x-amz-crc32", std::to_string(Crc32(response.body)));
    return response;
  }
  static aws::HttpOutcome Failure(bool may_have_arrived) {
    return aws::TransportFailure{Error(ErrorCode::kUnavailable, "connection cut"),
                                 may_have_arrived};
  }

  const WireOptions options_;
  const endpoint::Operations operations_;
  const endpoint::CallerOperations table_operations_;
  const std::shared_ptr<Keys> keys_;
  SeededRandom random_;
};

}  // namespace

std::shared_ptr<ItemStore> ConnectOverDynamo(Stores stores, const WireOptions& options) {
  const auto keys = std::make_shared<Keys>();
  const dynamo::ServiceAddress address{.tables = dynamo::ServiceAt("dynamodb.example"),
                                       .streams = dynamo::ServiceAt("streams.example")};
  const auto client =
      dynamo::DynamoClient::Over(address, {}, minutes(1),
                                 {.transport = std::make_shared<Wire>(stores, options, keys),
                                  .timer = std::make_shared<dynamo::EagerTimer>(options.clock),
                                  .credentials = keys,
                                  .clock = options.client_clock,
                                  .random = std::make_shared<SeededRandom>(options.seed + 1)});
  return client->stores().items;
}

}  // namespace zael::simulation
