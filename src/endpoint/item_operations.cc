#include "endpoint/item_operations.h"

#include <utility>

#include "endpoint/items/batch.h"
#include "endpoint/items/get_item.h"
#include "endpoint/items/item_context.h"
#include "endpoint/items/query.h"
#include "endpoint/items/token_book.h"
#include "endpoint/items/transact.h"
#include "endpoint/items/write_item.h"

namespace zael::endpoint {

Operations ItemOperations(Stores stores, std::shared_ptr<Clock> clock) {
  auto tokens = std::make_shared<TokenBook>(clock);
  const auto context = std::make_shared<const ItemContext>(
      ItemContext{.stores = std::move(stores), .clock = std::move(clock), .tokens = tokens});
  using Function = ApiOutcome (*)(const ItemContext&, const json::JsonValue&);
  Operations operations;
  const auto add = [&](std::string name, Function function) {
    operations.emplace(std::move(name), [context, function](const json::JsonValue& request) {
      return function(*context, request);
    });
  };
  add("GetItem", GetItem);
  add("PutItem", PutItem);
  add("UpdateItem", UpdateItem);
  add("DeleteItem", DeleteItem);
  add("BatchGetItem", BatchGetItem);
  add("BatchWriteItem", BatchWriteItem);
  add("TransactGetItems", TransactGetItems);
  add("TransactWriteItems", TransactWriteItems);
  add("Query", Query);
  add("Scan", Scan);
  return operations;
}

}  // namespace zael::endpoint
