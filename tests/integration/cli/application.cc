// An application beside the command line: opens the table, acquires, and holds the directory for a
// while.
//
// application DATA_DIR CALLS HOLD_MS LOCK_TIMEOUT_MS: prints `open` once it has the directory, the
// number of grants at its end, or the error it got (exit 1).
#include <zael/limiter.h>
#include <zael/repository.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto repository =
      zael::Repository::Open({.name = "demo",
                              .data_dir = argv[1],
                              .create_if_missing = false,
                              .lock_timeout = std::chrono::milliseconds(std::atoi(argv[4]))});
  if (!repository.ok()) {
    std::cout << repository.error().message() << std::endl;
    return 1;
  }
  std::cout << "open" << std::endl;
  zael::RateLimiter limiter(*repository);
  int granted = 0;
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    const auto decision =
        limiter.Acquire({.entity_id = "shared", .resource = "api", .consume = {{"rpd", 1}}});
    if (!decision.ok()) {
      std::cout << decision.error().message() << std::endl;
      return 1;
    }
    granted += decision->granted() ? 1 : 0;
  }
  (*repository)->clock().SleepFor(std::chrono::milliseconds(std::atoi(argv[3])));
  std::cout << granted << std::endl;
  return 0;
}
