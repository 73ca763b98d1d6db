#include "dynamo/service_error.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::dynamo {
namespace {

ServiceError Read(unsigned status, std::string body) {
  return ReadServiceError({.status = status, .headers = {}, .body = std::move(body)});
}

ServiceError Of(std::string code, std::string message = "", unsigned status = 400) {
  return {.status = status,
          .code = std::move(code),
          .message = std::move(message),
          .body = "",
          .reasons = {}};
}

std::string StoreCodeOf(const ServiceError& error) {
  return std::string(ErrorCodeName(ToStoreError(error, "UpdateItem").code()));
}

TEST(ServiceError, ReadsEveryFormOfAnErrorBody) {
  const auto plain =
      Read(400, R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
                R"("message":"Requested resource not found"})");
  EXPECT_EQ(plain.code, "ResourceNotFoundException");
  EXPECT_EQ(plain.message, "Requested resource not found");
  EXPECT_EQ(Read(400, R"({"__type":"com.amazon.coral.service#AccessDeniedException",)"
                      R"("Message":"no"})")
                .message,
            "no");
  EXPECT_EQ(Read(400, R"({"code":"ThrottlingException:http://internal"})").code,
            "ThrottlingException");
  EXPECT_EQ(Read(400, R"({"__type":"UnknownOperationException"})").code,
            "UnknownOperationException");
}

TEST(ServiceError, TakesTheCodeOfTheHeaderWhenTheBodyHasNone) {
  const auto error = ReadServiceError(
      {.status = 400, .headers = {{"x-amzn-ErrorType", "AccessDeniedException:"}}, .body = "{}"});
  EXPECT_EQ(error.code, "AccessDeniedException");
}

TEST(ServiceError, AnUnreadableBodyLeavesTheStatus) {
  for (const char* body : {"", "<html>", "[]", "{\"__type\":7}"}) {
    const auto error = Read(502, body);
    EXPECT_EQ(error.code, "");
    EXPECT_EQ(ClassOf(error), FailureClass::kUnknown);
    EXPECT_EQ(StoreCodeOf(error), "unavailable");
    EXPECT_EQ(ClassOf(Read(404, body)), FailureClass::kFinal);
    EXPECT_EQ(StoreCodeOf(Read(404, body)), "internal");
    EXPECT_EQ(ClassOf(Read(400, body)), FailureClass::kUnknown) << "changed on its way";
  }
}

TEST(ServiceError, ShortensWhatTheServerSays) {
  EXPECT_EQ(
      Read(400, R"({"__type":"X","message":")" + std::string(10'000, 'a') + "\"}").message.size(),
      500U);
}

TEST(ServiceError, IsClassedByWhatItLetsAClientDo) {
  for (const char* code : {"ThrottlingException", "ProvisionedThroughputExceededException",
                           "RequestLimitExceeded", "TransactionInProgressException"}) {
    EXPECT_EQ(ClassOf(Of(code)), FailureClass::kThrottled) << code;
    EXPECT_EQ(StoreCodeOf(Of(code)), "resource_exhausted") << code;
  }
  EXPECT_EQ(ClassOf(Of("", "", 429)), FailureClass::kThrottled);
  EXPECT_EQ(ClassOf(Of("TransactionConflictException")), FailureClass::kConflict);
  EXPECT_EQ(ClassOf(Of("InternalServerError", "", 500)), FailureClass::kUnknown);
  EXPECT_EQ(ClassOf(Of("", "", 503)), FailureClass::kUnknown);
  EXPECT_EQ(ClassOf(Of("ExpiredTokenException")), FailureClass::kCredentials);
  for (const char* code : {"ValidationException", "ConditionalCheckFailedException",
                           "ResourceNotFoundException", "AccessDeniedException"}) {
    EXPECT_EQ(ClassOf(Of(code)), FailureClass::kFinal) << code;
  }
}

TEST(ServiceError, ACancelledTransactionIsTriedAgainOnlyForWhatPasses) {
  const auto cancelled = [](const std::string& codes) {
    return Read(400, R"({"__type":"x#TransactionCanceledException","CancellationReasons":[)" +
                         codes + "]}");
  };
  const std::string none = R"({"Code":"None"})", conflict = R"({"Code":"TransactionConflict"})",
                    throttle = R"({"Code":"ThrottlingError"})",
                    lost = R"({"Code":"ConditionalCheckFailed"})";
  EXPECT_EQ(ClassOf(cancelled(none + "," + conflict)), FailureClass::kConflict);
  EXPECT_EQ(ClassOf(cancelled(conflict + "," + throttle)), FailureClass::kThrottled);
  EXPECT_EQ(ClassOf(cancelled(conflict + "," + lost)), FailureClass::kFinal);
  EXPECT_EQ(ClassOf(cancelled(none)), FailureClass::kFinal);
  EXPECT_EQ(ClassOf(cancelled("")), FailureClass::kFinal);
}

TEST(ServiceError, TellsASkewedClockFromAWrongKey) {
  const auto late = Of("InvalidSignatureException",
                       "Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z");
  const auto early = Of("InvalidSignatureException", "Signature not yet current: 20260101T000000Z");
  EXPECT_EQ(ClassOf(late), FailureClass::kSkewed);
  EXPECT_EQ(ClassOf(early), FailureClass::kSkewed);
  const auto wrong = Of("InvalidSignatureException",
                        "The request signature we calculated does not match the signature");
  EXPECT_EQ(ClassOf(wrong), FailureClass::kFinal);
  EXPECT_EQ(StoreCodeOf(wrong), "permission_denied");
}

TEST(ServiceError, P17_OnlyOutagesAndThrottlingAreCalledThat) {
  EXPECT_EQ(StoreCodeOf(Of("AccessDeniedException")), "permission_denied");
  EXPECT_EQ(StoreCodeOf(Of("UnrecognizedClientException")), "permission_denied");
  EXPECT_EQ(StoreCodeOf(Of("ExpiredTokenException")), "permission_denied");
  EXPECT_EQ(StoreCodeOf(Of("ValidationException")), "invalid_argument");
  EXPECT_EQ(StoreCodeOf(Of("SerializationException")), "invalid_argument");
  EXPECT_EQ(StoreCodeOf(Of("ResourceNotFoundException")), "not_found");
  EXPECT_EQ(StoreCodeOf(Of("TransactionConflictException")), "aborted");
  EXPECT_EQ(StoreCodeOf(Of("SomethingNew")), "internal");
  EXPECT_EQ(StoreCodeOf(Of("", "", 403)), "permission_denied");
  EXPECT_EQ(StoreCodeOf(Of("", "", 413)), "invalid_argument");
}

TEST(ServiceError, TellsTheMeaningsOfOneCodeApart) {
  EXPECT_EQ(StoreCodeOf(Of("ResourceInUseException", "Table already exists: T")), "already_exists");
  EXPECT_EQ(StoreCodeOf(Of("ResourceInUseException",
                           "Attempt to change a resource which is still "
                           "in use: Table is being created: T")),
            "failed_precondition");
  EXPECT_EQ(StoreCodeOf(Of("ValidationException",
                           "Resource cannot be deleted as it is currently protected against "
                           "deletion. Disable deletion protection first.")),
            "failed_precondition");
}

TEST(ServiceError, NamesTheOperationAndWhatTheServerSaid) {
  EXPECT_EQ(ToStoreError(Of("ValidationException", "bad"), "PutItem").message(),
            "PutItem: the server answered 400 ValidationException: bad");
  EXPECT_EQ(ToStoreError(Of("", "", 502), "PutItem").message(),
            "PutItem: the server answered 502 no error code");
}

}  // namespace
}  // namespace zael::dynamo
