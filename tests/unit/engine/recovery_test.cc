// Point-in-time recovery of the engine: moments against a model, bases, and the logs they keep.
#include <algorithm>
#include <cstdint>
#include <random>

#include "tests/unit/engine/backup_fixture.h"

namespace zael::engine {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class RecoveryTest : public EngineBackupTest {
 protected:
  RecoveryStatus Enable(int days = 35) {
    return Must(backups().UpdateRecovery("Table", {.enabled = true, .days = days}));
  }
  Numbers RestoreMoment(WallTime at) {
    const std::string target = "Restored" + std::to_string(++restored_);
    const auto begun = backups().Restore({.source = PointInTime{"Table", at}, .target = target});
    if (!begun.ok()) ADD_FAILURE() << begun.error().message();
    if (!begun.ok()) return {};
    WaitForTable(target);
    const Numbers numbers = All(target);
    EXPECT_EQ(All(target, "Index"), numbers);
    EXPECT_TRUE(stores_.tables->DeleteTable(target).ok());
    return numbers;
  }
  std::string CodeAt(WallTime at) {
    return CodeOf(backups().Restore({.source = PointInTime{"Table", at}, .target = "Refused"}));
  }
  std::size_t Archived() const {
    const std::string folder = options_.directory + "/db/archive";
    if (!std::filesystem::exists(folder)) return 0;
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }
  // The oldest first.
  std::vector<std::string> ArchivedLogs() const {
    std::vector<std::string> logs;
    for (const auto& entry :
         std::filesystem::directory_iterator(options_.directory + "/db/archive")) {
      logs.push_back(entry.path());
    }
    std::sort(logs.begin(), logs.end());
    return logs;
  }
  // One write, and the log it is in goes to the archive.
  void WriteOneLog(std::int64_t n) {
    (void)Must(Put(ItemOf("p", n)));
    Close();
    MustOpen();
  }

  int restored_ = 0;
};

TEST_F(RecoveryTest, EveryMomentIsTheModelsWithExpiryDeletesAndTransactions) {
  MustOpen();
  MakeTable();
  Fill(50);
  (void)Enable();
  std::mt19937 random(20260101);
  Numbers model = All("Table");
  std::map<WallTime, Numbers> history{{clock_->WallNow(), model}};
  const auto pk = [&random] { return "p" + std::to_string(random() % 60); };
  for (std::int64_t n = 1; n <= 1000; ++n) {
    if (random() % 3 == 0) clock_->Advance(milliseconds(1 + random() % 2000));
    const unsigned kind = random() % 10;
    if (kind < 6) {
      Item item = ItemOf(pk(), n);
      if (kind == 0) item.Set("ttl", clock_->NowMs() / 1000 + 2);
      model[*item.Find("PK")->As<std::string>()] = n;
      (void)Must(Put(std::move(item)));
    } else if (kind < 8) {
      const std::string key = pk();
      model.erase(key);
      (void)Must(stores_.items->Delete({.table = "Table", .key = KeyOf(key)}));
    } else if (kind == 8) {
      const std::string a = "x" + pk(), b = "y" + pk();
      model[a] = model[b] = n;
      (void)Must(stores_.items->TransactWrite(
          {.items = {PutRequest{.table = "Table", .item = ItemOf(a, n)},
                     PutRequest{.table = "Table", .item = ItemOf(b, n)}},
           .token = "",
           .deadline = {}}));
    } else {
      (void)Must(engine_->ExpireNow());
      model = All("Table");
    }
    history[clock_->WallNow()] = model;
    if (n % 400 == 0) {  // bases and logs of several lives
      clock_->Advance(hours(25));
      history[clock_->WallNow()] = model;
      Close();
      MustOpen();
      ASSERT_TRUE(engine_->MaintainNow().ok());
    }
  }
  ASSERT_EQ(All("Table"), model);
  const WallTime first = history.begin()->first;
  const auto span = (clock_->WallNow() - first).count();
  for (int i = 0; i < 25; ++i) {
    const std::uint64_t bits = (std::uint64_t{random()} << 32) | random();
    const WallTime at =
        first +
        milliseconds(static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(span + 1)));
    EXPECT_EQ(RestoreMoment(at), std::prev(history.upper_bound(at))->second)
        << at.time_since_epoch().count();
  }
}

TEST_F(RecoveryTest, NeedsNoStream) {
  MustOpen();
  MakeTable();
  (void)Must(stores_.tables->UpdateTable("Table", {.stream = false}));
  (void)Enable();
  (void)Must(Put(ItemOf("a", 1)));
  const WallTime before = clock_->WallNow();
  clock_->Advance(milliseconds(1));
  (void)Must(Put(ItemOf("a", 2)));
  EXPECT_EQ(RestoreMoment(before), (Numbers{{"a", 1}}));
}

TEST_F(RecoveryTest, TheWindowMovesWithTheDaysAndShrinksAtOnce) {
  MustOpen();
  MakeTable();
  const WallTime begin = *Enable(2).earliest;
  EXPECT_EQ(begin, clock_->WallNow());
  for (int day = 0; day < 4; ++day) {
    (void)Must(Put(ItemOf("day", day)));
    clock_->Advance(hours(24));
    ASSERT_TRUE(engine_->MaintainNow().ok());
  }
  const RecoveryStatus status = Must(backups().DescribeRecovery("Table"));
  EXPECT_EQ(status.earliest, clock_->WallNow() - hours(48));
  EXPECT_EQ(status.latest, clock_->WallNow());
  EXPECT_EQ(CodeAt(*status.earliest - milliseconds(1)), "invalid_argument");
  EXPECT_EQ(CodeAt(*status.latest + milliseconds(1)), "invalid_argument");
  EXPECT_EQ(RestoreMoment(*status.earliest), (Numbers{{"day", 2}}));
  EXPECT_LE(FilesIn("bases").size(), 4u);
  EXPECT_EQ(Must(backups().UpdateRecovery("Table", {.enabled = true, .days = 1})).earliest,
            clock_->WallNow() - hours(24));
}

TEST_F(RecoveryTest, LogsStayADayAndAsLongAsTheWindowNeedsThem) {
  MustOpen();
  MakeTable();
  for (int i = 0; i < 5; ++i) WriteOneLog(i);
  ASSERT_TRUE(engine_->MaintainNow().ok());
  EXPECT_GE(Archived(), 5u) << "the feed needs them";
  clock_->Advance(hours(25));
  WriteOneLog(5);
  ASSERT_TRUE(engine_->MaintainNow().ok());
  EXPECT_LE(Archived(), 2u);
  (void)Enable(2);
  const WallTime before = clock_->WallNow();
  clock_->Advance(hours(1));
  for (int i = 0; i < 5; ++i) WriteOneLog(i);
  clock_->Advance(hours(30));
  WriteOneLog(6);
  ASSERT_TRUE(engine_->MaintainNow().ok());
  EXPECT_GE(Archived(), 5u) << "the window needs them";
  EXPECT_EQ(RestoreMoment(before), (Numbers{{"p", 5}}));
  EXPECT_GT(*Must(backups().DescribeRecovery("Table")).kept_bytes, 0u);
  (void)Must(backups().UpdateRecovery("Table", {.enabled = false}));
  clock_->Advance(hours(30));
  WriteOneLog(7);
  ASSERT_TRUE(engine_->MaintainNow().ok());
  EXPECT_LE(Archived(), 2u);
  EXPECT_TRUE(FilesIn("bases").empty());
}

TEST_F(RecoveryTest, TheDiskIsBoundedByAShorterWindow) {
  options_.max_recovery_bytes = 64 << 10;
  MustOpen();
  MakeTable();
  const WallTime begin = *Enable().earliest;
  Item large = ItemOf("large", 0);
  large.Set("bytes", std::string(8 << 10, 'x'));
  for (int i = 0; i < 12; ++i) {
    clock_->Advance(std::chrono::minutes(1));
    large.Set("n", i);
    large.Set("more", std::string(8 << 10, static_cast<char>('a' + i % 26)));
    (void)Must(Put(large));
    Close();
    MustOpen();
    ASSERT_TRUE(engine_->MaintainNow().ok());
  }
  const RecoveryStatus status = Must(backups().DescribeRecovery("Table"));
  EXPECT_GT(*status.earliest, begin);
  EXPECT_LE(*status.kept_bytes, 4 * options_.max_recovery_bytes);
  EXPECT_LT(*status.earliest, *status.latest);
  EXPECT_EQ(RestoreMoment(*status.latest), (Numbers{{"large", 11}}));
}

TEST_F(RecoveryTest, AClockSetBackHidesMomentsAndMixesNone) {
  MustOpen();
  MakeTable();
  (void)Enable();
  clock_->Advance(hours(1));
  (void)Must(Put(ItemOf("a", 1)));
  const WallTime late = clock_->WallNow();
  clock_->Advance(-std::chrono::minutes(30));
  (void)Must(Put(ItemOf("a", 2)));
  EXPECT_EQ(RestoreMoment(clock_->WallNow()), Numbers()) << "before the first write stamped later";
  clock_->Advance(hours(1));
  EXPECT_EQ(RestoreMoment(late), (Numbers{{"a", 2}}));
}

TEST_F(RecoveryTest, ADamagedBaseIsFoundBeforeAnythingIsMade) {
  MustOpen();
  MakeTable();
  Fill(10);
  (void)Enable();
  const std::string file = FilesIn("segments").front();
  FlipBit(file, 8);
  const auto refused =
      backups().Restore({.source = PointInTime{"Table", clock_->WallNow()}, .target = "Restored"});
  EXPECT_EQ(CodeOf(refused), "data_loss");
  EXPECT_NE(refused.error().message().find(file), std::string::npos);
  EXPECT_EQ(CodeOf(stores_.tables->DescribeTable("Restored")), "not_found");
}

TEST_F(RecoveryTest, AMissingLogIsFoundBeforeAnythingIsMade) {
  MustOpen();
  MakeTable();
  (void)Enable();
  for (int i = 0; i < 4; ++i) WriteOneLog(i);
  const std::vector<std::string> logs = ArchivedLogs();
  ASSERT_GE(logs.size(), 3u);
  Close();
  std::filesystem::remove(logs[0]);
  MustOpen();
  const auto refused =
      backups().Restore({.source = PointInTime{"Table", clock_->WallNow()}, .target = "Restored"});
  EXPECT_EQ(CodeOf(refused), "data_loss");
  EXPECT_EQ(CodeOf(stores_.tables->DescribeTable("Restored")), "not_found");
}

TEST_F(RecoveryTest, ADamagedLogIsFoundBeforeAnythingIsMadeAndNamed) {
  MustOpen();
  MakeTable();
  (void)Enable();
  for (int i = 0; i < 4; ++i) WriteOneLog(i);
  const std::string log = ArchivedLogs()[1];
  FlipBit(log, static_cast<std::streamoff>(std::filesystem::file_size(log) / 2));
  const auto refused =
      backups().Restore({.source = PointInTime{"Table", clock_->WallNow()}, .target = "Restored"});
  EXPECT_EQ(CodeOf(refused), "data_loss");
  EXPECT_NE(refused.error().message().find(std::filesystem::path(log).filename()),
            std::string::npos)
      << refused.error().message();
  EXPECT_EQ(CodeOf(stores_.tables->DescribeTable("Restored")), "not_found");
}

// Of a log that begins well only the replay sees the damage.
TEST_F(RecoveryTest, ADamagedRecordEndsTheRestoreAndItsLogIsNamed) {
  MustOpen();
  MakeTable();
  (void)Enable();
  WriteOneLog(1);
  for (int i = 0; i < 50; ++i) (void)Must(Put(ItemOf("many", i)));
  WriteOneLog(2);
  WriteOneLog(3);
  const std::string log = ArchivedLogs()[1];
  FlipBit(log, static_cast<std::streamoff>(std::filesystem::file_size(log) * 3 / 4));
  (void)Must(
      backups().Restore({.source = PointInTime{"Table", clock_->WallNow()}, .target = "Restored"}));
  const auto clock = MakeSystemClock();
  const auto ended = WaitForRestore(*stores_.tables, "Restored", {.clock = clock.get()});
  EXPECT_EQ(CodeOf(ended), "data_loss");
  EXPECT_NE(ended.error().message().find(std::filesystem::path(log).filename()), std::string::npos)
      << ended.error().message();
  EXPECT_EQ(CodeOf(stores_.tables->DescribeTable("Restored")), "not_found");
}

TEST_F(RecoveryTest, ADeletedTableLeavesASystemBackupForThirtyFiveDays) {
  MustOpen();
  MakeTable();
  Fill(3000, 4);
  (void)Enable();
  ASSERT_TRUE(stores_.tables->DeleteTable("Table").ok());
  MakeTable();  // its name is free at once
  const auto found =
      Must(backups().ListBackups({.table = "Table", .kind = BackupKind::kSystem})).backups;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].id.ends_with("-00000000")) << found[0].id;
  Close();
  MustOpen();
  EXPECT_EQ(WaitFor(found[0].id).table.item_count, 3000u);
  RestoreFrom(found[0].id, "Restored");
  EXPECT_EQ(All("Restored").size(), 3000u);
  EXPECT_TRUE(All("Table").empty());
  EXPECT_TRUE(FilesIn("bases").empty());
  clock_->Advance(hours(35 * 24 + 1));
  ASSERT_TRUE(engine_->MaintainNow().ok());
  EXPECT_EQ(CodeOf(backups().DescribeBackup(found[0].id)), "not_found");
}

TEST_F(RecoveryTest, IsOnAfterReopening) {
  MustOpen();
  MakeTable();
  const RecoveryStatus on = Enable(7);
  (void)Must(Put(ItemOf("a", 1)));
  const WallTime at = clock_->WallNow();
  clock_->Advance(hours(1));
  Close();
  MustOpen();
  (void)Must(Put(ItemOf("a", 2)));
  const RecoveryStatus status = Must(backups().DescribeRecovery("Table"));
  EXPECT_TRUE(status.enabled);
  EXPECT_EQ(status.days, 7);
  EXPECT_EQ(status.earliest, on.earliest);
  EXPECT_EQ(RestoreMoment(at), (Numbers{{"a", 1}}));
}

}  // namespace
}  // namespace zael::engine
