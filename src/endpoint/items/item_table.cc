#include "endpoint/items/item_table.h"

#include <algorithm>

#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/validation.h"
#include "store/validate.h"

namespace zael::endpoint {
ApiResult<ItemTable> ItemTable::Find(TableAdmin& tables, std::string_view name_or_arn) {
  ZAEL_API_ASSIGN(const std::string name, TableNameOf(name_or_arn));
  ZAEL_API_ASSIGN(TableDescription description, tables.DescribeTable(name));
  return ItemTable(std::move(description));
}

const IndexSpec* ItemTable::Index(std::string_view name) const {
  return store::FindIndex(spec(), name);
}

const IndexSettings& ItemTable::SettingsOfIndex(const IndexSpec& index) const {
  static const IndexSettings kDefaults;
  if (!settings_.has_value()) settings_ = SettingsOf(description_);
  const auto found = settings_->indexes.find(index.name);
  return found == settings_->indexes.end() ? kDefaults : found->second;
}

bool ItemTable::IsLocal(const IndexSpec& index) const { return SettingsOfIndex(index).local; }

bool ItemTable::HasLocalIndex() const {
  return std::any_of(spec().indexes.begin(), spec().indexes.end(),
                     [&](const IndexSpec& index) { return IsLocal(index); });
}

bool ItemTable::ShowsAll(const IndexSpec& index) const {
  return SettingsOfIndex(index).projection == "ALL";
}

bool ItemTable::Shows(const IndexSpec& index, std::string_view attribute) const {
  if (ShowsAll(index) || IsKeyOf(keys(), attribute) || IsKeyOf(index.keys, attribute)) return true;
  const auto& names = SettingsOfIndex(index).non_key_attributes;
  return std::find(names.begin(), names.end(), attribute) != names.end();
}

Item ItemTable::Shown(const IndexSpec& index, const Item& item) const {
  if (ShowsAll(index)) return item;
  Item shown;
  for (const Attribute& attribute : item) {
    if (Shows(index, attribute.name)) shown.Append(attribute.name, attribute.value);
  }
  return shown;
}

}  // namespace zael::endpoint
