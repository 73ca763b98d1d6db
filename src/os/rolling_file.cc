#include "os/rolling_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "base/try.h"
#include "os/files.h"

namespace zael::os {
namespace {

std::string OlderPath(const std::string& path) { return path + ".1"; }

}  // namespace

Result<RollingFile> RollingFile::Open(const std::string& path, std::size_t max_bytes) {
  RollingFile file(path, max_bytes);
  ZAEL_TRY(file.OpenFile());
  return file;
}

RollingFile::RollingFile(RollingFile&& other) noexcept
    : path_(other.path_), max_bytes_(other.max_bytes_) {
  const MutexLock lock(other.mutex_);
  const MutexLock own(mutex_);
  file_ = std::move(other.file_);
  bytes_ = other.bytes_;
}

Status RollingFile::OpenFile() {
  FileDescriptor file(
      ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.valid()) return SystemError("open log", path_, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return SystemError("read log", path_, errno);
  const MutexLock lock(mutex_);
  file_ = std::move(file);
  bytes_ = static_cast<std::size_t>(facts.st_size);
  return {};
}

void RollingFile::Append(std::string_view line) {
  std::string text(line.substr(0, max_bytes_ / 4));
  text += '\n';
  bool full = false;
  {
    const MutexLock lock(mutex_);
    full = bytes_ + text.size() > max_bytes_;
  }
  if (full) {
    (void)std::rename(path_.c_str(), OlderPath(path_).c_str());
    (void)OpenFile();  // failing leaves the old file open, under its new name
  }
  const MutexLock lock(mutex_);
  if (!file_.valid()) return;
  const ssize_t written = ::write(file_.get(), text.data(), text.size());
  if (written > 0) bytes_ += static_cast<std::size_t>(written);
}

Result<std::string> LastLines(const std::string& path, std::size_t max_bytes, std::size_t lines) {
  ZAEL_ASSIGN(std::string text, ReadSmallFile(path, 2 * max_bytes));
  if (auto older = ReadSmallFile(OlderPath(path), 2 * max_bytes); older.ok()) {
    text = *std::move(older) + text;
  }
  std::size_t begin = text.size();
  for (std::size_t found = 0; begin > 0; --begin) {
    if (text[begin - 1] == '\n' && begin != text.size() && ++found == lines) break;
  }
  return lines == 0 ? std::string() : text.substr(begin);
}

}  // namespace zael::os
