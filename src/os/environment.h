// What surrounds the process: environment variables, its own id, and where data goes by default.
#pragma once

#include <zael/result.h>

#include <cstdint>
#include <optional>
#include <string>

namespace zael::os {

// Absent when unset or empty. Reads what the process was started with; nothing here sets variables.
std::optional<std::string> Environment(const char* name);

std::int64_t ProcessId();

// ZAEL_DATA_DIR, else $XDG_DATA_HOME/zae-limiter, else $HOME/.local/share/zae-limiter.
// Errors: kInvalidArgument when none of the three is set, naming them.
Result<std::string> DefaultDataDirectory();

}  // namespace zael::os
