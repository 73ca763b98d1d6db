// TablePlane: the tables as all table operations see them: found with DynamoDB's words, changed one
// at a time.
//
// A change is read, judged and written under one lock, because settings, tags and streams are
// replaced whole in the store. The lock is held across the store's write; calls of tables are rare.
// Nothing is ever CREATING or UPDATING: an answered change has happened.
#pragma once

#include <zael/store.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "endpoint/api_error.h"
#include "endpoint/tables/table_settings.h"

namespace zael::endpoint {

struct NewTable;

// Thread-safe.
class TablePlane {
 public:
  TablePlane(Stores stores, std::shared_ptr<Clock> clock)
      : stores_(std::move(stores)), clock_(std::move(clock)) {}

  // Errors: ResourceNotFoundException naming the table, as calls of tables say it.
  ApiResult<TableDescription> Describe(const std::string& table) const;

  // Errors: ResourceInUseException.
  ApiResult<TableDescription> Create(NewTable table);

  // Writes what `decide` makes of the table as it is. Errors: as Describe, those of `decide`.
  using Decide = std::function<ApiResult<TableUpdate>(const TableDescription& table)>;
  ApiResult<TableDescription> Change(const std::string& table, const Decide& decide);

  // The table as it was. Errors: as Describe; ValidationException when it is protected.
  ApiResult<TableDescription> Delete(const std::string& table);

  // In byte order.
  ApiResult<std::vector<std::string>> List() const;

  ChangeFeed& changes() const { return *stores_.changes; }
  WallTime now() const { return clock_->WallNow(); }

 private:
  const Stores stores_;
  const std::shared_ptr<Clock> clock_;
  Mutex changing_;
};

// `Requested resource not found: Table: T not found`
ApiError TableNotFound(std::string_view table);

}  // namespace zael::endpoint
