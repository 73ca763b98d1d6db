#include "aws/endpoint_url.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "aws/ascii.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kMaxHostBytes = 253;

bool IsHost(std::string_view host) {
  const auto fits = [](char c) { return IsAlphanumeric(c) || c == '.' || c == '-' || c == '_'; };
  return !host.empty() && host.size() <= kMaxHostBytes &&
         std::all_of(host.begin(), host.end(), fits);
}

bool IsIpv6(std::string_view host) {
  const auto fits = [](char c) { return IsAlphanumeric(c) || c == ':' || c == '.' || c == '%'; };
  return host.find(':') != std::string_view::npos && std::all_of(host.begin(), host.end(), fits);
}

bool IsPath(std::string_view path) {
  const auto fits = [](char c) { return c > ' ' && c < '\x7f' && c != '?' && c != '#'; };
  return std::all_of(path.begin(), path.end(), fits);
}

bool TakeScheme(std::string_view scheme, std::string_view* url) {
  if (ToLower(url->substr(0, scheme.size())) != scheme) return false;
  url->remove_prefix(scheme.size());
  return true;
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// `host`, `host:port` or `[address]:port` into `endpoint`; what is wrong, or null.
const char* ParseAuthority(std::string_view authority, Endpoint* endpoint) {
  std::string_view rest;
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return "its [ has no ]";
    endpoint->host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
    if (!IsIpv6(endpoint->host)) return "there is no IPv6 address in its brackets";
  } else {
    const std::size_t end = std::min(authority.find(':'), authority.size());
    endpoint->host = authority.substr(0, end);
    rest = authority.substr(end);
    if (!IsHost(endpoint->host)) return "it has no proper host";
  }
  if (rest.empty()) return nullptr;
  const auto port = rest.front() == ':' ? ParsePort(rest.substr(1)) : std::nullopt;
  if (!port) return "its port is not a number from 1 to 65535";
  endpoint->port = *port;
  return nullptr;
}

}  // namespace

Result<EndpointUrl> ParseEndpointUrl(std::string_view url) {
  // A user's password stands before an @.
  const bool has_user = url.find('@') != std::string_view::npos;
  const auto fail = [url, has_user](const char* cause) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read endpoint {}: {}", has_user ? "URL" : Shorten(url), cause));
  };
  std::string_view rest = url;
  EndpointUrl parsed;
  parsed.endpoint.tls = TakeScheme("https://", &rest);
  if (!parsed.endpoint.tls && !TakeScheme("http://", &rest)) {
    return fail("it does not begin with http:// or https://");
  }
  parsed.endpoint.port = parsed.endpoint.tls ? kHttpsPort : kHttpPort;
  const std::size_t slash = std::min(rest.find_first_of("/?#"), rest.size());
  const char* wrong = ParseAuthority(rest.substr(0, slash), &parsed.endpoint);
  if (wrong != nullptr) return fail(wrong);
  std::string_view path = rest.substr(slash);
  if (!IsPath(path)) return fail("only a path may follow its host");
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  parsed.path = path;
  return parsed;
}

}  // namespace zael::aws
