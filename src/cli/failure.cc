#include "cli/failure.h"

#include "base/format.h"
#include "cli/datum.h"

namespace zael::cli {

int ExitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 2;
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
      return 3;
    case ErrorCode::kFailedPrecondition:
      return 4;
    case ErrorCode::kAborted:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
      return 5;
    case ErrorCode::kPermissionDenied:
      return 6;
    case ErrorCode::kDataLoss:
    case ErrorCode::kInternal:
      return 7;
  }
  return 7;
}

std::string FailureText(const Error& error, const std::string& next_step, bool json,
                        const Console& console) {
  if (json) {
    Datum::Object body{{"code", Datum(ErrorCodeName(error.code()))},
                       {"message", Datum(error.message())},
                       {"exit_code", Datum(ExitCodeOf(error.code()))},
                       {"try", next_step.empty() ? Datum() : Datum(next_step)}};
    return ToJsonDocument(Datum(Datum::Object{{"error", Datum(std::move(body))}}));
  }
  std::string text =
      Format("{} {}\n", console.ErrStyled(Style::kBad, "error:"), Printable(error.message()));
  if (!next_step.empty()) {
    text += Format("{} {}\n", console.ErrStyled(Style::kStrong, "try:"), Printable(next_step));
  }
  return text;
}

}  // namespace zael::cli
