#include "endpoint/tables/table_plane.h"

#include <algorithm>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/tables/create_table.h"

namespace zael::endpoint {
namespace {

template <typename T>
ApiResult<T> Answer(Result<T> result, const std::string& table) {
  if (result.ok()) return *std::move(result);
  if (result.error().code() == ErrorCode::kNotFound) return TableNotFound(table);
  return result.error();
}

}  // namespace

ApiError TableNotFound(std::string_view table) {
  return ResourceNotFound(Format("Requested resource not found: Table: {} not found", table));
}

ApiResult<TableDescription> TablePlane::Describe(const std::string& table) const {
  return Answer(stores_.tables->DescribeTable(table), table);
}

ApiResult<TableDescription> TablePlane::Create(NewTable table) {
  const std::string name = table.spec.name;
  table.spec.notes = ToNotes(table.settings);
  const MutexLock lock(changing_);
  auto created = stores_.tables->CreateTable(table.spec);
  if (!created.ok() && created.error().code() == ErrorCode::kAlreadyExists) {
    return ResourceInUse(Format("Table already exists: {}", name));
  }
  return Answer(std::move(created), name);
}

ApiResult<TableDescription> TablePlane::Change(const std::string& table, const Decide& decide) {
  const MutexLock lock(changing_);
  ZAEL_API_ASSIGN(const TableDescription before, Describe(table));
  ZAEL_API_ASSIGN(const TableUpdate update, decide(before));
  return Answer(stores_.tables->UpdateTable(table, update), table);
}

ApiResult<TableDescription> TablePlane::Delete(const std::string& table) {
  const MutexLock lock(changing_);
  ZAEL_API_ASSIGN(TableDescription before, Describe(table));
  if (before.spec.deletion_protection) {
    return ValidationError(
        "Resource cannot be deleted as it is currently protected against deletion. Disable "
        "deletion protection first.");
  }
  const Status deleted = stores_.tables->DeleteTable(table);
  if (!deleted.ok()) return deleted.error();
  return before;
}

ApiResult<std::vector<std::string>> TablePlane::List() const {
  ZAEL_API_ASSIGN(std::vector<std::string> names, stores_.tables->ListTables());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace zael::endpoint
