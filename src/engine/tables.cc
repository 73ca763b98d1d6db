#include "engine/tables.h"

#include <memory>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "base/ulid.h"
#include "engine/layout.h"
#include "store/validate.h"

namespace zael::engine {

Result<TableDescription> Tables::CreateTable(const TableSpec& spec) {
  ZAEL_TRY(store::ValidateTableSpec(spec));
  MutexLock lock(changing_);
  if (core_.catalog.Find(spec.name).ok()) {
    return Error(ErrorCode::kAlreadyExists,
                 Format("create table {}: there is one of this name", Shorten(spec.name)));
  }
  auto table = std::make_shared<Table>();
  table->number = core_.catalog.NextNumber();
  table->spec = spec;
  table->created_at = core_.clock.WallNow();
  table->id = MakeUlid(table->created_at, random_);
  table->item_count = std::make_shared<std::atomic<std::int64_t>>(0);
  ZAEL_TRY(core_.catalog.Store(table));
  return table->Describe();
}

Result<TableDescription> Tables::DescribeTable(std::string_view name) {
  ZAEL_ASSIGN(const TablePtr table, core_.catalog.Find(name));
  return table->Describe();
}

Result<TableDescription> Tables::UpdateTable(std::string_view name, const TableUpdate& update) {
  ZAEL_TRY(store::ValidateTableUpdate(update));
  MutexLock lock(changing_);
  ZAEL_ASSIGN(const TablePtr old, core_.catalog.Find(name));
  auto table = std::make_shared<Table>();
  table->number = old->number;
  table->spec = old->spec;
  table->id = old->id;
  table->created_at = old->created_at;
  table->item_count = old->item_count;
  TableSpec& spec = table->spec;
  if (update.ttl_attribute.has_value()) spec.ttl_attribute = *update.ttl_attribute;
  if (update.stream.has_value()) spec.stream = *update.stream;
  if (update.deletion_protection.has_value())
    spec.deletion_protection = *update.deletion_protection;
  if (update.tags.has_value()) spec.tags = *update.tags;
  if (update.notes.has_value()) spec.notes = *update.notes;
  ZAEL_TRY(store::ValidateTableSpec(spec));
  const StripeLock writers(core_.stripes, StripeLock::All());
  ZAEL_TRY(core_.catalog.Store(table));
  return table->Describe();
}

Status Tables::DeleteTable(std::string_view name) {
  MutexLock lock(changing_);
  ZAEL_ASSIGN(const TablePtr table, core_.catalog.Find(name));
  if (table->spec.deletion_protection) {
    return Error(
        ErrorCode::kFailedPrecondition,
        Format("delete table {}: it is protected against deletion: switch the protection off first",
               Shorten(name)));
  }
  {
    const StripeLock writers(core_.stripes, StripeLock::All());
    ZAEL_TRY(core_.catalog.Remove(table));
    core_.hot_rows.DropTable(TablePrefix(*table));
  }
  return core_.catalog.DropRemoved();
}

Result<std::vector<std::string>> Tables::ListTables() {
  std::vector<std::string> names;
  for (const TablePtr& table : core_.catalog.All()) names.push_back(table->spec.name);
  return names;
}

}  // namespace zael::engine
