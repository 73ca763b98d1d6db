#include "os/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <string_view>

#include "base/format.h"
#include "os/environment.h"
#include "os/files.h"

namespace zael::os {
namespace {

constexpr std::size_t kMaxFileBytes = kMaxNoteBytes + 32;

struct Holder {
  std::optional<std::int64_t> pid;
  std::string note;
};

// The holder may be between taking the lock and writing its id: then there is none to read.
Holder ReadHolder(const FileDescriptor& file) {
  char text[kMaxFileBytes];
  const ssize_t size = ::pread(file.get(), text, sizeof text, 0);
  if (size <= 0) return {};
  const std::string_view content(text, static_cast<std::size_t>(size));
  const std::size_t line = content.find('\n');
  std::int64_t pid = 0;
  if (line == std::string_view::npos || std::from_chars(text, text + line, pid).ec != std::errc() ||
      pid <= 0) {
    return {};
  }
  const std::string_view rest = content.substr(line + 1);
  return {.pid = pid, .note = std::string(rest.substr(0, rest.find('\n')))};
}

bool WriteHolder(const FileDescriptor& file, const std::string& note) {
  std::string text = Format("{}\n", ProcessId());
  if (!note.empty()) text += note + "\n";
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
    Holder holder = ReadHolder(file);
    return LockAttempt{
        .lock = std::nullopt, .holder_pid = holder.pid, .holder_note = std::move(holder.note)};
  }
  if (result != 0) return SystemError("lock", path, errno);
  if (!WriteHolder(file, "")) return SystemError("write lock file", path, errno);
  return LockAttempt{
      .lock = FileLock(std::move(file), path), .holder_pid = std::nullopt, .holder_note = {}};
}

Status FileLock::Publish(const std::string& note) {
  if (note.size() > kMaxNoteBytes || note.find('\n') != std::string::npos) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("write lock file {}: the note must be one line of at most {} bytes", path_,
                        kMaxNoteBytes));
  }
  if (!WriteHolder(file_, note)) return SystemError("write lock file", path_, errno);
  return {};
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  if (this == &other) return *this;
  Release();
  file_ = std::move(other.file_);
  path_ = std::move(other.path_);
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
