// WriteRequest: one write as a request asks for it, alone or as an element of a transaction: read,
// bound, judged against its table, and made of an item at hand.
//
// Pure functions. Facts: dynamodb-api.md 1.3, 1.5.
#pragma once

#include <zael/store.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "endpoint/items/item_table.h"
#include "endpoint/items/legacy.h"
#include "endpoint/items/request_expressions.h"
#include "endpoint/request_members.h"

namespace zael::endpoint {

enum class WriteKind { kPut, kUpdate, kDelete, kCheck };

// As the request has it. Views the request.
struct WriteTexts {
  WriteKind kind = WriteKind::kPut;
  std::string table_name;
  json::JsonValue target;  // the Item of a put, else the Key
  ExpressionTexts expressions;
  LegacyTexts legacy;
  bool item_on_failure = false;  // ReturnValuesOnConditionCheckFailure ALL_OLD
};
// `alone`: not in a transaction, where there are no legacy parameters.
WriteTexts ReadWrite(WriteKind kind, bool alone, Members& request);

struct BoundWrite {
  WriteKind kind = WriteKind::kPut;
  Item target;  // the item of a put, else the key
  std::optional<Condition> condition;
  UpdateActions actions;
  bool item_on_failure = false;

  std::vector<Path> Paths() const;  // of the actions
};
// Errors: ValidationException. Requires: the request has no faults.
ApiResult<BoundWrite> BindWrite(const WriteTexts& texts);

// What DynamoDB refuses of it because of its table. Errors: kInvalidArgument.
Status CheckWrite(const ItemTable& table, const BoundWrite& write);

// The item after the write of `before`, nullptr when there is none; nothing when none is left.
// Errors: kInvalidArgument.
Result<std::optional<Item>> MakeAfter(const ItemTable& table, const BoundWrite& write,
                                      const Item* before);

// Whether its condition, if any, holds.
Result<bool> ConditionHolds(const BoundWrite& write, const Item* before);

// The key it addresses.
Key KeyOfWrite(const ItemTable& table, const BoundWrite& write);

TransactItem ToTransactItem(const ItemTable& table, const BoundWrite& write);

}  // namespace zael::endpoint
