// Backups of the engine: what they cost, what damage is found, what a reopened store goes on with.
#include <atomic>
#include <thread>

#include "tests/unit/engine/backup_fixture.h"

namespace zael::engine {
namespace {

class BackupTest : public EngineBackupTest {};

TEST_F(BackupTest, IsOneInstantWhileEightThreadsWrite) {
  MustOpen();
  MakeTable();
  constexpr int kThreads = 8;
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  for (int t = 0; t < kThreads; ++t) {
    writers.emplace_back([this, t, &stop] {
      // In one transaction, so that an instant has both or neither.
      for (std::int64_t n = 1; !stop; ++n) {
        const auto written = stores_.items->TransactWrite(
            {.items = {PutRequest{.table = "Table", .item = ItemOf("a" + std::to_string(t), n)},
                       PutRequest{.table = "Table", .item = ItemOf("b" + std::to_string(t), n)}},
             .token = "",
             .deadline = {}});
        ASSERT_TRUE(written.ok());
      }
    });
  }
  std::vector<Backup> made;
  for (int i = 0; i < 5; ++i) made.push_back(BackUp("backup" + std::to_string(i)));
  stop = true;
  for (std::thread& writer : writers) writer.join();
  for (const Backup& backup : made) {
    const std::string target = "Restored-" + backup.name;
    RestoreFrom(backup.id, target);
    const Numbers numbers = All(target);
    EXPECT_EQ(numbers.size(), backup.table.item_count);
    for (int t = 0; t < kThreads; ++t) {
      const auto n = numbers.find("a" + std::to_string(t));
      if (n == numbers.end()) continue;
      EXPECT_EQ(numbers.at("b" + std::to_string(t)), n->second);
    }
    EXPECT_EQ(All(target, "Index"), numbers);
  }
}

TEST_F(BackupTest, WhatDidNotChangeIsKeptOnce) {
  MustOpen();
  MakeTable();
  Fill(5000);
  BackUp("first");
  const std::size_t segments = FilesIn("segments").size();
  ASSERT_GE(segments, 3u) << "rows are spread over segments";
  BackUp("second");
  EXPECT_EQ(FilesIn("segments").size(), segments);
  (void)Must(Put(ItemOf("p77", 1)));
  BackUp("third");
  EXPECT_EQ(FilesIn("segments").size(), segments + 1);
}

TEST_F(BackupTest, DeletingTheLastBackupFreesTheDisk) {
  MustOpen();
  MakeTable();
  Fill(2000);
  const Backup first = BackUp("first");
  (void)Must(Put(ItemOf("p77", 1)));
  const Backup second = BackUp("second");
  (void)Must(backups().DeleteBackup(first.id));
  BackUp("third");  // behind the collecting of garbage
  RestoreFrom(second.id, "Restored");
  EXPECT_EQ(All("Restored").at("p77"), 1);
  (void)Must(backups().DeleteBackup(second.id));
  (void)Must(backups().DeleteBackup(Must(backups().ListBackups({})).backups.front().id));
  Close();  // the garbage is collected before
  EXPECT_TRUE(FilesIn("segments").empty());
  EXPECT_TRUE(FilesIn("tables").empty());
}

TEST_F(BackupTest, SurvivesReopeningAndItsTable) {
  MustOpen();
  MakeTable();
  Fill(100, 7);
  const Backup backup = BackUp();
  ASSERT_TRUE(stores_.tables->DeleteTable("Table").ok());
  Close();
  MustOpen();
  const Backup found = Must(backups().DescribeBackup(backup.id));
  EXPECT_EQ(found.status, BackupStatus::kAvailable);
  EXPECT_EQ(found.created_at, backup.created_at);
  EXPECT_EQ(found.size_bytes, backup.size_bytes);
  EXPECT_EQ(found.table.id, backup.table.id);
  RestoreFrom(backup.id, "Table");
  EXPECT_EQ(All("Table").size(), 100u);
  Close();
  MustOpen();
  EXPECT_EQ(All("Table", "Index").size(), 100u);
  EXPECT_EQ(Must(stores_.tables->DescribeTable("Table")).item_count, 100u);
  EXPECT_EQ(Must(stores_.tables->DescribeTable("Table")).origin->backup_id, backup.id);
}

TEST_F(BackupTest, ClosingFinishesWhatWasBegun) {
  MustOpen();
  MakeTable();
  Fill(3000);
  const Backup begun = Must(backups().CreateBackup({.table = "Table", .name = "last"}));
  Close();
  MustOpen();
  EXPECT_EQ(Must(backups().DescribeBackup(begun.id)).status, BackupStatus::kAvailable);
}

TEST_F(BackupTest, AnInterruptedRestoreGoesOnWhenTheStoreIsOpened) {
  MustOpen();
  MakeTable();
  Fill(5000, 3);
  const Backup backup = BackUp();
  (void)Must(backups().Restore({.source = backup.id, .target = "Restored"}));
  Close();  // in the middle, or before it began
  MustOpen();
  WaitForTable("Restored");
  EXPECT_EQ(All("Restored").size(), 5000u);
  EXPECT_EQ(All("Restored", "Index").size(), 5000u);
}

TEST_F(BackupTest, ATableBeingRestoredIsSeenAndNotUsed) {
  MustOpen();
  MakeTable();
  Fill(20'000);
  const Backup backup = BackUp();
  const TableDescription begun =
      Must(backups().Restore({.source = backup.id, .target = "Restored"}));
  EXPECT_TRUE(begun.origin->in_progress);
  EXPECT_EQ(begun.origin->items_total, 20'000u);
  if (Must(stores_.tables->DescribeTable("Restored")).origin->in_progress) {
    EXPECT_EQ(CodeOf(backups().DeleteBackup(backup.id)), "failed_precondition");
    EXPECT_EQ(CodeOf(backups().Restore({.source = backup.id, .target = "Another"})),
              "failed_precondition");
    EXPECT_EQ(CodeOf(stores_.tables->DeleteTable("Restored")), "failed_precondition");
  }
  TableSpec same;
  same.name = "Restored";
  same.keys = {{"PK", KeyType::kString}, std::nullopt};
  EXPECT_EQ(CodeOf(stores_.tables->CreateTable(same)), "already_exists");
  WaitForTable("Restored");
  EXPECT_EQ(CodeOf(backups().DeleteBackup(backup.id)), "ok");
}

// --- Damage --------------------------------------------------------------------------------------

// Nothing is made of a damaged backup, and the file is named.
TEST_F(BackupTest, AFlippedBitIsFoundBeforeAnythingIsMade) {
  MustOpen();
  MakeTable();
  Fill(3000);
  const Backup backup = BackUp();
  for (const std::string& file : FilesIn("segments")) {
    const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(file) / 2);
    FlipBit(file, middle);
    const auto refused = backups().Restore({.source = backup.id, .target = "Restored"});
    EXPECT_EQ(CodeOf(refused), "data_loss");
    EXPECT_NE(refused.error().message().find(file), std::string::npos) << refused.error().message();
    FlipBit(file, middle);
  }
  EXPECT_EQ(CodeOf(stores_.tables->DescribeTable("Restored")), "not_found");
  RestoreFrom(backup.id, "Restored");
}

TEST_F(BackupTest, ACutOffOrMissingFileIsFoundBeforeAnythingIsMade) {
  MustOpen();
  MakeTable();
  Fill(3000);
  const Backup backup = BackUp();
  const std::string file = FilesIn("segments").front();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  const auto cut = backups().Restore({.source = backup.id, .target = "Restored"});
  EXPECT_EQ(CodeOf(cut), "data_loss");
  EXPECT_NE(cut.error().message().find(file), std::string::npos);
  std::filesystem::remove(file);
  const auto missing = backups().Restore({.source = backup.id, .target = "Restored"});
  EXPECT_EQ(CodeOf(missing), "data_loss");
  EXPECT_NE(missing.error().message().find(file), std::string::npos);
  EXPECT_EQ(CodeOf(stores_.tables->DescribeTable("Restored")), "not_found");
}

TEST_F(BackupTest, ADamagedManifestIsListedAndNamed) {
  MustOpen();
  MakeTable();
  Fill(10);
  const Backup backup = BackUp("damaged");
  const std::string file = FilesIn("tables").front();
  FlipBit(file, 20);
  Close();
  MustOpen();
  const Backup other = BackUp("other");
  const auto listed = Must(backups().ListBackups({})).backups;
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, backup.id);
  EXPECT_EQ(listed[0].table.spec.name, "Table");
  EXPECT_EQ(listed[0].created_at, backup.created_at);
  EXPECT_NE(listed[0].damage.find(file), std::string::npos) << listed[0].damage;
  EXPECT_EQ(CodeOf(backups().Restore({.source = backup.id, .target = "Restored"})), "data_loss");
  RestoreFrom(other.id, "Restored");
}

TEST_F(BackupTest, ANewBackupMendsASharedSegment) {
  MustOpen();
  MakeTable();
  Fill(100);
  const Backup first = BackUp("first");
  FlipBit(FilesIn("segments").front(), 10);
  BackUp("second");
  RestoreFrom(first.id, "Restored");
  EXPECT_EQ(All("Restored").size(), 100u);
}

}  // namespace
}  // namespace zael::engine
