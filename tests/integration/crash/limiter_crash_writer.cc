// limiter_crash_writer DIRECTORY SEED: the program that limiter_crash_test kills.
//
// The load of limiter_load.h on the store in DIRECTORY. Each event goes to standard output before
// the thread goes on: whole, because it is a short write to a pipe.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/integration/crash/limiter_load.h"

namespace {

using namespace zael;  // NOLINT: one file

[[noreturn]] void Die(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  std::_Exit(2);
}

class Teller final : public crash::LoadObserver {
 public:
  void OnEvent(const crash::LoadEvent& event) override {
    if (::write(STDOUT_FILENO, &event, sizeof event) != sizeof event) std::_Exit(3);
  }
  void OnError(const Error& error) override { Die(error); }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  const auto repository = Repository::Open({.data_dir = argv[1]});
  if (!repository.ok()) Die(repository.error());
  if (const Status prepared = crash::PrepareLoad(**repository); !prepared.ok()) {
    Die(prepared.error());
  }
  Teller teller;
  const std::atomic<bool> stop = false;
  crash::RunLoad(*repository, std::stoull(argv[2]), teller, stop);
  return 0;
}
