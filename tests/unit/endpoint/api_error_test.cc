#include "endpoint/api_error.h"

#include <gtest/gtest.h>

namespace zael::endpoint {
namespace {

TEST(ApiErrors, CarryTheirNamespaceAndLowerCaseMessage) {
  const ApiError error = ValidationError("Bad \"text\"");
  EXPECT_EQ(ErrorName(error), "ValidationException");
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(ErrorBody(error), R"({"__type":"com.amazon.coral.validate#ValidationException",)"
                              R"("message":"Bad \"text\""})");
}

TEST(ApiErrors, AFailedConditionCarriesTheItemWhenAskedFor) {
  EXPECT_EQ(ErrorBody(ConditionalCheckFailed()),
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("message":"The conditional request failed"})");
  EXPECT_EQ(ErrorBody(ConditionalCheckFailed(R"({"pk":{"S":"a"}})")),
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("message":"The conditional request failed","Item":{"pk":{"S":"a"}}})");
}

TEST(ApiErrors, ACanceledTransactionWritesItsMessageWithACapital) {
  EXPECT_EQ(ErrorBody(TransactionCanceled("None", R"([{"Code":"None"}])")),
            R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
            R"("Message":"Transaction cancelled, please refer cancellation reasons for specific )"
            R"(reasons [None]","CancellationReasons":[{"Code":"None"}]})");
}

TEST(ApiErrors, WithoutAMessageThereIsNoMessageMember) {
  EXPECT_EQ(ErrorBody(UnknownOperation()),
            R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
}

TEST(ApiErrors, OfAStoreAreWhatAnSdkRetriesOrNot) {
  const auto name = [](ErrorCode code) {
    return std::string(ErrorName(FromStoreError(Error(code, "m"))));
  };
  EXPECT_EQ(name(ErrorCode::kInvalidArgument), "ValidationException");
  EXPECT_EQ(name(ErrorCode::kNotFound), "ResourceNotFoundException");
  EXPECT_EQ(name(ErrorCode::kAborted), "TransactionConflictException");
  EXPECT_EQ(name(ErrorCode::kResourceExhausted), "ThrottlingException");
  EXPECT_EQ(name(ErrorCode::kDataLoss), "InternalServerError");
  EXPECT_EQ(FromStoreError(Error(ErrorCode::kUnavailable, "full disk /secret")).status, 500);
  EXPECT_EQ(FromStoreError(Error(ErrorCode::kUnavailable, "full disk /secret")).message,
            "Internal server error");
}

TEST(ApiResults, ConvertFromValuesApiErrorsAndStoreErrors) {
  const ApiOutcome done = std::string("{}");
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(*done, "{}");
  const ApiOutcome refused = ValidationError("no");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "no");
  const ApiStatus missing = Error(ErrorCode::kNotFound, "find table x");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error(), ResourceNotFound());
}

}  // namespace
}  // namespace zael::endpoint
