#include "tests/integration/crash/killed_program.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace zael::crash {

KilledProgram::KilledProgram(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));
  }
  pointers.push_back(nullptr);
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execv(pointers.front(), pointers.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ends[0];
}

KilledProgram::~KilledProgram() {
  if (pid_ > 0) Kill();
  ::close(output_);
}

bool KilledProgram::Kill() {
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFSIGNALED(status);
}

// Whole or nothing: what is written to a pipe in one short piece is read so.
bool KilledProgram::ReadBytes(void* bytes, std::size_t size) {
  return ::read(output_, bytes, size) == static_cast<ssize_t>(size);
}

}  // namespace zael::crash
