// What the elements of both transactions have in common: their list, and their tables.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "endpoint/items/item_context.h"
#include "endpoint/items/item_table.h"

namespace zael::endpoint {

// Why an element cancels its transaction; an empty code when it does not.
struct Reason {
  std::string_view code;
  std::string message;
  std::optional<Item> item;
};
using Reasons = std::vector<Reason>;  // one for each element, in their order

// The element does not fit its table or its item.
Reason InvalidElement(const Error& error);
bool IsBroken(const Reasons& reasons);
// TransactionCanceledException with the reasons.
ApiError Canceled(const Reasons& reasons);

// The tables that elements name, each looked up once. Views the context.
class TransactTables {
 public:
  explicit TransactTables(const ItemContext& context) : context_(context) {}

  // Errors: as ItemTable::Find. The answer lives as long as this.
  ApiResult<const ItemTable*> Find(const std::string& name_or_arn);

 private:
  const ItemContext& context_;
  std::vector<std::pair<std::string, std::unique_ptr<const ItemTable>>> found_;
};

// Refuses two elements on one item.
class ElementKeys {
 public:
  // Errors: ValidationException.
  ApiStatus Add(const ItemTable& table, const Key& key);

 private:
  std::vector<std::string> encoded_;
};

}  // namespace zael::endpoint
