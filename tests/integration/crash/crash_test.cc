// kill -9 at random moments under load from eight threads: the store opens, every answered write is
// there, none is there twice, no transaction by half, and the feed tells each once.
// ZAEL_CRASH_COUNT says how many moments (default 20).
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "engine/engine.h"
#include "tests/integration/crash/killed_program.h"

namespace zael {
namespace {

constexpr std::size_t kThreads = 8;
constexpr int kDefaultCrashes = 20;
constexpr int kMostAnswers = 3000;  // of one life, before it is killed
using Counts = std::array<std::int64_t, kThreads>;

std::string ToText(const Counts& counts) {
  std::string text;
  for (const std::int64_t count : counts) text += std::to_string(count) + ",";
  text.pop_back();
  return text;
}

// Takes answers into `counts` until so many or the end.
void TakeAnswers(crash::KilledProgram& program, std::int64_t most, Counts* counts) {
  std::array<std::uint32_t, 2> record{};
  for (; most > 0 && program.Read(&record); --most) {
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

// Reads the feed from `*after` on, where every item counts on by one.
void FollowFeed(ChangeFeed& feed, ChangePosition* after,
                std::map<std::string, std::int64_t>* last) {
  for (;;) {
    const auto page = feed.ReadChanges("Table", *after, 1000);
    ASSERT_TRUE(page.ok()) << page.error().message();
    if (page->changes.empty()) return;
    for (const Change& change : page->changes) {
      std::int64_t& n = (*last)[*change.key.Find("PK")->As<std::string>()];
      ASSERT_EQ(change.new_item->Find("n")->As<Number>()->ToInt64(), ++n) << change.position;
      EXPECT_EQ(change.old_item.has_value(), n > 1);
    }
    *after = page->next;
  }
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
  ChangePosition after = 0;
  std::map<std::string, std::int64_t> told;  // by the feed
  for (int crash = 0; crash < crashes && !::testing::Test::HasFailure(); ++crash) {
    SCOPED_TRACE("crash " + std::to_string(crash));
    crash::KilledProgram program({ZAEL_CRASH_WRITER, directory + "/store", ToText(counts)});
    TakeAnswers(program, static_cast<std::int64_t>(random() % kMostAnswers), &counts);
    EXPECT_TRUE(program.Kill()) << "ended by itself";
    TakeAnswers(program, INT64_MAX, &counts);  // what was answered before the end
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
    FollowFeed(*stores.changes, &after, &told);
    EXPECT_EQ(told["sum"], sum) << "the feed misses changes";
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace zael
