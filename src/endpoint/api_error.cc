#include "endpoint/api_error.h"

#include <array>

#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kService = "com.amazonaws.dynamodb.v20120810#";
constexpr std::string_view kValidate = "com.amazon.coral.validate#";
constexpr std::string_view kCoral = "com.amazon.coral.service#";

std::string Joined(std::string_view name_space, std::string_view name) {
  return std::string(name_space).append(name);
}

// These write their message with a capital letter; botocore and the SDKs read both.
std::string_view MessageMember(std::string_view name) {
  static constexpr std::array<std::string_view, 3> kCapital = {
      "TransactionCanceledException", "SerializationException", "AccessDeniedException"};
  for (const std::string_view one : kCapital) {
    if (one == name) return "Message";
  }
  return "message";
}

}  // namespace

std::string_view ErrorName(const ApiError& error) {
  const std::string_view type = error.type;
  return type.substr(type.rfind('#') + 1);  // npos + 1 is 0: the whole of a bare name
}

std::string ErrorBody(const ApiError& error) {
  json::JsonWriter writer;
  writer.BeginObject().Key("__type").String(error.type);
  if (!error.message.empty()) {
    writer.Key(MessageMember(ErrorName(error))).String(error.message);
  }
  std::string body = writer.EndObject().Take();
  if (error.extra_members_json.empty()) return body;
  body.pop_back();
  return body.append(",").append(error.extra_members_json).append("}");
}

ApiError ValidationError(std::string message) {
  return {.type = Joined(kValidate, "ValidationException"), .message = std::move(message)};
}

ApiError ResourceNotFound() { return ResourceNotFound("Requested resource not found"); }

ApiError ResourceNotFound(std::string message) {
  return ServiceError("ResourceNotFoundException", std::move(message));
}

ApiError ResourceInUse(std::string message) {
  return ServiceError("ResourceInUseException", std::move(message));
}

ApiError LimitExceeded(std::string message) {
  return ServiceError("LimitExceededException", std::move(message));
}

ApiError ConditionalCheckFailed(std::string item_json) {
  ApiError error =
      ServiceError("ConditionalCheckFailedException", "The conditional request failed");
  if (!item_json.empty()) error.extra_members_json = "\"Item\":" + std::move(item_json);
  return error;
}

ApiError TransactionCanceled(std::string_view codes, std::string reasons_json) {
  ApiError error = ServiceError(
      "TransactionCanceledException",
      "Transaction cancelled, please refer cancellation reasons for specific reasons [");
  error.message.append(codes).append("]");
  error.extra_members_json = "\"CancellationReasons\":" + std::move(reasons_json);
  return error;
}

ApiError IdempotentParameterMismatch() {
  return ServiceError("IdempotentParameterMismatchException",
                      "The request uses the same client token as a previous, but non-identical "
                      "request. Do not reuse a client token with different requests, unless the "
                      "requests are identical");
}

ApiError SerializationError(std::string message) {
  return {.type = Joined(kCoral, "SerializationException"), .message = std::move(message)};
}

ApiError UnknownOperation() {
  return {.type = Joined(kCoral, "UnknownOperationException"), .message = {}};
}

ApiError InternalServerError() {
  ApiError error = ServiceError("InternalServerError", "Internal server error");
  error.status = 500;
  return error;
}

ApiError ServiceError(std::string_view name, std::string message) {
  return {.type = Joined(kService, name), .message = std::move(message)};
}

ApiError FromStoreError(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kFailedPrecondition:
      return ValidationError(error.message());
    case ErrorCode::kNotFound:
      return ResourceNotFound();
    case ErrorCode::kAlreadyExists:
      return ResourceInUse(error.message());
    case ErrorCode::kAborted:
      return ServiceError("TransactionConflictException", "Transaction is ongoing for the item");
    case ErrorCode::kResourceExhausted:
      return {.type = "com.amazon.coral.availability#ThrottlingException",
              .message = "Rate exceeded"};
    case ErrorCode::kPermissionDenied:
      return {.type = Joined(kCoral, "AccessDeniedException"), .message = error.message()};
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kDataLoss:
    case ErrorCode::kInternal:
      break;
  }
  return InternalServerError();
}

}  // namespace zael::endpoint
