// Background processes: starting this program again so that it outlives its caller and its
// terminal, and asking a process to end.
#pragma once

#include <zael/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zael::os {

// Runs this very program with `words` in a session of its own, without input and output, standard
// error appended to the file `errors`. Its process id. Errors: kUnavailable, those of files.h.
Result<std::int64_t> StartInBackground(const std::vector<std::string>& words,
                                       const std::string& errors);

// Whether a child of this process has ended; collects it then.
bool ChildHasEnded(std::int64_t pid);

// SIGTERM. Errors: kNotFound (no such process), kPermissionDenied.
Status AskToEnd(std::int64_t pid);

}  // namespace zael::os
