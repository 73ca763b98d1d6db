// RollingFile: a log on the disk that never takes more than twice its bound.
//
// Lines are appended; when the file is full it becomes `path`.1, replacing the one before, and a
// new one begins. A line that cannot be written is lost: a log must not stop what it is the log of.
#pragma once

#include <zael/result.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "os/file_descriptor.h"

namespace zael::os {

// Thread-safe. For one process at a time.
class RollingFile {
 public:
  // Goes on where the file ends. Errors: those of files.h.
  static Result<RollingFile> Open(const std::string& path, std::size_t max_bytes);

  RollingFile(RollingFile&& other) noexcept;
  RollingFile& operator=(RollingFile&&) = delete;

  // `line` without its end; longer ones are cut at a quarter of the bound.
  void Append(std::string_view line);

 private:
  RollingFile(std::string path, std::size_t max_bytes)
      : path_(std::move(path)), max_bytes_(max_bytes) {}
  Status OpenFile() ZAEL_EXCLUDES(mutex_);

  const std::string path_;
  const std::size_t max_bytes_;
  Mutex mutex_;
  FileDescriptor file_ ZAEL_GUARDED_BY(mutex_);
  std::size_t bytes_ ZAEL_GUARDED_BY(mutex_) = 0;
};

// At most the last `lines` lines of the log, its older half included, each with its end. Errors:
// kNotFound (no log), those of files.h.
Result<std::string> LastLines(const std::string& path, std::size_t max_bytes, std::size_t lines);

}  // namespace zael::os
