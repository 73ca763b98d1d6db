#include "aws/sigv4_verify.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

Error Malformed(std::string_view what) {
  return Error(ErrorCode::kInvalidArgument, Format("read Authorization header: {}", what));
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// Read from the end, because a key id may contain slashes.
Status ParseCredential(std::string_view credential, Authorization* parsed) {
  std::array<std::string_view, 4> scope;
  for (std::size_t i = scope.size(); i-- > 0;) {
    const std::size_t slash = credential.rfind('/');
    if (slash == std::string_view::npos) {
      return Malformed("Credential is not <key id>/<day>/<region>/<service>/aws4_request");
    }
    scope[i] = credential.substr(slash + 1);
    credential = credential.substr(0, slash);
  }
  if (scope[3] != "aws4_request") return Malformed("Credential does not end in aws4_request");
  if (credential.empty()) return Malformed("Credential has no key id");
  parsed->access_key_id = credential;
  parsed->day = scope[0];
  parsed->region = scope[1];
  parsed->service = scope[2];
  return {};
}

}  // namespace

Result<Authorization> ParseAuthorization(std::string_view header) {
  header = Trim(header);
  const std::size_t end = header.find_first_of(" \t");
  if (header.substr(0, end) != kAlgorithm) {
    return Malformed(Format("the algorithm is not {}", kAlgorithm));
  }
  std::optional<std::string_view> credential;
  std::optional<std::string_view> signed_headers;
  std::optional<std::string_view> signature;
  header.remove_prefix(std::min(end, header.size()));
  for (const std::string_view part : Split(header, ',')) {
    const std::string_view field = Trim(part);
    const std::size_t equals = field.find('=');
    const std::string_view name = field.substr(0, equals);
    if (equals == std::string_view::npos) return Malformed(Format("{} has no =", Shorten(field)));
    const std::string_view value = field.substr(equals + 1);
    if (name == "Credential") credential = value;
    if (name == "SignedHeaders") signed_headers = value;
    if (name == "Signature") signature = value;
  }
  if (!credential) return Malformed("it has no Credential");
  if (!signed_headers || signed_headers->empty()) return Malformed("it has no SignedHeaders");
  if (!signature || signature->empty()) return Malformed("it has no Signature");
  Authorization parsed;
  ZAEL_TRY(ParseCredential(*credential, &parsed));
  for (const std::string_view name : Split(*signed_headers, ';')) {
    parsed.signed_headers.emplace_back(name);
  }
  parsed.signature = *signature;
  return parsed;
}

std::string ExpectedSignature(const SignableRequest& request, const Authorization& authorization,
                              std::string_view amz_date, std::string_view secret,
                              SigningKeys& keys) {
  const SigningScope scope{authorization.day, authorization.region, authorization.service};
  const Sha256Digest key = keys.Get(secret, scope);
  const std::string canonical = CanonicalRequest(request, authorization.signed_headers);
  return Hex(HmacSha256(AsText(key), StringToSign(amz_date, ScopeText(scope), canonical)));
}

bool SameSignature(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace zael::aws
