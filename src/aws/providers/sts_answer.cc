#include <algorithm>
#include <array>
#include <string_view>

#include "aws/expiry.h"
#include "aws/providers/sts.h"
#include "aws/xml.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

constexpr XmlBounds kBounds{.max_bytes = 64 * 1024, .max_depth = 16, .max_elements = 200};
constexpr std::size_t kMaxMessageBytes = 400;

struct CodeMeaning {
  std::string_view sts_code;
  ErrorCode code;
};

constexpr std::array<CodeMeaning, 18> kMeanings = {{
    {"AccessDenied", ErrorCode::kPermissionDenied},
    {"AccessDeniedException", ErrorCode::kPermissionDenied},
    {"ExpiredToken", ErrorCode::kPermissionDenied},
    {"ExpiredTokenException", ErrorCode::kPermissionDenied},
    {"IDPRejectedClaim", ErrorCode::kPermissionDenied},
    {"IncompleteSignature", ErrorCode::kPermissionDenied},
    {"InvalidClientTokenId", ErrorCode::kPermissionDenied},
    {"InvalidIdentityToken", ErrorCode::kPermissionDenied},
    {"MissingAuthenticationToken", ErrorCode::kPermissionDenied},
    {"OptInRequired", ErrorCode::kPermissionDenied},
    {"RegionDisabledException", ErrorCode::kPermissionDenied},
    {"SignatureDoesNotMatch", ErrorCode::kPermissionDenied},
    {"Throttling", ErrorCode::kResourceExhausted},
    {"ThrottlingException", ErrorCode::kResourceExhausted},
    {"RequestLimitExceeded", ErrorCode::kResourceExhausted},
    {"ValidationError", ErrorCode::kInvalidArgument},
    {"MalformedPolicyDocument", ErrorCode::kInvalidArgument},
    {"PackedPolicyTooLarge", ErrorCode::kInvalidArgument},
}};

ErrorCode MeaningOf(std::string_view sts_code) {
  const auto found = std::find_if(kMeanings.begin(), kMeanings.end(), [sts_code](const auto& each) {
    return each.sts_code == sts_code;
  });
  return found == kMeanings.end() ? ErrorCode::kUnavailable : found->code;
}

// A sentence from outside, on one line. The service writes no secret into it.
std::string OneLine(std::string_view text) {
  std::string line(text.substr(0, kMaxMessageBytes));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c == '\x7f'; }, ' ');
  return line;
}

Error Refused(unsigned status, std::string_view body, const std::string& role) {
  const auto xml = ParseXml(body, kBounds);
  const std::string_view code = xml.ok() ? xml->TextAt("Error/Code") : std::string_view();
  if (code.empty()) {
    return Error(ErrorCode::kUnavailable, Format("ask STS for {}: it answered {}", role, status));
  }
  return Error(MeaningOf(code), Format("ask STS for {}: {}: {}", role, OneLine(code),
                                       OneLine(xml->TextAt("Error/Message"))));
}

// The fifth part of `arn:aws:sts::123456789012:assumed-role/role/session`.
std::string AccountOf(std::string_view arn) {
  for (int colons = 0; colons < 4; ++colons) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return std::string(arn.substr(0, arn.find(':')));
}

}  // namespace

Result<Credentials> ParseStsAnswer(unsigned status, std::string_view body,
                                   const std::string& role) {
  if (status != 200) return Refused(status, body, role);
  const auto fail = [&role](std::string_view cause) {
    return Error(ErrorCode::kUnavailable, Format("ask STS for {}: {}", role, cause));
  };
  const auto xml = ParseXml(body, kBounds);
  if (!xml.ok()) return fail("its answer is no XML");
  const XmlElement* result = xml->Child("AssumeRoleResult");
  if (result == nullptr) result = xml->Child("AssumeRoleWithWebIdentityResult");
  const XmlElement* given = result == nullptr ? nullptr : result->Child("Credentials");
  if (given == nullptr) return fail("its answer holds no credentials");
  Credentials credentials;
  credentials.access_key_id = given->TextAt("AccessKeyId");
  credentials.secret_access_key = given->TextAt("SecretAccessKey");
  credentials.session_token = given->TextAt("SessionToken");
  credentials.account_id = AccountOf(result->TextAt("AssumedRoleUser/Arn"));
  const Result<WallTime> expiry = ParseExpiry(given->TextAt("Expiration"));
  if (!expiry.ok()) return fail("its answer says no expiry");
  credentials.expiry = *expiry;
  const Status sendable = CheckCredentials(credentials, "the answer of STS");
  if (!sendable.ok()) return fail(sendable.error().message());
  return credentials;
}

}  // namespace zael::aws
