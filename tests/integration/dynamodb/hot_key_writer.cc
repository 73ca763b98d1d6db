// hot_key_writer URL NAME ENTITY THREADS GATE: one of the processes of hot_key_test.
//
// Its threads share one limiter over the tables at URL. It says `ready` on standard output, waits
// until the other end of the descriptor GATE is closed, takes single tokens until there are none,
// and says `GRANTED FAILED` and the message of the first failure, each on a line.
#include <unistd.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/dynamodb/test_client.h"

namespace {

using namespace zael;  // NOLINT: one file

[[noreturn]] void Die(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  std::_Exit(2);
}

struct Tally {
  std::mutex mutex;
  std::int64_t granted = 0;
  std::int64_t failed = 0;
  std::string first_failure;
};

void TakeAll(RateLimiter limiter, const std::string& entity, Tally& tally) {
  for (;;) {
    const auto decision =
        limiter.Acquire({.entity_id = entity, .resource = "api", .consume = {{"rpm", 1}}});
    const std::lock_guard lock(tally.mutex);
    if (!decision.ok()) {
      if (tally.failed++ == 0) tally.first_failure = decision.error().message();
      return;
    }
    if (!decision->granted()) return;
    ++tally.granted;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 1;
  const auto clock = MakeSystemClock();
  const auto seed = static_cast<std::uint64_t>(::getpid());
  const auto client = dynamo::OpenTestClient(argv[1], clock, std::make_shared<SeededRandom>(seed));
  if (!client.ok()) Die(client.error());
  const auto repository = Repository::Over((*client)->stores(), {.name = argv[2], .clock = clock});
  if (!repository.ok()) Die(repository.error());
  const RateLimiter limiter(*repository, {.timeout = std::chrono::minutes(5)});
  const std::string entity = argv[3];

  std::puts("ready");
  std::fflush(stdout);
  char nothing = 0;
  (void)!::read(std::stoi(argv[5]), &nothing, 1);

  Tally tally;
  std::vector<std::thread> threads;
  for (int left = std::stoi(argv[4]); left > 0; --left) {
    threads.emplace_back([&] { TakeAll(limiter, entity, tally); });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("%lld %lld\n%s\n", static_cast<long long>(tally.granted),
              static_cast<long long>(tally.failed), tally.first_failure.c_str());
  return 0;
}
