// ItemTable: a table as the data plane sees it: its keys, and of each index what kind it is.
//
// A value, made for one request. Thread-compatible.
#pragma once

#include <zael/store.h>

#include <string>
#include <string_view>

#include "endpoint/api_error.h"

namespace zael::endpoint {

class ItemTable {
 public:
  // `name_or_arn` as TableName is. Errors: ValidationException, ResourceNotFoundException.
  static ApiResult<ItemTable> Find(TableAdmin& tables, std::string_view name_or_arn);

  explicit ItemTable(TableSpec spec) : spec_(std::move(spec)) {}

  const TableSpec& spec() const { return spec_; }
  const std::string& name() const { return spec_.name; }
  const KeySchema& keys() const { return spec_.keys; }

  // nullptr when the table has no such index.
  const IndexSpec* Index(std::string_view name) const;

  // Local: it shares the hash key of the table, is read consistently and counts by itself.
  bool IsLocal(const IndexSpec& index) const;
  bool HasLocalIndex() const;

 private:
  TableSpec spec_;
};

}  // namespace zael::endpoint
