// What a store directory survives and refuses.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/unit/engine/engine_fixture.h"
#include "tests/unit/engine/failing_file_system.h"

namespace zael::engine {
namespace {

using ::testing::Test;

TEST_F(EngineTest, KeepsEverythingOverAReopen) {
  MustOpen();
  MakeTable();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Put(ItemOf("p" + std::to_string(i), i)).ok());
  const auto before = stores_.changes->ReadChanges("Table", 0, 1000);
  ASSERT_TRUE(before.ok());
  Close();
  MustOpen();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Number("p" + std::to_string(i)), i);
  EXPECT_EQ(CountInIndex(), 100u);
  const auto after = stores_.changes->ReadChanges("Table", 0, 1000);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->changes.size(), before->changes.size());
  const auto table = stores_.tables->DescribeTable("Table");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->item_count, 100u);
  // A reader of the old positions sees what is written now.
  ASSERT_TRUE(Put(ItemOf("new", 1)).ok());
  EXPECT_EQ(stores_.changes->ReadChanges("Table", before->next, 10)->changes.size(), 1u);
}

TEST_F(EngineTest, RefusesNewerAndUnreleasedFormatsNamingBothVersions) {
  MustOpen();
  Close();
  for (const std::string format : {"7", "1"}) {
    std::ofstream(options_.directory + "/FORMAT") << "zael-store " << format << "\n";
    const Status opened = Open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code(), ErrorCode::kFailedPrecondition);
    EXPECT_NE(opened.error().message().find("format is " + format), std::string::npos);
    EXPECT_NE(opened.error().message().find("knows 2 to 2"), std::string::npos);
  }
}

TEST_F(EngineTest, RefusesADirectoryWithOtherThingsInItAndWritesNothingThere) {
  std::filesystem::create_directories(options_.directory);
  std::ofstream(options_.directory + "/holiday.jpg") << "x";
  const Status opened = Open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(opened.error().message().find("holiday.jpg"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(options_.directory + "/lock"));
}

TEST_F(EngineTest, DoesNotMakeAStoreWhenToldNotTo) {
  options_.create = false;
  const Status opened = Open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(options_.directory));
}

TEST_F(EngineTest, NamesTheHolderOfTheDirectoryAfterWaiting) {
  MustOpen();
  EngineOptions second = options_;
  second.lock_timeout = std::chrono::milliseconds(500);
  const std::int64_t start = clock_->NowMs();
  const auto opened = Engine::Open(second);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), ErrorCode::kUnavailable);
  EXPECT_NE(opened.error().message().find("process " + std::to_string(::getpid())),
            std::string::npos);
  EXPECT_EQ(clock_->NowMs() - start, 500);
}

TEST_F(EngineTest, SaysThatAReadOnlyDirectoryIsNotWritable) {
  MustOpen();
  Close();
  std::filesystem::permissions(
      options_.directory, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  std::filesystem::permissions(options_.directory + "/lock", std::filesystem::perms::owner_read);
  // Root may write everywhere, so root gives the store to somebody else and looks with those eyes.
  constexpr uid_t kNobody = 65534;
  const bool root = ::geteuid() == 0;
  if (root) {
    for (const std::string& path :
         {std::filesystem::path(options_.directory).parent_path().string(), options_.directory,
          options_.directory + "/lock"}) {
      ASSERT_EQ(::chown(path.c_str(), kNobody, kNobody), 0) << path;
    }
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  const Status opened = Open();
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), ErrorCode::kPermissionDenied);
}

TEST_F(EngineTest, ReportsALostDatabaseInsteadOfStartingAnEmptyOne) {
  MustOpen();
  MakeTable();
  Close();
  std::filesystem::remove_all(options_.directory + "/db");
  const Status opened = Open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), ErrorCode::kDataLoss);
}

TEST_F(EngineTest, RemovesExpiredItemsAsTheServiceDoes) {
  MustOpen();
  MakeTable();
  const std::int64_t now = clock_->NowMs() / 1000;
  for (int i = 0; i < 1200; ++i) {
    Item item = ItemOf("p" + std::to_string(i), i);
    item.Set("ttl", now + (i % 2 == 0 ? 10 : 100));
    ASSERT_TRUE(Put(item).ok());
  }
  clock_->Advance(std::chrono::seconds(50));
  EXPECT_EQ(Number("p0"), 0);  // still the truth until it is removed
  EXPECT_EQ(*engine_->ExpireNow(), 600u);
  EXPECT_EQ(Number("p0"), std::nullopt);
  EXPECT_EQ(Number("p1"), 1);
  EXPECT_EQ(CountInIndex(), 600u);
  const auto changes = stores_.changes->ReadChanges("Table", 0, 5000);
  EXPECT_TRUE(changes->changes.back().by_expiry);
  EXPECT_EQ(changes->changes.back().kind, ChangeKind::kRemove);
}

TEST_F(EngineTest, LeavesNothingOfADeletedTableToItsSuccessor) {
  MustOpen();
  MakeTable();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(Put(ItemOf("p" + std::to_string(i), i)).ok());
  const ChangePosition after = stores_.changes->ReadChanges("Table", 0, 1000)->next;
  ASSERT_TRUE(stores_.tables->DeleteTable("Table").ok());
  Close();
  MustOpen();
  MakeTable();
  EXPECT_EQ(Number("p1"), std::nullopt);
  EXPECT_EQ(CountInIndex(), 0u);
  ASSERT_TRUE(Put(ItemOf("p", 1)).ok());
  EXPECT_EQ(stores_.changes->ReadChanges("Table", after, 10)->changes.size(), 1u);
}

TEST_F(EngineTest, AnswersAFullDiskAndGoesOnOnceThereIsSpace) {
  const auto disk = std::make_shared<FailingFileSystem>();
  options_.file_system = disk;
  MustOpen();
  MakeTable();
  ASSERT_TRUE(Put(ItemOf("a", 1)).ok());
  disk->SetDiskFull(true);
  const auto failed = Put(ItemOf("a", 2));
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code(), ErrorCode::kUnavailable);
  EXPECT_NE(failed.error().message().find(options_.directory), std::string::npos);
  EXPECT_NE(failed.error().message().find("free some space"), std::string::npos);
  EXPECT_EQ(Number("a"), 1);  // reading goes on
  disk->SetDiskFull(false);
  const auto written = Put(ItemOf("a", 3));
  ASSERT_TRUE(written.ok()) << written.error().message();
  Close();
  MustOpen();
  EXPECT_EQ(Number("a"), 3);
}

// The file with this ending that is the largest.
std::string LargestFile(const std::string& directory, const std::string& ending) {
  std::string largest;
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ending && entry.file_size() > bytes) {
      largest = entry.path();
      bytes = entry.file_size();
    }
  }
  return largest;
}

TEST_F(EngineTest, FindsAFlippedBitInTheLogAndNamesTheStore) {
  MustOpen();
  MakeTable();
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(Put(ItemOf("p" + std::to_string(i), i)).ok());
  Close();
  const std::string log = LargestFile(options_.directory + "/db", ".log");
  ASSERT_FALSE(log.empty());
  const auto bytes = static_cast<std::streamoff>(std::filesystem::file_size(log));
  for (int part = 1; part < 8; ++part) {
    const std::streamoff at = bytes * part / 8 + 3;
    FlipBit(log, at);
    const Status opened = Open();
    EXPECT_FALSE(opened.ok()) << "bit at " << at << " of " << bytes;
    if (!opened.ok()) {
      EXPECT_EQ(opened.error().code(), ErrorCode::kDataLoss) << opened.error().message();
      EXPECT_NE(opened.error().message().find(options_.directory), std::string::npos);
    }
    Close();
    FlipBit(log, at);
  }
  MustOpen();  // mended: everything is there again
  for (int i = 0; i < 500; ++i) EXPECT_EQ(Number("p" + std::to_string(i)), i);
}

// A store whose records have left the log for .sst files, and copies of it to damage.
class DamagedFileTest : public EngineTest {
 protected:
  static constexpr int kItems = 400;

  void MakeFiles() {
    MustOpen();
    MakeTable();
    for (int i = 0; i < kItems; ++i) ASSERT_TRUE(Put(ItemOf("p" + std::to_string(i), i)).ok());
    Close();
    MustOpen();  // moves what is in the log
    Close();
    whole_ = options_.directory;
    options_.directory = scratch_ + "/copy";
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(whole_ + "/db")) {
      if (entry.path().extension() == ".sst") names.push_back(entry.path().filename());
    }
    return names;
  }

  std::streamoff SizeOf(const std::string& name) const {
    return static_cast<std::streamoff>(std::filesystem::file_size(whole_ + "/db/" + name));
  }

  // Everything is read from a copy with one bit flipped: true when that was reported.
  bool IsReported(const std::string& name, std::streamoff at) {
    std::filesystem::remove_all(options_.directory);
    std::filesystem::copy(whole_, options_.directory, std::filesystem::copy_options::recursive);
    FlipBit(options_.directory + "/db/" + name, at);
    name_ = name;
    reported_ = false;
    const Status opened = Open();
    if (opened.ok()) {
      ReadItems();
      ReadIndex();
      ReadFeed();
    } else {
      Report(opened.error());
    }
    Close();
    return reported_;
  }

 private:
  void Report(const Error& error) {
    reported_ = true;
    EXPECT_EQ(error.code(), ErrorCode::kDataLoss) << error.message();
    EXPECT_NE(error.message().find(name_), std::string::npos) << error.message();
  }

  void ReadItems() {
    for (int i = 0; i < kItems; ++i) {
      const Key key = KeyOf("p" + std::to_string(i));
      const auto item = stores_.items->Get({.table = "Table", .key = key});
      if (!item.ok()) {
        Report(item.error());
        continue;
      }
      ASSERT_TRUE(item->has_value()) << "lost item " << i;
      EXPECT_EQ(**item, ItemOf("p" + std::to_string(i), i));
    }
  }

  void ReadIndex() {
    const auto page =
        stores_.items->Query({.table = "Table", .index = "Index", .hash = Value("g")});
    if (!page.ok()) return Report(page.error());
    EXPECT_EQ(page->items.size(), std::size_t{kItems});
  }

  void ReadFeed() {
    const auto page = stores_.changes->ReadChanges("Table", 0, kItems + 1);
    if (!page.ok()) return Report(page.error());
    EXPECT_EQ(page->changes.size(), std::size_t{kItems});
  }

  std::string whole_;  // the undamaged store
  std::string name_;
  bool reported_ = false;
};

TEST_F(DamagedFileTest, NamesTheFileWithAFlippedBitAndLosesOrInventsNoRecord) {
  constexpr int kParts = 8;
  MakeFiles();
  const auto files = Files();
  ASSERT_GE(files.size(), 3u);  // of items, indexes, tables
  for (const std::string& name : files) {
    const std::streamoff bytes = SizeOf(name);
    int reported = 0;
    for (int part = 0; part < kParts; ++part) {
      const std::streamoff at = bytes * (2 * part + 1) / (2 * kParts);
      SCOPED_TRACE("bit at " + std::to_string(at) + " of " + std::to_string(bytes) + " in " + name);
      if (IsReported(name, at)) ++reported;
    }
    // Not all: nothing reads the filter of keys that are not there, for one.
    EXPECT_GE(reported, kParts / 2) << name;
  }
}

TEST_F(DamagedFileTest, NamesTheFileWhoseDescriptionOfItselfIsDamaged) {
  MakeFiles();
  for (const std::string& name : Files()) {
    const std::streamoff bytes = SizeOf(name);
    int reported = 0;
    for (std::streamoff back = 1; back < 1'000 && back < bytes; back += 111) {
      SCOPED_TRACE("bit " + std::to_string(back) + " before the end of " + name);
      if (IsReported(name, bytes - back)) ++reported;
    }
    EXPECT_GE(reported, 5) << name;
  }
}

class PowerLossTest : public EngineTest {
 protected:
  // Writes until the power fails at the sync after `syncs`, then looks at what is left.
  void LosePower(Durability durability, int syncs) {
    std::filesystem::remove_all(options_.directory);
    const auto disk = std::make_shared<FailingFileSystem>();
    options_.file_system = disk;
    options_.durability = durability;
    disk->PowerOffAtSync(syncs);
    std::int64_t answered = 0, tried = 0;
    if (Open().ok()) answered = WriteUntilOff(*disk, &tried);
    disk->PowerOff();
    Close();
    disk->DropUnsynced();
    options_.file_system = nullptr;
    const Status opened = Open();
    ASSERT_TRUE(opened.ok()) << "sync " << syncs << ": " << opened.error().message();
    if (!stores_.tables->DescribeTable("Table").ok()) {
      EXPECT_TRUE(answered == 0 || durability == Durability::kProcess);
      return Close();
    }
    const std::int64_t left = Number("left").value_or(0);
    EXPECT_EQ(left, Number("right").value_or(0)) << "half a transaction after sync " << syncs;
    EXPECT_EQ(CountInIndex(), left == 0 ? 0u : 2u);
    EXPECT_LE(left, tried);
    if (durability == Durability::kPower) {
      EXPECT_GE(left, answered) << "sync " << syncs;
    }
    Close();
  }

  std::int64_t WriteUntilOff(const FailingFileSystem& disk, std::int64_t* tried) {
    TableSpec spec{.name = "Table",
                   .keys = {{"PK", KeyType::kString}, KeyAttribute{"SK", KeyType::kString}},
                   .indexes = {{"Index", {{"GPK", KeyType::kString}, KeyAttribute{"GSK"}}}}};
    if (!stores_.tables->CreateTable(spec).ok()) return 0;
    for (std::int64_t n = 1; n <= 40 && !disk.is_off(); ++n) {
      *tried = n;
      const auto written = stores_.items->TransactWrite(
          {.items = {PutRequest{.table = "Table", .item = ItemOf("left", n)},
                     PutRequest{.table = "Table", .item = ItemOf("right", n)}}});
      if (!written.ok()) return n - 1;
    }
    return *tried;
  }
};

TEST_F(PowerLossTest, LosesNothingAnsweredUnderPowerAtAnySyncPoint) {
  for (int syncs = 0; syncs < 40; ++syncs) LosePower(Durability::kPower, syncs);
}

TEST_F(PowerLossTest, OpensConsistentUnderProcessAtAnySyncPoint) {
  for (int syncs = 0; syncs < 20; ++syncs) LosePower(Durability::kProcess, syncs);
}

}  // namespace
}  // namespace zael::engine
