#include "engine/backup_register.h"

#include <algorithm>
#include <iterator>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "engine/backup_files.h"

namespace zael::engine {
namespace {

constexpr std::string_view kBetween = "/backup/";

std::string IdOf(std::string_view table, std::int64_t ms, std::uint32_t mark) {
  return Format("{}{}{:014}-{:08x}", table, kBetween, ms, mark);
}

bool Matches(const Backup& backup, const ListBackupsRequest& request) {
  return (request.table.empty() || backup.table.spec.name == request.table) &&
         (!request.from.has_value() || backup.created_at >= *request.from) &&
         (!request.until.has_value() || backup.created_at < *request.until) &&
         (!request.kind.has_value() || backup.kind == *request.kind);
}

}  // namespace

std::string ManifestPathOf(std::string_view id) {
  const std::size_t between = id.rfind(kBetween);
  return Format("{}/{}/{}", kBackupShelves, id.substr(0, between),
                id.substr(between + kBetween.size()));
}

std::string BackupIdOf(std::string_view path) {
  path.remove_prefix(kBackupShelves.size() + 1);
  const std::size_t slash = path.find('/');
  return Format("{}{}{}", path.substr(0, slash), kBetween, path.substr(slash + 1));
}

std::string SystemBackupId(std::string_view table, WallTime at) {
  return IdOf(table, ToEpochMs(at), 0);
}

BackupRegister::Order BackupRegister::OrderOf(std::string_view id) {
  const std::size_t between = id.rfind(kBetween);
  if (between == std::string_view::npos) return {std::string(id), ""};
  return {std::string(id.substr(between + kBetween.size())), std::string(id.substr(0, between))};
}

std::string BackupRegister::NewId(std::string_view table, WallTime at, RandomSource& random) {
  MutexLock lock(mutex_);
  last_ms_ = std::max(last_ms_ + 1, ToEpochMs(at));
  return IdOf(table, last_ms_, static_cast<std::uint32_t>(random.Below(0xffffffff) + 1));
}

void BackupRegister::Put(Backup backup) {
  MutexLock lock(mutex_);
  Order order = OrderOf(backup.id);
  std::int64_t ms = 0;
  for (const char digit : order.first.substr(0, order.first.find('-'))) {
    if (digit >= '0' && digit <= '9') ms = ms * 10 + (digit - '0');
  }
  last_ms_ = std::max(last_ms_, ms);
  backups_[std::move(order)] = std::move(backup);
}

void BackupRegister::Remove(std::string_view id) {
  MutexLock lock(mutex_);
  backups_.erase(OrderOf(id));
}

Result<Backup> BackupRegister::FindLocked(std::string_view id) const {
  const auto found = backups_.find(OrderOf(id));
  if (found != backups_.end()) return found->second;
  return Error(ErrorCode::kNotFound, Format("find backup {}: there is none", Shorten(id)));
}

Result<Backup> BackupRegister::Find(std::string_view id) const {
  MutexLock lock(mutex_);
  return FindLocked(id);
}

Result<BackupPage> BackupRegister::List(const ListBackupsRequest& request) const {
  if (request.max_backups == 0 || request.max_backups > kMaxBackupsOfPage) {
    return Error(ErrorCode::kInvalidArgument, Format("list backups: max_backups is {}, not 1 to {}",
                                                     request.max_backups, kMaxBackupsOfPage));
  }
  if (request.from.has_value() && request.until.has_value() && *request.from > *request.until) {
    return Error(ErrorCode::kInvalidArgument, "list backups: from is after until");
  }
  BackupPage page;
  MutexLock lock(mutex_);
  auto next = request.start_after.empty() ? backups_.begin()
                                          : backups_.upper_bound(OrderOf(request.start_after));
  for (; next != backups_.end(); ++next) {
    if (!Matches(next->second, request)) continue;
    if (page.backups.size() == request.max_backups) {
      page.next = page.backups.back().id;
      break;
    }
    page.backups.push_back(next->second);
  }
  return page;
}

std::vector<Backup> BackupRegister::Expired(WallTime now) const {
  std::vector<Backup> expired;
  MutexLock lock(mutex_);
  for (const auto& [order, backup] : backups_) {
    if (backup.expires_at.has_value() && *backup.expires_at < now && !read_.contains(backup.id))
      expired.push_back(backup);
  }
  return expired;
}

Result<Backup> BackupRegister::BeginReading(std::string_view id) {
  MutexLock lock(mutex_);
  ZAEL_ASSIGN(Backup backup, FindLocked(id));
  if (!backup.damage.empty()) return Error(ErrorCode::kDataLoss, backup.damage);
  if (backup.status != BackupStatus::kAvailable) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("restore backup {}: it is still being made", Shorten(id)));
  }
  if (!read_.insert(std::string(id)).second) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("restore backup {}: it is being restored already", Shorten(id)));
  }
  return backup;
}

void BackupRegister::EndReading(std::string_view id) {
  MutexLock lock(mutex_);
  if (const auto found = read_.find(id); found != read_.end()) read_.erase(found);
}

Result<Backup> BackupRegister::Delete(std::string_view id) {
  MutexLock lock(mutex_);
  ZAEL_ASSIGN(Backup backup, FindLocked(id));
  const char* why = nullptr;
  if (backup.kind == BackupKind::kSystem) why = "it was made by the system, which removes it";
  // One that failed can go.
  if (backup.status == BackupStatus::kCreating && backup.damage.empty())
    why = "it is still being made";
  if (read_.contains(id)) why = "it is being restored";
  if (why != nullptr) {
    return Error(ErrorCode::kFailedPrecondition, Format("delete backup {}: {}", Shorten(id), why));
  }
  backups_.erase(OrderOf(id));
  backup.status = BackupStatus::kDeleted;
  return backup;
}

}  // namespace zael::engine
