// FileLock: one holder at a time, over all processes, of a lock file that says who holds it and
// what the holder wants others to know.
//
// The system frees the lock when the holder ends, however it ends, so there are no stale locks. The
// file itself stays: removing it would let two processes lock two files of the same name.
#pragma once

#include <zael/result.h>

#include <cstdint>
#include <optional>
#include <string>

#include "os/file_descriptor.h"

namespace zael::os {

inline constexpr std::size_t kMaxNoteBytes = 256;

struct LockAttempt;

// Held while the object lives. Move-only. Not inherited by child processes.
class FileLock {
 public:
  // Takes the lock or says who holds it; never waits. The file is made when missing. Two attempts
  // of one process exclude each other too. Errors: those of files.h.
  static Result<LockAttempt> TryLock(const std::string& path);

  // What a process that does not get the lock reads in LockAttempt::holder_note, until the lock is
  // free; one line of at most kMaxNoteBytes. Errors: kInvalidArgument, those of files.h.
  Status Publish(const std::string& note);

  FileLock(FileLock&&) noexcept = default;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  FileLock(FileDescriptor file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}
  void Release();

  FileDescriptor file_;
  std::string path_;
};

struct LockAttempt {
  std::optional<FileLock> lock;            // absent: somebody else holds it
  std::optional<std::int64_t> holder_pid;  // of that somebody, when the file says it
  std::string holder_note;                 // empty: it published none
};

}  // namespace zael::os
