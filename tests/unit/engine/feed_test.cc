// The change feed of the engine: what it keeps over reopens, rotated logs, failures and power loss.
#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/engine/engine_fixture.h"
#include "tests/unit/engine/failing_file_system.h"

namespace zael::engine {
namespace {

class FeedTest : public EngineTest {
 protected:
  // Page by page, to the end.
  std::vector<Change> Feed(ChangePosition after = 0, std::size_t page_size = 7,
                           const std::string& table = "Table") {
    std::vector<Change> all;
    for (;;) {
      auto page = stores_.changes->ReadChanges(table, after, page_size);
      if (!page.ok()) ADD_FAILURE() << page.error().message();
      if (!page.ok() || page->changes.empty()) return all;
      for (Change& change : page->changes) all.push_back(std::move(change));
      EXPECT_GE(page->next, all.back().position);
      after = page->next;
    }
  }

  void MustPut(const std::string& pk, std::int64_t n) {
    const auto put = Put(ItemOf(pk, n));
    ASSERT_TRUE(put.ok()) << put.error().message();
  }

  static std::int64_t NumberOf(const Change& change) {
    return *change.new_item->Find("n")->As<zael::Number>()->ToInt64();
  }

  static std::vector<std::int64_t> Numbers(const std::vector<Change>& changes) {
    std::vector<std::int64_t> numbers;
    for (const Change& change : changes) numbers.push_back(NumberOf(change));
    return numbers;
  }

  static std::vector<std::int64_t> UpTo(std::int64_t count) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t n = 0; n < count; ++n) numbers.push_back(n);
    return numbers;
  }

  static bool Ascends(const std::vector<Change>& changes) {
    return std::is_sorted(changes.begin(), changes.end(),
                          [](const Change& a, const Change& b) { return a.position < b.position; });
  }

  // The archived logs, the largest first.
  std::vector<std::string> ArchivedLogs() const {
    std::vector<std::string> logs;
    for (const auto& entry :
         std::filesystem::directory_iterator(options_.directory + "/db/archive")) {
      logs.push_back(entry.path());
    }
    std::sort(logs.begin(), logs.end(), [](const std::string& a, const std::string& b) {
      return std::filesystem::file_size(a) > std::filesystem::file_size(b);
    });
    return logs;
  }
};

TEST_F(FeedTest, IsInOrderWithoutGapsWhileEightThreadsWrite) {
  MustOpen();
  MakeTable();
  constexpr int kThreads = 8, kWrites = 200;
  std::vector<std::thread> writers;
  for (int t = 0; t < kThreads; ++t) {
    writers.emplace_back([this, t] {
      for (int i = 1; i <= kWrites; ++i) {
        const auto put = Put(ItemOf("p" + std::to_string(t), i));
        ASSERT_TRUE(put.ok() && put->applied);
      }
    });
  }
  std::map<std::string, std::int64_t> last;
  ChangePosition after = 0;
  for (int seen = 0; seen < kThreads * kWrites;) {
    const auto page = stores_.changes->ReadChanges("Table", after, 50);
    ASSERT_TRUE(page.ok());
    for (const Change& change : page->changes) {
      EXPECT_GT(change.position, after);
      after = change.position;
      const auto n = *change.new_item->Find("n")->As<zael::Number>()->ToInt64();
      std::int64_t& previous = last[*change.key.Find("PK")->As<std::string>()];
      EXPECT_EQ(n, previous + 1);  // nothing passed over, nothing twice
      previous = n;
      ++seen;
    }
    after = page->next;
  }
  for (auto& writer : writers) writer.join();
}

TEST_F(FeedTest, TellsEveryChangeOnceOverManyReopens) {
  constexpr int kLives = 6, kWrites = 40;
  for (int life = 0; life < kLives; ++life) {
    MustOpen();
    if (life == 0) MakeTable();
    for (int i = 0; i < kWrites; ++i) MustPut("p", life * kWrites + i);
    Close();
  }
  MustOpen();
  EXPECT_GE(ArchivedLogs().size(), std::size_t{kLives});
  const auto all = Feed();
  EXPECT_EQ(Numbers(all), UpTo(kLives * kWrites));
  EXPECT_TRUE(Ascends(all));
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i].old_item, all[i - 1].new_item);
  const auto rest = Feed(all[100].position, 1);
  ASSERT_EQ(rest.size(), all.size() - 101);
  EXPECT_EQ(rest.front().position, all[101].position);
}

TEST_F(FeedTest, GoesOnFromALogThatWasFilledToTheNext) {
  MustOpen();
  MakeTable();
  constexpr int kWrites = 360;  // of 200 KB: more than a log holds
  Item item = ItemOf("p", 0);
  std::vector<Change> seen;
  for (int i = 0; i < kWrites; ++i) {
    item.Set("n", i);
    item.Set("text", std::string(200 * 1024, static_cast<char>('a' + i % 26)));
    ASSERT_TRUE(Put(item).ok());
    if (i % 90 != 89) continue;
    for (Change& change : Feed(seen.empty() ? 0 : seen.back().position)) {
      change.old_item.reset();
      change.new_item->Erase("text");
      seen.push_back(std::move(change));
    }
  }
  EXPECT_EQ(Numbers(seen), UpTo(kWrites));
  EXPECT_EQ(Feed(0, 1000).size(), std::size_t{kWrites}) << "pages end before they are too large";
}

TEST_F(FeedTest, ShowsNoChangeOlderThanADay) {
  MustOpen();
  MakeTable();
  for (int i = 0; i < 20; ++i) MustPut("old", i);
  clock_->Advance(std::chrono::hours(25));
  MustPut("new", 1);
  const auto left = Feed();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].key, KeyOf("new"));
  clock_->Advance(std::chrono::hours(25));
  EXPECT_TRUE(Feed().empty());
  MustPut("new", 2);
  EXPECT_EQ(Feed().size(), 1u);
  EXPECT_EQ(Feed(left[0].position).size(), 1u);
}

TEST_F(FeedTest, KeepsTablesApartThatAreWrittenTogether) {
  MustOpen();
  MakeTable("Left");
  MakeTable("Right");
  constexpr int kRounds = 30;
  for (int i = 0; i < kRounds; ++i) {
    const PutRequest left{.table = "Left", .item = ItemOf("p", i)};
    const PutRequest right{.table = "Right", .item = ItemOf("p", i)};
    const PutRequest other{.table = "Right", .item = ItemOf("q", i)};
    if (i % 3 == 0) {
      ASSERT_TRUE(stores_.items->TransactWrite({.items = {right, left, other}}).ok());
    } else {
      ASSERT_TRUE(stores_.items->Put(left).ok());
      ASSERT_TRUE(stores_.items->TransactWrite({.items = {other, right}}).ok());
    }
  }
  const auto left = Feed(0, 4, "Left"), right = Feed(0, 3, "Right");
  EXPECT_EQ(Numbers(left), UpTo(kRounds));
  ASSERT_EQ(right.size(), std::size_t{2 * kRounds});
  EXPECT_TRUE(Ascends(left) && Ascends(right));
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_EQ(right[2 * i].position, right[2 * i + 1].position) << i;
    EXPECT_EQ(right[2 * i].position == left[i].position, i % 3 == 0) << i;
  }
}

TEST_F(FeedTest, RecordsOnlyWhileTheTablesStreamIsOn) {
  MustOpen();
  MakeTable();
  MustPut("p", 0);
  ASSERT_TRUE(stores_.tables->UpdateTable("Table", {.stream = false}).ok());
  MustPut("p", 1);
  ASSERT_TRUE(stores_.tables->UpdateTable("Table", {.stream = true}).ok());
  MustPut("p", 2);
  const auto all = Feed();
  EXPECT_EQ(Numbers(all), (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(all[1].old_item, ItemOf("p", 1));
}

TEST_F(FeedTest, ServesMoreReadersThanItKeepsPlacesFor) {
  MustOpen();
  MakeTable();
  constexpr int kWrites = 60, kReaders = 9;
  for (int i = 0; i < kWrites; ++i) MustPut("p", i);
  std::vector<ChangePosition> at(kReaders, 0);
  std::vector<std::vector<std::int64_t>> seen(kReaders);
  for (int round = 0; round < kWrites; ++round) {
    for (int reader = 0; reader < kReaders; ++reader) {
      const auto page = stores_.changes->ReadChanges("Table", at[reader], 1 + reader);
      ASSERT_TRUE(page.ok()) << page.error().message();
      for (const Change& change : page->changes) seen[reader].push_back(NumberOf(change));
      at[reader] = page->next;
    }
  }
  for (const auto& numbers : seen) EXPECT_EQ(numbers, UpTo(kWrites));
}

// However often it is tried meanwhile, and wherever the space ends. It may say that it has to be
// opened again; only then a write that failed can turn out to have happened.
TEST_F(FeedTest, GoesOnOnceAFullDiskHasSpaceAgain) {
  const auto disk = std::make_shared<FailingFileSystem>();
  options_.file_system = disk;
  for (const Durability durability : {Durability::kProcess, Durability::kPower}) {
    options_.durability = durability;
    MustOpen();
    MakeTable();
    std::vector<std::int64_t> answered;
    std::vector<std::int64_t> told;
    std::int64_t next = 0;
    int reopened = 0;
    for (int writes = 0; writes < 24; ++writes) {
      SCOPED_TRACE("full at write " + std::to_string(writes));
      disk->SetDiskFullAt(writes);
      for (int failed = 0; failed < 3; ++next) {
        if (Put(ItemOf("p", next)).ok()) {
          answered.push_back(next);
          told.push_back(next);
        } else if (++failed == 1 && writes % 2 == 0) {
          disk->SetDiskFull(false);  // space for a part of what going on takes
          disk->SetDiskFullAt(writes / 2);
        }
      }
      disk->SetDiskFullAt(1 << 30);
      disk->SetDiskFull(false);
      if (const auto put = Put(ItemOf("p", next)); !put.ok()) {
        ASSERT_NE(put.error().message().find("open it again"), std::string::npos)
            << put.error().message();
        ++reopened;
        Close();
        MustOpen();
        told = Numbers(Feed());
        EXPECT_TRUE(std::includes(told.begin(), told.end(), answered.begin(), answered.end()));
        MustPut("p", next);
      }
      answered.push_back(next);
      told.push_back(next++);
      EXPECT_EQ(Numbers(Feed()), told);
      EXPECT_EQ(Number("p"), told.back());
    }
    EXPECT_LT(reopened, 24);
    Close();
    MustOpen();
    EXPECT_EQ(Numbers(Feed()), told);
    ASSERT_TRUE(stores_.tables->DeleteTable("Table").ok());
    Close();
  }
}

TEST_F(FeedTest, HasNoHoleAfterWritesThatFailed) {
  const auto disk = std::make_shared<FailingFileSystem>();
  options_.file_system = disk;
  MustOpen();
  MakeTable();
  MustPut("p", 0);
  for (int round = 1; round <= 3; ++round) {
    EXPECT_EQ(Numbers(Feed()), UpTo(round));
    for (int again = 0; again < round; ++again) {
      disk->SetDiskFull(true);
      EXPECT_FALSE(Put(ItemOf("lost", round)).ok());
      EXPECT_EQ(Numbers(Feed()), UpTo(round)) << "while the disk is full";
      disk->SetDiskFull(false);
    }
    MustPut("p", round);
    EXPECT_EQ(Numbers(Feed()), UpTo(round + 1));
  }
  Close();
  MustOpen();
  const auto all = Feed();
  EXPECT_EQ(Numbers(all), UpTo(4));
  EXPECT_TRUE(Ascends(all));
  MustPut("p", 4);
  EXPECT_EQ(Numbers(Feed(all.back().position)), (std::vector<std::int64_t>{4}));
}

// Then the log may have what the tables do not, until it is read anew.
TEST_F(FeedTest, AgreesWithTheTablesAfterALogThatWasNotSynced) {
  const auto disk = std::make_shared<FailingFileSystem>();
  options_.file_system = disk;
  options_.durability = Durability::kPower;
  MustOpen();
  MakeTable();
  MustPut("p", 0);
  std::vector<std::int64_t> written = {0};
  for (const auto& cause : {rocksdb::IOStatus::NoSpace("No space left on device"),
                            rocksdb::IOStatus::IOError("the disk does not answer")}) {
    SCOPED_TRACE(cause.ToString());
    const std::int64_t before = written.back();
    disk->SetSyncError(cause);
    EXPECT_FALSE(Put(ItemOf("p", before + 1)).ok());
    disk->SetSyncError(rocksdb::IOStatus::OK());
    const auto refused = Put(ItemOf("p", before + 100));
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message().find("open it again"), std::string::npos)
        << refused.error().message();
    EXPECT_EQ(Number("p"), before);
    const auto meanwhile = Numbers(Feed());
    EXPECT_TRUE(meanwhile.empty() || meanwhile == written);
    Close();
    MustOpen();
    written.push_back(before + 1);
    EXPECT_EQ(Number("p"), before + 1);
    EXPECT_EQ(Numbers(Feed()), written);
    MustPut("p", before + 2);
    written.push_back(before + 2);
    EXPECT_EQ(Numbers(Feed()), written);
  }
}

TEST_F(FeedTest, KeepsWhatWasAnsweredWhenTheLogCannotBeSyncedAfterwards) {
  const auto disk = std::make_shared<FailingFileSystem>();
  options_.file_system = disk;
  MustOpen();
  MakeTable();
  MustPut("p", 0);
  EXPECT_EQ(Numbers(Feed()), UpTo(1));
  disk->SetSyncError(rocksdb::IOStatus::IOError("the disk does not answer"));
  MustPut("p", 1);
  EXPECT_FALSE(stores_.changes->ReadChanges("Table", 0, 10).ok());
  const auto refused = Put(ItemOf("p", 2));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message().find("open it again"), std::string::npos);
  disk->SetSyncError(rocksdb::IOStatus::OK());
  EXPECT_FALSE(Put(ItemOf("p", 2)).ok());
  Close();
  MustOpen();
  EXPECT_EQ(Numbers(Feed()), UpTo(2));
}

TEST_F(FeedTest, NeverShowsAChangeThatAPowerLossCanTake) {
  std::map<ChangePosition, Item> shown;
  ChangePosition after = 0;
  const auto read = [&] {
    for (const Change& change : Feed(after)) {
      EXPECT_TRUE(shown.emplace(change.position, *change.new_item).second) << change.position;
      after = change.position;
    }
  };
  for (int life = 0; life < 5; ++life) {
    const auto disk = std::make_shared<FailingFileSystem>();
    options_.file_system = disk;
    MustOpen();
    if (life == 0) MakeTable();
    for (int i = 0; i < 10; ++i) MustPut("kept", life * 100 + i);
    read();
    for (int i = 0; i < 20 * life; ++i) MustPut("unseen", life * 100 + i);
    disk->PowerOff();
    Close();
    disk->DropUnsynced();
  }
  options_.file_system = nullptr;
  MustOpen();
  MustPut("last", 1);
  read();
  std::map<ChangePosition, Item> all;
  for (const Change& change : Feed()) all[change.position] = *change.new_item;
  EXPECT_EQ(all, shown);
  EXPECT_GE(all.size(), 51u);
}

TEST_F(FeedTest, NamesTheLogWithAFlippedBit) {
  MustOpen();
  MakeTable();
  for (int i = 0; i < 300; ++i) MustPut("p", i);
  Close();
  MustOpen();
  MustPut("p", 300);
  Close();
  MustOpen();
  const std::string log = ArchivedLogs().front();
  const auto bytes = static_cast<std::streamoff>(std::filesystem::file_size(log));
  Close();
  for (int part = 1; part < 8; ++part) {
    const std::streamoff at = bytes * part / 8 + 3;
    SCOPED_TRACE("bit at " + std::to_string(at) + " of " + std::to_string(bytes));
    FlipBit(log, at);
    MustOpen();
    std::vector<Change> seen;
    ChangePosition after = 0;
    for (;;) {
      auto page = stores_.changes->ReadChanges("Table", after, 20);
      if (!page.ok()) {
        EXPECT_EQ(page.error().code(), ErrorCode::kDataLoss);
        EXPECT_NE(page.error().message().find(std::filesystem::path(log).filename()),
                  std::string::npos)
            << page.error().message();
        break;
      }
      if (page->changes.empty()) {
        ADD_FAILURE() << "not reported after " << seen.size() << " changes";
        break;
      }
      for (Change& change : page->changes) seen.push_back(std::move(change));
      after = page->next;
    }
    EXPECT_EQ(Numbers(seen), UpTo(static_cast<std::int64_t>(seen.size())));
    EXPECT_EQ(Number("p"), 300) << "the items are whole";
    Close();
    FlipBit(log, at);
  }
  MustOpen();
  EXPECT_EQ(Numbers(Feed()), UpTo(301));
}

}  // namespace
}  // namespace zael::engine
