// Backups, restores and point-in-time recovery.
#include <zael/backup.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

using std::chrono::seconds;

const std::string kTable = MainTable().name;  // NOLINT: what a test may throw ends it

// Not every store keeps backups.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(BackupConformance);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(RecoveryConformance);

std::vector<std::string> NamesOf(const std::vector<Backup>& backups) {
  std::vector<std::string> names;
  for (const Backup& backup : backups) names.push_back(backup.name);
  return names;
}

TEST_P(BackupConformance, ABackupIsDescribedAsTheTableWas) {
  for (int i = 0; i < 5; ++i) Put({{"PK", "A"}, {"SK", std::to_string(i)}});
  const Backup backup = BackUp("first");
  EXPECT_EQ(backup.name, "first");
  EXPECT_EQ(backup.kind, BackupKind::kUser);
  EXPECT_EQ(backup.status, BackupStatus::kAvailable);
  EXPECT_EQ(backup.table.spec.name, kTable);
  EXPECT_EQ(backup.table.spec.keys, MainTable().keys);
  EXPECT_EQ(backup.table.id, Must(tables().DescribeTable(kTable)).id);
  EXPECT_EQ(backup.table.item_count, 5u);
  EXPECT_GT(backup.size_bytes, 0u);
  EXPECT_EQ(backup.expires_at, std::nullopt);
  EXPECT_EQ(backup.damage, "");
}

TEST_P(BackupConformance, ARestoredTableHasTheItemsAndIndexesOfThatInstant) {
  const Item kept{{"PK", "A"}, {"SK", "1"}, {"GSI1PK", "g"}, {"GSI1SK", "1"}, {"v", 1}};
  Put(kept);
  Put({{"PK", "A"}, {"SK", "gone"}});
  const Backup backup = BackUp("first");
  Must(Update("A", "1", {AddTo("v", 1)}));
  Must(items().Delete({.table = kTable, .key = KeyFor("A", "gone")}));
  Put({{"PK", "A"}, {"SK", "later"}});
  const TableDescription table = RestoreFrom(backup.id, "ZAEL-restored");
  EXPECT_EQ(table.spec.keys, MainTable().keys);
  EXPECT_EQ(table.spec.indexes, MainTable().indexes);
  EXPECT_NE(table.id, backup.table.id);
  QueryRequest all = QueryOf("A");
  all.table = "ZAEL-restored";
  EXPECT_EQ(Texts(QueryAll(all), "SK"), (std::vector<std::string>{"1", "gone"}));
  QueryRequest index = QueryOf("g");
  index.table = "ZAEL-restored";
  index.index = "GSI1";
  EXPECT_EQ(QueryAll(index), std::vector<Item>{kept});
}

TEST_P(BackupConformance, ARestoredTableLacksExpiryStreamTagsAndProtection) {
  Must(tables().UpdateTable(kTable, {.tags = {{{"team", "limits"}}}}));
  Must(tables().UpdateTable(kTable, {.deletion_protection = true}));
  const Backup backup = BackUp("first");
  const TableDescription table = RestoreFrom(backup.id, "ZAEL-restored");
  EXPECT_EQ(table.spec.ttl_attribute, std::nullopt);
  EXPECT_FALSE(table.spec.stream);
  EXPECT_FALSE(table.spec.deletion_protection);
  EXPECT_TRUE(table.spec.tags.empty());
  EXPECT_FALSE(Must(backups().DescribeRecovery("ZAEL-restored")).enabled);
}

TEST_P(BackupConformance, ARestoredTableSaysWhatItWasMadeOf) {
  const Backup backup = BackUp("first");
  const TableDescription table = RestoreFrom(backup.id, "ZAEL-restored");
  ASSERT_TRUE(table.origin.has_value());
  EXPECT_EQ(table.origin->backup_id, backup.id);
  EXPECT_EQ(table.origin->source_table, kTable);
  EXPECT_FALSE(table.origin->in_progress);
  EXPECT_EQ(Must(tables().DescribeTable(kTable)).origin, std::nullopt);
}

TEST_P(BackupConformance, ARestoredTableIsATableLikeAnyOther) {
  Put({{"PK", "A"}, {"SK", "1"}, {"GSI1PK", "g"}, {"GSI1SK", "1"}, {"v", 1}});
  RestoreFrom(BackUp("first").id, "ZAEL-restored");
  Must(items().Update({.table = "ZAEL-restored",
                       .key = KeyFor("A", "1"),
                       .actions = {AddTo("v", 1), RemoveFrom("GSI1PK")}}));
  const auto changed = Must(items().Get({.table = "ZAEL-restored", .key = KeyFor("A", "1")}));
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(*changed->Find("v"), Value(2));
  EXPECT_EQ(*Get("A", "1")->Find("v"), Value(1)) << "the source is another table";
  EXPECT_TRUE(QueryAll({.table = "ZAEL-restored", .index = "GSI1"}).empty());
  Must(tables().DeleteTable("ZAEL-restored"));
  EXPECT_EQ(CodeOf(tables().DescribeTable("ZAEL-restored")), "not_found");
}

TEST_P(BackupConformance, IndexesCanBeLeftOutAndNotAdded) {
  Put({{"PK", "A"}, {"SK", "1"}, {"GSI1PK", "g"}, {"GSI1SK", "1"}});
  const Backup backup = BackUp("first");
  RestoreRequest request{.source = backup.id, .target = "ZAEL-restored"};
  request.indexes = {"GSI3"};
  EXPECT_EQ(CodeOf(backups().Restore(request)), "invalid_argument");
  request.indexes = {"GSI2"};
  const TableDescription table = Restore(request);
  ASSERT_EQ(table.spec.indexes.size(), 1u);
  EXPECT_EQ(table.spec.indexes[0], MainTable().indexes[1]);
}

TEST_P(BackupConformance, ABackupOutlivesItsTable) {
  Put({{"PK", "A"}, {"SK", "1"}});
  const Backup backup = BackUp("first");
  Must(tables().DeleteTable(kTable));
  EXPECT_EQ(Must(backups().DescribeBackup(backup.id)).table.id, backup.table.id);
  EXPECT_EQ(NamesOf(List({.table = kTable})), std::vector<std::string>{"first"});
  RestoreFrom(backup.id, kTable);
  EXPECT_TRUE(Get("A", "1").has_value());
}

TEST_P(BackupConformance, BackupsAreListedInOrderByTableAndTime) {
  std::vector<Backup> made;
  for (const char* name : {"one", "two", "same", "same"}) {
    made.push_back(BackUp(name));
    clock().Advance(seconds(10));
  }
  TableSpec other = MainTable();
  other.name = "ZAEL-other";
  Must(tables().CreateTable(other));
  BackUp("elsewhere", other.name);
  EXPECT_EQ(NamesOf(List({.table = kTable})),
            (std::vector<std::string>{"one", "two", "same", "same"}));
  EXPECT_EQ(List({}).size(), 5u);
  EXPECT_NE(made[2].id, made[3].id);
  EXPECT_TRUE(List({.table = "ZAEL-nothing"}).empty());
  EXPECT_TRUE(List({.table = kTable, .kind = BackupKind::kSystem}).empty());
  EXPECT_EQ(List({.table = kTable, .kind = std::nullopt}).size(), 4u);
}

TEST_P(BackupConformance, ATimeRangeIncludesItsBeginningAndNotItsEnd) {
  std::vector<Backup> made;
  for (const char* name : {"one", "two", "three"}) {
    made.push_back(BackUp(name));
    clock().Advance(seconds(10));
  }
  EXPECT_EQ(
      NamesOf(List({.table = kTable, .from = made[1].created_at, .until = made[2].created_at})),
      std::vector<std::string>{"two"});
  EXPECT_EQ(NamesOf(List({.table = kTable, .from = made[1].created_at})),
            (std::vector<std::string>{"two", "three"}));
  EXPECT_EQ(CodeOf(backups().ListBackups(
                {.table = kTable, .from = made[1].created_at, .until = made[0].created_at})),
            "invalid_argument");
}

TEST_P(BackupConformance, PagesGoOnWhereTheLastOneEnded) {
  for (const char* name : {"one", "two", "three", "four"}) {
    BackUp(name);
    clock().Advance(seconds(1));
  }
  const BackupPage first = Must(backups().ListBackups({.table = kTable, .max_backups = 2}));
  EXPECT_EQ(NamesOf(first.backups), (std::vector<std::string>{"one", "two"}));
  ASSERT_NE(first.next, "");
  Must(backups().DeleteBackup(first.next));
  const BackupPage second =
      Must(backups().ListBackups({.table = kTable, .max_backups = 2, .start_after = first.next}));
  EXPECT_EQ(NamesOf(second.backups), (std::vector<std::string>{"three", "four"}));
  EXPECT_EQ(second.next, "");
}

TEST_P(BackupConformance, ADeletedBackupIsGone) {
  const Backup backup = BackUp("first");
  EXPECT_EQ(Must(backups().DeleteBackup(backup.id)).status, BackupStatus::kDeleted);
  EXPECT_EQ(CodeOf(backups().DescribeBackup(backup.id)), "not_found");
  EXPECT_EQ(CodeOf(backups().DeleteBackup(backup.id)), "not_found");
  EXPECT_EQ(CodeOf(backups().Restore({.source = backup.id, .target = "ZAEL-restored"})),
            "not_found");
  EXPECT_TRUE(List({.table = kTable}).empty());
}

TEST_P(BackupConformance, DeletingABackupLeavesTheOthersWhole) {
  Put({{"PK", "A"}, {"SK", "1"}});
  const Backup first = BackUp("first");
  const Backup second = BackUp("second");
  Must(backups().DeleteBackup(first.id));
  RestoreFrom(second.id, "ZAEL-restored");
  EXPECT_TRUE(Must(items().Get({.table = "ZAEL-restored", .key = KeyFor("A", "1")})).has_value());
}

TEST_P(BackupConformance, WrongBackupsAreRefused) {
  EXPECT_EQ(CodeOf(backups().CreateBackup({.table = "ZAEL-nothing", .name = "first"})),
            "not_found");
  EXPECT_EQ(CodeOf(backups().CreateBackup({.table = kTable, .name = "ab"})), "invalid_argument");
  EXPECT_EQ(CodeOf(backups().CreateBackup({.table = kTable, .name = "has space"})),
            "invalid_argument");
  EXPECT_TRUE(List({}).empty());
}

TEST_P(BackupConformance, ARestoreNeverOverwrites) {
  Put({{"PK", "A"}, {"SK", "1"}});
  const Backup backup = BackUp("first");
  EXPECT_EQ(CodeOf(backups().Restore({.source = backup.id, .target = kTable})), "already_exists");
  EXPECT_EQ(CodeOf(backups().Restore({.source = backup.id, .target = "x"})), "invalid_argument");
  EXPECT_TRUE(Get("A", "1").has_value());
}

TEST_P(RecoveryConformance, IsOffUntilItIsSwitchedOn) {
  const RecoveryStatus status = Must(backups().DescribeRecovery(kTable));
  EXPECT_FALSE(status.enabled);
  EXPECT_EQ(status.earliest, std::nullopt);
  EXPECT_EQ(status.latest, std::nullopt);
  EXPECT_EQ(CodeOf(backups().Restore(
                {.source = PointInTime{kTable, std::nullopt}, .target = "ZAEL-restored"})),
            "failed_precondition");
  EXPECT_EQ(CodeOf(backups().DescribeRecovery("ZAEL-nothing")), "not_found");
  EXPECT_EQ(CodeOf(backups().UpdateRecovery("ZAEL-nothing", {.enabled = true})), "not_found");
}

TEST_P(RecoveryConformance, TheWindowBeginsWhenItIsSwitchedOn) {
  const RecoveryStatus on = Must(backups().UpdateRecovery(kTable, {.enabled = true}));
  EXPECT_TRUE(on.enabled);
  EXPECT_EQ(on.days, kMaxRecoveryDays);
  ASSERT_TRUE(on.earliest.has_value() && on.latest.has_value());
  EXPECT_LE(*on.earliest, *on.latest);
  const RecoveryStatus again = Must(backups().UpdateRecovery(kTable, {.enabled = true}));
  EXPECT_EQ(again.earliest, on.earliest) << "switching it on again changes nothing";
  const RecoveryStatus fewer = Must(backups().UpdateRecovery(kTable, {.enabled = true, .days = 7}));
  EXPECT_EQ(fewer.days, 7);
  EXPECT_EQ(Must(backups().DescribeRecovery(kTable)).days, 7);
  EXPECT_FALSE(Must(backups().UpdateRecovery(kTable, {.enabled = false})).enabled);
}

TEST_P(RecoveryConformance, DaysAreOneToThirtyFive) {
  for (const int days : {-1, 0, 36}) {
    EXPECT_EQ(CodeOf(backups().UpdateRecovery(kTable, {.enabled = true, .days = days})),
              "invalid_argument")
        << days;
  }
  EXPECT_FALSE(Must(backups().DescribeRecovery(kTable)).enabled);
}

TEST_P(RecoveryConformance, AnyPastMillisecondComesBackAsANewTable) {
  Put({{"PK", "A"}, {"SK", "old"}, {"GSI1PK", "g"}, {"GSI1SK", "old"}});
  Must(backups().UpdateRecovery(kTable, {.enabled = true}));
  std::map<WallTime, std::vector<std::string>> history;
  const auto remember = [&](std::vector<std::string> names) {
    history[clock().WallNow()] = std::move(names);
    clock().Advance(std::chrono::milliseconds(1));
  };
  remember({"old"});
  Put({{"PK", "A"}, {"SK", "new"}, {"GSI1PK", "g"}, {"GSI1SK", "new"}});
  remember({"new", "old"});
  Must(items().Delete({.table = kTable, .key = KeyFor("A", "old")}));
  remember({"new"});
  Must(items().TransactWrite(
      {.items = {PutRequest{.table = kTable, .item = {{"PK", "A"}, {"SK", "t1"}}},
                 PutRequest{.table = kTable, .item = {{"PK", "A"}, {"SK", "t2"}}}},
       .token = "",
       .deadline = {}}));
  remember({"new", "t1", "t2"});
  clock().Advance(seconds(100));
  int number = 0;
  for (const auto& [at, names] : history) {
    const std::string target = "ZAEL-restored-" + std::to_string(++number);
    const TableDescription table = Restore({.source = PointInTime{kTable, at}, .target = target});
    ASSERT_TRUE(table.origin.has_value());
    EXPECT_EQ(table.origin->backup_id, "");
    EXPECT_EQ(table.origin->source_table, kTable);
    QueryRequest all = QueryOf("A");
    all.table = target;
    EXPECT_EQ(Texts(QueryAll(all), "SK"), names);
    QueryRequest index = QueryOf("g");
    index.table = target;
    index.index = "GSI1";
    const auto in_index = static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [](const std::string& name) { return name.front() != 't'; }));
    EXPECT_EQ(QueryAll(index).size(), in_index);
  }
}

TEST_P(RecoveryConformance, TheLatestTimeIsThePresent) {
  Must(backups().UpdateRecovery(kTable, {.enabled = true}));
  Put({{"PK", "A"}, {"SK", "1"}});
  clock().Advance(seconds(1));
  Restore({.source = PointInTime{kTable, std::nullopt}, .target = "ZAEL-restored"});
  EXPECT_TRUE(Must(items().Get({.table = "ZAEL-restored", .key = KeyFor("A", "1")})).has_value());
}

TEST_P(RecoveryConformance, TimesOutsideTheWindowAreRefused) {
  clock().Advance(seconds(100));
  const WallTime earliest = *Must(backups().UpdateRecovery(kTable, {.enabled = true})).earliest;
  const auto code = [&](WallTime at) {
    return CodeOf(
        backups().Restore({.source = PointInTime{kTable, at}, .target = "ZAEL-restored"}));
  };
  EXPECT_EQ(code(earliest - seconds(60)), "invalid_argument");
  EXPECT_EQ(code(earliest + std::chrono::hours(24)), "invalid_argument");
  EXPECT_EQ(CodeOf(tables().DescribeTable("ZAEL-restored")), "not_found");
}

TEST_P(RecoveryConformance, SwitchingItOffForgetsThePast) {
  Must(backups().UpdateRecovery(kTable, {.enabled = true}));
  const WallTime before = clock().WallNow();
  clock().Advance(seconds(10));
  Must(backups().UpdateRecovery(kTable, {.enabled = false}));
  const RecoveryStatus again = Must(backups().UpdateRecovery(kTable, {.enabled = true}));
  EXPECT_GT(*again.earliest, before);
}

TEST_P(RecoveryConformance, DeletingTheTableMakesASystemBackup) {
  Put({{"PK", "A"}, {"SK", "1"}});
  Must(backups().UpdateRecovery(kTable, {.enabled = true}));
  Put({{"PK", "A"}, {"SK", "2"}});
  Must(tables().DeleteTable(kTable));
  const std::vector<Backup> found = List({.table = kTable, .kind = BackupKind::kSystem});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].name, kTable + "$DeletedTableBackup");
  const Backup backup = Wait(found[0].id);
  EXPECT_EQ(backup.table.item_count, 2u);
  ASSERT_TRUE(backup.expires_at.has_value());
  EXPECT_EQ(*backup.expires_at - backup.created_at, std::chrono::hours(35 * 24));
  EXPECT_NE(CodeOf(backups().DeleteBackup(backup.id)), "ok");
  RestoreFrom(backup.id, kTable);
  EXPECT_TRUE(Get("A", "2").has_value());
}

}  // namespace
}  // namespace zael::conformance
