#include "os/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>

#include "base/format.h"
#include "os/environment.h"
#include "os/files.h"

namespace zael::os {
namespace {

constexpr std::size_t kMaxPidBytes = 32;

// The holder may be between taking the lock and writing its id: then there is none to read.
std::optional<std::int64_t> ReadPid(const FileDescriptor& file) {
  char text[kMaxPidBytes];
  const ssize_t size = ::pread(file.get(), text, sizeof text, 0);
  std::int64_t pid = 0;
  if (size <= 0 || std::from_chars(text, text + size, pid).ec != std::errc() || pid <= 0) {
    return std::nullopt;
  }
  return pid;
}

bool WritePid(const FileDescriptor& file) {
  const std::string text = Format("{}\n", ProcessId());
  return ::ftruncate(file.get(), 0) == 0 &&
         ::pwrite(file.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

}  // namespace

Result<LockAttempt> FileLock::TryLock(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.valid()) return SystemError("open lock file", path, errno);
  int result = 0;
  do {
    result = ::flock(file.get(), LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  if (result != 0 && errno == EWOULDBLOCK) {
    return LockAttempt{.lock = std::nullopt, .holder_pid = ReadPid(file)};
  }
  if (result != 0) return SystemError("lock", path, errno);
  if (!WritePid(file)) return SystemError("write lock file", path, errno);
  return LockAttempt{.lock = FileLock(std::move(file)), .holder_pid = std::nullopt};
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  if (this == &other) return *this;
  Release();
  file_ = std::move(other.file_);
  return *this;
}

FileLock::~FileLock() { Release(); }

void FileLock::Release() {
  if (!file_.valid()) return;
  // A later reader must not be told of a holder that is gone; if this fails it is merely told too
  // much.
  [[maybe_unused]] const int ignored = ::ftruncate(file_.get(), 0);
  file_ = FileDescriptor();
}

}  // namespace zael::os
