#include "os/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "base/format.h"
#include "base/try.h"
#include "os/file_descriptor.h"

namespace zael::os {
namespace {

ErrorCode CodeOf(int error_number) {
  switch (error_number) {
    case ENOENT:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermissionDenied;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
      return ErrorCode::kResourceExhausted;
    case ENOTDIR:
    case EISDIR:
    case ENAMETOOLONG:
      return ErrorCode::kInvalidArgument;
    default:
      return ErrorCode::kUnavailable;
  }
}

Status WriteAll(const FileDescriptor& file, const std::string& path, const std::string& content) {
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t written = ::write(file.get(), content.data() + done, content.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("write", path, errno);
    done += static_cast<std::size_t>(written);
  }
  if (::fsync(file.get()) != 0) return SystemError("sync", path, errno);
  return {};
}

// A rename survives power loss only once its directory is on the disk.
Status SyncDirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const FileDescriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.valid()) return SystemError("open directory", directory, errno);
  if (::fsync(file.get()) != 0) return SystemError("sync directory", directory, errno);
  return {};
}

}  // namespace

Error SystemError(const char* verb, const std::string& path, int error_number) {
  return Error(CodeOf(error_number),
               Format("{} {}: {}", verb, path, std::generic_category().message(error_number)));
}

Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return SystemError("open", path, errno);
  // One byte more than allowed shows that there is more.
  std::string content(max_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(file.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("read", path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_bytes) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read {}: is larger than {} bytes", path, max_bytes));
  }
  content.resize(size);
  return content;
}

Status WriteSmallFile(const std::string& path, const std::string& content) {
  const std::string fresh = path + ".new";
  {
    const FileDescriptor file(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.valid()) return SystemError("create", fresh, errno);
    ZAEL_TRY(WriteAll(file, fresh, content));
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return SystemError("replace", path, errno);
  return SyncDirectoryOf(path);
}

Result<bool> Exists(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT) return false;
  return SystemError("look at", path, errno);
}

Status MakeDirectories(const std::string& path) {
  if (path.empty()) return Error(ErrorCode::kInvalidArgument, "make directory: the path is empty");
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), S_IRWXU) == 0) continue;
    const int cause = errno;
    // Parents that exist may answer with other errors too, for example on a read-only file system.
    struct stat status {};
    if (::stat(part.c_str(), &status) != 0) return SystemError("make directory", part, cause);
    if (!S_ISDIR(status.st_mode)) return SystemError("make directory", part, ENOTDIR);
  }
  return {};
}

Result<std::vector<std::string>> ListDirectory(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), &::closedir);
  if (directory == nullptr) return SystemError("list directory", path, errno);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) break;
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  if (errno != 0) return SystemError("list directory", path, errno);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace zael::os
