// Access keys of the endpoint, read from a file: one `ID SECRET` a line, `#` begins a comment.
//
// A file and not an option, because the words of a command can be read by everybody on the machine.
// Errors never show a secret.
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>

#include "endpoint/authentication.h"

namespace zael::cli {

// Errors: kInvalidArgument naming the line, those of os::ReadSmallFile.
Result<endpoint::AccessKeys> ReadAccessKeys(const std::string& path);

// The same of the file's content; `path` is named in errors.
Result<endpoint::AccessKeys> ParseAccessKeys(std::string_view text, const std::string& path);

}  // namespace zael::cli
