// BackupRegister: the backups of a store as callers see them, those being made among them.
//
// An id is TABLE/backup/MILLISECONDS-HEX, the end of the ARN that DynamoDB would give it; ids of
// one store ascend in the order of their making.
#pragma once

#include <zael/backup.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"
#include "base/random.h"

namespace zael::engine {

// tables/TABLE/MILLISECONDS-HEX. Requires: an id.
std::string ManifestPathOf(std::string_view id);
// The other way round. Requires: such a path.
std::string BackupIdOf(std::string_view path);
std::string SystemBackupId(std::string_view table, WallTime at);

// Thread-safe.
class BackupRegister {
 public:
  std::string NewId(std::string_view table, WallTime at, RandomSource& random);

  void Put(Backup backup);  // new, or in place of the one of its id
  void Remove(std::string_view id);

  // Errors: kNotFound.
  Result<Backup> Find(std::string_view id) const;
  // Errors: kInvalidArgument.
  Result<BackupPage> List(const ListBackupsRequest& request) const;
  std::vector<Backup> Expired(WallTime now) const;

  // Keeps the backup while it is read: it cannot be deleted. Errors: kNotFound,
  // kFailedPrecondition (still being made, being restored), kDataLoss.
  Result<Backup> BeginReading(std::string_view id);
  void EndReading(std::string_view id);

  // Takes it out. Errors: kNotFound, kFailedPrecondition (being made or read, of the system).
  Result<Backup> Delete(std::string_view id);

 private:
  using Order = std::pair<std::string, std::string>;  // MILLISECONDS-HEX, table
  static Order OrderOf(std::string_view id);
  Result<Backup> FindLocked(std::string_view id) const ZAEL_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::map<Order, Backup> backups_ ZAEL_GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> read_ ZAEL_GUARDED_BY(mutex_);
  std::int64_t last_ms_ ZAEL_GUARDED_BY(mutex_) = 0;
};

}  // namespace zael::engine
