// Whatever a container, an instance, a program or STS answers: it is read into credentials that can
// be sent, or refused with a code that says whose fault it is and without repeating what it read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/ascii.h"
#include "aws/providers/credential_answer.h"
#include "aws/providers/sts.h"
#include "base/check.h"

namespace {

using zael::Error;
using zael::ErrorCode;
using zael::Result;
using zael::aws::CredentialAnswerKind;
using zael::aws::Credentials;

// Stands for a secret: seeds hold it where secrets stand.
constexpr std::string_view kSecret = "s3cr3t";

void CheckSendable(const Credentials& credentials) {
  CHECK(zael::aws::CheckCredentials(credentials, "x").ok());
}

void CheckMessage(const Error& error) {
  const std::string& message = error.message();
  CHECK(message.size() < 2'000);
  CHECK(std::none_of(message.begin(), message.end(), zael::aws::IsControl));
}

void ReadJson(const std::string& text, CredentialAnswerKind kind) {
  const Result<Credentials> read = zael::aws::ParseCredentialAnswer(text, kind, "SOURCE");
  if (read.ok()) return CheckSendable(*read);
  CheckMessage(read.error());
  const ErrorCode code = read.error().code();
  if (kind == CredentialAnswerKind::kInstance && code == ErrorCode::kPermissionDenied) return;
  CHECK(code == (kind == CredentialAnswerKind::kProgram ? ErrorCode::kInvalidArgument
                                                        : ErrorCode::kUnavailable));
  CHECK(read.error().message().find(kSecret) == std::string::npos);
}

void ReadSts(unsigned status, std::string_view text) {
  const Result<Credentials> read = zael::aws::ParseStsAnswer(status, text, "ROLE");
  if (read.ok()) {
    CHECK(status == 200 && read->expiry.has_value());
    return CheckSendable(*read);
  }
  CheckMessage(read.error());
  if (status == 200) {
    CHECK(read.error().code() == ErrorCode::kUnavailable);
    CHECK(read.error().message().find(kSecret) == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ReadJson(text, CredentialAnswerKind::kContainer);
  ReadJson(text, CredentialAnswerKind::kInstance);
  ReadJson(text, CredentialAnswerKind::kProgram);
  ReadSts(200, text);
  ReadSts(403, text);
  return 0;
}
