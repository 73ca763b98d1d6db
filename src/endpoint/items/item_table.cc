#include "endpoint/items/item_table.h"

#include <algorithm>

#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "store/validate.h"

namespace zael::endpoint {

ApiResult<ItemTable> ItemTable::Find(TableAdmin& tables, std::string_view name_or_arn) {
  ZAEL_API_ASSIGN(const std::string name, TableNameOf(name_or_arn));
  ZAEL_API_ASSIGN(TableDescription description, tables.DescribeTable(name));
  return ItemTable(std::move(description.spec));
}

const IndexSpec* ItemTable::Index(std::string_view name) const {
  return store::FindIndex(spec_, name);
}

bool ItemTable::IsLocal(const IndexSpec& index) const { return index.keys.hash == spec_.keys.hash; }

bool ItemTable::HasLocalIndex() const {
  return std::any_of(spec_.indexes.begin(), spec_.indexes.end(),
                     [&](const IndexSpec& index) { return IsLocal(index); });
}

}  // namespace zael::endpoint
