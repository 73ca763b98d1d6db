// TemporaryDirectory: a new directory for the owner only, removed with everything in it at the end.
#pragma once

#include <zael/result.h>

#include <string>

namespace zael::os {

// Thread-compatible; move-only. A process that is killed leaves its directory behind.
class TemporaryDirectory {
 public:
  // Under TMPDIR, else /tmp; its name begins with `prefix`. Errors as files.h.
  static Result<TemporaryDirectory> Make(const std::string& prefix);

  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
  ~TemporaryDirectory();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;  // empty: nothing to remove
};

}  // namespace zael::os
