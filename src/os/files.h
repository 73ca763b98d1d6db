// Small files and directories: whole reads, atomic whole writes.
//
// Errors of all: kNotFound, kPermissionDenied (also a read-only file system), kResourceExhausted
// (disk full, too many open files), else kUnavailable; each message names the path and the system's
// reason.
#pragma once

#include <zael/result.h>

#include <cstddef>
#include <string>
#include <vector>

namespace zael::os {

// Errors: also kInvalidArgument when the file is larger than max_bytes or a directory.
Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes);

// Replaces the file in one step and reaches the disk before it answers: after a crash the file has
// the old or the new content. Writes `path`.new beside it first.
Status WriteSmallFile(const std::string& path, const std::string& content);

Result<bool> Exists(const std::string& path);

// With its parents; those made are for the owner only. An existing one is fine.
Status MakeDirectories(const std::string& path);

// Names without `.` and `..`, sorted.
Result<std::vector<std::string>> ListDirectory(const std::string& path);

// "verb path: reason" with the code that fits `error_number`.
Error SystemError(const char* verb, const std::string& path, int error_number);

}  // namespace zael::os
