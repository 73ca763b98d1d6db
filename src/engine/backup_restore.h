// BackupRestore: makes a table of a backup or of a base and the log.
//
// The plan stands beside the table in the catalog; what a crash interrupts is begun again from it.
#pragma once

#include <zael/store.h>

#include <atomic>
#include <optional>
#include <string>

#include "engine/backup_files.h"
#include "engine/tables.h"
#include "engine/writer.h"

namespace zael::engine {

struct RestorePlan {
  std::string manifest;             // its path
  std::uint32_t source_number = 0;  // of the table
  ChangePosition through = 0;       // of the log; what a moment may need was written by then
  std::optional<WallTime> until;    // absent: a backup, as it is
};

std::string EncodePlan(const RestorePlan& plan);
// Errors: kDataLoss.
Result<RestorePlan> DecodePlan(std::string_view bytes);

// Fills the table and puts it in its place. When `stop` became true it is left to be begun again;
// after any other error it is given up.
Status MakeRestored(const Core& core, Tables& tables, const BackupFiles& files,
                    const RestoringPtr& restoring, const std::atomic<bool>& stop);

}  // namespace zael::engine
