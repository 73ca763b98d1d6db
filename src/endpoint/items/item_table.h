// ItemTable: a table as the data plane sees it: its keys, and of each index what kind it is and
// what it shows of an item.
//
// A value, made for one request. Thread-compatible.
#pragma once

#include <zael/store.h>

#include <optional>
#include <string>
#include <string_view>

#include "endpoint/api_error.h"
#include "endpoint/tables/table_settings.h"

namespace zael::endpoint {

class ItemTable {
 public:
  // `name_or_arn` as TableName is. Errors: ValidationException, ResourceNotFoundException.
  static ApiResult<ItemTable> Find(TableAdmin& tables, std::string_view name_or_arn);

  explicit ItemTable(TableDescription description) : description_(std::move(description)) {}

  const TableSpec& spec() const { return description_.spec; }
  const std::string& name() const { return spec().name; }
  const KeySchema& keys() const { return spec().keys; }

  // nullptr when the table has no such index.
  const IndexSpec* Index(std::string_view name) const;

  // Local: read consistently, and able to fetch from the table what it does not show.
  bool IsLocal(const IndexSpec& index) const;
  bool HasLocalIndex() const;

  bool ShowsAll(const IndexSpec& index) const;
  // Whether the index shows an attribute of this name.
  bool Shows(const IndexSpec& index, std::string_view attribute) const;
  // What the index shows of an item.
  Item Shown(const IndexSpec& index, const Item& item) const;

 private:
  const IndexSettings& SettingsOfIndex(const IndexSpec& index) const;

  TableDescription description_;
  mutable std::optional<TableSettings> settings_;  // read when first asked for
};

}  // namespace zael::endpoint
