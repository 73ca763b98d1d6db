#include "endpoint/items/write_request.h"

#include <utility>

#include "base/try.h"
#include "endpoint/api_try.h"
#include "endpoint/items/expression_paths.h"
#include "endpoint/items/item_context.h"
#include "endpoint/items/item_rules.h"
#include "store/evaluate.h"
#include "store/key_codec.h"

namespace zael::endpoint {

WriteTexts ReadWrite(WriteKind kind, bool alone, Members& request) {
  WriteTexts texts{.kind = kind};
  texts.table_name = ReadTableMember(request);
  texts.target = request.Attributes(kind == WriteKind::kPut ? "Item" : "Key", Presence::kRequired);
  texts.expressions =
      ReadExpressions({.condition = true, .update = kind == WriteKind::kUpdate}, request);
  if (kind == WriteKind::kCheck) {
    request.Text("ConditionExpression", {.presence = Presence::kRequired});
  }
  if (alone) {
    texts.legacy =
        ReadLegacy({.expected = true, .attribute_updates = kind == WriteKind::kUpdate}, request);
  }
  texts.item_on_failure = request.Text("ReturnValuesOnConditionCheckFailure",
                                       {.choices = {"ALL_OLD", "NONE"}}) == "ALL_OLD";
  return texts;
}

std::vector<Path> BoundWrite::Paths() const {
  std::vector<Path> paths;
  paths.reserve(actions.size());
  for (const UpdateAction& action : actions) {
    paths.push_back(std::visit([](const auto& a) { return a.path; }, action));
  }
  return paths;
}

ApiResult<BoundWrite> BindWrite(const WriteTexts& texts) {
  BoundWrite write{.kind = texts.kind, .item_on_failure = texts.item_on_failure};
  ZAEL_API_ASSIGN(write.target, ReadItemOf(texts.target));
  ZAEL_API_ASSIGN(BoundExpressions bound, BindExpressions(texts.expressions, texts.legacy.given));
  ZAEL_API_TRY(BindLegacy(texts.legacy, bound));
  write.condition = std::move(bound.condition);
  if (bound.update.has_value()) write.actions = *std::move(bound.update);
  return write;
}

Status CheckWrite(const ItemTable& table, const BoundWrite& write) {
  if (write.kind == WriteKind::kPut) {
    ZAEL_TRY(CheckItem(table.spec(), write.target));
  } else {
    ZAEL_TRY(CheckKey(table.keys(), write.target));
    ZAEL_TRY(CheckUpdate(table.spec(), write.actions));
  }
  PathViews paths;
  AppendPaths(write.actions, paths);
  if (write.condition.has_value()) AppendPaths(*write.condition, paths);
  return CheckKeysAreScalars(table.spec(), paths);
}

Result<std::optional<Item>> MakeAfter(const ItemTable& table, const BoundWrite& write,
                                      const Item* before) {
  switch (write.kind) {
    case WriteKind::kPut:
      return std::optional<Item>(write.target);
    case WriteKind::kDelete:
      return std::optional<Item>();
    case WriteKind::kCheck:
      return before == nullptr ? std::optional<Item>() : std::optional<Item>(*before);
    case WriteKind::kUpdate:
      break;
  }
  ZAEL_ASSIGN(Item updated, MakeUpdated(table.spec(), write.actions, before, write.target));
  if (updated.empty()) return std::optional<Item>();
  return std::optional<Item>(std::move(updated));
}

Result<bool> ConditionHolds(const BoundWrite& write, const Item* before) {
  if (!write.condition.has_value()) return true;
  return store::Holds(*write.condition, before);
}

Key KeyOfWrite(const ItemTable& table, const BoundWrite& write) {
  return store::KeyOf(table.keys(), write.target);
}

TransactItem ToTransactItem(const ItemTable& table, const BoundWrite& write) {
  switch (write.kind) {
    case WriteKind::kPut:
      return PutRequest{.table = table.name(), .item = write.target, .condition = write.condition};
    case WriteKind::kUpdate:
      return UpdateRequest{.table = table.name(),
                           .key = write.target,
                           .condition = write.condition,
                           .actions = write.actions};
    case WriteKind::kDelete:
      return DeleteRequest{
          .table = table.name(), .key = write.target, .condition = write.condition};
    case WriteKind::kCheck:
      break;
  }
  return CheckRequest{
      .table = table.name(), .key = write.target, .condition = write.condition.value()};
}

}  // namespace zael::endpoint
