// Directory: one store on the disk, held by one process: DIR/FORMAT, DIR/lock, DIR/db.
//
// FORMAT is written last when a store is made, so a directory that has it has a database; one
// without it is new, half made, or not ours. Nothing is written into what is not ours. Layout:
// docs/formats/engine.md.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "os/file_lock.h"

namespace zael::engine {

// Raised when older programs could misread a store. A program opens stores of its own format and of
// those since the oldest; format 1 was never released.
inline constexpr int kFormatVersion = 2;
inline constexpr int kOldestFormat = 2;

struct DirectoryOptions {
  std::string path;
  bool create = true;
  std::chrono::milliseconds lock_timeout{0};
  Clock* clock = nullptr;  // waits for the lock
};

// The lock is held while the object lives. Move-only.
class Directory {
 public:
  // Errors: kNotFound (absent and not to be made), kFailedPrecondition (another format, not ours),
  // kUnavailable (held by another process, full disk), kPermissionDenied, kDataLoss (FORMAT
  // unreadable).
  static Result<Directory> Take(const DirectoryOptions& options);

  // Whether FORMAT is missing: the database may have to be made. Then MarkComplete once it is.
  bool is_new() const { return is_new_; }
  Status MarkComplete();

  std::string database_path() const { return path_ + "/db"; }

  // What others are told who find the store held: the address of its endpoint. Errors: those of
  // FileLock::Publish.
  Status Publish(const std::string& address) { return lock_.Publish(address); }

 private:
  Directory(std::string path, os::FileLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  os::FileLock lock_;
  bool is_new_ = false;
};

// Who has a store open.
struct StoreHolder {
  std::optional<std::int64_t> pid;  // absent: it has not said so yet
  std::string address;              // of its endpoint, as a URL; empty: it serves none
};

// Absent when nobody has. Takes the lock for a moment to find out. Errors: kNotFound (no store in
// the directory), those of files.h.
Result<std::optional<StoreHolder>> FindHolder(const std::string& path);

// The log of the endpoint that serves a store; it stands beside its database.
std::string EndpointLogPath(const std::string& path);

}  // namespace zael::engine
