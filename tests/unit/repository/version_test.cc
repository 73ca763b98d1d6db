#include "repository/version.h"

#include <gtest/gtest.h>

#include "records/keys.h"
#include "records/system_records.h"
#include "table_fixture.h"

namespace zael::repository {
namespace {

using VersionTest = TableTest;
using P33_VersionRecord = TableTest;

TEST(Version, ReadsThreeNumbersAndComparesThemAsNumbers) {
  EXPECT_EQ(*Version::Parse("v", "1.2.30"), (Version{1, 2, 30}));
  EXPECT_LT(*Version::Parse("v", "0.9.0"), *Version::Parse("v", "0.10.0"));
  for (const std::string_view text : {"", "1", "1.2", "1.2.", "1.2.3.4", "1.2.x", "-1.0.0", "1..0",
                                      " 1.0.0", "99999999999.0.0"}) {
    EXPECT_CODE(Version::Parse("v", text), ErrorCode::kInvalidArgument);
  }
}

TEST_F(VersionTest, InitializeTwiceWritesOnce) {
  const auto before = All();
  const Stores stores = stores_;
  const auto again = InitializeTable(stores, {.name = "ZAEL-demo"}, *clock_);
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(again->table_name, "ZAEL-demo");
  EXPECT_FALSE(again->table_created);
  EXPECT_FALSE(again->table_repaired);
  EXPECT_FALSE(again->version_written);
  EXPECT_EQ(Writes(), 0u);
  EXPECT_EQ(All(), before);
}

TEST_F(VersionTest, ANewTableIsProtectedAndOfTheNewestVersion) {
  const auto made = InitializeTable(stores_, {.name = "new", .updated_by = "deploy"}, *clock_);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->table_created);
  EXPECT_TRUE(made->version_written);
  const auto table = stores_.tables->DescribeTable("ZAEL-new");
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE(table->spec.deletion_protection);
  const auto opened = Repository::Over(stores_, {.name = "new", .clock = clock_});
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  EXPECT_EQ((*opened)->table_name(), "ZAEL-new");
  EXPECT_EQ((*opened)->GetVersionRecord()->schema_version, "1.0.0");
  EXPECT_EQ((*opened)->GetVersionRecord()->updated_by, "deploy");
}

TEST_F(VersionTest, InitializePutsBackWhatARestoreLeavesOut) {
  TableUpdate off;
  off.ttl_attribute = std::optional<std::string>();
  off.stream = false;
  ASSERT_TRUE(stores_.tables->UpdateTable("ZAEL-demo", off).ok());
  const auto again = InitializeTable(stores_, {.name = "demo"}, *clock_);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->table_repaired);
  const auto table = stores_.tables->DescribeTable("ZAEL-demo");
  EXPECT_EQ(table->spec.ttl_attribute, "ttl");
  EXPECT_TRUE(table->spec.stream);
}

TEST_F(VersionTest, InitializeLeavesAForeignTableAlone) {
  TableSpec foreign;
  foreign.name = "ZAEL-foreign";
  foreign.keys.hash = {"id", KeyType::kString};
  ASSERT_TRUE(stores_.tables->CreateTable(foreign).ok());
  EXPECT_CODE(InitializeTable(stores_, {.name = "foreign"}, *clock_),
              ErrorCode::kFailedPrecondition);
  EXPECT_CODE(InitializeTable(stores_, {.name = "1"}, *clock_), ErrorCode::kInvalidArgument);
}

TEST_F(VersionTest, OverAnAbsentTableNamesTheCommandThatMakesIt) {
  const auto opened = Repository::Over(stores_, {.name = "absent", .clock = clock_});
  EXPECT_CODE(opened, ErrorCode::kNotFound);
  EXPECT_NE(opened.error().message().find("zae-limiter deploy --name absent"), std::string::npos);
  EXPECT_CODE(Repository::Over(stores_, {.name = "a b", .clock = clock_}),
              ErrorCode::kInvalidArgument);
  EXPECT_CODE(Repository::Over(stores_, {.name = "demo", .clock = nullptr}),
              ErrorCode::kInvalidArgument);
  EXPECT_CODE(Repository::Over(stores_, {.name = "demo", .clock = clock_, .principal = "a b"}),
              ErrorCode::kInvalidArgument);
}

TEST_F(P33_VersionRecord, FieldsNotGivenStayAsTheyAre) {
  ASSERT_TRUE(
      repository_->SetVersionRecord({.lambda_version = "0.6.1", .updated_by = "admin"}).ok());
  clock_->Advance(std::chrono::hours(1));
  ASSERT_TRUE(repository_->SetVersionRecord({.client_min_version = "0.0.9"}).ok());
  const auto record = repository_->GetVersionRecord();
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->schema_version, "1.0.0");
  EXPECT_EQ(record->lambda_version, "0.6.1");
  EXPECT_EQ(record->client_min_version, "0.0.9");
  EXPECT_EQ(record->updated_by, "admin");
  EXPECT_EQ(record->updated_at, clock_->WallNow());
  EXPECT_CODE(repository_->SetVersionRecord({.schema_version = "latest"}),
              ErrorCode::kInvalidArgument);
}

TEST_F(P33_VersionRecord, ClientsOutsideTheRangeAreRefusedWithTheCommandThatMendsIt) {
  const auto refused = [this](const VersionUpdate& update) {
    EXPECT_TRUE(repository_->SetVersionRecord(update).ok());
    const auto opened = Repository::Over(stores_, {.name = "demo", .clock = clock_});
    EXPECT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code(), ErrorCode::kFailedPrecondition);
    return opened.ok() ? std::string() : opened.error().message();
  };
  EXPECT_NE(refused({.schema_version = "1.1.0"}).find("newer"), std::string::npos);
  EXPECT_NE(refused({.schema_version = "0.9.0"}).find("zae-limiter migrate apply --name demo"),
            std::string::npos);
  EXPECT_NE(refused({.schema_version = "1.0.0", .client_min_version = "0.7.0"}).find("0.7.0"),
            std::string::npos);
  EXPECT_TRUE(repository_->SetVersionRecord({.client_min_version = "0.6.0"}).ok())
      << "the Python release whose layout this is";
  EXPECT_TRUE(Repository::Over(stores_, {.name = "demo", .clock = clock_}).ok());
}

TEST_F(P33_VersionRecord, AMissingOrMalformedRecordIsRefused) {
  Item item = *Get(records::VersionKey());
  item.Set("schema_version", "one");
  Put(item);
  EXPECT_CODE(Repository::Over(stores_, {.name = "demo", .clock = clock_}), ErrorCode::kDataLoss);
  ASSERT_TRUE(raw().Delete({.table = "ZAEL-demo", .key = records::VersionKey()}).ok());
  const auto opened = Repository::Over(stores_, {.name = "demo", .clock = clock_});
  EXPECT_CODE(opened, ErrorCode::kFailedPrecondition);
  EXPECT_NE(opened.error().message().find("zae-limiter deploy --name demo"), std::string::npos);
  EXPECT_CODE(repository_->SetVersionRecord({.schema_version = "1.0.0"}),
              ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(InitializeTable(stores_, {.name = "demo"}, *clock_).ok());
  EXPECT_TRUE(Repository::Over(stores_, {.name = "demo", .clock = clock_}).ok());
}

}  // namespace
}  // namespace zael::repository
