#include "endpoint/authentication.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "aws/sigv4.h"
#include "aws/sigv4_verify.h"
#include "base/format.h"
#include "base/time.h"
#include "endpoint/http_message.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kSignedService = "dynamodb";
constexpr std::string_view kScheme = "AWS4-";

ApiError RefuseRequest(std::string_view name, std::string message) {
  return {.type = Format("com.amazon.coral.service#{}", name), .message = std::move(message)};
}

ApiError InvalidSignature(std::string message) {
  return RefuseRequest("InvalidSignatureException", std::move(message));
}

// 20260131T235959Z
std::optional<WallTime> ParseAmzDate(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto part = [text](std::size_t begin, std::size_t size) {
    return text.substr(begin, size);
  };
  const auto time = ParseUtcText(Format("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 2), part(6, 2),
                                        part(9, 2), part(11, 2), part(13, 2)));
  if (!time.ok()) return std::nullopt;
  return *time;
}

bool Carries(std::string_view header, std::string_view field) {
  return header.find(std::string(field) + "=") != std::string_view::npos;
}

// The sentence for each part that is missing, as AWS puts them together. The header itself, which
// has the key id, is not repeated.
ApiError Incomplete(std::string_view authorization, bool has_date) {
  std::string message;
  for (const std::string_view field : {"Credential", "Signature", "SignedHeaders"}) {
    if (Carries(authorization, field)) continue;
    message += Format("Authorization header requires '{}' parameter. ", field);
  }
  if (!has_date) {
    message +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (message.empty()) message = "Authorization header is malformed. ";
  message.pop_back();
  return RefuseRequest("IncompleteSignatureException", std::move(message));
}

ApiStatus CheckDate(std::string_view amz_date, std::string_view day, WallTime now) {
  const std::optional<WallTime> signed_at = ParseAmzDate(amz_date);
  if (!signed_at.has_value()) {
    return RefuseRequest("IncompleteSignatureException",
                         "Date must be in ISO-8601 'basic format'. See "
                         "http://en.wikipedia.org/wiki/ISO_8601");
  }
  const std::string present = aws::AmzDate(now);
  if (*signed_at < now - kMaxClockSkew) {
    return InvalidSignature(Format("Signature expired: {} is now earlier than {} ({} - 15 min.)",
                                   amz_date, aws::AmzDate(now - kMaxClockSkew), present));
  }
  if (*signed_at > now + kMaxClockSkew) {
    return InvalidSignature(
        Format("Signature not yet current: {} is still later than {} ({} + 15 min.)", amz_date,
               aws::AmzDate(now + kMaxClockSkew), present));
  }
  if (day != amz_date.substr(0, 8)) {
    return InvalidSignature(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
  }
  return {};
}

ApiStatus CheckScope(const aws::Authorization& authorization) {
  const auto& names = authorization.signed_headers;
  if (std::find(names.begin(), names.end(), "host") == names.end()) {
    return InvalidSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (authorization.service != kSignedService) {
    return InvalidSignature("Credential should be scoped to correct service: 'dynamodb'. ");
  }
  return {};
}

std::string HostOf(const HttpRequest& request) {
  const std::string* host = request.Header("host");
  return host == nullptr ? std::string() : *host;
}

}  // namespace

ApiResult<Caller> Authenticator::Check(const HttpRequest& request) {
  const std::string* header = request.Header("authorization");
  if (header == nullptr || !header->starts_with(kScheme)) {
    return RefuseRequest("MissingAuthenticationTokenException",
                         "Request is missing Authentication Token");
  }
  const auto authorization = aws::ParseAuthorization(*header);
  if (keys_.empty()) {
    const bool named = authorization.ok() && !authorization->region.empty();
    return Caller{.region = named ? authorization->region : region_, .host = HostOf(request)};
  }
  const std::string* amz_date = request.Header("x-amz-date");
  if (!authorization.ok() || amz_date == nullptr) return Incomplete(*header, amz_date != nullptr);
  if (const auto date = CheckDate(*amz_date, authorization->day, clock_.WallNow()); !date.ok()) {
    return date.error();
  }
  if (const auto scope = CheckScope(*authorization); !scope.ok()) return scope.error();
  const auto key = keys_.find(authorization->access_key_id);
  if (key == keys_.end()) {
    return RefuseRequest("UnrecognizedClientException",
                         "The security token included in the request is invalid.");
  }
  const std::string expected =
      aws::ExpectedSignature({.method = request.method,
                              .target = request.target,
                              .headers = request.headers,
                              .body = request.body},
                             *authorization, *amz_date, key->second, signing_keys_);
  if (!aws::SameSignature(expected, authorization->signature)) {
    return InvalidSignature(
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details.");
  }
  return Caller{.region = authorization->region, .host = HostOf(request)};
}

}  // namespace zael::endpoint
