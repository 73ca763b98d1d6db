// Recovery: the bases of tables whose past is kept: states from which the log is replayed.
//
// The state of a table at a moment is the newest base that is not later, and what the log says
// since (ReplayLog). The first base is made when recovery is switched on; others follow daily and
// when much has been written. A base keeps the log after it (LogArchive), so dropping old bases is
// what bounds the disk: by the days asked for, and by bytes, which makes the window shorter than
// asked for.
#pragma once

#include <zael/backup.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "engine/backup_files.h"
#include "engine/writer.h"

namespace zael::engine {

inline constexpr std::chrono::hours kBaseInterval{24};

struct RecoveryBase {
  WallTime at{};
  ChangePosition position = 0;
  std::string path;
  std::uint64_t disk_bytes = 0;
};

// Thread-safe; making and dropping bases is one thread's at a time.
class Recovery {
 public:
  Recovery(Core core, const BackupFiles& files, std::uint64_t max_bytes)
      : core_(core), files_(files), max_bytes_(max_bytes) {}

  // Reads the bases. A damaged one is removed: the window begins later, as its status says.
  Status Load();

  // Errors: those of CopyOut and files.h.
  Status MakeBase(const TablePtr& table, const std::atomic<bool>& stop);
  Status DropBases(std::uint32_t table_number);

  // The newest base that is not later; nothing: the moment is gone.
  std::optional<RecoveryBase> BaseFor(std::uint32_t table_number, WallTime at) const;
  // Requires: the table has recovery on.
  Result<RecoveryStatus> Describe(const Table& table) const;

  // Whether there should be a newer base.
  Result<bool> WantsBase(const Table& table) const;
  // Drops the bases that no moment of the window needs, those of tables that are gone, and more
  // while the log is too large. Whether there were any.
  Result<bool> DropOldBases();
  // The logs after here are needed.
  ChangePosition NeededAfter() const;

 private:
  std::vector<RecoveryBase> BasesOf(std::uint32_t table_number) const ZAEL_EXCLUDES(mutex_);
  Status DropOldest(std::uint32_t table_number);
  Result<bool> DropSome(std::uint32_t table_number, int days);

  Core core_;
  const BackupFiles& files_;
  const std::uint64_t max_bytes_;
  mutable Mutex mutex_;
  // By table number, the oldest first.
  std::map<std::uint32_t, std::vector<RecoveryBase>> bases_ ZAEL_GUARDED_BY(mutex_);
};

}  // namespace zael::engine
