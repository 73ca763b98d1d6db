#include "aws/sigv4.h"

#include <algorithm>
#include <vector>

#include "aws/sha256.h"
#include "aws/sigv4_canonical.h"
#include "base/time.h"

namespace zael::aws {
namespace {

constexpr std::size_t kDayBytes = 8;

void RemoveHeader(Headers& headers, std::string_view name) {
  const auto removed = [name](const auto& header) { return SameHeader(header.first, name); };
  headers.erase(std::remove_if(headers.begin(), headers.end(), removed), headers.end());
}

void SetSignedHeaders(HttpRequest& request, const Credentials& credentials,
                      const std::string& amz_date) {
  RemoveHeader(request.headers, "Authorization");
  // A Date beside X-Amz-Date would be signed too, and would be that of the first attempt.
  RemoveHeader(request.headers, "Date");
  RemoveHeader(request.headers, "X-Amz-Date");
  RemoveHeader(request.headers, "X-Amz-Security-Token");
  if (FindHeader(request.headers, "Host") == nullptr) {
    request.headers.emplace_back("Host", HostHeader(request.endpoint));
  }
  request.headers.emplace_back("X-Amz-Date", amz_date);
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }
}

}  // namespace

std::string AmzDate(WallTime time) {
  std::string text = ToUtcText(time);
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '-' || c == ':'; }),
             text.end());
  return text;
}

std::string HostHeader(const Endpoint& endpoint) {
  const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
  std::string host = is_ipv6 ? "[" + endpoint.host + "]" : endpoint.host;
  if (endpoint.port != (endpoint.tls ? 443 : 80)) host += ":" + std::to_string(endpoint.port);
  return host;
}

void Signer::Sign(HttpRequest& request, const Credentials& credentials, std::string_view region,
                  std::string_view service, WallTime now) {
  const std::string amz_date = AmzDate(now);
  SetSignedHeaders(request, credentials, amz_date);
  const SigningScope scope{std::string_view(amz_date).substr(0, kDayBytes), region, service};
  const std::string scope_text = ScopeText(scope);
  const std::vector<std::string> names = HeadersToSign(request.headers);
  const std::string canonical =
      CanonicalRequest({request.method, request.target, request.headers, request.body}, names);
  const Sha256Digest key = keys_.Get(credentials.secret_access_key, scope);
  const Sha256Digest signature =
      HmacSha256(AsText(key), StringToSign(amz_date, scope_text, canonical));
  std::string authorization = "AWS4-HMAC-SHA256 Credential=";
  authorization.append(credentials.access_key_id).append("/").append(scope_text);
  authorization.append(", SignedHeaders=").append(JoinSignedHeaders(names));
  authorization.append(", Signature=").append(Hex(signature));
  request.headers.emplace_back("Authorization", std::move(authorization));
}

}  // namespace zael::aws
