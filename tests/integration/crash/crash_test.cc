// kill -9 at random moments under load from eight threads: the store opens, every answered write is
// there, none is there twice, no transaction by half. ZAEL_CRASH_COUNT says how many moments
// (default 20).
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#include "engine/engine.h"

namespace zael {
namespace {

constexpr std::size_t kThreads = 8;
constexpr int kDefaultCrashes = 20;
constexpr int kMostAnswers = 3000;  // of one life, before it is killed
using Counts = std::array<std::int64_t, kThreads>;

struct Child {
  pid_t pid;
  int answers;  // the reading end
};

Child Start(const std::string& directory, const Counts& counts) {
  std::string first;
  for (const std::int64_t count : counts) first += std::to_string(count) + ",";
  first.pop_back();
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl(ZAEL_CRASH_WRITER, ZAEL_CRASH_WRITER, directory.c_str(), first.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

// Takes answers into `counts` until so many or the end.
void TakeAnswers(const Child& child, std::int64_t most, Counts* counts) {
  std::array<std::uint32_t, 2> record{};
  for (; most > 0 && ::read(child.answers, record.data(), sizeof record) == sizeof record; --most) {
    ASSERT_LT(record[0], kThreads);
    EXPECT_EQ((*counts)[record[0]] + 1, record[1]);
    (*counts)[record[0]] = record[1];
  }
}

std::int64_t Stored(ItemStore& items, const std::string& pk) {
  const auto item = items.Get({.table = "Table", .key = {{"PK", pk}}, .deadline = {}});
  if (!item.ok()) ADD_FAILURE() << item.error().message();
  if (!item.ok() || !item->has_value()) return 0;
  return (*item)->Find("n")->As<Number>()->ToInt64().value_or(-1);
}

TEST(Crash, P19_KilledAtAnyMomentLosesAndInventsNothing) {
  std::string directory = (std::filesystem::temp_directory_path() / "zael-crash-XXXXXX").string();
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  const char* wanted = ::getenv("ZAEL_CRASH_COUNT");
  const int crashes = wanted == nullptr ? kDefaultCrashes : std::stoi(wanted);
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Counts counts{};
  for (int crash = 0; crash < crashes && !::testing::Test::HasFailure(); ++crash) {
    SCOPED_TRACE("crash " + std::to_string(crash));
    const Child child = Start(directory + "/store", counts);
    TakeAnswers(child, static_cast<std::int64_t>(random() % kMostAnswers), &counts);
    ::kill(child.pid, SIGKILL);
    int status = 0;
    ::waitpid(child.pid, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "ended by itself with " << WEXITSTATUS(status);
    TakeAnswers(child, INT64_MAX, &counts);  // what was answered before the end
    ::close(child.answers);
    auto engine = engine::Engine::Open({.directory = directory + "/store"});
    ASSERT_TRUE(engine.ok()) << engine.error().message();
    const Stores stores = (*engine)->stores();
    if (!stores.tables->DescribeTable("Table").ok()) continue;  // killed before it was made
    std::int64_t sum = 0;
    for (std::size_t t = 0; t < kThreads; ++t) {
      const std::int64_t stored = Stored(*stores.items, std::to_string(t));
      EXPECT_GE(stored, counts[t]) << "an answered write of thread " << t << " is lost";
      EXPECT_LE(stored, counts[t] + 1) << "thread " << t << " has more than it wrote";
      counts[t] = stored;
      sum += stored;
    }
    EXPECT_EQ(Stored(*stores.items, "sum"), sum) << "half a transaction";
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace zael
