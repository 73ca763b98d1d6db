#include "engine/tables.h"

#include <memory>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "base/ulid.h"
#include "engine/backup_manifest.h"
#include "engine/layout.h"
#include "store/validate.h"

namespace zael::engine {

Status Tables::RefuseTaken(std::string_view name, std::string_view action) const {
  const bool restoring = core_.catalog.FindRestoring(name) != nullptr;
  if (!restoring && !core_.catalog.Find(name).ok()) return {};
  return Error(ErrorCode::kAlreadyExists, Format("{} table {}: {}", action, Shorten(name),
                                                 restoring ? "one of this name is being restored"
                                                           : "there is one of this name"));
}

Result<TableDescription> Tables::CreateTable(const TableSpec& spec) {
  ZAEL_TRY(store::ValidateTableSpec(spec));
  MutexLock lock(changing_);
  ZAEL_TRY(RefuseTaken(spec.name, "create"));
  (void)core_.catalog.TakeFailure(spec.name);
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
  if (const auto restoring = core_.catalog.FindRestoring(name)) return restoring->Describe();
  const auto table = core_.catalog.Find(name);
  if (table.ok()) return (*table)->Describe();
  return core_.catalog.TakeFailure(name).value_or(table.error());
}

Result<TableDescription> Tables::UpdateTable(std::string_view name, const TableUpdate& update) {
  ZAEL_TRY(store::ValidateTableUpdate(update));
  MutexLock lock(changing_);
  ZAEL_ASSIGN(const TablePtr old, core_.catalog.Find(name));
  const std::shared_ptr<Table> table = old->Successor();
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

Status Tables::SetRecovery(std::string_view name, int days) {
  MutexLock lock(changing_);
  ZAEL_ASSIGN(const TablePtr old, core_.catalog.Find(name));
  const std::shared_ptr<Table> table = old->Successor();
  table->recovery_days = days;
  const StripeLock writers(core_.stripes, StripeLock::All());
  return core_.catalog.Store(table);
}

Result<RestoringPtr> Tables::BeginRestore(RestoringPtr restoring) {
  Table& table = *restoring->table;
  ZAEL_TRY(store::ValidateTableSpec(table.spec));
  MutexLock lock(changing_);
  ZAEL_TRY(RefuseTaken(table.spec.name, "restore"));
  (void)core_.catalog.TakeFailure(table.spec.name);
  table.number = core_.catalog.NextNumber();
  table.created_at = core_.clock.WallNow();
  table.id = MakeUlid(table.created_at, random_);
  table.item_count = std::make_shared<std::atomic<std::int64_t>>(0);
  ZAEL_TRY(core_.catalog.BeginRestore(restoring));
  return restoring;
}

Status Tables::EndRestore(const RestoringPtr& restoring) {
  MutexLock lock(changing_);
  return core_.catalog.EndRestore(restoring);
}

Status Tables::AbandonRestore(const RestoringPtr& restoring, const Error& why) {
  MutexLock lock(changing_);
  return core_.catalog.AbandonRestore(restoring, why);
}

Status Tables::DeleteTable(std::string_view name) {
  MutexLock lock(changing_);
  if (core_.catalog.FindRestoring(name) != nullptr) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("delete table {}: it is being restored: wait for its end", Shorten(name)));
  }
  ZAEL_ASSIGN(const TablePtr table, core_.catalog.Find(name));
  if (table->spec.deletion_protection) {
    return Error(
        ErrorCode::kFailedPrecondition,
        Format("delete table {}: it is protected against deletion: switch the protection off first",
               Shorten(name)));
  }
  const bool backed_up = table->recovery_days != 0 && on_removed_ != nullptr;
  {
    const StripeLock writers(core_.stripes, StripeLock::All());
    ZAEL_TRY(core_.catalog.Remove(
        table, backed_up ? EncodeManifest(SystemBackupOf(table, core_.clock.WallNow())) : ""));
    core_.hot_rows.DropTable(TablePrefix(*table));
  }
  if (backed_up) on_removed_();
  return core_.catalog.DropRemoved();
}

Result<std::vector<std::string>> Tables::ListTables() {
  std::vector<std::string> names;
  for (const TablePtr& table : core_.catalog.All()) names.push_back(table->spec.name);
  for (const auto& restoring : core_.catalog.AllRestoring())
    names.push_back(restoring->table->spec.name);
  return names;
}

}  // namespace zael::engine
