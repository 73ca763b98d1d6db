// All items as of one moment. The store reads several items at once only while it judges a
// transaction, and it hands back the items whose conditions failed: so each key is checked for not
// being there.

#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/items/capacity.h"
#include "endpoint/items/expression_paths.h"
#include "endpoint/items/item_rules.h"
#include "endpoint/items/projection.h"
#include "endpoint/items/request_expressions.h"
#include "endpoint/items/transact.h"
#include "endpoint/items/transact_elements.h"
#include "json/json_writer.h"
#include "store/validate.h"

namespace zael::endpoint {
namespace {

using json::JsonValue;

// One element, as the request has it. Views the request.
struct GetTexts {
  std::string table_name;
  JsonValue key;
  ExpressionTexts expressions;
};

struct BoundGet {
  const ItemTable* table = nullptr;
  Key key;
  std::optional<std::vector<Path>> projection;
};

std::vector<GetTexts> ReadElements(Members& request) {
  std::vector<GetTexts> all;
  auto elements = request.Structures(
      "TransactItems",
      {.presence = Presence::kRequired, .min_size = 1, .max_size = kMaxTransactItems});
  if (!elements.has_value()) return all;
  for (Members& element : *elements) {
    auto get = element.Structure("Get", Presence::kRequired);
    if (!get.has_value()) continue;
    GetTexts texts{.table_name = ReadTableMember(*get)};
    texts.key = get->Attributes("Key", Presence::kRequired);
    texts.expressions = ReadExpressions({.projection = true}, *get);
    all.push_back(std::move(texts));
  }
  return all;
}

// Errors that need the table.
Status CheckGet(const BoundGet& get) {
  ZAEL_TRY(CheckKey(get.table->keys(), get.key));
  return CheckKeysAreScalars(get.table->spec(), PathsOf(get.projection));
}

ApiResult<std::vector<BoundGet>> Bind(const std::vector<GetTexts>& all, TransactTables& tables) {
  std::vector<BoundGet> gets;
  for (const GetTexts& texts : all) {
    ZAEL_API_ASSIGN(BoundExpressions bound, BindExpressions(texts.expressions));
    BoundGet get{.projection = std::move(bound.projection)};
    ZAEL_API_ASSIGN(get.key, ReadItemOf(texts.key));
    gets.push_back(std::move(get));
  }
  Reasons reasons;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ZAEL_API_ASSIGN(gets[i].table, tables.Find(all[i].table_name));
    const Status fits = CheckGet(gets[i]);
    reasons.push_back(fits.ok() ? Reason() : InvalidElement(fits.error()));
  }
  if (IsBroken(reasons)) return Canceled(reasons);
  ElementKeys keys;
  for (const BoundGet& get : gets) ZAEL_API_TRY(keys.Add(*get.table, get.key));
  return gets;
}

ApiResult<std::vector<std::optional<Item>>> ReadAll(ItemStore& items,
                                                    const std::vector<BoundGet>& gets) {
  TransactWriteRequest request;
  for (const BoundGet& get : gets) {
    request.items.emplace_back(CheckRequest{.table = get.table->name(),
                                            .key = get.key,
                                            .condition = NotExists(get.table->keys().hash.name)});
  }
  ZAEL_API_ASSIGN(TransactOutcome outcome, items.TransactWrite(request));
  std::vector<std::optional<Item>> found(gets.size());
  for (std::size_t i = 0; i < outcome.cancellations.size(); ++i) {
    if (outcome.cancellations[i].reason == CancelReason::kConflict) {
      return FromStoreError(Error(ErrorCode::kAborted, "read transaction: a conflict"));
    }
    found[i] = std::move(outcome.cancellations[i].item);
  }
  return found;
}

}  // namespace

ApiOutcome TransactGetItems(const ItemContext& context, const JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const CapacityDetail detail = ReadCapacityDetail(members);
  const std::vector<GetTexts> texts = ReadElements(members);
  ZAEL_API_TRY(faults.Check());
  TransactTables tables(context);
  ZAEL_API_ASSIGN(const std::vector<BoundGet> gets, Bind(texts, tables));
  ZAEL_API_ASSIGN(const auto found, ReadAll(*context.stores.items, gets));
  TablesCapacity capacities;
  json::JsonWriter writer;
  writer.BeginObject().Key("Responses").BeginArray();
  for (std::size_t i = 0; i < gets.size(); ++i) {
    const std::size_t size = found[i].has_value() ? store::ItemBytes(*found[i]) : 0;
    capacities[gets[i].table->name()].AddTable(2 * ReadUnits(size, true));
    writer.BeginObject();
    if (found[i].has_value()) {
      writer.Key("Item");
      dynamo::WriteItem(writer, gets[i].projection.has_value()
                                    ? Project(*gets[i].projection, *found[i])
                                    : *found[i]);
    }
    writer.EndObject();
  }
  writer.EndArray();
  WriteCapacities(writer, capacities, detail, TableCapacity::Kind::kTransactRead);
  return writer.EndObject().Take();
}

}  // namespace zael::endpoint
