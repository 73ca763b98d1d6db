// Small archived logs become few, and the feed is the same before, after and in between.
#include "engine/log_merge.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/engine/engine_fixture.h"
#include "tests/unit/engine/failing_file_system.h"

namespace zael::engine {
namespace {

class LogMergeTest : public EngineTest {
 protected:
  // So many times the store is opened for one write, numbered from `first` on. On a file system
  // that does not wait for the disk.
  void Live(int lives, int first = 0) {
    options_.file_system = std::make_shared<FailingFileSystem>();
    for (int life = first; life < first + lives; ++life) {
      MustOpen();
      if (life == 0) MakeTable();
      const auto put = Put(ItemOf("p", life));
      ASSERT_TRUE(put.ok()) << put.error().message();
      Close();
    }
    options_.file_system = nullptr;
  }

  std::vector<std::string> Archive() const {
    std::vector<std::string> names;
    const std::string path = options_.directory + "/db/archive";
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string InArchive(const std::string& name) const {
    return options_.directory + "/db/archive/" + name;
  }

  struct Told {
    std::vector<std::int64_t> numbers;
    std::vector<ChangePosition> positions;
    bool operator==(const Told&) const = default;
  };

  // Everything the feed tells, page by page.
  Told Feed() {
    Told told;
    for (ChangePosition after = 0;;) {
      const auto page = stores_.changes->ReadChanges("Table", after, 7);
      if (!page.ok()) ADD_FAILURE() << page.error().message();
      if (!page.ok() || page->changes.empty()) return told;
      for (const Change& change : page->changes) {
        told.numbers.push_back(*change.new_item->Find("n")->As<zael::Number>()->ToInt64());
        told.positions.push_back(change.position);
      }
      after = page->next;
    }
  }

  static std::vector<std::int64_t> UpTo(std::int64_t count) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t n = 0; n < count; ++n) numbers.push_back(n);
    return numbers;
  }

  // One that many lives filled so that the next to open it merges.
  void MakeRipe() {
    Live(kRipeLives);
    ASSERT_GT(Archive().size(), kLogsWorthMerging);
    ripe_ = options_.directory;
    options_.directory = scratch_ + "/copy";
  }
  void TakeCopy() {
    std::filesystem::remove_all(options_.directory);
    std::filesystem::copy(ripe_, options_.directory, std::filesystem::copy_options::recursive);
  }

  static constexpr int kRipeLives = static_cast<int>(kLogsWorthMerging) + 2;
  std::string ripe_;
};

TEST_F(LogMergeTest, AStoreOpenedForEveryWriteKeepsFewLogsAndTheWholeFeed) {
  constexpr int kLives = 2 * static_cast<int>(kLogsWorthMerging) + 10;
  std::size_t most = 0;
  for (int life = 0; life < kLives; ++life) {
    Live(1, life);
    if (std::filesystem::exists(InArchive(""))) most = std::max(most, Archive().size());
  }
  EXPECT_LE(most, kLogsWorthMerging + 1);
  MustOpen();
  const Told told = Feed();
  EXPECT_EQ(told.numbers, UpTo(kLives));
  EXPECT_TRUE(std::is_sorted(told.positions.begin(), told.positions.end()));
}

TEST_F(LogMergeTest, KeepsEveryPosition) {
  MakeRipe();
  TakeCopy();
  MustOpen();
  EXPECT_LT(Archive().size(), 5u);
  const Told merged = Feed();
  Close();
  // Made into logs that are not worth merging, by taking one away to where nobody looks.
  TakeCopy();
  std::filesystem::rename(InArchive(Archive().front()), scratch_ + "/first");
  std::filesystem::rename(InArchive(Archive().front()), scratch_ + "/second");
  MustOpen();
  EXPECT_GE(Archive().size(), kLogsWorthMerging - 1);
  const Told rest = Feed();
  ASSERT_LT(rest.numbers.size(), merged.numbers.size());
  EXPECT_TRUE(
      std::equal(rest.positions.rbegin(), rest.positions.rend(), merged.positions.rbegin()));
}

TEST_F(LogMergeTest, PowerLostAtAnyStepLosesNothingAndRepeatsNothing) {
  MakeRipe();
  TakeCopy();
  MustOpen();
  const Told whole = Feed();
  Close();
  bool done = false;
  int interrupted = 0;
  for (int step = 0; !done; step += step < 12 || step > 60 ? 1 : 6) {
    SCOPED_TRACE("power lost at step " + std::to_string(step));
    TakeCopy();
    const auto disk = std::make_shared<FailingFileSystem>();
    disk->PowerOffAtStep(step);
    options_.file_system = disk;
    (void)Open();  // what it says does not matter
    disk->PowerOff();
    Close();
    disk->DropUnsynced();
    options_.file_system = nullptr;
    const auto left = Archive();
    done = left.size() < 5 && !left.back().ends_with(".merged");
    interrupted += std::any_of(left.begin(), left.end(),
                               [](const std::string& name) { return name.ends_with(".merged"); });
    MustOpen();
    EXPECT_EQ(Feed(), whole);
    for (const std::string& name : Archive()) EXPECT_TRUE(name.ends_with(".log")) << name;
    Close();
  }
  EXPECT_GT(interrupted, 10);
}

TEST_F(LogMergeTest, LeavesALogThatIsDamagedForTheFeedToReport) {
  MakeRipe();
  TakeCopy();
  const std::string damaged = Archive()[30];
  FlipBit(InArchive(damaged), 20);
  MustOpen();
  EXPECT_LT(Archive().size(), 6u);
  ChangePosition after = 0;
  std::int64_t told = 0;
  for (;;) {
    const auto page = stores_.changes->ReadChanges("Table", after, 1);
    if (!page.ok()) {
      EXPECT_EQ(page.error().code(), ErrorCode::kDataLoss);
      EXPECT_NE(page.error().message().find(damaged), std::string::npos) << page.error().message();
      break;
    }
    ASSERT_FALSE(page->changes.empty()) << "not reported after " << told;
    EXPECT_EQ(*page->changes.front().new_item->Find("n")->As<zael::Number>()->ToInt64(), told);
    ++told;
    after = page->next;
  }
  Close();
  FlipBit(InArchive(damaged), 20);
  MustOpen();
  EXPECT_EQ(Feed().numbers, UpTo(kRipeLives)) << "once it is mended";
}

TEST_F(LogMergeTest, AStoreThatIsOnlyReadGathersNoLogs) {
  Live(1);
  for (int life = 0; life < 12; ++life) {
    MustOpen();
    EXPECT_EQ(Number("p"), 0);
    Close();
  }
  int logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(options_.directory + "/db")) {
    logs += entry.path().extension() == ".log" ? 1 : 0;
  }
  EXPECT_LE(logs, 3);
}

TEST_F(LogMergeTest, AFullDiskLeavesItToTheNextTime) {
  MakeRipe();
  TakeCopy();
  const auto disk = std::make_shared<FailingFileSystem>();
  disk->SetDiskFull(true);
  options_.file_system = disk;
  (void)Open();
  Close();
  EXPECT_GT(Archive().size(), kLogsWorthMerging);
  disk->SetDiskFull(false);
  MustOpen();
  EXPECT_LT(Archive().size(), 5u);
  EXPECT_EQ(Feed().numbers, UpTo(kRipeLives));
}

}  // namespace
}  // namespace zael::engine
