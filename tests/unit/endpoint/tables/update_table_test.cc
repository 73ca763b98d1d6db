#include "endpoint/tables/update_table.h"

#include "table_plane_fixture.h"

namespace zael::endpoint {
namespace {

class Updates : public TablePlaneTest {
 protected:
  std::string Update(const std::string& more) {
    return Refusal("UpdateTable", Named("demo", "," + more));
  }
  std::string Shown(std::initializer_list<const char*> path) {
    return Member(Call("DescribeTable", Named("demo")), path);
  }
};

constexpr const char* kOpv = "ValidationException: One or more parameter values were invalid: ";
constexpr const char* kOneUnit =
    R"("ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1})";
constexpr const char* kEnable =
    R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"})";
constexpr const char* kDisable = R"("StreamSpecification":{"StreamEnabled":false})";

TEST_F(Updates, OfNothingAreRefused) {
  MakeTable("demo");
  EXPECT_TRUE(Refusal("UpdateTable", Named("demo"))
                  .starts_with("ValidationException: At least one "
                               "of ProvisionedThroughput, "));
}

TEST_F(Updates, OfTheProtectionStandAlone) {
  MakeTable("demo");
  EXPECT_EQ(Update(std::string(R"("DeletionProtectionEnabled":true,)") + kEnable),
            kOpv + std::string("DeletionProtection modification must be the only operation in the "
                               "request"));
  EXPECT_EQ(Update(R"("DeletionProtectionEnabled":true)"), "ok");
  EXPECT_EQ(Update(R"("DeletionProtectionEnabled":true)"), "ok");
  EXPECT_EQ(Shown({"Table", "DeletionProtectionEnabled"}), "true");
}

TEST_F(Updates, SwitchTheBillingBackAndForth) {
  MakeTable("demo");
  EXPECT_EQ(Update(R"("BillingMode":"PROVISIONED")"),
            kOpv + std::string("ProvisionedThroughput must be specified when BillingMode is "
                               "PROVISIONED"));
  EXPECT_EQ(Update(kOneUnit),
            kOpv + std::string("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
                               "when BillingMode is PAY_PER_REQUEST"));
  EXPECT_EQ(Update(std::string(R"("BillingMode":"PROVISIONED",)") + kOneUnit), "ok");
  EXPECT_EQ(Shown({"Table", "ProvisionedThroughput", "ReadCapacityUnits"}), "1");
  EXPECT_EQ(Shown({"Table", "BillingModeSummary", "BillingMode"}), "PROVISIONED");
  EXPECT_TRUE(Update(kOneUnit).starts_with(
      "ValidationException: The provisioned throughput for the table will not change. "));
  EXPECT_EQ(Update(R"("BillingMode":"PAY_PER_REQUEST")"), "ok");
  EXPECT_EQ(Shown({"Table", "ProvisionedThroughput", "ReadCapacityUnits"}), "0");
}

TEST_F(Updates, AStreamIsEnabledOnceAndKeepsItsNameWhenDisabled) {
  MakeTable("demo");
  EXPECT_EQ(Shown({"Table", "LatestStreamArn"}), "absent");
  EXPECT_EQ(Update(kDisable),
            "ValidationException: Table has no stream to disable: TableName: demo");
  EXPECT_EQ(Update(R"("StreamSpecification":{"StreamEnabled":true})"),
            kOpv + std::string("If stream is being enabled then UpdateViewType is required"));
  clock_->Advance(std::chrono::milliseconds(1500));
  EXPECT_EQ(Update(kEnable), "ok");
  EXPECT_EQ(Update(kEnable),
            "ValidationException: Table already has an enabled stream: TableName: demo");
  EXPECT_EQ(Shown({"Table", "StreamSpecification", "StreamViewType"}), "NEW_IMAGE");
  EXPECT_EQ(Shown({"Table", "LatestStreamLabel"}), "2026-01-01T00:00:01.500");
  EXPECT_EQ(Update(kDisable), "ok");
  EXPECT_EQ(Shown({"Table", "StreamSpecification"}), "absent");
  EXPECT_EQ(Shown({"Table", "LatestStreamLabel"}), "2026-01-01T00:00:01.500");
  clock_->Advance(std::chrono::seconds(1));
  EXPECT_EQ(Update(kEnable), "ok");
  EXPECT_EQ(Shown({"Table", "LatestStreamLabel"}), "2026-01-01T00:00:02.500");
  EXPECT_EQ(Update(std::string(kDisable) + "," + kOneUnit),
            kOpv + std::string("You cannot modify stream status while updating table IOPS"));
}

TEST_F(Updates, OfIndexesSetTheirUnitsOnly) {
  MakeTable("demo");
  EXPECT_EQ(Update(R"("GlobalSecondaryIndexUpdates":[{}])"),
            kOpv + std::string("One of GlobalSecondaryIndexUpdate.Update, "
                               "GlobalSecondaryIndexUpdate.Create, "
                               "GlobalSecondaryIndexUpdate.Delete must not be null"));
  EXPECT_EQ(Update(std::string(R"("GlobalSecondaryIndexUpdates":[{"Update":{"IndexName":"idx",)") +
                   kOneUnit + "}}]"),
            "ResourceNotFoundException: Requested resource not found: Index idx for table demo");
  EXPECT_EQ(Update(R"("GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"idx"}}])"),
            "ValidationException: This endpoint cannot add or remove indexes of a table: create "
            "the table with them");
}

TEST_F(Updates, OfTheClassAreEchoed) {
  MakeTable("demo");
  EXPECT_EQ(Update(R"("TableClass":"STANDARD_INFREQUENT_ACCESS")"), "ok");
  EXPECT_EQ(Shown({"Table", "TableClassSummary", "TableClass"}), "STANDARD_INFREQUENT_ACCESS");
  EXPECT_EQ(Update(R"("OnDemandThroughput":{"MaxReadRequestUnits":9})"), "ok");
  EXPECT_EQ(Shown({"Table", "OnDemandThroughput", "MaxReadRequestUnits"}), "9");
}

}  // namespace
}  // namespace zael::endpoint
