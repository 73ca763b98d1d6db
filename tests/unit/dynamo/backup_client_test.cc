#include "dynamo/backup_client.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dynamo/backup_codec.h"
#include "tests/unit/dynamo/scripted_service.h"

namespace zael::dynamo {
namespace {

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
}

const std::string kDetails =
    R"("BackupDetails":{"BackupArn":"arn:b","BackupName":"first","BackupSizeBytes":77,)"
    R"("BackupStatus":"AVAILABLE","BackupType":"SYSTEM","BackupCreationDateTime":1767225600.25,)"
    R"("BackupExpiryDateTime":1767225601})";
const std::string kDescription =
    R"({"BackupDescription":{)" + kDetails +
    R"(,"SourceTableDetails":{"TableName":"T","TableId":"id-1","ItemCount":5,)"
    R"("KeySchema":[{"AttributeName":"PK","KeyType":"HASH"}]},)"
    R"("SourceTableFeatureDetails":{"GlobalSecondaryIndexes":[{"IndexName":"GSI1",)"
    R"("KeySchema":[{"AttributeName":"G","KeyType":"HASH"}]}]}}})";
const std::string kRestoring =
    R"({"TableDescription":{"TableName":"T2","TableStatus":"CREATING",)"
    R"("KeySchema":[{"AttributeName":"PK","KeyType":"HASH"}],)"
    R"("AttributeDefinitions":[{"AttributeName":"PK","AttributeType":"S"}],)"
    R"("RestoreSummary":{"SourceBackupArn":"arn:b","SourceTableArn":"arn:x:table/T",)"
    R"("RestoreDateTime":1767225600,"RestoreInProgress":true}}})";

class BackupClientTest : public ::testing::Test {
 protected:
  ScriptedService& service() { return *scripted_.service; }

  ScriptedRunner scripted_;
  TableSchemas schemas_;
  TableClient tables_{*scripted_.runner, schemas_, std::chrono::minutes(1)};
  BackupClient client_{*scripted_.runner, schemas_, tables_};
};

TEST_F(BackupClientTest, ABackupIsReadInFull) {
  service().Answer(kDescription);
  const auto backup = client_.DescribeBackup("arn:b");
  ASSERT_TRUE(backup.ok()) << backup.error().message();
  EXPECT_EQ(backup->id, "arn:b");
  EXPECT_EQ(backup->name, "first");
  EXPECT_EQ(backup->kind, BackupKind::kSystem);
  EXPECT_EQ(backup->status, BackupStatus::kAvailable);
  EXPECT_EQ(backup->created_at.time_since_epoch().count(), 1'767'225'600'250);
  EXPECT_TRUE(backup->expires_at.has_value());
  EXPECT_EQ(backup->size_bytes, 77u);
  EXPECT_EQ(backup->table.spec.name, "T");
  EXPECT_EQ(backup->table.item_count, 5u);
  ASSERT_EQ(backup->table.spec.indexes.size(), 1u);
  EXPECT_EQ(backup->table.spec.indexes[0].keys.hash.name, "G");
}

TEST_F(BackupClientTest, ACreatedBackupKnowsItsTable) {
  service().Answer("{" + kDetails + "}");
  const auto backup = client_.CreateBackup({.table = "T", .name = "first"});
  ASSERT_TRUE(backup.ok()) << backup.error().message();
  EXPECT_EQ(backup->table.spec.name, "T");
}

TEST_F(BackupClientTest, ATableBeingRestoredSaysSo) {
  service().Answer(kRestoring);
  const auto table = client_.Restore({.source = std::string("arn:b"), .target = "T2"});
  ASSERT_TRUE(table.ok()) << table.error().message();
  ASSERT_TRUE(table->origin.has_value());
  EXPECT_EQ(table->origin->backup_id, "arn:b");
  EXPECT_EQ(table->origin->source_table, "T");
  EXPECT_TRUE(table->origin->in_progress);
}

TEST_F(BackupClientTest, RefusalsAreTheStoresErrors) {
  const auto code_of = [this](const std::string& refusal) {
    service().Refuse(refusal);
    return CodeOf(client_.Restore({.source = std::string("arn:b"), .target = "T2"}));
  };
  EXPECT_EQ(code_of("BackupNotFoundException"), "not_found");
  EXPECT_EQ(code_of("TableNotFoundException"), "not_found");
  EXPECT_EQ(code_of("TableAlreadyExistsException"), "already_exists");
  EXPECT_EQ(code_of("TableInUseException"), "already_exists");
  EXPECT_EQ(code_of("BackupInUseException"), "failed_precondition");
  EXPECT_EQ(code_of("PointInTimeRecoveryUnavailableException"), "failed_precondition");
  EXPECT_EQ(code_of("InvalidRestoreTimeException"), "invalid_argument");
}

TEST(BackupCodec, AMomentAndAListAreAskedForToTheMillisecond) {
  const WallTime at(Milliseconds(1'767'225'600'123));
  EXPECT_EQ(RenderRestore({.source = PointInTime{"T", at}, .target = "T2"}, nullptr).body,
            R"({"TargetTableName":"T2","SourceTableName":"T","RestoreDateTime":1767225600.123})");
  EXPECT_EQ(RenderListBackups({.table = "T", .from = at, .kind = std::nullopt}).body,
            R"({"TableName":"T","TimeRangeLowerBound":1767225600.123,"BackupType":"ALL",)"
            R"("Limit":100})");
}

TEST(BackupCodec, IndexesToKeepAreSpelledOut) {
  const std::vector<IndexSpec> indexes = {{"GSI1", {{"G", KeyType::kString}, std::nullopt}}};
  EXPECT_EQ(RenderRestore({.source = std::string("arn:b"), .target = "T2"}, &indexes).body,
            R"({"TargetTableName":"T2","GlobalSecondaryIndexOverride":[{"IndexName":"GSI1",)"
            R"("KeySchema":[{"AttributeName":"G","KeyType":"HASH"}],)"
            R"("Projection":{"ProjectionType":"ALL"}}],"BackupArn":"arn:b"})");
}

TEST(BackupCodec, RecoveryIsReadWithItsWindow) {
  const auto status =
      ReadRecovery(R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",)"
                   R"("PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED",)"
                   R"("RecoveryPeriodInDays":7,"EarliestRestorableDateTime":1767225600,)"
                   R"("LatestRestorableDateTime":1767225601.5}}})");
  ASSERT_TRUE(status.ok());
  EXPECT_TRUE(status->enabled);
  EXPECT_EQ(status->days, 7);
  EXPECT_EQ((*status->latest - *status->earliest).count(), 1500);
  const auto off = ReadRecovery(
      R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",)"
      R"("PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}})");
  ASSERT_TRUE(off.ok());
  EXPECT_FALSE(off->enabled);
  EXPECT_FALSE(ReadRecovery("{}").ok());
}

}  // namespace
}  // namespace zael::dynamo
