#include "dynamo/item_requests.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "dynamo/attribute_value.h"
#include "dynamo/expression_text.h"
#include "json/json_writer.h"
#include "store/validate.h"

namespace zael::dynamo {
namespace {

using json::JsonWriter;

constexpr std::size_t kMaxLimit = 1'000'000;  // a page ends at 1 MB long before

// The body of one request: an object that is open until Finish.
class Body {
 public:
  Body(std::string_view operation, Nature nature) : operation_(operation), nature_(nature) {
    writer_.BeginObject();
  }

  JsonWriter& writer() { return writer_; }

  void Text(std::string_view name, std::string_view text) { writer_.Key(name).String(text); }
  void Flag(std::string_view name, bool flag) { writer_.Key(name).Bool(flag); }
  void Attributes(std::string_view name, const Item& item) {
    writer_.Key(name);
    WriteItem(writer_, item);
  }

  Result<Call> Finish() {
    writer_.EndObject();
    if (writer_.mended()) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("{}: a name or text is not UTF-8, and DynamoDB keeps nothing else; bytes "
                          "go into a binary value",
                          operation_));
    }
    return Call{.operation = operation_, .body = writer_.Take(), .nature = nature_};
  }

 private:
  const std::string_view operation_;
  const Nature nature_;
  JsonWriter writer_;
};

// The members of a write that its place (alone, in a transaction) does not change.
void WriteCondition(Body& body, const Condition* condition, Placeholders& placeholders) {
  if (condition != nullptr) {
    body.Text("ConditionExpression", ConditionText(*condition, placeholders));
    body.Text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  }
  placeholders.Write(body.writer());
}

const Condition* PointerTo(const std::optional<Condition>& condition) {
  return condition ? &*condition : nullptr;
}

void WriteMembers(Body& body, const PutRequest& request) {
  Placeholders placeholders;
  body.Text("TableName", request.table);
  body.Attributes("Item", request.item);
  WriteCondition(body, PointerTo(request.condition), placeholders);
}

void WriteMembers(Body& body, const UpdateRequest& request) {
  Placeholders placeholders;
  body.Text("TableName", request.table);
  body.Attributes("Key", request.key);
  const std::string update = UpdateText(request.actions, placeholders);
  if (!update.empty()) body.Text("UpdateExpression", update);
  WriteCondition(body, PointerTo(request.condition), placeholders);
}

void WriteMembers(Body& body, const DeleteRequest& request) {
  Placeholders placeholders;
  body.Text("TableName", request.table);
  body.Attributes("Key", request.key);
  WriteCondition(body, PointerTo(request.condition), placeholders);
}

void WriteMembers(Body& body, const CheckRequest& request) {
  Placeholders placeholders;
  body.Text("TableName", request.table);
  body.Attributes("Key", request.key);
  WriteCondition(body, &request.condition, placeholders);
}

std::string_view MemberName(const PutRequest&) { return "Put"; }
std::string_view MemberName(const UpdateRequest&) { return "Update"; }
std::string_view MemberName(const DeleteRequest&) { return "Delete"; }
std::string_view MemberName(const CheckRequest&) { return "ConditionCheck"; }

// UpdateItem makes an item of the bare key when there is no expression; a transaction refuses it.
Status CheckMember(const TransactItem& item) {
  const auto* update = std::get_if<UpdateRequest>(&item);
  if (update == nullptr || !update->actions.empty()) return {};
  return Error(ErrorCode::kInvalidArgument,
               "TransactWriteItems: an update without actions; DynamoDB takes none");
}

}  // namespace

Result<Call> RenderGet(const GetRequest& request) {
  Body body("GetItem", Nature::kRead);
  body.Text("TableName", request.table);
  body.Attributes("Key", request.key);
  body.Flag("ConsistentRead", true);
  return body.Finish();
}

Result<Call> RenderBatchGet(std::string_view table, const std::vector<Key>& keys) {
  ZAEL_TRY(store::ValidateBatchGetCount(keys.size()));
  Body body("BatchGetItem", Nature::kRead);
  JsonWriter& writer = body.writer();
  writer.Key("RequestItems").BeginObject().Key(table).BeginObject();
  writer.Key("Keys").BeginArray();
  for (const Key& key : keys) WriteItem(writer, key);
  writer.EndArray();
  body.Flag("ConsistentRead", true);
  writer.EndObject().EndObject();
  return body.Finish();
}

// DynamoDB returns the old item of a put or nothing; the new one is the request's own.
Result<Call> RenderPut(const PutRequest& request) {
  ZAEL_TRY(store::ValidateShape(request));
  Body body("PutItem", Nature::kWrite);
  WriteMembers(body, request);
  if (request.return_item == ReturnItem::kOld) body.Text("ReturnValues", "ALL_OLD");
  return body.Finish();
}

Result<Call> RenderUpdate(const UpdateRequest& request) {
  ZAEL_TRY(store::ValidateShape(request));
  Body body("UpdateItem", Nature::kWrite);
  WriteMembers(body, request);
  switch (request.return_item) {
    case ReturnItem::kNone:
      break;
    case ReturnItem::kOld:
      body.Text("ReturnValues", "ALL_OLD");
      break;
    case ReturnItem::kNew:
      body.Text("ReturnValues", "ALL_NEW");
      break;
    case ReturnItem::kUpdatedNew:
      body.Text("ReturnValues", "UPDATED_NEW");
      break;
  }
  return body.Finish();
}

Result<Call> RenderDelete(const DeleteRequest& request) {
  ZAEL_TRY(store::ValidateShape(request));
  Body body("DeleteItem", Nature::kWrite);
  WriteMembers(body, request);
  if (request.return_item == ReturnItem::kOld) body.Text("ReturnValues", "ALL_OLD");
  return body.Finish();
}

Result<Call> RenderTransactWrite(const TransactWriteRequest& request, std::string_view token) {
  ZAEL_TRY(store::ValidateTransactCount(request.items.size()));
  if (token.empty() || token.size() > kMaxTokenBytes) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("TransactWriteItems: token {} has {} bytes, allowed are 1 to {}",
                        Shorten(token), token.size(), kMaxTokenBytes));
  }
  Body body("TransactWriteItems", Nature::kTokenWrite);
  JsonWriter& writer = body.writer();
  writer.Key("TransactItems").BeginArray();
  for (const TransactItem& item : request.items) {
    ZAEL_TRY(std::visit([](const auto& member) { return store::ValidateShape(member); }, item));
    ZAEL_TRY(CheckMember(item));
    writer.BeginObject();
    std::visit(
        [&](const auto& member) {
          writer.Key(MemberName(member)).BeginObject();
          WriteMembers(body, member);
          writer.EndObject();
        },
        item);
    writer.EndObject();
  }
  writer.EndArray();
  body.Text("ClientRequestToken", token);
  return body.Finish();
}

Result<Call> RenderQuery(const QueryRequest& request, const KeySchema& keys) {
  Body body(request.hash ? "Query" : "Scan", Nature::kRead);
  Placeholders placeholders;
  body.Text("TableName", request.table);
  if (!request.index.empty()) body.Text("IndexName", request.index);
  if (request.hash) {
    body.Text("KeyConditionExpression", KeyConditionText(keys.hash.name, *request.hash,
                                                         PointerTo(request.range), placeholders));
    if (!request.ascending) body.Flag("ScanIndexForward", false);
  }
  if (request.filter) {
    body.Text("FilterExpression", ConditionText(*request.filter, placeholders));
  }
  placeholders.Write(body.writer());
  body.writer().Key("Limit").Int(
      static_cast<std::int64_t>(std::min<std::size_t>(request.max_items, kMaxLimit)));
  if (request.start_after) body.Attributes("ExclusiveStartKey", *request.start_after);
  if (request.index.empty()) body.Flag("ConsistentRead", true);
  return body.Finish();
}

}  // namespace zael::dynamo
