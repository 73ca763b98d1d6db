#include "engine/directory.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "os/files.h"

namespace zael::engine {
namespace {

constexpr std::string_view kFormatName = "zael-store";
constexpr std::size_t kMaxFormatBytes = 256;
constexpr std::chrono::milliseconds kLockPoll{10};
constexpr std::array<std::string_view, 6> kOurNames = {"FORMAT", "FORMAT.new",   "db",
                                                       "lock",   "endpoint.log", "endpoint.log.1"};

// What the caller can do about a full disk is to free it and come back: that is "unavailable" here.
Error AsStoreError(const Error& error) {
  if (error.code() != ErrorCode::kResourceExhausted) return error;
  return Error(ErrorCode::kUnavailable, error.message() + ": free some space, then try again");
}

Result<int> ParseFormat(const std::string& path, std::string_view text) {
  int version = 0;
  const std::string prefix = std::string(kFormatName) + " ";
  if (text.substr(0, prefix.size()) == prefix) {
    const char* begin = text.data() + prefix.size();
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(begin, end, version);
    if (parsed.ec == std::errc() && version > 0 && std::string_view(parsed.ptr, end) == "\n") {
      return version;
    }
  }
  return Error(ErrorCode::kDataLoss, Format("open store {}: FORMAT says {}, not '{} <version>'",
                                            path, Shorten(text), kFormatName));
}

// The version in FORMAT, absent when there is none.
Result<std::optional<int>> ReadFormat(const std::string& path) {
  auto text = os::ReadSmallFile(path + "/FORMAT", kMaxFormatBytes);
  if (!text.ok() && text.error().code() == ErrorCode::kNotFound) return std::optional<int>();
  if (!text.ok() && text.error().code() == ErrorCode::kInvalidArgument) {
    return Error(ErrorCode::kDataLoss, Format("open store {}: {}", path, text.error().message()));
  }
  if (!text.ok()) return AsStoreError(text.error());
  ZAEL_ASSIGN(const int version, ParseFormat(path, *text));
  if (version > kFormatVersion) {
    return Error(
        ErrorCode::kFailedPrecondition,
        Format("open store {}: its format is {}, this program knows {} to {}: use a newer version "
               "of the program",
               path, version, kOldestFormat, kFormatVersion));
  }
  if (version < kOldestFormat) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("open store {}: its format is {}, this program knows {} to {}: it was made "
                        "by a version before the first release, use a new directory",
                        path, version, kOldestFormat, kFormatVersion));
  }
  return std::optional<int>(version);
}

// Refuses a directory with anything in it that no store has.
Status CheckOurs(const std::string& path) {
  ZAEL_ASSIGN(const auto names, os::ListDirectory(path));
  for (const std::string& name : names) {
    if (std::find(kOurNames.begin(), kOurNames.end(), name) == kOurNames.end()) {
      return Error(
          ErrorCode::kFailedPrecondition,
          Format("open store {}: the directory is not a store and not empty (it has {}): name "
                 "another directory",
                 path, Shorten(name)));
    }
  }
  return {};
}

Result<os::FileLock> WaitForLock(const DirectoryOptions& options) {
  const std::string path = options.path + "/lock";
  const auto deadline = options.clock->MonotonicNow() + options.lock_timeout;
  for (;;) {
    auto attempt = os::FileLock::TryLock(path);
    if (!attempt.ok()) return AsStoreError(attempt.error());
    if (attempt->lock.has_value()) return std::move(*attempt->lock);
    const auto left = deadline - options.clock->MonotonicNow();
    if (left <= std::chrono::nanoseconds(0)) {
      std::string holder = attempt->holder_pid.has_value()
                               ? Format("process {}", *attempt->holder_pid)
                               : std::string("another process");
      if (!attempt->holder_note.empty()) holder += Format(" serving {}", attempt->holder_note);
      return Error(
          ErrorCode::kUnavailable,
          Format("open store {}: {} holds it (waited {} ms): stop that process or wait longer",
                 options.path, holder, options.lock_timeout.count()));
    }
    options.clock->SleepFor(std::min<std::chrono::nanoseconds>(left, kLockPoll));
  }
}

}  // namespace

Result<Directory> Directory::Take(const DirectoryOptions& options) {
  ZAEL_ASSIGN(const bool exists, os::Exists(options.path));
  std::optional<int> version;
  if (exists) {
    auto read = ReadFormat(options.path);
    if (!read.ok()) return read.error();
    version = *read;
    if (!version.has_value()) ZAEL_TRY(CheckOurs(options.path));
  }
  if (!version.has_value() && !options.create) {
    return Error(ErrorCode::kNotFound, Format("open store {}: there is none", options.path));
  }
  if (!exists) {
    const Status made = os::MakeDirectories(options.path);
    if (!made.ok()) return AsStoreError(made.error());
  }
  ZAEL_ASSIGN(auto lock, WaitForLock(options));
  Directory directory(options.path, std::move(lock));
  // Whoever held the lock before may have made the store meanwhile.
  ZAEL_ASSIGN(version, ReadFormat(options.path));
  directory.is_new_ = !version.has_value();
  return directory;
}

Status Directory::MarkComplete() {
  const Status written =
      os::WriteSmallFile(path_ + "/FORMAT", Format("{} {}\n", kFormatName, kFormatVersion));
  if (!written.ok()) return AsStoreError(written.error());
  is_new_ = false;
  return {};
}

Result<std::optional<StoreHolder>> FindHolder(const std::string& path) {
  ZAEL_ASSIGN(const bool exists, os::Exists(path + "/lock"));
  if (!exists) return Error(ErrorCode::kNotFound, Format("open store {}: there is none", path));
  ZAEL_ASSIGN(os::LockAttempt attempt, os::FileLock::TryLock(path + "/lock"));
  if (attempt.lock.has_value()) return std::optional<StoreHolder>();
  return std::optional<StoreHolder>(
      {.pid = attempt.holder_pid, .address = std::move(attempt.holder_note)});
}

std::string EndpointLogPath(const std::string& path) { return path + "/endpoint.log"; }

}  // namespace zael::engine
