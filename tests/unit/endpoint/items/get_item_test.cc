#include "tests/unit/endpoint/items/operations_fixture.h"

namespace zael::endpoint {
namespace {

class GetItemTest : public OperationsTest {
 protected:
  // Of the item (a, 1): `members` begins with a comma.
  std::string GetWith(const std::string& members) {
    return Call("GetItem", R"({"TableName":"tab","Key":)" + key_ + members + "}");
  }
};

TEST_F(GetItemTest, AnswersTheItemOrNothing) {
  Put(key_members_ + R"(,"v":{"S":"x"})");
  EXPECT_EQ(Get(), R"({"Item":{"PK":{"S":"a"},"SK":{"N":"1"},"v":{"S":"x"}}})");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"tab","Key":{"PK":{"S":"b"},"SK":{"N":"1"}}})"), "{}");
  const std::string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/tab";
  EXPECT_EQ(Call("GetItem", R"({"TableName":")" + arn + R"(","Key":)" + key_ + "}"), Get());
}

TEST_F(GetItemTest, ProjectsPathsAndKeepsStructure) {
  Put(key_members_ +
      R"(,"m":{"M":{"x":{"N":"1"},"y":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]}}},"s":{"S":"t"})");
  EXPECT_EQ(GetWith(R"(,"ProjectionExpression":"s, PK")"),
            R"({"Item":{"PK":{"S":"a"},"s":{"S":"t"}}})");
  const std::string names = R"(,"ExpressionAttributeNames":{"#x":"x"})";
  EXPECT_EQ(GetWith(R"(,"ProjectionExpression":"m.y[2], m.#x, m.y[0]")" + names),
            R"({"Item":{"m":{"M":{"x":{"N":"1"},"y":{"L":[{"N":"0"},{"N":"2"}]}}}}})");
  EXPECT_EQ(GetWith(R"(,"ProjectionExpression":"nothing, m.nothing, m.y[7], s.x")"),
            R"({"Item":{}})");
  EXPECT_EQ(GetWith(R"(,"ProjectionExpression":"s")" + names),
            Validation("Value provided in ExpressionAttributeNames unused in expressions: keys: "
                       "{#x}"));
}

TEST_F(GetItemTest, KnowsAttributesToGetButNotBesideExpressions) {
  Put(key_members_ + R"(,"s":{"S":"t"})");
  EXPECT_EQ(GetWith(R"(,"AttributesToGet":["s","no"])"), R"({"Item":{"s":{"S":"t"}}})");
  EXPECT_EQ(GetWith(R"(,"AttributesToGet":["s"],"ProjectionExpression":"s")"),
            Validation("Can not use both expression and non-expression parameters in the same "
                       "request: Non-expression parameters: {AttributesToGet} Expression "
                       "parameters: {ProjectionExpression}"));
}

TEST_F(GetItemTest, CountsHalfAUnitUnlessItIsConsistent) {
  Put(key_members_ + R"(,"v":{"S":")" + std::string(5000, 'x') + "\"}");
  const std::string few = R"(,"ProjectionExpression":"SK","ReturnConsumedCapacity":)";
  EXPECT_EQ(CapacityOf(GetWith(few + R"("TOTAL")")), R"("CapacityUnits":1.0}})");
  EXPECT_EQ(CapacityOf(GetWith(few + R"("INDEXES","ConsistentRead":true)")),
            R"("CapacityUnits":2.0,"Table":{"CapacityUnits":2.0}}})");
}

TEST_F(GetItemTest, RefusesAKeyThatIsNotTheTables) {
  const auto get = [&](const std::string& key) {
    return Call("GetItem", R"({"TableName":"tab","Key":{)" + key + "}}");
  };
  const std::string mismatch = Validation("The provided key element does not match the schema");
  EXPECT_EQ(get(""), mismatch);
  EXPECT_EQ(get(R"("PK":{"S":"a"})"), mismatch);
  EXPECT_EQ(get(R"("PK":{"S":"a"},"SK":{"S":"1"})"), mismatch);
  EXPECT_EQ(get(R"("PK":{"S":"a"},"SK":{"N":"1"},"v":{"N":"1"})"), mismatch);
  EXPECT_EQ(get(R"("PK":{"S":""},"SK":{"N":"1"})"),
            Validation("One or more parameter values are not valid. The AttributeValue for a key "
                       "attribute cannot contain an empty string value. Key: PK"));
  EXPECT_EQ(get(R"("PK":{"S":")" + std::string(2049, 'x') + R"("},"SK":{"N":"1"})"),
            InvalidValues("Size of hashkey has exceeded the maximum size limit of2048 bytes"));
  EXPECT_EQ(get(R"("PK":{"S":"a"},"SK":{"N":"x"})"),
            Validation("The parameter cannot be converted to a numeric value: x"));
}

TEST_F(GetItemTest, ChecksTypesThenConstraintsThenMeaningThenTheTable) {
  EXPECT_EQ(Call("GetItem", R"({"TableName":5,"Key":{"PK":{"S":5}}})"),
            "SerializationException: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"none"})"),
            Validation("1 validation error detected: Value null at 'key' failed to satisfy "
                       "constraint: Member must not be null"));
  EXPECT_EQ(Call("GetItem", R"({"TableName":"none","Key":{},"ProjectionExpression":""})"),
            Validation("Invalid ProjectionExpression: The expression can not be empty;"));
  EXPECT_EQ(Call("GetItem", R"({"TableName":"none","Key":{}})"),
            "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(Call("GetItem", "[]"), "SerializationException: Unexpected field type");
}

}  // namespace
}  // namespace zael::endpoint
