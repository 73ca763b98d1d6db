// The calls about backups and recovery over the engine: validation, texts, answers.
#include "endpoint/backups/backup_operations.h"

#include <stdlib.h>

#include <filesystem>

#include "endpoint/backups/recovery_operations.h"
#include "endpoint/backups/restore_operations.h"
#include "engine/engine.h"
#include "tests/unit/endpoint/tables/table_plane_fixture.h"

namespace zael::endpoint {
namespace {

class BackupOperationsTest : public TablePlaneTest {
 protected:
  BackupOperationsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zael-backups-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    engine_ = *engine::Engine::Open({.directory = folder_ + "/store",
                                     .clock = clock_,
                                     .sweep_interval = std::chrono::milliseconds(0)});
    plane_ = std::make_shared<TablePlane>(engine_->stores(), clock_);
    operations_ = TableOperations(plane_);
    operations_.merge(BackupOperations(plane_));
    operations_.merge(RestoreOperations(plane_));
    operations_.merge(RecoveryOperations(plane_));
    MakeTable("demo");
  }
  ~BackupOperationsTest() override {
    operations_.clear();
    plane_.reset();
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  // The ARN of a new backup that is available.
  std::string BackUp(const std::string& name, const std::string& table = "demo") {
    const std::string answer =
        Call("CreateBackup", Named(table, R"(,"BackupName":")" + name + "\""));
    const std::string arn = Member(answer, {"BackupDetails", "BackupArn"});
    const auto clock = MakeSystemClock();
    EXPECT_TRUE(WaitForBackup(*engine_->stores().backups, arn.substr(arn.rfind(":table/") + 7),
                              {.clock = clock.get()})
                    .ok())
        << answer;
    return arn;
  }
  void WaitForTable(const std::string& name) {
    const auto clock = MakeSystemClock();
    EXPECT_TRUE(WaitForRestore(*engine_->stores().tables, name, {.clock = clock.get()}).ok());
  }
  static std::string OfArn(const std::string& arn, const std::string& more = "") {
    return R"({"BackupArn":")" + arn + "\"" + more + "}";
  }
  static std::string RestoreOf(const std::string& arn, const std::string& target,
                               const std::string& more = "") {
    return OfArn(arn, R"(,"TargetTableName":")" + target + "\"" + more);
  }
  std::string Enable(const std::string& more = "") {
    return Call("UpdateContinuousBackups", Named("demo", R"(,"PointInTimeRecoverySpecification":{)"
                                                         R"("PointInTimeRecoveryEnabled":true)" +
                                                             more + "}"));
  }

  std::string folder_;
  std::shared_ptr<engine::Engine> engine_;
};

TEST_F(BackupOperationsTest, ABackupIsAnsweredAtOnceAndDescribedInFull) {
  const std::string answer = Call("CreateBackup", Named("demo", R"(,"BackupName":"first")"));
  EXPECT_EQ(Member(answer, {"BackupDetails", "BackupStatus"}), "CREATING");
  EXPECT_EQ(Member(answer, {"BackupDetails", "BackupType"}), "USER");
  EXPECT_EQ(Member(answer, {"BackupDetails", "BackupName"}), "first");
  const std::string arn = BackUp("second");
  EXPECT_TRUE(arn.starts_with(Arn("demo") + "/backup/01767225600")) << arn;
  const std::string described = Call("DescribeBackup", OfArn(arn));
  EXPECT_EQ(Member(described, {"BackupDescription", "BackupDetails", "BackupStatus"}), "AVAILABLE");
  EXPECT_EQ(Member(described, {"BackupDescription", "SourceTableDetails", "TableName"}), "demo");
  EXPECT_EQ(Member(described, {"BackupDescription", "SourceTableDetails", "BillingMode"}),
            "PAY_PER_REQUEST");
  EXPECT_EQ(Member(described, {"BackupDescription", "SourceTableFeatureDetails"}), "present");
}

TEST_F(BackupOperationsTest, RequestsAreCheckedBeforeAnythingIsLookedUp) {
  EXPECT_EQ(Refusal("CreateBackup", Named("nothing", R"(,"BackupName":"first")")),
            "TableNotFoundException: Table not found: nothing");
  EXPECT_EQ(Refusal("CreateBackup", Named("demo", R"(,"BackupName":"a!")")),
            "ValidationException: 2 validation errors detected: Value 'a!' at 'backupName' failed "
            "to satisfy constraint: Member must have length greater than or equal to 3; Value 'a!' "
            "at 'backupName' failed to satisfy constraint: Member must satisfy regular expression "
            "pattern: [a-zA-Z0-9_.-]+");
  EXPECT_EQ(Refusal("DescribeBackup", OfArn("arn:aws:dynamodb:eu-west-1:000000000000:table/demo")),
            "ValidationException: Invalid Backup ARN");
  const std::string absent = Arn("demo") + "/backup/01767225600000-0000000a";
  EXPECT_EQ(Refusal("DescribeBackup", OfArn(absent)),
            "BackupNotFoundException: Backup not found: " + absent);
  EXPECT_EQ(Refusal("DeleteBackup", OfArn(absent)),
            "BackupNotFoundException: Backup not found: " + absent);
  EXPECT_TRUE(
      Refusal("DescribeBackup", OfArn("arn:aws:dynamodb:eu-west-1:111111111111:table/demo/backup/"
                                      "01767225600000-0000000a"))
          .starts_with("AccessDeniedException"));
  EXPECT_EQ(Refusal("ListBackups", R"({"TimeRangeLowerBound":2,"TimeRangeUpperBound":1})"),
            "ValidationException: One or more parameter values were invalid: Time range lower "
            "bound must be less than or equal to upper bound");
}

TEST_F(BackupOperationsTest, ListsPageAndFilterByTimeAndType) {
  const std::string one = BackUp("one");
  clock_->Advance(std::chrono::seconds(10));
  const std::string two = BackUp("two");
  std::string page = Call("ListBackups", R"({"Limit":1})");
  EXPECT_EQ(Member(page, {"BackupSummaries", "0", "BackupArn"}), one);
  EXPECT_EQ(Member(page, {"BackupSummaries", "1"}), "absent");
  EXPECT_EQ(Member(page, {"LastEvaluatedBackupArn"}), one);
  page = Call("ListBackups", R"({"Limit":1,"ExclusiveStartBackupArn":")" + one + "\"}");
  EXPECT_EQ(Member(page, {"BackupSummaries", "0", "BackupArn"}), two);
  EXPECT_EQ(Member(page, {"LastEvaluatedBackupArn"}), "absent");
  page = Call("ListBackups",
              R"({"TimeRangeLowerBound":1767225610.0,"TimeRangeUpperBound":1767225611})");
  EXPECT_EQ(Member(page, {"BackupSummaries", "0", "BackupName"}), "two");
  EXPECT_EQ(Call("ListBackups", R"({"BackupType":"SYSTEM"})"), R"({"BackupSummaries":[]})");
  EXPECT_EQ(Call("ListBackups", R"({"TableName":"nothing"})"), R"({"BackupSummaries":[]})");
}

TEST_F(BackupOperationsTest, ADeletedBackupIsShownOnceMore) {
  const std::string arn = BackUp("first");
  EXPECT_EQ(Member(Call("DeleteBackup", OfArn(arn)),
                   {"BackupDescription", "BackupDetails", "BackupStatus"}),
            "DELETED");
  EXPECT_EQ(Refusal("DescribeBackup", OfArn(arn)),
            "BackupNotFoundException: Backup not found: " + arn);
}

TEST_F(BackupOperationsTest, ARestoredTableSaysWhatItIsOf) {
  const std::string arn = BackUp("first");
  const std::string begun = Call("RestoreTableFromBackup", RestoreOf(arn, "restored"));
  EXPECT_EQ(Member(begun, {"TableDescription", "TableStatus"}), "CREATING");
  EXPECT_EQ(Member(begun, {"TableDescription", "RestoreSummary", "RestoreInProgress"}), "true");
  EXPECT_EQ(Member(begun, {"TableDescription", "RestoreSummary", "SourceBackupArn"}), arn);
  WaitForTable("restored");
  const std::string table = Call("DescribeTable", Named("restored"));
  EXPECT_EQ(Member(table, {"Table", "TableStatus"}), "ACTIVE");
  EXPECT_EQ(Member(table, {"Table", "RestoreSummary", "RestoreInProgress"}), "false");
  EXPECT_EQ(Member(table, {"Table", "RestoreSummary", "SourceTableArn"}), Arn("demo"));
  EXPECT_EQ(Refusal("RestoreTableFromBackup", RestoreOf(arn, "demo")),
            "TableAlreadyExistsException: Table already exists: demo");
}

TEST_F(BackupOperationsTest, OverridesAreJudgedAsDynamoDbJudgesThem) {
  const std::string arn = BackUp("first");
  const auto refusal = [&](const std::string& more) {
    return Refusal("RestoreTableFromBackup", RestoreOf(arn, "restored", more));
  };
  const std::string units =
      R"("ProvisionedThroughputOverride":{"ReadCapacityUnits":1,"WriteCapacityUnits":2})";
  const std::string invalid = "ValidationException: Invalid Request: ";
  EXPECT_EQ(refusal("," + units),
            invalid + "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
  EXPECT_EQ(
      refusal(R"(,"BillingModeOverride":"PROVISIONED")"),
      invalid + "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  EXPECT_EQ(refusal(R"(,"BillingModeOverride":"PAY_PER_REQUEST",)" + units),
            invalid +
                "Cannot override ProvisionedThroughput if BillingMode is overridden to "
                "PAY_PER_REQUEST");
  EXPECT_EQ(refusal(R"(,"GlobalSecondaryIndexOverride":[{"IndexName":"other"}])"),
            invalid +
                "Index other does not match a secondary index that existed in the source "
                "table and cannot be created during the restore operation");
  EXPECT_EQ(refusal(R"(,"BillingModeOverride":"PROVISIONED",)" + units), "ok");
  WaitForTable("restored");
  const std::string table = Call("DescribeTable", Named("restored"));
  EXPECT_EQ(Member(table, {"Table", "ProvisionedThroughput", "WriteCapacityUnits"}), "2");
}

TEST_F(BackupOperationsTest, RecoveryIsOffAndThenSaysItsWindow) {
  EXPECT_EQ(Call("DescribeContinuousBackups", Named("demo")),
            R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",)"
            R"("PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}})");
  const std::string on = Enable(R"(,"RecoveryPeriodInDays":7)");
  const auto member = [&](const std::string& answer, const char* name) {
    return Member(answer, {"ContinuousBackupsDescription", "PointInTimeRecoveryDescription", name});
  };
  EXPECT_EQ(member(on, "PointInTimeRecoveryStatus"), "ENABLED");
  EXPECT_EQ(member(on, "RecoveryPeriodInDays"), "7");
  EXPECT_EQ(member(on, "EarliestRestorableDateTime"), "present");
  EXPECT_EQ(member(Enable(), "RecoveryPeriodInDays"), "7");
  EXPECT_EQ(Refusal("DescribeContinuousBackups", Named("nothing")),
            "TableNotFoundException: Table not found: nothing");
  EXPECT_EQ(
      Refusal("UpdateContinuousBackups", Named("demo", R"(,"PointInTimeRecoverySpecification":{)"
                                                       R"("PointInTimeRecoveryEnabled":false,)"
                                                       R"("RecoveryPeriodInDays":7})")),
      "ValidationException: Invalid Request: Cannot specify RecoveryPeriodInDays when "
      "disabling point-in-time recovery.");
}

TEST_F(BackupOperationsTest, MomentsAreJudgedInDynamoDbsOrder) {
  const auto refusal = [&](const std::string& more) {
    return Refusal("RestoreTableToPointInTime", R"({"TargetTableName":"restored")" + more + "}");
  };
  const std::string source = R"(,"SourceTableName":"demo")";
  EXPECT_EQ(refusal(R"(,"UseLatestRestorableTime":true)"),
            "ValidationException: Must provide exactly one of: sourceTableArn, sourceTableName");
  EXPECT_TRUE(refusal(source).starts_with(
      "ValidationException: Invalid Request: Either one of RestoreDateTime or"));
  EXPECT_TRUE(refusal(source + R"(,"UseLatestRestorableTime":true,"RestoreDateTime":1)")
                  .starts_with("ValidationException: Invalid Request: Both RestoreDateTime and"));
  EXPECT_EQ(refusal(R"(,"SourceTableName":"nothing","UseLatestRestorableTime":true)"),
            "TableNotFoundException: Table not found: nothing");
  EXPECT_EQ(refusal(source + R"(,"UseLatestRestorableTime":true)"),
            "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for "
            "table 'demo'");
  (void)Enable();
  EXPECT_EQ(refusal(source + R"(,"RestoreDateTime":1767225599.5)"),
            "InvalidRestoreTimeException: RestoreDateTime '2025-12-31T23:59:59.500Z' must be "
            "within EarliestRestorableDateTime '2026-01-01T00:00:00.000Z' and "
            "LatestRestorableDateTime '2026-01-01T00:00:00.000Z'");
  EXPECT_EQ(refusal(R"(,"SourceTableArn":")" + Arn("demo") + R"(","UseLatestRestorableTime":true)"),
            "ok");
  WaitForTable("restored");
}

TEST_F(BackupOperationsTest, TheSystemsBackupCannotBeDeleted) {
  (void)Enable();
  EXPECT_EQ(Refusal("DeleteTable", Named("demo")), "ok");
  const std::string arn = Member(Call("ListBackups", R"({"BackupType":"SYSTEM"})"),
                                 {"BackupSummaries", "0", "BackupArn"});
  EXPECT_TRUE(arn.ends_with("-00000000")) << arn;
  EXPECT_EQ(Refusal("DeleteBackup", OfArn(arn)),
            "ValidationException: Invalid Request: User is not allowed to delete the system backup "
            "with arn " +
                arn);
}

}  // namespace
}  // namespace zael::endpoint
