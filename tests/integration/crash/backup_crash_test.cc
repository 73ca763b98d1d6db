// kill -9 at random moments of backups, restores and deletions: every backup that is listed is
// whole, every table is whole or still being restored and then whole, the source is untouched, and
// nothing is left behind. ZAEL_CRASH_COUNT says how many moments (default 5).
#include <gtest/gtest.h>
#include <stdlib.h>
#include <zael/backup.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "engine/engine.h"
#include "tests/integration/crash/killed_program.h"

namespace zael {
namespace {

constexpr int kDefaultCrashes = 5;
constexpr int kItems = 3000;
constexpr unsigned kMostSteps = 6;              // of one life
constexpr unsigned kMostMicroseconds = 20'000;  // of the step it is killed in

template <typename T>
T Must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  ADD_FAILURE() << result.error().message();
  return T();
}

class BackupCrash : public ::testing::Test {
 protected:
  using Rows = std::map<std::string, std::int64_t>;

  BackupCrash() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zael-crash-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  ~BackupCrash() override { std::filesystem::remove_all(directory_); }

  static Item ItemOf(int number) {
    return {{"PK", "p" + std::to_string(number)}, {"GPK", "g"}, {"n", number}};
  }
  Rows RowsOf(ItemStore& items, const std::string& table, const std::string& index) {
    Rows rows;
    QueryRequest request{.table = table, .index = index};
    for (bool more = true; more;) {
      QueryPage page = Must(items.Query(request));
      for (const Item& item : page.items) {
        rows[*item.Find("PK")->As<std::string>()] =
            item.Find("n")->As<Number>()->ToInt64().value_or(-1);
      }
      more = page.next.has_value();
      request.start_after = std::move(page.next);
    }
    return rows;
  }

  void Prepare() {
    const auto engine = Must(engine::Engine::Open({.directory = directory_}));
    const Stores stores = engine->stores();
    (void)Must(
        stores.tables->CreateTable({.name = "Table",
                                    .keys = {{"PK", KeyType::kString}, {}},
                                    .indexes = {{"Index", {{"GPK", KeyType::kString}, {}}}}}));
    for (int i = 0; i < kItems; ++i) {
      expected_["p" + std::to_string(i)] = i;
      (void)Must(stores.items->Put({.table = "Table", .item = ItemOf(i)}));
    }
    (void)Must(stores.backups->UpdateRecovery("Table", {.enabled = true}));
  }

  void ExpectWhole(const Stores& stores, const std::string& table) {
    (void)Must(WaitForRestore(*stores.tables, table, {.clock = clock_.get()}));
    EXPECT_EQ(RowsOf(*stores.items, table, ""), expected_) << table;
    EXPECT_EQ(RowsOf(*stores.items, table, "Index"), expected_) << table;
  }

  void Check(unsigned choice) {
    const auto opened = engine::Engine::Open({.directory = directory_});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    const Stores stores = (*opened)->stores();
    for (const std::string& table : Must(stores.tables->ListTables())) ExpectWhole(stores, table);
    const auto backups = Must(stores.backups->ListBackups({})).backups;
    for (const Backup& backup : backups) {
      EXPECT_EQ(backup.damage, "");
      EXPECT_EQ(backup.status, BackupStatus::kAvailable);
      EXPECT_EQ(backup.table.item_count, expected_.size());
    }
    if (backups.empty()) return;
    const std::string target = "Check";
    (void)Must(
        stores.backups->Restore({.source = backups[choice % backups.size()].id, .target = target}));
    ExpectWhole(stores, target);
    EXPECT_TRUE(stores.tables->DeleteTable(target).ok());
  }

  // With every backup and base gone no file of theirs may be left.
  void ExpectNothingLeftBehind() {
    {
      const auto engine = Must(engine::Engine::Open({.directory = directory_}));
      const Stores stores = engine->stores();
      (void)Must(stores.backups->UpdateRecovery("Table", {.enabled = false}));
      for (bool more = true; more;) {
        const BackupPage page = Must(stores.backups->ListBackups({}));
        for (const Backup& backup : page.backups)
          (void)Must(stores.backups->DeleteBackup(backup.id));
        more = !page.next.empty();
      }
      EXPECT_TRUE(engine->MaintainNow().ok());
    }
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(directory_ + "/backups")) {
      EXPECT_FALSE(entry.is_regular_file()) << entry.path();
    }
  }

  std::string directory_;
  Rows expected_;
  const std::shared_ptr<Clock> clock_ = MakeSystemClock();
};

TEST_F(BackupCrash, KilledAtAnyMomentNothingIsHalfDoneOrLeftBehind) {
  const char* wanted = ::getenv("ZAEL_CRASH_COUNT");
  const int crashes = wanted == nullptr ? kDefaultCrashes : std::stoi(wanted);
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Prepare();
  std::size_t steps = 0;
  for (int crash = 0; crash < crashes && !HasFailure(); ++crash) {
    SCOPED_TRACE("crash " + std::to_string(crash));
    crash::KilledProgram program({ZAEL_BACKUP_CRASH_WRITER, directory_, std::to_string(random())});
    char told = 0;
    for (auto left = random() % kMostSteps; left > 0 && program.Read(&told); --left) ++steps;
    std::this_thread::sleep_for(  // tidy: allow(banned-call) the moment of the kill is the test's
        std::chrono::microseconds(random() % kMostMicroseconds));
    EXPECT_TRUE(program.Kill()) << "ended by itself";
    while (program.Read(&told)) ++steps;
    Check(random());
  }
  std::cout << crashes << " kills in " << steps << " whole steps" << std::endl;
  EXPECT_GT(steps, 0u);
  ExpectNothingLeftBehind();
}

}  // namespace
}  // namespace zael
