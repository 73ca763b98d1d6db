#include "dynamo/table_client.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/dynamo/scripted_service.h"

namespace zael::dynamo {
namespace {

using Names = std::vector<std::string>;

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
}

TableSpec Spec() {
  TableSpec spec;
  spec.name = "ZAEL-demo";
  spec.keys = {{"PK", KeyType::kString}, KeyAttribute{"SK", KeyType::kNumber}};
  spec.indexes = {{"GSI1", {{"G", KeyType::kBinary}, std::nullopt}}};
  spec.ttl_attribute = "ttl";
  spec.tags = {{"team", "limits"}};
  return spec;
}

std::string TableJson(const std::string& status, const std::string& index_status = "ACTIVE",
                      const std::string& more = "") {
  return R"({"Table":{"TableName":"ZAEL-demo","TableStatus":")" + status +
         R"(","TableArn":"arn:t","TableId":"id-1","CreationDateTime":1767225600.25,)"
         R"("ItemCount":3,"KeySchema":[{"AttributeName":"PK","KeyType":"HASH"},)"
         R"({"AttributeName":"SK","KeyType":"RANGE"}],"AttributeDefinitions":[)"
         R"({"AttributeName":"PK","AttributeType":"S"},{"AttributeName":"SK","AttributeType":"N"},)"
         R"({"AttributeName":"G","AttributeType":"B"}],"GlobalSecondaryIndexes":[{)"
         R"("IndexName":"GSI1","IndexStatus":")" +
         index_status + R"(","KeySchema":[{"AttributeName":"G","KeyType":"HASH"}]}])" + more + "}}";
}

const std::string kStreamOn =
    R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"})";
const std::string kTtlOff = R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})";
const std::string kTtlOn =
    R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})";
const std::string kTags = R"({"Tags":[{"Key":"team","Value":"limits"}]})";

class TableClientTest : public ::testing::Test {
 protected:
  ScriptedService& service() { return *scripted_.service; }

  ScriptedRunner scripted_;
  TableSchemas schemas_;
  TableClient client_{*scripted_.runner, schemas_, std::chrono::minutes(1)};
};

TEST_F(TableClientTest, ATableIsMadeWhenItAndItsIndexesAndItsExpiryAre) {
  service().Answer(TableJson("CREATING"));
  service().Answer(TableJson("CREATING"));
  service().Answer(TableJson("ACTIVE", "CREATING"));
  service().Answer(TableJson("ACTIVE"));
  service().Answer(kTtlOff);
  service().Answer("{}");
  service().Answer(TableJson("ACTIVE", "ACTIVE", kStreamOn));
  service().Answer(kTtlOn);
  service().Answer(kTags);
  const auto table = client_.CreateTable(Spec());
  ASSERT_TRUE(table.ok()) << table.error().message();
  EXPECT_EQ(table->spec.name, "ZAEL-demo");
  EXPECT_EQ(table->spec.keys, Spec().keys);
  EXPECT_EQ(table->spec.indexes, Spec().indexes);
  EXPECT_EQ(table->spec.ttl_attribute, "ttl");
  EXPECT_TRUE(table->spec.stream);
  EXPECT_FALSE(table->spec.deletion_protection);
  EXPECT_EQ(table->spec.tags, Spec().tags);
  EXPECT_EQ(table->id, "id-1");
  EXPECT_EQ(table->item_count, 3U);
  EXPECT_EQ(table->created_at, WallTime(Milliseconds(1'767'225'600'250)));
  EXPECT_EQ(
      service().operations(),
      (Names{"CreateTable", "DescribeTable", "DescribeTable", "DescribeTable", "DescribeTimeToLive",
             "UpdateTimeToLive", "DescribeTable", "DescribeTimeToLive", "ListTagsOfResource"}));
  EXPECT_EQ(service().asked()[0].body,
            R"({"TableName":"ZAEL-demo","AttributeDefinitions":[)"
            R"({"AttributeName":"G","AttributeType":"B"},)"
            R"({"AttributeName":"PK","AttributeType":"S"},)"
            R"({"AttributeName":"SK","AttributeType":"N"}],"KeySchema":[)"
            R"({"AttributeName":"PK","KeyType":"HASH"},{"AttributeName":"SK","KeyType":"RANGE"}],)"
            R"("BillingMode":"PAY_PER_REQUEST","GlobalSecondaryIndexes":[{"IndexName":"GSI1",)"
            R"("KeySchema":[{"AttributeName":"G","KeyType":"HASH"}],)"
            R"("Projection":{"ProjectionType":"ALL"}}],)"
            R"("StreamSpecification":{"StreamEnabled":true,)"
            R"("StreamViewType":"NEW_AND_OLD_IMAGES"},"Tags":[{"Key":"team","Value":"limits"}]})");
  EXPECT_EQ(service().asked()[5].body,
            R"({"TableName":"ZAEL-demo","TimeToLiveSpecification":{"Enabled":true,)"
            R"("AttributeName":"ttl"}})");
}

TEST_F(TableClientTest, AWaitEndsWithItsPatience) {
  service().Answer(TableJson("CREATING"));
  for (int i = 0; i < 100; ++i) service().Answer(TableJson("CREATING"));
  EXPECT_EQ(CodeOf(client_.CreateTable(Spec())), "deadline_exceeded");
  EXPECT_LT(service().asked().size(), 60U);
}

TEST_F(TableClientTest, RefusalsOfCreationKeepTheirMeaning) {
  service().Refuse("ResourceInUseException", R"(,"message":"Table already exists: ZAEL-demo")");
  EXPECT_EQ(CodeOf(client_.CreateTable(Spec())), "already_exists");
  service().Refuse("ResourceInUseException", R"(,"message":"Cannot create preexisting table")");
  service().Answer(TableJson("ACTIVE"));
  EXPECT_EQ(CodeOf(client_.CreateTable(Spec())), "already_exists") << "whatever the words";
  service().Refuse("ResourceInUseException", R"(,"message":"busy")");
  service().Refuse("ResourceNotFoundException");
  EXPECT_EQ(CodeOf(client_.CreateTable(Spec())), "failed_precondition");
  TableSpec wrong = Spec();
  wrong.name = "x";
  EXPECT_EQ(CodeOf(client_.CreateTable(wrong)), "invalid_argument");
  wrong = Spec();
  wrong.notes = "x";
  EXPECT_EQ(CodeOf(client_.CreateTable(wrong)), "invalid_argument") << "nowhere to keep them";
  EXPECT_EQ(service().asked().size(), 5U);
}

TEST_F(TableClientTest, AnUpdateSendsWhatDiffersEachAlone) {
  service().Answer(TableJson("ACTIVE"));
  service().Answer("{}");  // protection
  service().Answer(TableJson("ACTIVE"));
  service().Answer("{}");  // stream
  service().Answer(TableJson("UPDATING"));
  service().Answer(TableJson("ACTIVE", "ACTIVE", kStreamOn));
  service().Answer(kTtlOn);
  service().Answer("{}");  // the old attribute off
  service().Answer("{}");  // the new one on
  service().Answer(R"({"Tags":[{"Key":"old","Value":"1"},{"Key":"same","Value":"1"},)"
                   R"({"Key":"aws:x","Value":"1"}]})");
  service().Answer("");  // untag
  service().Answer("");  // tag
  service().Answer(TableJson("ACTIVE", "ACTIVE", kStreamOn));
  service().Answer(kTtlOn);
  service().Answer(kTags);
  const auto table =
      client_.UpdateTable("ZAEL-demo", {.ttl_attribute = std::optional<std::string>("expires"),
                                        .stream = true,
                                        .deletion_protection = true,
                                        .tags = {{{"same", "1"}, {"new", "2"}}}});
  ASSERT_TRUE(table.ok()) << table.error().message();
  const auto asked = service().asked();
  EXPECT_EQ(service().operations(),
            (Names{"DescribeTable", "UpdateTable", "DescribeTable", "UpdateTable", "DescribeTable",
                   "DescribeTable", "DescribeTimeToLive", "UpdateTimeToLive", "UpdateTimeToLive",
                   "ListTagsOfResource", "UntagResource", "TagResource", "DescribeTable",
                   "DescribeTimeToLive", "ListTagsOfResource"}));
  EXPECT_EQ(asked[1].body, R"({"TableName":"ZAEL-demo","DeletionProtectionEnabled":true})");
  EXPECT_EQ(asked[10].body, R"({"ResourceArn":"arn:t","TagKeys":["old"]})");
  EXPECT_EQ(asked[11].body, R"({"ResourceArn":"arn:t","Tags":[{"Key":"new","Value":"2"}]})");
}

TEST_F(TableClientTest, AnUpdateThatChangesNothingSendsNoChange) {
  service().Answer(TableJson("ACTIVE", "ACTIVE", kStreamOn));
  service().Answer(kTtlOn);
  service().Answer(TableJson("ACTIVE", "ACTIVE", kStreamOn));
  service().Answer(kTtlOn);
  service().Answer(kTags);
  EXPECT_EQ(
      CodeOf(client_.UpdateTable("ZAEL-demo", {.ttl_attribute = std::optional<std::string>("ttl"),
                                               .stream = true,
                                               .deletion_protection = false})),
      "ok");
}

TEST_F(TableClientTest, ADeletedTableIsWaitedForUntilItIsGone) {
  service().Answer("{}");
  service().Answer(TableJson("DELETING"));
  service().Refuse("ResourceNotFoundException");
  EXPECT_EQ(CodeOf(client_.DeleteTable("ZAEL-demo")), "ok");
  service().Refuse("ValidationException",
                   R"(,"message":"Resource cannot be deleted as it is currently protected against )"
                   R"(deletion. Disable deletion protection first.")");
  EXPECT_EQ(CodeOf(client_.DeleteTable("ZAEL-demo")), "failed_precondition");
}

TEST_F(TableClientTest, ProtectionIsKnownByTheTableWhateverTheWordsOfTheRefusal) {
  service().Refuse("ValidationException", R"(,"message":"new words")");
  service().Answer(TableJson("ACTIVE", "ACTIVE", R"(,"DeletionProtectionEnabled":true)"));
  EXPECT_EQ(CodeOf(client_.DeleteTable("ZAEL-demo")), "failed_precondition");
  service().Refuse("ValidationException", R"(,"message":"new words")");
  service().Answer(TableJson("ACTIVE"));
  EXPECT_EQ(CodeOf(client_.DeleteTable("ZAEL-demo")), "invalid_argument");
}

TEST_F(TableClientTest, P21_EveryPageOfTheTablesIsRead) {
  service().Answer(R"({"TableNames":["a","b"],"LastEvaluatedTableName":"b"})");
  service().Answer(R"({"TableNames":["c"]})");
  EXPECT_EQ(*client_.ListTables(), (Names{"a", "b", "c"}));
  EXPECT_EQ(service().asked()[1].body, R"({"Limit":100,"ExclusiveStartTableName":"b"})");
}

TEST_F(TableClientTest, EveryPageOfTheTagsIsRead) {
  service().Answer(TableJson("ACTIVE"));
  service().Answer(kTtlOff);
  service().Answer(R"({"Tags":[{"Key":"a","Value":"1"}],"NextToken":"n"})");
  service().Answer(R"({"Tags":[{"Key":"b","Value":"2"}]})");
  const auto table = client_.DescribeTable("ZAEL-demo");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->spec.tags, (Tags{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(table->spec.ttl_attribute, std::nullopt);
}

TEST_F(TableClientTest, AServerThatKnowsNoTagsHasNone) {
  service().Answer(TableJson("ACTIVE"));
  service().Answer(kTtlOff);
  service().Refuse("UnknownOperationException");
  const auto table = client_.DescribeTable("ZAEL-demo");
  ASSERT_TRUE(table.ok()) << table.error().message();
  EXPECT_TRUE(table->spec.tags.empty());
}

}  // namespace
}  // namespace zael::dynamo
