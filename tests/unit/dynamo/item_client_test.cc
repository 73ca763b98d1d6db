#include "dynamo/item_client.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/dynamo/scripted_service.h"

namespace zael::dynamo {
namespace {

using Names = std::vector<std::string>;

const Key kKey{{"PK", "A"}, {"SK", "1"}};
const std::string kItemJson = R"({"PK":{"S":"A"},"SK":{"S":"1"},"v":{"N":"7"}})";
const Item kItem{{"PK", "A"}, {"SK", "1"}, {"v", 7}};
const std::string kTableJson =
    R"({"Table":{"TableName":"T","TableStatus":"ACTIVE","KeySchema":[)"
    R"({"AttributeName":"PK","KeyType":"HASH"},{"AttributeName":"SK","KeyType":"RANGE"}],)"
    R"("AttributeDefinitions":[{"AttributeName":"PK","AttributeType":"S"},)"
    R"({"AttributeName":"SK","AttributeType":"S"},{"AttributeName":"G","AttributeType":"N"}],)"
    R"("GlobalSecondaryIndexes":[{"IndexName":"GSI1","IndexStatus":"ACTIVE",)"
    R"("KeySchema":[{"AttributeName":"G","KeyType":"HASH"}]}]}})";

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
}

class ItemClientTest : public ::testing::Test {
 protected:
  ScriptedService& service() { return *scripted_.service; }
  std::string LastBody() { return service().asked().back().body; }

  ScriptedRunner scripted_;
  TableSchemas schemas_;
  ItemClient client_{*scripted_.runner, schemas_};
};

TEST_F(ItemClientTest, EveryRequestIsOneCall) {
  service().Answer(R"({"Item":)" + kItemJson + "}");
  service().Answer(R"({"Responses":{"T":[)" + kItemJson + "]},\"UnprocessedKeys\":{}}");
  service().Answer("{}");
  service().Answer(R"({"Attributes":)" + kItemJson + "}");
  service().Answer("{}");
  service().Answer("{}");
  EXPECT_EQ(*client_.Get({.table = "T", .key = kKey}), kItem);
  EXPECT_EQ(*client_.BatchGet({.table = "T", .keys = {kKey}}), std::vector<Item>{kItem});
  const auto put = client_.Put({.table = "T", .item = kItem, .return_item = ReturnItem::kNew});
  EXPECT_TRUE(put->applied);
  EXPECT_EQ(put->item, kItem) << "DynamoDB does not send back what was put";
  EXPECT_EQ(client_.Update({.table = "T", .key = kKey, .return_item = ReturnItem::kNew})->item,
            kItem);
  EXPECT_TRUE(client_.Delete({.table = "T", .key = kKey})->applied);
  EXPECT_TRUE(
      client_.TransactWrite({.items = {DeleteRequest{.table = "T", .key = kKey}}})->applied);
  EXPECT_EQ(service().operations(), (Names{"GetItem", "BatchGetItem", "PutItem", "UpdateItem",
                                           "DeleteItem", "TransactWriteItems"}));
}

TEST_F(ItemClientTest, ALostConditionShowsTheItem) {
  service().Refuse("ConditionalCheckFailedException", R"(,"Item":)" + kItemJson);
  const auto outcome = client_.Update({.table = "T", .key = kKey, .condition = Equal("v", 1)});
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->applied);
  EXPECT_EQ(outcome->item, kItem);
}

TEST_F(ItemClientTest, P15_AConflictIsTriedAgainAndThenShown) {
  const std::string conflict =
      R"(,"CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}])";
  TransactWriteRequest request{
      .items = {DeleteRequest{.table = "T", .key = kKey}, DeleteRequest{.table = "T", .key = kKey}},
      .token = "same"};
  service().Refuse("TransactionCanceledException", conflict);
  service().Answer("{}");
  EXPECT_TRUE(client_.TransactWrite(request)->applied);
  for (int i = 0; i < RetryOptions().max_attempts; ++i) {
    service().Refuse("TransactionCanceledException", conflict);
  }
  const auto outcome = client_.TransactWrite(request);
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->applied);
  EXPECT_EQ(outcome->cancellations[1].reason, CancelReason::kConflict);
}

TEST_F(ItemClientTest, P7_ATransactionIsRepeatedWithItsOwnToken) {
  service().Lose();
  service().Answer("{}");
  service().Answer("{}");
  const TransactWriteRequest request{.items = {DeleteRequest{.table = "T", .key = kKey}}};
  EXPECT_TRUE(client_.TransactWrite(request)->applied);
  EXPECT_TRUE(client_.TransactWrite(request)->applied);
  const auto asked = service().asked();
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[0].body, asked[1].body);
  EXPECT_NE(asked[1].body, asked[2].body) << "another transaction has another token";
  EXPECT_NE(asked[0].body.find("ClientRequestToken"), std::string::npos);
}

TEST_F(ItemClientTest, P6_ABatchIsAskedForUntilItIsWhole) {
  const Key other{{"PK", "B"}, {"SK", "1"}};
  service().Answer(R"({"Responses":{"T":[)" + kItemJson +
                   R"(]},"UnprocessedKeys":{"T":{"Keys":[{"PK":{"S":"B"},"SK":{"S":"1"}}]}}})");
  service().Answer(R"({"Responses":{"T":[{"PK":{"S":"B"},"SK":{"S":"1"}}]}})");
  const auto items = client_.BatchGet({.table = "T", .keys = {kKey, other}});
  EXPECT_EQ(*items, (std::vector<Item>{kItem, other}));
  EXPECT_EQ(LastBody(), R"({"RequestItems":{"T":{"Keys":[{"PK":{"S":"B"},"SK":{"S":"1"}}],)"
                        R"("ConsistentRead":true}}})");
}

TEST_F(ItemClientTest, I7_ABatchThatStaysInPartIsAnError) {
  for (int i = 0; i < RetryOptions().max_attempts; ++i) {
    service().Answer(
        R"({"Responses":{},"UnprocessedKeys":{"T":{"Keys":[{"PK":{"S":"A"},"SK":{"S":"1"}}]}}})");
  }
  EXPECT_EQ(CodeOf(client_.BatchGet({.table = "T", .keys = {kKey}})), "resource_exhausted");
}

TEST_F(ItemClientTest, AQueryLearnsTheTablesKeysOnce) {
  service().Answer(kTableJson);
  service().Answer(R"({"Items":[)" + kItemJson + "]}");
  service().Answer(R"({"Items":[]})");
  EXPECT_EQ(client_.Query({.table = "T", .hash = Value("A")})->items, std::vector<Item>{kItem});
  EXPECT_TRUE(client_.Query({.table = "T", .index = "GSI1", .hash = Value(5)})->items.empty());
  EXPECT_EQ(service().operations(), (Names{"DescribeTable", "Query", "Query"}));
  EXPECT_NE(LastBody().find(R"("#n0":"G")"), std::string::npos);
}

TEST_F(ItemClientTest, AWrongQueryIsRefusedAndItsTableLookedAtAnew) {
  service().Answer(kTableJson);
  EXPECT_EQ(CodeOf(client_.Query({.table = "T", .hash = Value(1)})), "invalid_argument");
  service().Answer(kTableJson);
  EXPECT_EQ(CodeOf(client_.Query({.table = "T", .index = "GSI9"})), "invalid_argument");
  EXPECT_EQ(service().operations(), (Names{"DescribeTable", "DescribeTable"}));
  service().Refuse("ResourceNotFoundException");
  EXPECT_EQ(CodeOf(client_.Query({.table = "T"})), "not_found");
}

TEST_F(ItemClientTest, AWrongRequestIsNotSent) {
  EXPECT_EQ(CodeOf(client_.BatchGet({.table = "T"})), "invalid_argument");
  EXPECT_EQ(CodeOf(client_.Get({.table = "T", .key = {{"PK", "\xFF"}}})), "invalid_argument");
  EXPECT_TRUE(service().asked().empty());
}

TEST_F(ItemClientTest, SubmitAnswersInKind) {
  service().Answer("{}");
  Mutex mutex;
  CondVar changed;
  std::optional<StoreAnswer> answer;
  client_.Submit(GetRequest{.table = "T", .key = kKey}, [&](StoreAnswer got) {
    const MutexLock lock(mutex);
    answer = std::move(got);
    changed.NotifyAll();
  });
  const MutexLock lock(mutex);
  while (!answer) changed.Wait(mutex);
  EXPECT_EQ(*std::get<Result<std::optional<Item>>>(*answer), std::nullopt);
}

}  // namespace
}  // namespace zael::dynamo
