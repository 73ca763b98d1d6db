#include "endpoint/items/transact_elements.h"

#include <algorithm>

#include "endpoint/api_try.h"
#include "store/key_codec.h"

namespace zael::endpoint {

ApiResult<const ItemTable*> TransactTables::Find(const std::string& name_or_arn) {
  for (const auto& [name, table] : found_) {
    if (name == name_or_arn) return table.get();
  }
  ZAEL_API_ASSIGN(ItemTable table, context_.FindTable(name_or_arn));
  found_.emplace_back(name_or_arn, std::make_unique<const ItemTable>(std::move(table)));
  return found_.back().second.get();
}

ApiStatus ElementKeys::Add(const ItemTable& table, const Key& key) {
  std::string encoded = table.name() + '\0';
  store::AppendKey(table.keys(), key, &encoded);
  if (std::find(encoded_.begin(), encoded_.end(), encoded) != encoded_.end()) {
    return ValidationError("Transaction request cannot include multiple operations on one item");
  }
  encoded_.push_back(std::move(encoded));
  return {};
}

}  // namespace zael::endpoint
