// Processes: runs a program and reads what it prints, within a bound on time and size.
//
// No shell is involved. The program gets no input, its standard error is dropped, and it leads a
// process group of its own, which is killed when the bound is passed.
#pragma once

#include <zael/result.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zael::os {

struct ProcessRequest {
  std::vector<std::string> arguments;  // the first is the program, looked for in PATH
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_output_bytes = 64 * 1024;
};

struct ProcessResult {
  int exit_code = 0;
  std::string output;
};

// Thread-safe.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  // Calls `done` exactly once, on any thread; it must not block.
  // Errors, naming the program alone: kNotFound, kPermissionDenied (it cannot be started),
  // kDeadlineExceeded, kInvalidArgument (no program is named, it prints too much), kUnavailable (it
  // was killed, the system has no room for it, the runner is ending).
  virtual void Run(ProcessRequest request, std::function<void(Result<ProcessResult>)> done) = 0;
};

// A thread for each program that runs. The runner's end kills what still runs and waits for it; it
// may happen inside a `done`.
std::unique_ptr<ProcessRunner> MakeProcessRunner();

}  // namespace zael::os
