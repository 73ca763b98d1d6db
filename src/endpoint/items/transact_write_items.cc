// The store judges and makes the transaction as one. When it refuses an element that only the item
// at hand can explain, every element is judged once more here, one item at a time, for the answer;
// nothing has been written then, so it does not matter that the items are not read at one moment.

#include <array>
#include <map>
#include <utility>

#include "aws/sha256.h"
#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/items/capacity.h"
#include "endpoint/items/collection_metrics.h"
#include "endpoint/items/payload_text.h"
#include "endpoint/items/token_book.h"
#include "endpoint/items/transact.h"
#include "endpoint/items/transact_elements.h"
#include "endpoint/items/write_request.h"
#include "json/json_writer.h"
#include "store/validate.h"

namespace zael::endpoint {
namespace {

using json::JsonValue;

// How often a transaction refused for an item is tried again because that changed meanwhile.
constexpr int kAttempts = 3;

struct Element {
  const ItemTable* table = nullptr;
  BoundWrite write;
  std::optional<Item> before;  // when capacity is asked for
};

Reason ConditionFailed(const BoundWrite& write, std::optional<Item> item) {
  if (!write.item_on_failure) item.reset();
  return {"ConditionalCheckFailed", "The conditional request failed", std::move(item)};
}
struct ElementKind {
  std::string_view member;
  WriteKind kind;
};
constexpr std::array<ElementKind, 4> kElementKinds{{{"ConditionCheck", WriteKind::kCheck},
                                                    {"Put", WriteKind::kPut},
                                                    {"Delete", WriteKind::kDelete},
                                                    {"Update", WriteKind::kUpdate}}};

// As the request has it. Views the request.
struct Texts {
  std::vector<WriteTexts> elements;
  bool one_action_each = true;
  std::string token;
  std::string payload;
  CapacityDetail detail = CapacityDetail::kNone;
  bool metrics = false;
};

void ReadElement(Members& element, Texts& texts) {
  std::size_t actions = 0;
  for (const ElementKind& kind : kElementKinds) {
    auto structure = element.Structure(kind.member);
    if (!structure.has_value()) continue;
    if (++actions == 1) texts.elements.push_back(ReadWrite(kind.kind, false, *structure));
    if (kind.kind == WriteKind::kUpdate) {
      structure->Text("UpdateExpression", {.presence = Presence::kRequired});
    }
  }
  texts.one_action_each = texts.one_action_each && actions == 1;
}

Texts Read(Members& request, const JsonValue& json) {
  Texts texts;
  auto elements = request.Structures(
      "TransactItems",
      {.presence = Presence::kRequired, .min_size = 1, .max_size = kMaxTransactItems});
  if (elements.has_value()) {
    for (Members& element : *elements) ReadElement(element, texts);
  }
  texts.token =
      request.Text("ClientRequestToken", {.min_size = 1, .max_size = 36}).value_or(std::string());
  if (!texts.token.empty()) {
    texts.payload = aws::Hex(aws::Sha256(PayloadText(json.Find("TransactItems"))));
  }
  texts.detail = ReadCapacityDetail(request);
  texts.metrics = ReadsCollectionMetrics(request);
  return texts;
}

ApiResult<std::vector<Element>> Bind(const Texts& texts, TransactTables& tables) {
  std::vector<Element> elements;
  std::size_t bytes = 0;
  for (const WriteTexts& write : texts.elements) {
    ZAEL_API_ASSIGN(BoundWrite bound, BindWrite(write));
    bytes += store::ItemBytes(bound.target);
    elements.push_back({.write = std::move(bound)});
  }
  if (bytes > store::kMaxTransactBytes) {
    return ValidationError("Collective size of items in the transaction has exceeded 4 MB");
  }
  for (std::size_t i = 0; i < elements.size(); ++i) {
    ZAEL_API_ASSIGN(elements[i].table, tables.Find(texts.elements[i].table_name));
  }
  return elements;
}

ApiResult<std::optional<Item>> ReadBefore(ItemStore& items, const Element& element) {
  ZAEL_API_ASSIGN(std::optional<Item> item,
                  items.Get({.table = element.table->name(),
                             .key = KeyOfWrite(*element.table, element.write)}));
  return item;
}

ApiResult<Reason> Judge(ItemStore& items, const Element& element) {
  ZAEL_API_ASSIGN(std::optional<Item> before, ReadBefore(items, element));
  const Item* const item = before.has_value() ? &*before : nullptr;
  ZAEL_API_ASSIGN(const bool holds, ConditionHolds(element.write, item));
  if (!holds) return ConditionFailed(element.write, std::move(before));
  const auto after = MakeAfter(*element.table, element.write, item);
  return after.ok() ? Reason() : InvalidElement(after.error());
}

// Of elements that fit their tables; those that do not are told without looking at any item.
ApiResult<Reasons> JudgeAll(ItemStore& items, const std::vector<Element>& elements) {
  Reasons reasons;
  for (const Element& element : elements) {
    if (const Status fits = CheckWrite(*element.table, element.write); !fits.ok()) {
      reasons.push_back(InvalidElement(fits.error()));
      continue;
    }
    ZAEL_API_ASSIGN(Reason reason, Judge(items, element));
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

// Errors that need no item: elements that do not fit their tables, two on one item.
ApiStatus Check(ItemStore& items, const std::vector<Element>& elements) {
  for (const Element& element : elements) {
    if (CheckWrite(*element.table, element.write).ok()) continue;
    ZAEL_API_ASSIGN(const Reasons reasons, JudgeAll(items, elements));
    return Canceled(reasons);
  }
  ElementKeys keys;
  for (const Element& element : elements) {
    ZAEL_API_TRY(keys.Add(*element.table, KeyOfWrite(*element.table, element.write)));
  }
  return {};
}

Reasons ReasonsOf(std::vector<TransactCancellation> cancellations,
                  const std::vector<Element>& elements) {
  Reasons reasons;
  for (std::size_t i = 0; i < cancellations.size(); ++i) {
    switch (cancellations[i].reason) {
      case CancelReason::kNone:
        reasons.push_back(Reason());
        break;
      case CancelReason::kConditionFailed:
        reasons.push_back(ConditionFailed(elements[i].write, std::move(cancellations[i].item)));
        break;
      case CancelReason::kConflict:
        reasons.push_back(
            {"TransactionConflict", "Transaction is ongoing for the item.", std::nullopt});
        break;
    }
  }
  return reasons;
}

ApiStatus Perform(ItemStore& items, const std::vector<Element>& elements,
                  const std::string& token) {
  TransactWriteRequest request{.items = {}, .token = token};
  for (const Element& element : elements) {
    request.items.push_back(ToTransactItem(*element.table, element.write));
  }
  for (int attempt = 1;; ++attempt) {
    Result<TransactOutcome> outcome = items.TransactWrite(request);
    if (outcome.ok()) {
      if (outcome->applied) return {};
      return Canceled(ReasonsOf(std::move(outcome->cancellations), elements));
    }
    const bool refused = outcome.error().code() == ErrorCode::kInvalidArgument;
    if (!refused || attempt == kAttempts) return outcome.error();
    ZAEL_API_ASSIGN(const Reasons reasons, JudgeAll(items, elements));
    if (IsBroken(reasons)) return Canceled(reasons);
  }
}

ApiError ClaimRefused(TokenBook::Claim claim) {
  switch (claim) {
    case TokenBook::Claim::kOther:
      return IdempotentParameterMismatch();
    case TokenBook::Claim::kRunning:
      return ServiceError("TransactionInProgressException",
                          "The transaction with the given request token is already in progress.");
    default:
      return FromStoreError(Error(ErrorCode::kResourceExhausted, "too many tokens at once"));
  }
}

void WriteMetrics(json::JsonWriter& writer, const std::vector<Element>& elements) {
  std::map<std::string_view, std::vector<const Element*>> tables;
  for (const Element& element : elements) {
    if (element.table->HasLocalIndex()) tables[element.table->name()].push_back(&element);
  }
  if (tables.empty()) return;
  writer.Key("ItemCollectionMetrics").BeginObject();
  for (const auto& [name, written] : tables) {
    writer.Key(name).BeginArray();
    for (const Element* element : written) {
      WriteCollectionMetrics(writer, element->table->keys(), element->write.target);
    }
    writer.EndArray();
  }
  writer.EndObject();
}

std::string Answer(const Texts& texts, const std::vector<Element>& elements, bool repeated) {
  json::JsonWriter writer;
  writer.BeginObject();
  TablesCapacity capacities;
  for (const Element& element : elements) {
    TableCapacity& capacity = capacities[element.table->name()];
    const Item* const before = element.before.has_value() ? &*element.before : nullptr;
    if (repeated) {  // it only looked
      capacity.AddTable(2 * ReadUnits(before == nullptr ? 0 : store::ItemBytes(*before), true));
      continue;
    }
    const auto after = MakeAfter(*element.table, element.write, before);
    const bool left = after.ok() && after->has_value();
    capacity.AddWrite(*element.table, before, left ? &**after : nullptr, 2);
  }
  WriteCapacities(
      writer, capacities, texts.detail,
      repeated ? TableCapacity::Kind::kTransactRead : TableCapacity::Kind::kTransactWrite);
  if (texts.metrics) WriteMetrics(writer, elements);
  return writer.EndObject().Take();
}

}  // namespace

ApiOutcome TransactWriteItems(const ItemContext& context, const JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const Texts texts = Read(members, request);
  ZAEL_API_TRY(faults.Check());
  if (!texts.one_action_each) {
    return ValidationError("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  ItemStore& items = *context.stores.items;
  TransactTables tables(context);
  ZAEL_API_ASSIGN(std::vector<Element> elements, Bind(texts, tables));
  ZAEL_API_TRY(Check(items, elements));
  if (texts.detail != CapacityDetail::kNone) {
    for (Element& element : elements) {
      ZAEL_API_ASSIGN(element.before, ReadBefore(items, element));
    }
  }
  if (texts.token.empty()) {
    ZAEL_API_TRY(Perform(items, elements, {}));
    return Answer(texts, elements, false);
  }
  const TokenBook::Claim claim = context.tokens->Begin(texts.token, texts.payload);
  if (claim == TokenBook::Claim::kDone) return Answer(texts, elements, true);
  if (claim != TokenBook::Claim::kNew) return ClaimRefused(claim);
  const ApiStatus performed = Perform(items, elements, texts.token);
  context.tokens->Finish(texts.token, performed.ok());
  ZAEL_API_TRY(performed);
  return Answer(texts, elements, false);
}

}  // namespace zael::endpoint
