#include "dynamo/item_requests.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace zael::dynamo {
namespace {

const Key kKey{{"PK", "A"}, {"SK", "1"}};
const std::string kKeyJson = R"("Key":{"PK":{"S":"A"},"SK":{"S":"1"}})";

std::string BodyOf(const Result<Call>& call) {
  return call.ok() ? call->body : call.error().message();
}
std::string CodeOf(const Result<Call>& call) {
  return call.ok() ? "ok" : std::string(ErrorCodeName(call.error().code()));
}

TEST(ItemRequests, AGetIsConsistent) {
  const auto call = RenderGet({.table = "T", .key = kKey});
  EXPECT_EQ(BodyOf(call), R"({"TableName":"T",)" + kKeyJson + R"(,"ConsistentRead":true})");
  EXPECT_EQ(TargetOf(*call), "DynamoDB_20120810.GetItem");
  EXPECT_EQ(call->nature, Nature::kRead);
}

TEST(ItemRequests, ABatchNamesItsTableOnce) {
  EXPECT_EQ(BodyOf(RenderBatchGet("T", {Key{{"PK", "A"}}, Key{{"PK", "B"}}})),
            R"({"RequestItems":{"T":{"Keys":[{"PK":{"S":"A"}},{"PK":{"S":"B"}}],)"
            R"("ConsistentRead":true}}})");
}

TEST(ItemRequests, AWriteWithAConditionAsksForTheItemThatFailsIt) {
  EXPECT_EQ(BodyOf(RenderPut({.table = "T", .item = kKey, .condition = NotExists("PK")})),
            R"({"TableName":"T","Item":{"PK":{"S":"A"},"SK":{"S":"1"}},)"
            R"j("ConditionExpression":"attribute_not_exists(#n0)",)j"
            R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD",)"
            R"("ExpressionAttributeNames":{"#n0":"PK"}})");
  EXPECT_EQ(BodyOf(RenderDelete({.table = "T", .key = kKey, .condition = Equal("v", 1)})),
            R"({"TableName":"T",)" + kKeyJson +
                R"(,"ConditionExpression":"#n0 = :v0",)"
                R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD",)"
                R"("ExpressionAttributeNames":{"#n0":"v"},)"
                R"("ExpressionAttributeValues":{":v0":{"N":"1"}}})");
}

TEST(ItemRequests, AnUpdateSharesPlaceholdersBetweenItsExpressions) {
  const auto call = RenderUpdate({.table = "T",
                                  .key = kKey,
                                  .condition = AtLeast("tokens", 5),
                                  .actions = {AddTo("tokens", 5)},
                                  .return_item = ReturnItem::kUpdatedNew});
  EXPECT_EQ(BodyOf(call), R"({"TableName":"T",)" + kKeyJson +
                              R"(,"UpdateExpression":"ADD #n0 :v0",)"
                              R"("ConditionExpression":"#n0 >= :v0",)"
                              R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD",)"
                              R"("ExpressionAttributeNames":{"#n0":"tokens"},)"
                              R"("ExpressionAttributeValues":{":v0":{"N":"5"}},)"
                              R"("ReturnValues":"UPDATED_NEW"})");
  EXPECT_EQ(call->nature, Nature::kWrite);
}

TEST(ItemRequests, AnUpdateWithoutActionsHasNoExpression) {
  EXPECT_EQ(BodyOf(RenderUpdate({.table = "T", .key = kKey})),
            R"({"TableName":"T",)" + kKeyJson + "}");
}

TEST(ItemRequests, WritesAskForTheItemTheyAreToReturn) {
  const auto returned = [](ReturnItem what) {
    const std::string body = BodyOf(RenderUpdate({.table = "T", .key = kKey, .return_item = what}));
    const auto at = body.find("\"ReturnValues\":");
    return at == std::string::npos ? std::string() : body.substr(at + 15);
  };
  EXPECT_EQ(returned(ReturnItem::kNone), "");
  EXPECT_EQ(returned(ReturnItem::kOld), "\"ALL_OLD\"}");
  EXPECT_EQ(returned(ReturnItem::kNew), "\"ALL_NEW\"}");
  const auto put = [](ReturnItem what) {
    return BodyOf(RenderPut({.table = "T", .item = kKey, .return_item = what}));
  };
  EXPECT_NE(put(ReturnItem::kOld).find("ALL_OLD"), std::string::npos);
  EXPECT_EQ(put(ReturnItem::kNew).find("ReturnValues"), std::string::npos)
      << "a put knows its new item";
}

TEST(ItemRequests, ATransactionHoldsEveryKindOfMemberAndItsToken) {
  const auto call = RenderTransactWrite(
      {.items = {PutRequest{.table = "T", .item = kKey},
                 UpdateRequest{.table = "T", .key = kKey, .actions = {Assign("v", 1)}},
                 DeleteRequest{.table = "T", .key = kKey},
                 CheckRequest{.table = "T", .key = kKey, .condition = Exists("PK")}}},
      "token-1");
  EXPECT_EQ(BodyOf(call),
            R"({"TransactItems":[{"Put":{"TableName":"T","Item":{"PK":{"S":"A"},"SK":{"S":"1"}}}},)"
            R"({"Update":{"TableName":"T",)" +
                kKeyJson +
                R"(,"UpdateExpression":"SET #n0 = :v0","ExpressionAttributeNames":{"#n0":"v"},)"
                R"("ExpressionAttributeValues":{":v0":{"N":"1"}}}},)"
                R"({"Delete":{"TableName":"T",)" +
                kKeyJson + R"(}},{"ConditionCheck":{"TableName":"T",)" + kKeyJson +
                R"j(,"ConditionExpression":"attribute_exists(#n0)",)j"
                R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD",)"
                R"("ExpressionAttributeNames":{"#n0":"PK"}}}],"ClientRequestToken":"token-1"})");
  EXPECT_EQ(call->nature, Nature::kTokenWrite);
}

TEST(ItemRequests, ATransactionNeedsATokenThatFits) {
  const TransactWriteRequest request{.items = {PutRequest{.table = "T", .item = kKey}}};
  EXPECT_EQ(CodeOf(RenderTransactWrite(request, "")), "invalid_argument");
  EXPECT_EQ(CodeOf(RenderTransactWrite(request, std::string(36, 't'))), "ok");
  EXPECT_EQ(CodeOf(RenderTransactWrite(request, std::string(37, 't'))), "invalid_argument");
}

const KeySchema kKeys{{"PK", KeyType::kString}, KeyAttribute{"SK", KeyType::kString}};

TEST(ItemRequests, AQueryNamesTheKeysOfWhatItWalks) {
  const QueryRequest request{.table = "T",
                             .hash = Value("A"),
                             .range = Condition{BeginsWith{Path("SK"), Value("#")}},
                             .filter = Less("v", 3),
                             .max_items = 10,
                             .ascending = false,
                             .start_after = kKey};
  EXPECT_EQ(BodyOf(RenderQuery(request, kKeys)),
            R"({"TableName":"T",)"
            R"j("KeyConditionExpression":"#n0 = :v0 AND begins_with(#n1, :v1)",)j"
            R"("ScanIndexForward":false,"FilterExpression":"#n2 < :v2",)"
            R"("ExpressionAttributeNames":{"#n0":"PK","#n1":"SK","#n2":"v"},)"
            R"("ExpressionAttributeValues":{":v0":{"S":"A"},":v1":{"S":"#"},":v2":{"N":"3"}},)"
            R"("Limit":10,"ExclusiveStartKey":{"PK":{"S":"A"},"SK":{"S":"1"}},)"
            R"("ConsistentRead":true})");
}

TEST(ItemRequests, AnIndexIsNotAskedForAConsistentRead) {
  const KeySchema index{{"GSI1PK", KeyType::kString}, std::nullopt};
  EXPECT_EQ(BodyOf(RenderQuery({.table = "T", .index = "GSI1", .hash = Value("p")}, index)),
            R"({"TableName":"T","IndexName":"GSI1","KeyConditionExpression":"#n0 = :v0",)"
            R"("ExpressionAttributeNames":{"#n0":"GSI1PK"},)"
            R"("ExpressionAttributeValues":{":v0":{"S":"p"}},"Limit":1000})");
}

TEST(ItemRequests, WithoutAHashValueItIsAScan) {
  const auto call = RenderQuery({.table = "T"}, kKeys);
  EXPECT_EQ(call->operation, "Scan");
  EXPECT_EQ(BodyOf(call), R"({"TableName":"T","Limit":1000,"ConsistentRead":true})");
}

TEST(ItemRequests, RefusesShapesWithoutAskingTheServer) {
  EXPECT_EQ(CodeOf(RenderPut({.table = "T", .item = kKey, .condition = All({})})),
            "invalid_argument");
  EXPECT_EQ(CodeOf(RenderPut({.table = "T", .item = kKey, .return_item = ReturnItem::kUpdatedNew})),
            "invalid_argument");
  EXPECT_EQ(CodeOf(RenderUpdate({.table = "T", .key = kKey, .actions = {Assign(Path(), 1)}})),
            "invalid_argument");
  EXPECT_EQ(CodeOf(RenderDelete({.table = "T", .key = kKey, .return_item = ReturnItem::kNew})),
            "invalid_argument");
  EXPECT_EQ(CodeOf(RenderBatchGet("T", {})), "invalid_argument");
  EXPECT_EQ(CodeOf(RenderBatchGet("T", std::vector<Key>(101, kKey))), "invalid_argument");
  EXPECT_EQ(CodeOf(RenderTransactWrite({}, "t")), "invalid_argument");
  EXPECT_EQ(CodeOf(RenderTransactWrite({.items = {UpdateRequest{.table = "T", .key = kKey}}}, "t")),
            "invalid_argument");
}

TEST(ItemRequests, RefusesTextThatJsonCannotCarry) {
  const std::string bytes = "\xFF";
  EXPECT_EQ(CodeOf(RenderGet({.table = "T", .key = {{"PK", bytes}}})), "invalid_argument");
  EXPECT_EQ(CodeOf(RenderPut({.table = "T", .item = {{bytes, 1}}})), "invalid_argument");
  EXPECT_EQ(CodeOf(RenderUpdate({.table = "T", .key = kKey, .actions = {Assign("v", bytes)}})),
            "invalid_argument");
  EXPECT_EQ(CodeOf(RenderPut({.table = "T", .item = {{"PK", Binary{bytes}}}})), "ok");
}

}  // namespace
}  // namespace zael::dynamo
