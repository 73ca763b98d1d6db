// LogArchive: how long the database's older logs stay.
//
// The change feed needs a day of them, recovery those since its oldest base. RocksDB itself is told
// to keep all.
#pragma once

#include <zael/clock.h>
#include <zael/store.h>

#include <cstdint>

#include "engine/rocks.h"

namespace zael::engine {

inline constexpr ChangePosition kNothingNeeded = ~ChangePosition{0};

// Removes logs whose every operation is at most `needed_after` and older than `older_than`, the
// oldest first. Errors: those of reading.
Status PruneLogs(const Rocks& rocks, ChangePosition needed_after, WallTime older_than);

// The size of the logs with operations after a position.
Result<std::uint64_t> LogBytesAfter(const Rocks& rocks, ChangePosition position);

// Whether the log has what follows a position. Errors: kDataLoss (its beginning is missing).
Status CheckLogsAfter(const Rocks& rocks, ChangePosition position, ChangePosition through);

}  // namespace zael::engine
