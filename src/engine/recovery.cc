#include "engine/recovery.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "engine/log_archive.h"
#include "engine/table_copy.h"

namespace zael::engine {
namespace {

// Of the bytes allowed, so much log is replayed at most before a newer base is made.
constexpr std::uint64_t kBasesOfBytes = 8;

std::string BasePath(std::uint32_t table_number, ChangePosition position) {
  return Format("{}/{:010}/{:020}", kBaseShelves, table_number, position);
}

std::chrono::hours Days(int days) { return std::chrono::hours(24) * days; }

RecoveryBase BaseOf(const BackupManifest& manifest, std::string path) {
  return {.at = manifest.at,
          .position = manifest.position,
          .path = std::move(path),
          .disk_bytes = manifest.DiskBytes()};
}

}  // namespace

Status Recovery::Load() {
  ZAEL_ASSIGN(const auto paths, files_.Manifests(kBaseShelves));
  for (const std::string& path : paths) {
    const auto manifest = files_.ReadManifest(path);
    if (!manifest.ok() && manifest.error().code() != ErrorCode::kDataLoss) return manifest.error();
    if (!manifest.ok()) {
      ZAEL_TRY(files_.RemoveManifest(path));
      continue;
    }
    MutexLock lock(mutex_);
    bases_[manifest->table->number].push_back(BaseOf(*manifest, path));
  }
  return {};
}

Status Recovery::MakeBase(const TablePtr& table, const std::atomic<bool>& stop) {
  TableSnapshot snapshot(core_.rocks, *table);
  BackupManifest manifest;
  manifest.name = table->spec.name;
  manifest.kind = BackupKind::kService;
  manifest.table = table;
  manifest.position = snapshot.position();
  // After the snapshot: nothing in it is stamped later.
  manifest.at = core_.clock.WallNow();
  ZAEL_TRY(CopyOut(core_.rocks, snapshot, files_, stop, &manifest));
  // Otherwise a power loss could give the numbers of lost writes to others, which the replay would
  // then pass over.
  ZAEL_TRY(core_.rocks.SyncedThrough());
  std::string path = BasePath(table->number, manifest.position);
  ZAEL_TRY(files_.SaveManifest(path, manifest));
  MutexLock lock(mutex_);
  auto& bases = bases_[table->number];
  std::erase_if(bases, [&](const RecoveryBase& base) { return base.path == path; });
  bases.push_back(BaseOf(manifest, std::move(path)));
  return {};
}

std::vector<RecoveryBase> Recovery::BasesOf(std::uint32_t table_number) const {
  MutexLock lock(mutex_);
  const auto found = bases_.find(table_number);
  return found == bases_.end() ? std::vector<RecoveryBase>() : found->second;
}

Status Recovery::DropOldest(std::uint32_t table_number) {
  std::string path;
  {
    MutexLock lock(mutex_);
    auto& bases = bases_[table_number];
    path = std::move(bases.front().path);
    bases.erase(bases.begin());
    if (bases.empty()) bases_.erase(table_number);
  }
  return files_.RemoveManifest(path);
}

Status Recovery::DropBases(std::uint32_t table_number) {
  while (!BasesOf(table_number).empty()) ZAEL_TRY(DropOldest(table_number));
  return {};
}

std::optional<RecoveryBase> Recovery::BaseFor(std::uint32_t table_number, WallTime at) const {
  const auto bases = BasesOf(table_number);
  const auto found = std::find_if(bases.rbegin(), bases.rend(),
                                  [&](const RecoveryBase& base) { return base.at <= at; });
  if (found == bases.rend()) return std::nullopt;
  return *found;
}

Result<RecoveryStatus> Recovery::Describe(const Table& table) const {
  const auto bases = BasesOf(table.number);
  const WallTime now = core_.clock.WallNow();
  RecoveryStatus status{.enabled = true, .days = table.recovery_days};
  if (bases.empty()) {
    status.earliest = status.latest = now;
    status.kept_bytes = 0;
    return status;
  }
  status.earliest = std::max(bases.front().at, now - Days(table.recovery_days));
  status.latest = std::max(now, *status.earliest);
  ZAEL_ASSIGN(std::uint64_t bytes, LogBytesAfter(core_.rocks, bases.front().position));
  // They share segments, so this is at most.
  for (const RecoveryBase& base : bases) bytes += base.disk_bytes;
  status.kept_bytes = bytes;
  return status;
}

Result<bool> Recovery::WantsBase(const Table& table) const {
  const auto bases = BasesOf(table.number);
  if (bases.empty()) return true;
  const RecoveryBase& newest = bases.back();
  if (core_.rocks.db().GetLatestSequenceNumber() == newest.position) return false;
  if (core_.clock.WallNow() - newest.at >= kBaseInterval) return true;
  ZAEL_ASSIGN(const std::uint64_t bytes, LogBytesAfter(core_.rocks, newest.position));
  return bytes > max_bytes_ / kBasesOfBytes;
}

Result<bool> Recovery::DropOldBases() {
  std::map<std::uint32_t, int> days;  // of every table with bases; 0: it has no use for them
  {
    MutexLock lock(mutex_);
    for (const auto& [number, bases] : bases_) days[number] = 0;
  }
  for (const TablePtr& table : core_.catalog.All()) {
    if (days.contains(table->number)) days[table->number] = table->recovery_days;
  }
  bool dropped = false;
  for (const auto& [number, kept_days] : days) {
    ZAEL_ASSIGN(const bool some, DropSome(number, kept_days));
    dropped = dropped || some;
  }
  return dropped;
}

Result<bool> Recovery::DropSome(std::uint32_t table_number, int days) {
  if (days == 0) {
    ZAEL_TRY(DropBases(table_number));
    return true;
  }
  const WallTime begin = core_.clock.WallNow() - Days(days);
  bool dropped = false;
  for (auto bases = BasesOf(table_number); bases.size() > 1; bases = BasesOf(table_number)) {
    const bool unneeded = bases[1].at <= begin;
    if (!unneeded) {
      ZAEL_ASSIGN(const std::uint64_t bytes, LogBytesAfter(core_.rocks, bases[0].position));
      if (bytes <= max_bytes_) break;
    }
    ZAEL_TRY(DropOldest(table_number));
    dropped = true;
  }
  return dropped;
}

ChangePosition Recovery::NeededAfter() const {
  ChangePosition needed = kNothingNeeded;
  MutexLock lock(mutex_);
  for (const auto& [number, bases] : bases_) {
    for (const RecoveryBase& base : bases) needed = std::min(needed, base.position);
  }
  return needed;
}

}  // namespace zael::engine
