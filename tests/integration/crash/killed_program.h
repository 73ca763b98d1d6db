// KilledProgram: a program that tells what it did on its standard output, until it is killed.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace zael::crash {

// Thread-compatible. Killed at the latest when destroyed.
class KilledProgram {
 public:
  // The first argument is the program.
  explicit KilledProgram(const std::vector<std::string>& arguments);
  ~KilledProgram();
  KilledProgram(const KilledProgram&) = delete;
  KilledProgram& operator=(const KilledProgram&) = delete;

  // The next record, of exactly so many bytes; false at the end of what it told.
  template <typename Record>
  bool Read(Record* record) {
    return ReadBytes(record, sizeof *record);
  }

  // kill -9. False when it had ended by itself. What it told before can still be read.
  bool Kill();

 private:
  bool ReadBytes(void* bytes, std::size_t size);

  pid_t pid_ = -1;
  int output_ = -1;  // the reading end
};

}  // namespace zael::crash
