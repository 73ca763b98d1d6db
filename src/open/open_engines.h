// OpenEngines: the embedded engines this process has open, so that two limiters in one directory
// share one.
//
// A directory has a single holder among processes; inside the process any number of repositories
// may stand on it. This is the one list that is global, because the lock it stands for is.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include "engine/engine.h"

namespace zael::open {

// The stores of the engine in options.directory, opened unless this process has it open already;
// the first one to open decides durability and clock. Thread-safe. Errors: those of Engine::Open;
// kFailedPrecondition when it is open with another durability.
Result<Stores> SharedEngine(const engine::EngineOptions& options);

}  // namespace zael::open
