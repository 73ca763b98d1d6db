// The store answers the old item when anything of the answer needs one; what the write made of it
// follows from the request, so the new one is computed here.

#include "endpoint/items/write_item.h"

#include <utility>

#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/items/capacity.h"
#include "endpoint/items/collection_metrics.h"
#include "endpoint/items/projection.h"
#include "endpoint/items/write_request.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

// How often an update that failed on an item is tried again because the item changed meanwhile.
constexpr int kWriteAttempts = 3;

enum class Returned { kNone, kAllOld, kUpdatedOld, kAllNew, kUpdatedNew };

Returned ReadReturned(Members& request) {
  const auto text = request.Text(
      "ReturnValues", {.choices = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"}});
  if (text == "ALL_OLD") return Returned::kAllOld;
  if (text == "UPDATED_OLD") return Returned::kUpdatedOld;
  if (text == "ALL_NEW") return Returned::kAllNew;
  return text == "UPDATED_NEW" ? Returned::kUpdatedNew : Returned::kNone;
}

std::string ItemJson(const Item& item) {
  json::JsonWriter writer;
  dynamo::WriteItem(writer, item);
  return writer.Take();
}

ApiError RefusedBy(const BoundWrite& write, const std::optional<Item>& item) {
  if (!write.item_on_failure || !item.has_value()) return ConditionalCheckFailed();
  return ConditionalCheckFailed(ItemJson(*item));
}

Result<WriteOutcome> Send(ItemStore& items, const ItemTable& table, const BoundWrite& write,
                          ReturnItem wanted) {
  TransactItem request = ToTransactItem(table, write);
  if (auto* put = std::get_if<PutRequest>(&request)) {
    put->return_item = wanted;
    return items.Put(*put);
  }
  if (auto* update = std::get_if<UpdateRequest>(&request)) {
    update->return_item = wanted;
    return items.Update(*update);
  }
  auto& removal = std::get<DeleteRequest>(request);
  removal.return_item = wanted;
  return items.Delete(removal);
}

// What DynamoDB says of the write on the item as it is now; nothing wrong: the item has changed.
ApiStatus Judge(ItemStore& items, const ItemTable& table, const BoundWrite& write) {
  ZAEL_API_ASSIGN(const std::optional<Item> before,
                  items.Get({.table = table.name(), .key = KeyOfWrite(table, write)}));
  const Item* const item = before.has_value() ? &*before : nullptr;
  ZAEL_API_ASSIGN(const bool holds, ConditionHolds(write, item));
  if (!holds) return RefusedBy(write, before);
  ZAEL_API_TRY(MakeAfter(table, write, item));
  return {};
}

ApiResult<WriteOutcome> Perform(ItemStore& items, const ItemTable& table, const BoundWrite& write,
                                ReturnItem wanted) {
  for (int attempt = 1;; ++attempt) {
    Result<WriteOutcome> outcome = Send(items, table, write, wanted);
    if (outcome.ok()) return *std::move(outcome);
    const bool refused = outcome.error().code() == ErrorCode::kInvalidArgument;
    if (!refused || attempt == kWriteAttempts) return outcome.error();
    ZAEL_API_TRY(Judge(items, table, write));
  }
}

// The member Attributes, when there is anything in it.
void WriteAttributes(json::JsonWriter& writer, Returned returned, const BoundWrite& write,
                     const Item* before, const Item* after) {
  const bool old = returned == Returned::kAllOld || returned == Returned::kUpdatedOld;
  const Item* const source = old ? before : after;
  if (returned == Returned::kNone || source == nullptr) return;
  const bool whole = returned == Returned::kAllOld || returned == Returned::kAllNew;
  const Item item = whole ? *source : Project(write.Paths(), *source);
  if (item.empty()) return;
  writer.Key("Attributes");
  dynamo::WriteItem(writer, item);
}

struct Asked {
  Returned returned = Returned::kNone;
  CapacityDetail detail = CapacityDetail::kNone;
  bool metrics = false;
};

ApiOutcome Answer(const ItemTable& table, const BoundWrite& write, const Asked& asked,
                  const std::optional<Item>& old) {
  const bool needs_items =
      asked.returned != Returned::kNone || asked.detail != CapacityDetail::kNone;
  json::JsonWriter writer;
  writer.BeginObject();
  if (needs_items) {
    const Item* const before = old.has_value() ? &*old : nullptr;
    ZAEL_API_ASSIGN(const std::optional<Item> made, MakeAfter(table, write, before));
    const Item* const after = made.has_value() ? &*made : nullptr;
    WriteAttributes(writer, asked.returned, write, before, after);
    TableCapacity capacity;
    capacity.AddWrite(table, before, after);
    WriteCapacity(writer, table.name(), capacity, asked.detail);
  }
  if (asked.metrics && table.HasLocalIndex()) {
    writer.Key("ItemCollectionMetrics");
    WriteCollectionMetrics(writer, table.keys(), write.target);
  }
  return writer.EndObject().Take();
}

ApiOutcome WriteOne(const ItemContext& context, WriteKind kind, const json::JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const WriteTexts texts = ReadWrite(kind, true, members);
  Asked asked{.returned = ReadReturned(members),
              .detail = ReadCapacityDetail(members),
              .metrics = ReadsCollectionMetrics(members)};
  ZAEL_API_TRY(faults.Check());
  if (kind != WriteKind::kUpdate && asked.returned != Returned::kNone &&
      asked.returned != Returned::kAllOld) {
    return ValidationError("ReturnValues can only be ALL_OLD or NONE");
  }
  ZAEL_API_ASSIGN(const BoundWrite write, BindWrite(texts));
  ZAEL_API_ASSIGN(const ItemTable table, context.FindTable(texts.table_name));
  ZAEL_API_TRY(CheckWrite(table, write));
  const bool needs_old = asked.returned != Returned::kNone || asked.detail != CapacityDetail::kNone;
  ZAEL_API_ASSIGN(const WriteOutcome outcome,
                  Perform(*context.stores.items, table, write,
                          needs_old ? ReturnItem::kOld : ReturnItem::kNone));
  if (!outcome.applied) return RefusedBy(write, outcome.item);
  return Answer(table, write, asked, outcome.item);
}

}  // namespace

ApiOutcome PutItem(const ItemContext& context, const json::JsonValue& request) {
  return WriteOne(context, WriteKind::kPut, request);
}
ApiOutcome UpdateItem(const ItemContext& context, const json::JsonValue& request) {
  return WriteOne(context, WriteKind::kUpdate, request);
}
ApiOutcome DeleteItem(const ItemContext& context, const json::JsonValue& request) {
  return WriteOne(context, WriteKind::kDelete, request);
}

}  // namespace zael::endpoint
