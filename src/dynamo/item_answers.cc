#include "dynamo/item_answers.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "dynamo/attribute_value.h"
#include "json/json_document.h"

namespace zael::dynamo {
namespace {

using json::JsonDocument;
using json::JsonValue;
using Kind = json::JsonValue::Kind;

constexpr std::size_t kMaxMessageBytes = 300;
// Sixteen megabytes of items, and what their JSON adds.
constexpr json::JsonBounds kAnswerBounds{.max_bytes = 32 * 1024 * 1024};

Error Unreadable(std::string_view what, std::string_view cause) {
  return {ErrorCode::kUnavailable, Format("read answer of {}: {}", what, cause)};
}

Result<JsonDocument> Parse(std::string_view what, std::string body) {
  auto document = JsonDocument::Parse(std::move(body), kAnswerBounds);
  if (!document.ok()) return Unreadable(what, document.error().message());
  if (!document->root().Is(Kind::kObject)) return Unreadable(what, "not a JSON object");
  return document;
}

Result<Item> ToItem(std::string_view what, const JsonValue& json) {
  auto item = ReadItem(json);
  if (!item.ok()) return Unreadable(what, item.error().message());
  return item;
}

// Absent when the member is.
Result<std::optional<Item>> ToOptionalItem(std::string_view what, const JsonValue& json) {
  if (json.Is(Kind::kAbsent) || json.Is(Kind::kNull)) return std::optional<Item>();
  ZAEL_ASSIGN(Item item, ToItem(what, json));
  return std::optional<Item>(std::move(item));
}

Result<std::vector<Item>> ToItems(std::string_view what, const JsonValue& json) {
  std::vector<Item> items;
  if (json.Is(Kind::kAbsent)) return items;
  if (!json.Is(Kind::kArray)) return Unreadable(what, "a list of items is none");
  items.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    ZAEL_ASSIGN(Item item, ToItem(what, json.At(i)));
    items.push_back(std::move(item));
  }
  return items;
}

bool IsThrottle(std::string_view code) {
  return code == "ThrottlingError" || code == "ProvisionedThroughputExceeded" ||
         code == "RequestLimitExceeded";
}

Error WrongMember(std::size_t index, std::string_view code, std::string_view message) {
  return {ErrorCode::kInvalidArgument, Format("TransactWriteItems: item {}: {}: {}", index, code,
                                              message.substr(0, kMaxMessageBytes))};
}

}  // namespace

Result<std::optional<Item>> ReadGetAnswer(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("GetItem", std::move(body)));
  return ToOptionalItem("GetItem", document.root().Find("Item"));
}

Result<BatchGetPart> ReadBatchGetAnswer(std::string body, std::string_view table) {
  constexpr std::string_view kWhat = "BatchGetItem";
  ZAEL_ASSIGN(const JsonDocument document, Parse(kWhat, std::move(body)));
  const JsonValue responses = document.root().Find("Responses");
  if (!responses.Is(Kind::kObject)) return Unreadable(kWhat, "no Responses");
  BatchGetPart part;
  ZAEL_ASSIGN(part.items, ToItems(kWhat, responses.Find(table)));
  const JsonValue left = document.root().Find("UnprocessedKeys").Find(table);
  ZAEL_ASSIGN(part.unprocessed, ToItems(kWhat, left.Find("Keys")));
  return part;
}

Result<std::optional<Item>> ReadWriteAnswer(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("write", std::move(body)));
  return ToOptionalItem("write", document.root().Find("Attributes"));
}

Result<QueryPage> ReadQueryAnswer(std::string body) {
  constexpr std::string_view kWhat = "Query";
  ZAEL_ASSIGN(const JsonDocument document, Parse(kWhat, std::move(body)));
  const JsonValue items = document.root().Find("Items");
  if (!items.Is(Kind::kArray)) return Unreadable(kWhat, "no Items");
  QueryPage page;
  ZAEL_ASSIGN(page.items, ToItems(kWhat, items));
  ZAEL_ASSIGN(page.next, ToOptionalItem(kWhat, document.root().Find("LastEvaluatedKey")));
  return page;
}

Result<std::optional<Item>> ReadLostCondition(const ServiceError& error) {
  ZAEL_ASSIGN(const JsonDocument document, Parse(error.code, error.body));
  return ToOptionalItem(error.code, document.root().Find("Item"));
}

Result<TransactOutcome> ReadCancellation(const ServiceError& error, std::size_t count) {
  ZAEL_ASSIGN(const JsonDocument document, Parse(error.code, error.body));
  const JsonValue reasons = document.root().Find("CancellationReasons");
  if (!reasons.Is(Kind::kArray) || reasons.size() != count) {
    return Unreadable(error.code, "the reasons are not one for each item");
  }
  TransactOutcome outcome;
  bool judged = false;
  for (std::size_t i = 0; i < count; ++i) {
    const JsonValue reason = reasons.At(i);
    const std::string_view code = reason.Find("Code").AsString().value_or("");
    TransactCancellation cancellation;
    if (code == "ConditionalCheckFailed") {
      cancellation.reason = CancelReason::kConditionFailed;
      ZAEL_ASSIGN(cancellation.item, ToOptionalItem(error.code, reason.Find("Item")));
      judged = true;
    } else if (code == "TransactionConflict") {
      cancellation.reason = CancelReason::kConflict;
      judged = true;
    } else if (IsThrottle(code)) {
      cancellation.reason = CancelReason::kConflict;
    } else if (code != "None") {
      return WrongMember(i, code, reason.Find("Message").AsString().value_or(""));
    }
    outcome.cancellations.push_back(std::move(cancellation));
  }
  if (!judged) return ToStoreError(error, "TransactWriteItems");
  return outcome;
}

}  // namespace zael::dynamo
