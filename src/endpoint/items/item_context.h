// ItemContext: what the item operations share, and the members most of their requests have.
#pragma once

#include <zael/clock.h>
#include <zael/store.h>

#include <memory>
#include <string>
#include <string_view>

#include "endpoint/items/item_table.h"
#include "endpoint/request_members.h"

namespace zael::endpoint {

class TokenBook;

// Thread-safe, as its parts are.
struct ItemContext {
  Stores stores;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<TokenBook> tokens;

  ApiResult<ItemTable> FindTable(std::string_view name_or_arn) const {
    return ItemTable::Find(*stores.tables, name_or_arn);
  }
};

// The required member TableName, as given.
std::string ReadTableMember(Members& request);

// An item of JSON whose shape was checked. Errors: ValidationException.
ApiResult<Item> ReadItemOf(const json::JsonValue& attributes);

}  // namespace zael::endpoint
