#include <zael/result.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace zael {

Error::Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kAlreadyExists:
      return "already_exists";
    case ErrorCode::kFailedPrecondition:
      return "failed_precondition";
    case ErrorCode::kAborted:
      return "aborted";
    case ErrorCode::kResourceExhausted:
      return "resource_exhausted";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kDeadlineExceeded:
      return "deadline_exceeded";
    case ErrorCode::kPermissionDenied:
      return "permission_denied";
    case ErrorCode::kDataLoss:
      return "data_loss";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

namespace internal {

void DieOfMissingValue(const Error& error) {
  const std::string_view code = ErrorCodeName(error.code());
  std::fprintf(stderr, "zae-limiter: value() of a failed result: %.*s: %s\n",
               static_cast<int>(code.size()), code.data(), error.message().c_str());
  std::abort();
}

void DieOfMissingError() {
  std::fprintf(stderr, "zae-limiter: error() of a result that is ok\n");
  std::abort();
}

}  // namespace internal
}  // namespace zael
