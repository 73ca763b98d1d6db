// ReplayLog: what a table's writes did, from the log, up to a moment.
//
// The state at a moment is what the log says before its first write stamped later: so a transaction
// is in it or not, and a clock that was set back can hide moments but never mix them.
#pragma once

#include <zael/store.h>

#include <atomic>
#include <cstdint>

#include "engine/rocks.h"
#include "engine/table_copy.h"

namespace zael::engine {

struct ReplayRange {
  std::uint32_t table = 0;  // its number
  ChangePosition after = 0;
  ChangePosition through = 0;
  WallTime until{};
};

// Errors: kDataLoss naming the file, kUnavailable (also when `stop` became true).
Status ReplayLog(const Rocks& rocks, const ReplayRange& range, const std::atomic<bool>& stop,
                 RowLoader* loader);

}  // namespace zael::engine
