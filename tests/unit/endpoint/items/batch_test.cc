#include "tests/unit/endpoint/items/operations_fixture.h"

namespace zael::endpoint {
namespace {

class BatchTest : public OperationsTest {
 protected:
  std::string GetBatch(const std::string& tables) {
    return Call("BatchGetItem", R"({"RequestItems":{)" + tables + "}}");
  }
  std::string WriteBatch(const std::string& tables) {
    return Call("BatchWriteItem", R"({"RequestItems":{)" + tables + "}}");
  }
  static std::string Key(int sort) {
    return R"({"PK":{"S":"a"},"SK":{"N":")" + std::to_string(sort) + R"("}})";
  }
};

TEST_F(BatchTest, WritesAndReadsItemsOfManyTables) {
  EXPECT_EQ(WriteBatch(R"("tab":[{"PutRequest":{"Item":{"PK":{"S":"a"},"SK":{"N":"1"}}}},)"
                       R"({"PutRequest":{"Item":{"PK":{"S":"b"},"SK":{"N":"2"},"v":{"N":"7"}}}}],)"
                       R"("one":[{"PutRequest":{"Item":{"id":{"B":"AQ=="}}}}])"),
            R"({"UnprocessedItems":{}})");
  EXPECT_EQ(Call("BatchGetItem",
                 R"({"RequestItems":{"one":{"Keys":[{"id":{"B":"AQ=="}}]},"tab":{"Keys":[)"
                 R"({"PK":{"S":"b"},"SK":{"N":"2"}},{"PK":{"S":"c"},"SK":{"N":"1"}}],)"
                 R"("ProjectionExpression":"#v","ExpressionAttributeNames":{"#v":"v"}}},)"
                 R"("ReturnConsumedCapacity":"TOTAL"})"),
            R"({"Responses":{"one":[{"id":{"B":"AQ=="}}],"tab":[{"v":{"N":"7"}}]},)"
            R"("UnprocessedKeys":{},"ConsumedCapacity":[{"TableName":"one","CapacityUnits":0.5},)"
            R"({"TableName":"tab","CapacityUnits":1.0}]})");
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"tab":[{"DeleteRequest":{"Key":)" + key_ +
                                       R"(}}]},"ReturnConsumedCapacity":"INDEXES"})"),
            R"({"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"tab","CapacityUnits":1.0,)"
            R"("Table":{"CapacityUnits":1.0}}]})");
  EXPECT_EQ(Get(), "{}");
}

TEST_F(BatchTest, AnAnswerPastSixteenMegabytesLeavesKeysUnprocessed) {
  const std::string big = R"(,"v":{"S":")" + std::string(400'000, 'x') + "\"}}";
  std::string keys;
  for (int i = 0; i < 50; ++i) {
    std::string item = Key(i);
    keys += (i == 0 ? "" : ",") + item;
    item.pop_back();
    ASSERT_EQ(Call("PutItem", R"({"TableName":"tab","Item":)" + item + big + "}"), "{}");
  }
  const std::string body = GetBatch(R"("tab":{"ConsistentRead":true,"Keys":[)" + keys + "]}");
  const auto answer = json::JsonDocument::Parse(body, {.max_bytes = 32 << 20});
  ASSERT_TRUE(answer.ok());
  const auto left = answer->root().Find("UnprocessedKeys").Find("tab");
  EXPECT_EQ(answer->root().Find("Responses").Find("tab").size(), 42u);
  EXPECT_EQ(left.Find("Keys").size(), 8u);
  EXPECT_EQ(left.Find("ConsistentRead").AsBool(), true);
}

TEST_F(BatchTest, OneFaultRefusesTheWholeCall) {
  const std::string duplicates = Validation("Provided list of item keys contains duplicates");
  EXPECT_EQ(GetBatch(R"("tab":{"Keys":[)" + key_ + "," + key_ + "]}"), duplicates);
  const std::string put = R"({"PutRequest":{"Item":)" + key_ + "}}";
  EXPECT_EQ(WriteBatch(R"("tab":[)" + put + R"(,{"DeleteRequest":{"Key":)" + key_ + "}}]"),
            duplicates);
  EXPECT_EQ(GetBatch(R"("tab":{"Keys":[)" + key_ + R"(]},"none":{"Keys":[)" + key_ + "]}"),
            "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(WriteBatch(R"("tab":[)" + put + R"(,{"PutRequest":{"Item":{"PK":{"S":"b"}}}}])"),
            InvalidValues("Missing the key SK in the item"));
  EXPECT_EQ(WriteBatch(R"("tab":[{}])"),
            Validation("Supplied AttributeValue has more than one datatypes set, must contain "
                       "exactly one of the supported datatypes"));
  EXPECT_EQ(Get(), "{}");
}

TEST_F(BatchTest, TheNumberOfElementsIsBounded) {
  std::string keys = Key(0);
  std::string puts = R"({"PutRequest":{"Item":)" + Key(0) + "}}";
  for (int i = 1; i < 101; ++i) {
    keys += "," + Key(i);
    if (i < 26) puts += R"(,{"PutRequest":{"Item":)" + Key(i) + "}}";
  }
  EXPECT_EQ(GetBatch(""),
            Validation("1 validation error detected: Value '{}' at 'requestItems' failed to "
                       "satisfy constraint: Member must have length greater than or equal to 1"));
  EXPECT_EQ(GetBatch(R"("tab":{"Keys":[)" + keys + "]}"),
            Validation("1 validation error detected: Value '[...]' at "
                       "'requestItems.tab.member.keys' failed to satisfy constraint: Member must "
                       "have length less than or equal to 100"));
  EXPECT_EQ(WriteBatch(R"("tab":[)" + puts + "]"),
            Validation("1 validation error detected: Value '{...}' at 'requestItems' failed to "
                       "satisfy constraint: Map value must satisfy constraint: [Member must have "
                       "length less than or equal to 25, Member must have length greater than or "
                       "equal to 1]"));
  EXPECT_EQ(Get(), "{}");
}

}  // namespace
}  // namespace zael::endpoint
