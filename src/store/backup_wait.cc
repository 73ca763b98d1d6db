#include <zael/backup.h>

#include <algorithm>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael {
namespace {

// Looks until `look` says that it is done, with growing pauses.
template <typename Look>
Status Wait(const WaitOptions& options, std::string_view what, Look look) {
  for (auto pause = options.first_pause;; pause = std::min(pause * 2, options.longest_pause)) {
    ZAEL_ASSIGN(const bool done, look());
    if (done) return {};
    if (options.deadline.has_value() &&
        options.clock->MonotonicNow() + pause >= *options.deadline) {
      return Error(ErrorCode::kDeadlineExceeded,
                   Format("wait for {}: it goes on, wait again", what));
    }
    options.clock->SleepFor(pause);
  }
}

}  // namespace

Result<Backup> WaitForBackup(BackupAdmin& backups, std::string_view id, const WaitOptions& options,
                             const OnBackupProgress& on_progress) {
  Backup backup;
  ZAEL_TRY(Wait(options, Format("backup {}", Shorten(id)), [&]() -> Result<bool> {
    ZAEL_ASSIGN(backup, backups.DescribeBackup(id));
    if (on_progress) on_progress(backup);
    if (backup.status == BackupStatus::kCreating && !backup.damage.empty())
      return Error(ErrorCode::kUnavailable, backup.damage);
    return backup.status != BackupStatus::kCreating;
  }));
  return backup;
}

Result<TableDescription> WaitForRestore(TableAdmin& tables, std::string_view target,
                                        const WaitOptions& options,
                                        const OnRestoreProgress& on_progress) {
  TableDescription table;
  ZAEL_TRY(Wait(options, Format("restored table {}", Shorten(target)), [&]() -> Result<bool> {
    ZAEL_ASSIGN(table, tables.DescribeTable(target));
    if (on_progress) on_progress(table);
    return !table.origin.has_value() || !table.origin->in_progress;
  }));
  return table;
}

}  // namespace zael
