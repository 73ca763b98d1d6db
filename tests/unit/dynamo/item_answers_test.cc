#include "dynamo/item_answers.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::dynamo {
namespace {

const Item kItem{{"PK", "A"}, {"v", 1}};
const std::string kItemJson = R"({"PK":{"S":"A"},"v":{"N":"1"}})";

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
}

ServiceError Cancelled(const std::string& reasons) {
  return ReadServiceError(
      {.status = 400,
       .headers = {},
       .body = R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
               R"("CancellationReasons":[)" +
               reasons + R"(],"Message":"Transaction cancelled"})"});
}

TEST(ItemAnswers, AnAbsentItemIsNoError) {
  EXPECT_EQ(*ReadGetAnswer("{}"), std::nullopt);
  EXPECT_EQ(*ReadGetAnswer(R"({"Item":)" + kItemJson + "}"), kItem);
  EXPECT_EQ(*ReadWriteAnswer("{}"), std::nullopt);
  EXPECT_EQ(*ReadWriteAnswer(R"({"Attributes":)" + kItemJson + "}"), kItem);
}

TEST(ItemAnswers, P6_ABatchTellsWhichKeysItLeft) {
  const auto part = ReadBatchGetAnswer(
      R"({"Responses":{"T":[)" + kItemJson +
          R"(]},"UnprocessedKeys":{"T":{"Keys":[{"PK":{"S":"B"}}],"ConsistentRead":true}}})",
      "T");
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part->items, std::vector<Item>{kItem});
  EXPECT_EQ(part->unprocessed, (std::vector<Key>{Key{{"PK", "B"}}}));
  const auto none = ReadBatchGetAnswer(R"({"Responses":{},"UnprocessedKeys":{}})", "T");
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->items.empty());
  EXPECT_TRUE(none->unprocessed.empty());
}

TEST(ItemAnswers, APageMayBeEmptyAndHaveANext) {
  const auto page = ReadQueryAnswer(
      R"({"Items":[],"Count":0,"ScannedCount":5,"LastEvaluatedKey":{"PK":{"S":"B"}}})");
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(page->next, (Key{{"PK", "B"}}));
  const auto last = ReadQueryAnswer(R"({"Items":[)" + kItemJson + R"(],"Count":1})");
  ASSERT_TRUE(last.ok());
  EXPECT_EQ(last->items, std::vector<Item>{kItem});
  EXPECT_EQ(last->next, std::nullopt);
}

TEST(ItemAnswers, I7_WhatCannotBeReadIsNeverAnEmptyAnswer) {
  for (const char* body : {"", "<html>", "[]", "null", R"({"Item":[]})", R"({"Item":{"a":1}})",
                           R"({"Item":{"a":{"N":"x"}}})", R"({"Item":{"PK":{"S":"A"})"}) {
    EXPECT_EQ(CodeOf(ReadGetAnswer(body)), "unavailable") << body;
  }
  EXPECT_EQ(CodeOf(ReadBatchGetAnswer("{}", "T")), "unavailable");
  EXPECT_EQ(CodeOf(ReadBatchGetAnswer(R"({"Responses":{"T":{}}})", "T")), "unavailable");
  EXPECT_EQ(CodeOf(ReadBatchGetAnswer(
                R"({"Responses":{},"UnprocessedKeys":{"T":{"Keys":[{"PK":1}]}}})", "T")),
            "unavailable");
  EXPECT_EQ(CodeOf(ReadQueryAnswer("{}")), "unavailable");
  EXPECT_EQ(CodeOf(ReadQueryAnswer(R"({"Items":[1]})")), "unavailable");
  EXPECT_EQ(CodeOf(ReadWriteAnswer("")), "unavailable");
}

TEST(ItemAnswers, ALostConditionCarriesTheItemThatFailedIt) {
  const auto lost = [](const std::string& member) {
    return ReadServiceError(
        {.status = 400,
         .headers = {},
         .body =
             R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)" +
             member + R"("message":"The conditional request failed"})"});
  };
  EXPECT_TRUE(IsLostCondition(lost("")));
  EXPECT_EQ(*ReadLostCondition(lost("")), std::nullopt);
  EXPECT_EQ(*ReadLostCondition(lost(R"("Item":)" + kItemJson + ",")), kItem);
}

TEST(ItemAnswers, ACancellationSaysWhatBecameOfEachMember) {
  const auto outcome = ReadCancellation(
      Cancelled(R"({"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"m","Item":)" +
                kItemJson +
                R"(},{"Code":"ConditionalCheckFailed"},{"Code":"TransactionConflict"},)"
                R"({"Code":"ThrottlingError"})"),
      5);
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->applied);
  ASSERT_EQ(outcome->cancellations.size(), 5U);
  EXPECT_EQ(outcome->cancellations[0].reason, CancelReason::kNone);
  EXPECT_EQ(outcome->cancellations[1].reason, CancelReason::kConditionFailed);
  EXPECT_EQ(outcome->cancellations[1].item, kItem);
  EXPECT_EQ(outcome->cancellations[2].item, std::nullopt);
  EXPECT_EQ(outcome->cancellations[3].reason, CancelReason::kConflict);
  EXPECT_EQ(outcome->cancellations[4].reason, CancelReason::kConflict)
      << "refused, not found to hold";
}

TEST(ItemAnswers, AMemberThatIsWrongForItsItemIsAnError) {
  const auto outcome = ReadCancellation(
      Cancelled(R"({"Code":"ConditionalCheckFailed"},{"Code":"ValidationError","Message":"big"})"),
      2);
  EXPECT_EQ(CodeOf(outcome), "invalid_argument");
  EXPECT_NE(outcome.error().message().find("item 1: ValidationError: big"), std::string::npos);
}

TEST(ItemAnswers, P15_OnlyThrottlesAreCalledThrottling) {
  EXPECT_EQ(CodeOf(ReadCancellation(
                Cancelled(R"({"Code":"None"},{"Code":"ProvisionedThroughputExceeded"})"), 2)),
            "resource_exhausted");
  EXPECT_EQ(CodeOf(ReadCancellation(Cancelled(R"({"Code":"TransactionConflict"})"), 1)), "ok");
}

TEST(ItemAnswers, ACancellationWithoutAReasonForEachMemberIsUnreadable) {
  EXPECT_EQ(CodeOf(ReadCancellation(Cancelled(R"({"Code":"None"})"), 2)), "unavailable");
}

}  // namespace
}  // namespace zael::dynamo
