#include "dynamo/service_error.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format.h"
#include "json/json_document.h"

namespace zael::dynamo {
namespace {

constexpr std::size_t kMaxMessageBytes = 500;
constexpr std::size_t kMaxErrorBytes = 8 * 1024 * 1024;  // a cancelled transaction returns items

template <std::size_t size>
using Codes = std::array<std::string_view, size>;

constexpr Codes<15> kThrottles = {"Throttling",
                                  "ThrottlingException",
                                  "ThrottledException",
                                  "RequestThrottledException",
                                  "RequestThrottled",
                                  "TooManyRequestsException",
                                  "ProvisionedThroughputExceededException",
                                  "TransactionInProgressException",
                                  "RequestLimitExceeded",
                                  "BandwidthLimitExceeded",
                                  "LimitExceededException",
                                  "SlowDown",
                                  "PriorRequestNotComplete",
                                  "EC2ThrottledException",
                                  "ReplicatedWriteConflictException"};
constexpr Codes<3> kThrottleReasons = {"ThrottlingError", "ProvisionedThroughputExceeded",
                                       "RequestLimitExceeded"};
constexpr Codes<2> kTransient = {"RequestTimeout", "RequestTimeoutException"};
constexpr Codes<2> kSkewCodes = {"RequestTimeTooSkewed", "RequestExpired"};
constexpr Codes<3> kCredentialCodes = {"ExpiredTokenException", "ExpiredToken",
                                       "UnrecognizedClientException"};
constexpr Codes<12> kDenials = {"AccessDeniedException",
                                "AccessDenied",
                                "UnrecognizedClientException",
                                "InvalidSignatureException",
                                "IncompleteSignatureException",
                                "IncompleteSignature",
                                "MissingAuthenticationTokenException",
                                "MissingAuthenticationToken",
                                "InvalidClientTokenId",
                                "ExpiredTokenException",
                                "ExpiredToken",
                                "KMSAccessDeniedException"};
constexpr Codes<6> kAbsent = {"ResourceNotFoundException", "TableNotFoundException",
                              "IndexNotFoundException",    "BackupNotFoundException",
                              "ShardNotFoundException",    "StreamNotFoundException"};
constexpr Codes<4> kWrong = {"ValidationException", "SerializationException",
                             "ItemCollectionSizeLimitExceededException",
                             "IdempotentParameterMismatchException"};

template <std::size_t size>
bool IsOneOf(const Codes<size>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// `Signature expired: ...` and `Signature not yet current: ...` share their code with a wrong key.
bool IsSkew(const ServiceError& error) {
  if (IsOneOf(kSkewCodes, error.code)) return true;
  return error.code == "InvalidSignatureException" &&
         (Contains(error.message, "Signature expired") ||
          Contains(error.message, "Signature not yet current"));
}

std::string CodeFrom(std::string_view type) {
  if (const auto hash = type.rfind('#'); hash != std::string_view::npos) {
    type.remove_prefix(hash + 1);
  }
  return std::string(type.substr(0, type.find(':')));
}

std::vector<std::string> ReasonsOf(const json::JsonValue& reasons) {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    const auto code = reasons.At(i).Find("Code").AsString().value_or("");
    if (code != "None") codes.emplace_back(code);
  }
  return codes;
}

// Nothing of it was done whatever the reasons; they say whether it is worth trying as it is.
FailureClass ClassOfCancellation(const ServiceError& error) {
  const auto is_throttle = [](const std::string& reason) {
    return IsOneOf(kThrottleReasons, reason);
  };
  const auto passes = [&](const std::string& reason) {
    return reason == "TransactionConflict" || is_throttle(reason);
  };
  const auto& reasons = error.reasons;
  if (reasons.empty() || !std::all_of(reasons.begin(), reasons.end(), passes)) {
    return FailureClass::kFinal;
  }
  return std::any_of(reasons.begin(), reasons.end(), is_throttle) ? FailureClass::kThrottled
                                                                  : FailureClass::kConflict;
}

ErrorCode StoreCode(const ServiceError& error) {
  if (error.code == "ResourceInUseException") {
    return Contains(error.message, "already exists") ? ErrorCode::kAlreadyExists
                                                     : ErrorCode::kFailedPrecondition;
  }
  if (error.code == "ValidationException" &&
      Contains(error.message, "protected against deletion")) {
    return ErrorCode::kFailedPrecondition;
  }
  if (IsOneOf(kDenials, error.code) || IsSkew(error)) return ErrorCode::kPermissionDenied;
  if (IsOneOf(kAbsent, error.code)) return ErrorCode::kNotFound;
  if (IsOneOf(kWrong, error.code)) return ErrorCode::kInvalidArgument;
  switch (ClassOf(error)) {
    case FailureClass::kThrottled:
      return ErrorCode::kResourceExhausted;
    case FailureClass::kConflict:
      return ErrorCode::kAborted;
    case FailureClass::kUnknown:
      return ErrorCode::kUnavailable;
    default:
      break;
  }
  if (error.status == 413) return ErrorCode::kInvalidArgument;
  if (error.status == 401 || error.status == 403) return ErrorCode::kPermissionDenied;
  return ErrorCode::kInternal;
}

}  // namespace

ServiceError ReadServiceError(aws::HttpResponse response) {
  ServiceError error{.status = response.status};
  const auto document =
      json::JsonDocument::Parse(response.body, {.max_bytes = kMaxErrorBytes});  // copies: small
  if (document.ok()) {
    const auto root = document->root();
    const auto text = [&](std::string_view name) { return root.Find(name).AsString(); };
    error.code = CodeFrom(text("__type").value_or(text("code").value_or("")));
    error.message = text("message").value_or(text("Message").value_or(""));
    error.reasons = ReasonsOf(root.Find("CancellationReasons"));
  }
  if (error.code.empty()) {
    for (const auto& [name, value] : response.headers) {
      if (name == "x-amzn-errortype" || name == "x-amzn-ErrorType") error.code = CodeFrom(value);
    }
  }
  if (error.message.size() > kMaxMessageBytes) error.message.resize(kMaxMessageBytes);
  error.body = std::move(response.body);
  return error;
}

FailureClass ClassOf(const ServiceError& error) {
  if (IsOneOf(kThrottles, error.code) || error.status == 429) return FailureClass::kThrottled;
  if (error.code == "TransactionConflictException") return FailureClass::kConflict;
  if (error.code == "TransactionCanceledException") return ClassOfCancellation(error);
  if (IsSkew(error)) return FailureClass::kSkewed;
  if (IsOneOf(kCredentialCodes, error.code)) return FailureClass::kCredentials;
  if (error.status >= 500 || IsOneOf(kTransient, error.code)) return FailureClass::kUnknown;
  // DynamoDB gives every refusal a code: this one was changed on its way and may have been any.
  if (error.status == 400 && error.code.empty()) return FailureClass::kUnknown;
  return FailureClass::kFinal;
}

Error ToStoreError(const ServiceError& error, std::string_view operation) {
  const std::string code = error.code.empty() ? "no error code" : error.code;
  const std::string cause = error.message.empty() ? std::string() : Format(": {}", error.message);
  return {StoreCode(error),
          Format("{}: the server answered {} {}{}", operation, error.status, code, cause)};
}

}  // namespace zael::dynamo
