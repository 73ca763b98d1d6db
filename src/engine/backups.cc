#include "engine/backups.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "engine/backup_restore.h"
#include "engine/change_log.h"
#include "engine/log_archive.h"

namespace zael::engine {
namespace {

constexpr std::size_t kMinNameBytes = 3, kMaxNameBytes = 255;

Status ValidateName(std::string_view name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
  if (letters && name.size() >= kMinNameBytes && name.size() <= kMaxNameBytes) return {};
  return Error(ErrorCode::kInvalidArgument,
               Format("create backup {}: a name has {} to {} of a-z A-Z 0-9 _ . -", Shorten(name),
                      kMinNameBytes, kMaxNameBytes));
}

// What can be said of a backup whose manifest cannot be read: what its path says.
Backup DamagedBackup(const std::string& path, const Error& error) {
  Backup backup;
  backup.id = BackupIdOf(path);
  backup.status = BackupStatus::kAvailable;
  backup.damage = error.message();
  backup.table.spec.name = backup.id.substr(0, backup.id.find('/'));
  const std::string_view file = std::string_view(path).substr(path.rfind('/') + 1);
  std::int64_t ms = 0;
  std::from_chars(file.data(), file.data() + std::min(file.find('-'), file.size()), ms);
  backup.created_at = FromEpochMs(ms);
  if (file.ends_with("-00000000")) backup.kind = BackupKind::kSystem;
  return backup;
}

// What a restored table has of its source.
Result<TableSpec> RestoredSpec(const RestoreRequest& request, const TableSpec& source) {
  TableSpec spec{.name = request.target,
                 .keys = source.keys,
                 .indexes = {},
                 .ttl_attribute = std::nullopt,
                 .stream = false,
                 .deletion_protection = false,
                 .tags = {},
                 .notes = request.notes.value_or(source.notes)};
  if (!request.indexes.has_value()) {
    spec.indexes = source.indexes;
    return spec;
  }
  for (const std::string& name : *request.indexes) {
    const auto found = std::find_if(source.indexes.begin(), source.indexes.end(),
                                    [&name](const IndexSpec& index) { return index.name == name; });
    if (found == source.indexes.end()) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("restore table {}: {} is no index of table {}", Shorten(request.target),
                          Shorten(name), Shorten(source.name)));
    }
    spec.indexes.push_back(*found);
  }
  return spec;
}

}  // namespace

Backups::Backups(Parts parts)
    : parts_(std::move(parts)),
      files_(parts_.folder),
      recovery_(parts_.core, files_, parts_.max_recovery_bytes) {
  parts_.tables.TellRemovals([this] {
    ShowRemovals();
    (void)worker_.Add([this] { FinishRemovals(); }, BackupWorker::AtStop::kFinish);
  });
}

Status Backups::Open() {
  ZAEL_TRY(LoadBackups());
  ZAEL_TRY(recovery_.Load());
  ShowRemovals();
  ZAEL_ASSIGN(const auto removed, parts_.core.catalog.NotedRemovals());
  if (!removed.empty())
    (void)worker_.Add([this] { FinishRemovals(); }, BackupWorker::AtStop::kFinish);
  for (const RestoringPtr& restoring : parts_.core.catalog.AllRestoring()) {
    (void)register_.BeginReading(restoring->table->origin->backup_id);
    (void)MakeSoon(restoring);  // else the next open begins it again
  }
  return {};
}

Status Backups::LoadBackups() {
  ZAEL_ASSIGN(const auto paths, files_.Manifests(kBackupShelves));
  for (const std::string& path : paths) {
    const auto manifest = files_.ReadManifest(path);
    register_.Put(manifest.ok() ? Describe(*manifest, BackupIdOf(path))
                                : DamagedBackup(path, manifest.error()));
  }
  return {};
}

Result<Backup> Backups::CreateBackup(const CreateBackupRequest& request) {
  ZAEL_TRY(ValidateName(request.name));
  ZAEL_ASSIGN(const TablePtr table, parts_.core.catalog.Find(request.table));
  auto snapshot = std::make_shared<TableSnapshot>(parts_.core.rocks, *table);
  // Dropped meanwhile: its rows may have been gone before the snapshot.
  ZAEL_ASSIGN(const TablePtr now, parts_.core.catalog.Find(request.table));
  if (now->number != table->number) {
    return Error(ErrorCode::kNotFound,
                 Format("back up table {}: it was deleted meanwhile", Shorten(request.table)));
  }
  Backup backup;
  backup.name = request.name;
  backup.created_at = parts_.core.clock.WallNow();
  backup.id = register_.NewId(request.table, backup.created_at, parts_.random);
  backup.table = table->Describe();
  backup.position = snapshot->position();
  register_.Put(backup);
  const bool added =
      worker_.Add([this, backup, snapshot, table] { WriteBackup(backup, *snapshot, table); },
                  BackupWorker::AtStop::kFinish);
  if (added) return backup;
  register_.Remove(backup.id);
  return Error(ErrorCode::kResourceExhausted,
               Format("back up table {}: {} backups and restores wait already: try again later",
                      Shorten(request.table), kMaxBackupTasks));
}

void Backups::WriteBackup(const Backup& begun, TableSnapshot& snapshot, const TablePtr& table) {
  static const std::atomic<bool> never = false;
  BackupManifest manifest;
  manifest.name = begun.name;
  manifest.at = begun.created_at;
  manifest.position = *begun.position;
  manifest.table = table;
  Status written;
  {
    const MutexLock lock(writing_);
    written = CopyOut(parts_.core.rocks, snapshot, files_, never, &manifest);
    if (written.ok()) written = files_.SaveManifest(ManifestPathOf(begun.id), manifest);
  }
  if (written.ok()) return register_.Put(Describe(manifest, begun.id));
  Backup failed = begun;
  failed.damage = written.error().message();
  register_.Put(std::move(failed));
}

Result<Backup> Backups::DescribeBackup(std::string_view id) { return register_.Find(id); }

Result<BackupPage> Backups::ListBackups(const ListBackupsRequest& request) {
  return register_.List(request);
}

Result<Backup> Backups::DeleteBackup(std::string_view id) {
  ZAEL_ASSIGN(Backup backup, register_.Delete(id));
  ZAEL_TRY(files_.RemoveManifest(ManifestPathOf(id)));
  (void)worker_.Add(
      [this] {
        const MutexLock lock(writing_);
        (void)files_.CollectGarbage();  // what stays is collected the next time
      },
      BackupWorker::AtStop::kFinish);
  return backup;
}

// --- Deleted tables ------------------------------------------------------------------------------

// The backups that deleted tables will have.
void Backups::ShowRemovals() {
  const auto removals = parts_.core.catalog.NotedRemovals();
  if (!removals.ok()) return;
  for (const RemovedTable& removed : *removals) {
    const auto manifest = DecodeManifest(removed.note);
    if (!manifest.ok()) continue;
    Backup backup = Describe(*manifest, SystemBackupId(manifest->table->spec.name, manifest->at));
    if (register_.Find(backup.id).ok()) continue;
    backup.status = BackupStatus::kCreating;
    register_.Put(std::move(backup));
  }
}

void Backups::FinishRemovals() {
  const auto removals = parts_.core.catalog.NotedRemovals();
  if (!removals.ok()) return;  // they stay for the next open
  for (const RemovedTable& removed : *removals) (void)FinishRemoval(removed);
}

Status Backups::FinishRemoval(const RemovedTable& removed) {
  static const std::atomic<bool> never = false;
  ZAEL_ASSIGN(BackupManifest manifest, DecodeManifest(removed.note));
  const std::string id = SystemBackupId(manifest.table->spec.name, manifest.at);
  const MutexLock lock(writing_);
  TableSnapshot snapshot(parts_.core.rocks, *manifest.table);
  manifest.position = snapshot.position();
  ZAEL_TRY(CopyOut(parts_.core.rocks, snapshot, files_, never, &manifest));
  ZAEL_TRY(files_.SaveManifest(ManifestPathOf(id), manifest));
  register_.Put(Describe(manifest, id));
  {
    const MutexLock bases(dropping_);
    ZAEL_TRY(recovery_.DropBases(removed.number));
    garbage_ = true;
  }
  return parts_.core.catalog.DropNoted(removed.number);
}

// --- Restores ------------------------------------------------------------------------------------

Result<TableDescription> Backups::Restore(const RestoreRequest& request) {
  if (const auto* id = std::get_if<std::string>(&request.source))
    return RestoreBackup(*id, request);
  return RestoreMoment(std::get<PointInTime>(request.source), request);
}

Result<TableDescription> Backups::RestoreBackup(const std::string& id,
                                                const RestoreRequest& request) {
  ZAEL_ASSIGN(const Backup backup, register_.BeginReading(id));
  RestorePlan plan{.manifest = ManifestPathOf(id)};
  const auto begun = [&]() -> Result<TableDescription> {
    ZAEL_ASSIGN(const BackupManifest manifest, files_.ReadManifest(plan.manifest));
    ZAEL_TRY(files_.Verify(manifest));
    Table source;
    source.spec = manifest.table->spec;
    source.item_count = std::make_shared<std::atomic<std::int64_t>>(manifest.items);
    return BeginRestore(
        request, source,
        {.backup_id = id, .source_table = manifest.table->spec.name, .at = manifest.at}, plan);
  }();
  if (!begun.ok()) register_.EndReading(id);
  return begun;
}

Result<TableDescription> Backups::RestoreMoment(const PointInTime& moment,
                                                const RestoreRequest& request) {
  ZAEL_ASSIGN(const TablePtr table, parts_.core.catalog.Find(moment.table));
  if (table->recovery_days == 0) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("restore table {} to a time: its recovery is off", Shorten(moment.table)));
  }
  const MutexLock lock(dropping_);
  ZAEL_ASSIGN(const RecoveryStatus window, recovery_.Describe(*table));
  const WallTime at = moment.at.value_or(*window.latest);
  const auto base = recovery_.BaseFor(table->number, at);
  if (at < *window.earliest || at > *window.latest || !base.has_value()) {
    return Error(
        ErrorCode::kInvalidArgument,
        Format("restore table {} to {}: it can be restored from {} to {}", Shorten(moment.table),
               ToUtcText(at), ToUtcText(*window.earliest), ToUtcText(*window.latest)));
  }
  ZAEL_ASSIGN(const BackupManifest manifest, files_.ReadManifest(base->path));
  ZAEL_TRY(files_.Verify(manifest));
  ZAEL_ASSIGN(const ChangePosition through, parts_.core.rocks.SyncedThrough());
  ZAEL_TRY(CheckLogsAfter(parts_.core.rocks, base->position, through));
  return BeginRestore(
      request, *table, {.backup_id = "", .source_table = table->spec.name, .at = at},
      {.manifest = base->path, .source_number = table->number, .through = through, .until = at});
}

Result<TableDescription> Backups::BeginRestore(const RestoreRequest& request, const Table& source,
                                               RestoreOrigin origin, const RestorePlan& plan) {
  auto restoring = std::make_shared<Restoring>();
  restoring->table = std::make_shared<Table>();
  ZAEL_ASSIGN(restoring->table->spec, RestoredSpec(request, source.spec));
  restoring->table->origin = std::move(origin);
  restoring->plan = EncodePlan(plan);
  restoring->items_total = source.Describe().item_count;
  ZAEL_TRY(parts_.tables.BeginRestore(restoring));
  const TableDescription begun = restoring->Describe();
  if (MakeSoon(restoring)) return begun;
  const Error full(ErrorCode::kResourceExhausted,
                   Format("restore table {}: {} backups and restores wait already: try again later",
                          Shorten(request.target), kMaxBackupTasks));
  ZAEL_TRY(parts_.tables.AbandonRestore(restoring, full));
  (void)parts_.core.catalog.TakeFailure(request.target);
  return full;
}

bool Backups::MakeSoon(const RestoringPtr& restoring) {
  return worker_.Add(
      [this, restoring] {
        (void)MakeRestored(parts_.core, parts_.tables, files_, restoring, worker_.stopping());
        register_.EndReading(restoring->table->origin->backup_id);
      },
      BackupWorker::AtStop::kDrop);
}

// --- Recovery ------------------------------------------------------------------------------------

Result<RecoveryStatus> Backups::DescribeRecovery(std::string_view name) {
  ZAEL_ASSIGN(const TablePtr table, parts_.core.catalog.Find(name));
  if (table->recovery_days == 0) return RecoveryStatus();
  return recovery_.Describe(*table);
}

Result<RecoveryStatus> Backups::UpdateRecovery(std::string_view name,
                                               const RecoverySetting& setting) {
  if (setting.enabled && (setting.days < 1 || setting.days > kMaxRecoveryDays)) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("switch recovery of table {}: {} days are not 1 to {}", Shorten(name),
                        setting.days, kMaxRecoveryDays));
  }
  const MutexLock lock(switching_);
  ZAEL_ASSIGN(const TablePtr table, parts_.core.catalog.Find(name));
  if (setting.enabled && table->recovery_days == 0) {
    ZAEL_TRY(EnableRecovery(table, setting.days));
  } else if (const int days = setting.enabled ? setting.days : 0; days != table->recovery_days) {
    ZAEL_TRY(parts_.tables.SetRecovery(name, days));
    if (!setting.enabled) {
      const MutexLock bases(dropping_);
      ZAEL_TRY(recovery_.DropBases(table->number));
      garbage_ = true;
    }
    MaintainSoon();
  }
  return DescribeRecovery(name);
}

Status Backups::EnableRecovery(const TablePtr& table, int days) {
  const MutexLock lock(writing_);                // until the table says that it needs the base
  ZAEL_TRY(recovery_.DropBases(table->number));  // of an enabling that a crash ended
  ZAEL_TRY(recovery_.MakeBase(table, worker_.stopping()));
  return parts_.tables.SetRecovery(table->spec.name, days);
}

// --- Upkeep --------------------------------------------------------------------------------------

void Backups::MaintainSoon() {
  (void)worker_.Add([this] { (void)Maintain(); }, BackupWorker::AtStop::kFinish);
}

Status Backups::Maintain() {
  const MutexLock lock(writing_);
  for (const Backup& backup : register_.Expired(parts_.core.clock.WallNow())) {
    ZAEL_TRY(files_.RemoveManifest(ManifestPathOf(backup.id)));
    register_.Remove(backup.id);
    garbage_ = true;
  }
  ZAEL_TRY(MakeDueBases());
  ZAEL_TRY(DropUnneeded());
  if (!garbage_.exchange(false)) return {};
  const Status collected = files_.CollectGarbage();
  if (!collected.ok()) garbage_ = true;  // the next time
  return collected;
}

Status Backups::MakeDueBases() {
  for (const TablePtr& table : parts_.core.catalog.All()) {
    if (table->recovery_days == 0) continue;
    ZAEL_ASSIGN(const bool wanted, recovery_.WantsBase(*table));
    if (wanted) ZAEL_TRY(recovery_.MakeBase(table, worker_.stopping()));
  }
  return {};
}

Status Backups::DropUnneeded() {
  const MutexLock lock(dropping_);
  // A restore may need any base and its logs.
  if (!parts_.core.catalog.AllRestoring().empty()) return {};
  ZAEL_ASSIGN(const bool dropped, recovery_.DropOldBases());
  if (dropped) garbage_ = true;
  return PruneLogs(parts_.core.rocks, recovery_.NeededAfter(),
                   parts_.core.clock.WallNow() - kChangesKept);
}

}  // namespace zael::engine
