// CommandWords: a command in a file split into the words that a program is started with.
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace zael::aws {

// As a POSIX shell would, and nothing else of it: blanks separate, '...' keeps everything, "..."
// keeps all but \" and \\, a backslash outside keeps the next character. No variables, no globs.
// Errors: kInvalidArgument (a quote is not closed, the end follows a backslash, no word at all).
Result<std::vector<std::string>> SplitCommand(std::string_view command);

}  // namespace zael::aws
