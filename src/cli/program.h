// The program: words in, answer and exit code out. main() only supplies the real console and
// environment.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/console.h"
#include "cli/session.h"

namespace zael::cli {

// Runs one command and answers the exit code of the process.
int RunProgram(const std::vector<std::string>& words, const Environment& environment,
               const Console& console);

// The whole tree of commands, for tests and completion. The options are written through `common`,
// which must outlive the tree.
Command MakeProgram(CommonOptions* common);

}  // namespace zael::cli
