#include "endpoint/items/token_book.h"
#include "tests/unit/endpoint/items/operations_fixture.h"

namespace zael::endpoint {
namespace {

class TransactTest : public OperationsTest {
 protected:
  std::string Write(const std::string& elements, const std::string& members = "") {
    return Call("TransactWriteItems", R"({"TransactItems":[)" + elements + "]" + members + "}");
  }
  std::string Canceled(const std::string& codes, const std::string& reasons) {
    return "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons "
           "for specific reasons [" +
           codes + R"(] "CancellationReasons":[)" + reasons + "]";
  }
  // Adds 1 to the counter of the item (a, 1).
  std::string Count(const std::string& members, const std::string& by = "1") {
    return Write(R"({"Update":{"TableName":"tab","Key":)" + key_ +
                     R"(,"UpdateExpression":"ADD n :by","ExpressionAttributeValues":{":by":)"
                     R"({"N":")" +
                     by + R"("}}}})",
                 members);
  }

  const std::string put_a_ = R"({"Put":{"TableName":"tab","Item":)" + key_ + "}}";
  const std::string key_b_ = R"({"PK":{"S":"b"},"SK":{"N":"1"}})";
};

TEST_F(TransactTest, MakesAllOrNothing) {
  const std::string check = R"({"ConditionCheck":{"TableName":"tab","Key":)" + key_b_ +
                            R"(,"ConditionExpression":"attribute_exists(PK) "}})";
  EXPECT_EQ(Write(put_a_ + "," + check),
            Canceled("None, ConditionalCheckFailed",
                     R"({"Code":"None"},{"Code":"ConditionalCheckFailed","Message":)"
                     R"("The conditional request failed"})"));
  EXPECT_EQ(Get(), "{}");
  Put(R"("PK":{"S":"b"},"SK":{"N":"1"})");
  EXPECT_EQ(Write(put_a_ + "," + check), "{}");
  EXPECT_EQ(Get(), R"({"Item":)" + key_ + "}");
}

TEST_F(TransactTest, AFailedConditionCarriesTheItemOnlyWhenAsked) {
  Put(key_members_ + R"(,"v":{"N":"1"})");
  const std::string put = R"({"Put":{"TableName":"tab","Item":)" + key_ +
                          R"(,"ConditionExpression":"attribute_not_exists(PK) ")";
  EXPECT_EQ(Write(put + R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}})"),
            Canceled("ConditionalCheckFailed",
                     R"({"Code":"ConditionalCheckFailed","Item":{"PK":{"S":"a"},"SK":{"N":"1"},)"
                     R"("v":{"N":"1"}},"Message":"The conditional request failed"})"));
  EXPECT_EQ(Write(put + "}}"),
            Canceled("ConditionalCheckFailed", R"({"Code":"ConditionalCheckFailed","Message":)"
                                               R"("The conditional request failed"})"));
}

TEST_F(TransactTest, WhatTheItemOrTheTableRefusesIsAReasonOfItsElement) {
  Put(R"("PK":{"S":"b"},"SK":{"N":"1"},"s":{"S":"x"})");
  const std::string update =
      R"({"Update":{"TableName":"tab","Key":)" + key_b_ + R"(,"UpdateExpression":"SET )";
  EXPECT_EQ(Write(put_a_ + "," + update + R"(v = nothing"}})"),
            Canceled("None, ValidationError",
                     R"({"Code":"None"},{"Code":"ValidationError","Message":"The provided )"
                     R"(expression refers to an attribute that does not exist in the item"})"));
  EXPECT_EQ(Write(put_a_ + "," + update + R"(PK = s"}})"),
            Canceled("None, ValidationError",
                     R"({"Code":"None"},{"Code":"ValidationError","Message":"One or more )"
                     R"(parameter values were invalid: Cannot update attribute PK. This )"
                     R"(attribute is part of the key"})"));
  EXPECT_EQ(Get(), "{}");
}

TEST_F(TransactTest, WhatIsWrongByItselfRefusesTheCall) {
  EXPECT_EQ(Write(put_a_ + R"(,{"Delete":{"TableName":"tab","Key":)" + key_ + "}}"),
            Validation("Transaction request cannot include multiple operations on one item"));
  const std::string one =
      Validation("TransactItems can only contain one of Check, Put, Update or Delete");
  EXPECT_EQ(Write("{}"), one);
  EXPECT_EQ(Write(R"({"Put":{"TableName":"tab","Item":)" + key_ +
                  R"(},"Delete":{"TableName":"tab","Key":)" + key_ + "}}"),
            one);
  EXPECT_EQ(
      Write(R"({"Delete":{"TableName":"tab","Key":)" + key_ + R"(,"ConditionExpression":"a ="}})"),
      Validation(R"(Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "=")"));
  EXPECT_EQ(Write(R"({"Delete":{"TableName":"none","Key":)" + key_ + "}}"),
            "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(Write(R"({"ConditionCheck":{"TableName":"tab","Key":)" + key_ + "}}"),
            Validation("1 validation error detected: Value null at "
                       "'transactItems.1.member.conditionCheck.conditionExpression' failed to "
                       "satisfy constraint: Member must not be null"));
  EXPECT_EQ(Write("", R"(,"ClientRequestToken":")" + std::string(37, 'x') + "\"").substr(0, 43),
            "ValidationException: 2 validation errors de");
  EXPECT_EQ(Get(), "{}");
}

TEST_F(TransactTest, ATokenMakesATransactionOnceForTenMinutes) {
  const std::string token = R"(,"ClientRequestToken":"t1","ReturnConsumedCapacity":"TOTAL")";
  const std::string counted = R"({"Item":{"PK":{"S":"a"},"SK":{"N":"1"},"n":{"N":"1"}}})";
  EXPECT_EQ(Count(token), R"({"ConsumedCapacity":[{"TableName":"tab","WriteCapacityUnits":2.0,)"
                          R"("CapacityUnits":2.0}]})");
  EXPECT_EQ(Count(token), R"({"ConsumedCapacity":[{"TableName":"tab","ReadCapacityUnits":2.0,)"
                          R"("CapacityUnits":2.0}]})");
  EXPECT_EQ(Get(), counted);
  EXPECT_EQ(Count(token, "2").substr(0, 36), "IdempotentParameterMismatchException");
  clock_->Advance(std::chrono::minutes(9));
  Count(token);
  EXPECT_EQ(Get(), counted);
  clock_->Advance(std::chrono::minutes(1));
  Count(token, "2");
  EXPECT_EQ(Get(), R"({"Item":{"PK":{"S":"a"},"SK":{"N":"1"},"n":{"N":"3"}}})");
}

TEST_F(TransactTest, TheTokenOfACanceledTransactionIsAsNew) {
  const std::string put = R"({"Put":{"TableName":"tab","Item":)" + key_ +
                          R"(,"ConditionExpression":"attribute_exists(PK) "}})";
  const std::string token = R"(,"ClientRequestToken":"t1")";
  EXPECT_EQ(Write(put, token).substr(0, 28), "TransactionCanceledException");
  EXPECT_EQ(Write(put_a_, token), "{}");
}

TEST_F(TransactTest, ATokenInUseIsToldApart) {
  TokenBook book(clock_);
  EXPECT_EQ(book.Begin("t", "payload"), TokenBook::Claim::kNew);
  EXPECT_EQ(book.Begin("t", "payload"), TokenBook::Claim::kRunning);
  EXPECT_EQ(book.Begin("t", "other"), TokenBook::Claim::kOther);
  book.Finish("t", true);
  EXPECT_EQ(book.Begin("t", "payload"), TokenBook::Claim::kDone);
  for (std::size_t i = 1; i < TokenBook::kMaxTokens; ++i) {
    ASSERT_EQ(book.Begin(std::to_string(i), ""), TokenBook::Claim::kNew);
  }
  EXPECT_EQ(book.Begin("one more", ""), TokenBook::Claim::kFull);
  clock_->Advance(TokenBook::kKept);
  EXPECT_EQ(book.Begin("one more", ""), TokenBook::Claim::kNew);
}

TEST_F(TransactTest, ReadsItemsInTheirOrderWithGaps) {
  Put(key_members_ + R"(,"v":{"N":"1"},"w":{"N":"2"})");
  const std::string get_a = R"({"Get":{"TableName":"tab","Key":)" + key_;
  const std::string get_b = R"({"Get":{"TableName":"tab","Key":)" + key_b_ + "}}";
  EXPECT_EQ(
      Call("TransactGetItems", R"({"ReturnConsumedCapacity":"INDEXES","TransactItems":[)" + get_b +
                                   "," + get_a + R"(,"ProjectionExpression":"w"}}]})"),
      R"({"Responses":[{},{"Item":{"w":{"N":"2"}}}],"ConsumedCapacity":[{"TableName":"tab",)"
      R"("ReadCapacityUnits":4.0,"CapacityUnits":4.0,"Table":{"ReadCapacityUnits":4.0,)"
      R"("CapacityUnits":4.0}}]})");
  EXPECT_EQ(Call("TransactGetItems", R"({"TransactItems":[)" + get_b + "," + get_b + "]}"),
            Validation("Transaction request cannot include multiple operations on one item"));
}

TEST_F(TransactTest, AKeyThatDoesNotFitCancelsARead) {
  const std::string get = R"({"Get":{"TableName":"tab","Key":)" + key_;
  EXPECT_EQ(
      Call("TransactGetItems", R"({"TransactItems":[)" + get +
                                   R"(}},{"Get":{"TableName":"tab","Key":{"PK":{"S":"a"}}}}]})"),
      Canceled("None, ValidationError",
               R"({"Code":"None"},{"Code":"ValidationError","Message":"The provided key )"
               R"(element does not match the schema"})"));
  EXPECT_EQ(Call("TransactGetItems",
                 R"({"TransactItems":[)" + get + R"(,"ProjectionExpression":"PK.x"}}]})"),
            Canceled("ValidationError",
                     R"({"Code":"ValidationError","Message":"Key attributes must be scalars; list )"
                     R"(random access '[]' and map lookup '.' are not allowed: Key: PK"})"));
}

}  // namespace
}  // namespace zael::endpoint
