// Failures: errors as the command line shows them: an exit code, one line, and what to try next.
//
// Exit codes as in the design: 2 bad usage, 3 not found or exists, 4 precondition, 5 unavailable,
// aborted or deadline, 6 access, 7 data or internal. Pure.
#pragma once

#include <zael/result.h>

#include <string>

#include "cli/console.h"

namespace zael::cli {

int ExitCodeOf(ErrorCode code);

// The line (or, with `json`, the document) for stderr. An empty next step is left out.
std::string FailureText(const Error& error, const std::string& next_step, bool json,
                        const Console& console);

}  // namespace zael::cli
