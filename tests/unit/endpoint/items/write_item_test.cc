#include "tests/unit/endpoint/items/operations_fixture.h"

namespace zael::endpoint {
namespace {

using WriteItemTest = OperationsTest;

const std::string kLost = "ConditionalCheckFailedException: The conditional request failed";

TEST_F(WriteItemTest, APutReplacesAndAnswersTheOldItemWhenAsked) {
  EXPECT_EQ(Put(key_members_ + R"(,"v":{"N":"1"})"), "{}");
  EXPECT_EQ(Call("PutItem", R"({"TableName":"tab","ReturnValues":"ALL_OLD","Item":{)" +
                                key_members_ + R"(,"w":{"N":"2"}}})"),
            R"({"Attributes":{"PK":{"S":"a"},"SK":{"N":"1"},"v":{"N":"1"}}})");
  EXPECT_EQ(Get(), R"({"Item":{"PK":{"S":"a"},"SK":{"N":"1"},"w":{"N":"2"}}})");
  for (const char* returned : {"ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"}) {
    EXPECT_EQ(Call("PutItem", R"({"TableName":"tab","Item":)" + key_ + R"(,"ReturnValues":")" +
                                  returned + "\"}"),
              Validation("ReturnValues can only be ALL_OLD or NONE"));
  }
}

TEST_F(WriteItemTest, ADeleteOfNothingSucceeds) {
  const std::string removal = R"({"TableName":"tab","ReturnValues":"ALL_OLD","Key":)" + key_ + "}";
  EXPECT_EQ(Call("DeleteItem", removal), "{}");
  Put(key_members_);
  EXPECT_EQ(Call("DeleteItem", removal), R"({"Attributes":{"PK":{"S":"a"},"SK":{"N":"1"}}})");
  EXPECT_EQ(Get(), "{}");
}

TEST_F(WriteItemTest, ALostConditionCarriesTheItemOnlyWhenAsked) {
  Put(key_members_ + R"(,"v":{"N":"1"})");
  const std::string put = R"({"TableName":"tab","Item":)" + key_ +
                          R"(,"ConditionExpression":"attribute_not_exists(PK) ")";
  const std::string with_item = R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD"})";
  EXPECT_EQ(Call("PutItem", put + "}"), kLost);
  EXPECT_EQ(Call("PutItem", put + with_item),
            kLost + R"( "Item":{"PK":{"S":"a"},"SK":{"N":"1"},"v":{"N":"1"}})");
  EXPECT_EQ(Call("DeleteItem", R"({"TableName":"tab","Key":{"PK":{"S":"z"},"SK":{"N":"1"}},)"
                               R"("ConditionExpression":"attribute_exists(PK) ")" +
                                   with_item),
            kLost);
}

TEST_F(WriteItemTest, AnUpdateAnswersTheValuesAskedFor) {
  const auto update = [&](const std::string& returned) {
    Put(key_members_ + R"(,"n":{"N":"1"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}},"o":{"S":"k"})");
    return Update(R"(,"UpdateExpression":"SET n = n + :one, m.x = :one, f = :one REMOVE o",)"
                  R"("ExpressionAttributeValues":{":one":{"N":"5"}},"ReturnValues":")" +
                  returned + "\"");
  };
  EXPECT_EQ(update("NONE"), "{}");
  EXPECT_EQ(update("ALL_OLD"),
            R"({"Attributes":{"PK":{"S":"a"},"SK":{"N":"1"},"m":{"M":{"x":{"N":"1"},)"
            R"("y":{"N":"2"}}},"n":{"N":"1"},"o":{"S":"k"}}})");
  EXPECT_EQ(update("ALL_NEW"),
            R"({"Attributes":{"PK":{"S":"a"},"SK":{"N":"1"},"f":{"N":"5"},"m":{"M":{"x":)"
            R"({"N":"5"},"y":{"N":"2"}}},"n":{"N":"6"}}})");
  EXPECT_EQ(update("UPDATED_OLD"),
            R"({"Attributes":{"m":{"M":{"x":{"N":"1"}}},"n":{"N":"1"},"o":{"S":"k"}}})");
  EXPECT_EQ(update("UPDATED_NEW"),
            R"({"Attributes":{"f":{"N":"5"},"m":{"M":{"x":{"N":"5"}}},"n":{"N":"6"}}})");
  EXPECT_EQ(Update(R"(,"UpdateExpression":"REMOVE gone","ReturnValues":"UPDATED_NEW")"), "{}");
}

TEST_F(WriteItemTest, AnUpdateMakesItsItemUnlessItOnlyRemoves) {
  EXPECT_EQ(Update(R"(,"UpdateExpression":"REMOVE v","ReturnValues":"ALL_NEW")"), "{}");
  EXPECT_EQ(Get(), "{}");
  EXPECT_EQ(Update(""), "{}");
  EXPECT_EQ(Get(), R"({"Item":{"PK":{"S":"a"},"SK":{"N":"1"}}})");
}

TEST_F(WriteItemTest, WhatAnUpdateCannotDoIsToldInDynamoDbsWords) {
  Put(key_members_ + R"(,"s":{"S":"x"},"n":{"N":"9e125"},"l":{"N":"1"})");
  const auto update = [&](const std::string& expression) {
    return Update(R"(,"UpdateExpression":")" + expression +
                  R"(","ConditionExpression":":v = :v AND :w = :w AND :e = :e",)"
                  R"("ExpressionAttributeValues":{":v":{"N":"9e125"},":w":{"S":"y"},)"
                  R"(":e":{"S":""}})");
  };
  EXPECT_EQ(update("SET v = nothing"), Validation("The provided expression refers to an attribute "
                                                  "that does not exist in the item"));
  EXPECT_EQ(update("SET v = s + :v"),
            Validation("An operand in the update expression has an incorrect data type"));
  EXPECT_EQ(update("SET s.x = :v"), Validation("The document path provided in the update "
                                               "expression is invalid for update"));
  EXPECT_EQ(update("ADD n :v"), Validation("Number overflow. Attempting to store a number with "
                                           "magnitude larger than supported range"));
  EXPECT_EQ(update("SET SK = :v"),
            InvalidValues("Cannot update attribute SK. This attribute is part of the key"));
  const std::string mismatch =
      InvalidValues("Type mismatch for Index Key l Expected: N Actual: S IndexName: gsi");
  EXPECT_EQ(update("SET l = :w"), mismatch);
  EXPECT_EQ(update("SET l = s"), mismatch);
  EXPECT_EQ(Update(R"(,"UpdateExpression":"DELETE l :s","ExpressionAttributeValues":{":s":)"
                   R"({"SS":["x"]}})"),
            InvalidValues("Type mismatch for Index Key l Expected: N Actual: SS IndexName: gsi"));
  EXPECT_EQ(update("SET g = :e"),
            Validation("One or more parameter values are not valid. The update expression "
                       "attempted to update a secondary index key to a value that is not "
                       "supported. The AttributeValue for a key attribute cannot contain an empty "
                       "string value."));
  EXPECT_EQ(update("SET g.x = :w"),
            Validation("Key attributes must be scalars; list random access '[]' and map lookup '.' "
                       "are not allowed: IndexKey: g"));
  EXPECT_EQ(Update(R"(,"UpdateExpression":"SET big = :b","ExpressionAttributeValues":{":b":)"
                   R"({"S":")" +
                   std::string(409'600, 'x') + "\"}}"),
            Validation("Item size to update has exceeded the maximum allowed size"));
}

TEST_F(WriteItemTest, AConditionIsJudgedBeforeWhatTheUpdateCannotDo) {
  Put(key_members_);
  EXPECT_EQ(Update(R"(,"UpdateExpression":"SET v = nothing",)"
                   R"("ConditionExpression":"attribute_exists(v) ")"),
            kLost);
}

TEST_F(WriteItemTest, AConditionMayNotLookIntoAKey) {
  const std::string refused =
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
      "allowed: ";
  EXPECT_EQ(
      Update(R"(,"UpdateExpression":"REMOVE v","ConditionExpression":"attribute_exists(PK.x) ")"),
      Validation(refused + "Key: PK"));
  EXPECT_EQ(Call("DeleteItem",
                 R"({"TableName":"tab","ConditionExpression":"g[0] < PK","Key":)" + key_ + "}"),
            Validation(refused + "IndexKey: g"));
  EXPECT_EQ(Call("PutItem", R"({"TableName":"tab","ConditionExpression":"size(SK.x) < g","Item":)" +
                                key_ + "}"),
            Validation(refused + "Key: SK"));
}

TEST_F(WriteItemTest, AnItemMustFitItsTable) {
  const std::string pk = R"("PK":{"S":"a"})";
  EXPECT_EQ(Put(pk), InvalidValues("Missing the key SK in the item"));
  EXPECT_EQ(Put(pk + R"(,"SK":{"S":"1"})"),
            InvalidValues("Type mismatch for key SK expected: N actual: S"));
  EXPECT_EQ(Put(R"("PK":{"S":""},"SK":{"N":"1"})"),
            Validation("One or more parameter values are not valid. The AttributeValue for a key "
                       "attribute cannot contain an empty string value. Key: PK"));
  EXPECT_EQ(Put(key_members_ + R"(,"g":{"NULL":true})"),
            InvalidValues("Type mismatch for Index Key g Expected: S Actual: NULL IndexName: gsi"));
  EXPECT_EQ(Put(key_members_ + R"(,"g":{"S":""})"),
            Validation("One or more parameter values are not valid. A value specified for a "
                       "secondary index key is not supported. The AttributeValue for a key "
                       "attribute cannot contain an empty string value. IndexName: gsi, IndexKey: "
                       "g"));
  EXPECT_EQ(Put(key_members_ + R"(,"v":{"S":")" + std::string(409'600, 'x') + "\"}"),
            Validation("Item size has exceeded the maximum allowed size"));
  EXPECT_EQ(Put(key_members_ + R"(,"":{"S":"x"})"), Validation("Empty attribute name"));
  EXPECT_EQ(Put(key_members_ + R"(,"v":{"SS":[]})"),
            InvalidValues("An string set  may not be empty"));
}

TEST_F(WriteItemTest, WritesCountTheTableAndEveryIndexTheyTouch) {
  const auto units = [&](const std::string& operation, const std::string& members) {
    return CapacityOf(Call(
        operation, R"({"TableName":"tab","ReturnConsumedCapacity":"INDEXES",)" + members + "}"));
  };
  const auto shown = [](const char* total, const char* index) {
    return std::string(R"("CapacityUnits":)") + total +
           R"(,"Table":{"CapacityUnits":1.0},"LocalSecondaryIndexes":{"lsi":{"CapacityUnits":)" +
           index + R"(}},"GlobalSecondaryIndexes":{"gsi":{"CapacityUnits":)" + index + "}}}}";
  };
  const std::string untouched = R"("CapacityUnits":1.0,"Table":{"CapacityUnits":1.0}}})";
  const std::string put = R"("Item":{)" + key_members_;
  const std::string set = R"("Key":)" + key_ +
                          R"(,"UpdateExpression":"SET l = :v",)"
                          R"("ExpressionAttributeValues":{":v":{"N":"2"}})";
  EXPECT_EQ(units("PutItem", put + "}"), untouched);
  EXPECT_EQ(units("PutItem", put + R"(,"g":{"S":"x"},"l":{"N":"1"}})"), shown("3.0", "1.0"));
  EXPECT_EQ(units("UpdateItem", set), shown("5.0", "2.0"));  // out of its place, into another
  EXPECT_EQ(units("UpdateItem", set), untouched);            // nothing changes
  EXPECT_EQ(units("DeleteItem", R"("Key":)" + key_), shown("3.0", "1.0"));
}

TEST_F(WriteItemTest, TellsTheCollectionOfATableWithALocalIndex) {
  EXPECT_EQ(Call("PutItem",
                 R"({"TableName":"tab","ReturnItemCollectionMetrics":"SIZE","Item":)" + key_ + "}"),
            R"({"ItemCollectionMetrics":{"ItemCollectionKey":{"PK":{"S":"a"}},)"
            R"("SizeEstimateRangeGB":[0.0,1.0]}})");
  EXPECT_EQ(Call("PutItem", R"({"TableName":"one","ReturnItemCollectionMetrics":"SIZE",)"
                            R"("Item":{"id":{"B":"AQ=="}}})"),
            "{}");
  const std::string put_one = R"("Item":{"id":{"B":"AQ=="}}})";
  EXPECT_EQ(Call("BatchWriteItem", R"({"ReturnItemCollectionMetrics":"SIZE","RequestItems":{"one":)"
                                   R"([{"PutRequest":{)" +
                                       put_one + "}]}}"),
            R"({"UnprocessedItems":{}})");
  EXPECT_EQ(Call("TransactWriteItems", R"({"ReturnItemCollectionMetrics":"SIZE","TransactItems":)"
                                       R"([{"Put":{"TableName":"one",)" +
                                           put_one + "}]}"),
            "{}");
}

TEST_F(WriteItemTest, ExpressionsMustUseWhatIsGivenForThem) {
  const std::string values = R"(,"ExpressionAttributeValues":{":v":{"N":"1"}})";
  EXPECT_EQ(Update(values),
            Validation("ExpressionAttributeValues can only be specified when using expressions: "
                       "UpdateExpression and ConditionExpression are null"));
  EXPECT_EQ(Update(R"(,"ExpressionAttributeNames":{"#a":"a"})"),
            Validation("ExpressionAttributeNames can only be specified when using expressions"));
  EXPECT_EQ(Update(R"(,"UpdateExpression":"REMOVE v")" + values),
            Validation("Value provided in ExpressionAttributeValues unused in expressions: keys: "
                       "{:v}"));
}

}  // namespace
}  // namespace zael::endpoint
