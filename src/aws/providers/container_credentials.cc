#include "aws/providers/container_credentials.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "aws/ascii.h"
#include "aws/endpoint_url.h"
#include "aws/providers/credential_answer.h"
#include "aws/providers/fetch.h"
#include "aws/sigv4.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "os/files.h"

namespace zael::aws {
namespace {

constexpr const char* kRelativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kEcsHost = "169.254.170.2";
constexpr std::uint16_t kHttpPort = 80;
constexpr std::size_t kMaxTokenBytes = 16 * 1024;
constexpr const char* kContainer = "the container's credentials";

// Where plain http ends on this host or at an agent of the platform.
bool IsTrustedHost(std::string_view host) {
  constexpr std::array<std::string_view, 6> kHosts = {
      kEcsHost, "169.254.170.23", "fd00:ec2::23", "localhost", "::1", "0:0:0:0:0:0:0:1"};
  if (std::find(kHosts.begin(), kHosts.end(), host) != kHosts.end()) return true;
  // 127.0.0.0/8, and no name that begins so.
  return host.substr(0, 4) == "127." &&
         std::all_of(host.begin(), host.end(), [](char c) { return IsDigit(c) || c == '.'; });
}

bool IsTarget(std::string_view target) {
  return target.substr(0, 1) == "/" && std::all_of(target.begin(), target.end(), [](char c) {
           return c > ' ' && c < '\x7f' && c != '#';
         });
}

Error Refuse(const std::string& place, const std::string& cause) {
  return Error(ErrorCode::kInvalidArgument, Format("read {}: {}", place, cause));
}

// As an endpoint, but the path is kept as it is, and may have a query.
Status ReadFullUri(const PlacedSetting& uri, ContainerSource* source) {
  const std::string_view url = uri.value;
  const std::size_t authority = url.find("://");
  const std::size_t path =
      authority == std::string_view::npos ? url.size() : url.find_first_of("/?", authority + 3);
  const auto parsed = ParseEndpointUrl(url.substr(0, path));
  if (!parsed.ok()) return Refuse(uri.place, parsed.error().message());
  source->endpoint = parsed->endpoint;
  source->target = path < url.size() ? url.substr(path) : "/";
  if (source->target.front() == '?') source->target.insert(0, "/");
  if (!IsTarget(source->target)) return Refuse(uri.place, "its path cannot be sent");
  if (source->endpoint.tls || IsTrustedHost(ToLower(source->endpoint.host))) return {};
  return Refuse(uri.place, Format("http is for this host and the platform's agents, and {} is "
                                  "neither; use https",
                                  Shorten(source->endpoint.host)));
}

// What goes into the Authorization header; empty: nothing.
Result<std::string> ReadToken(const ContainerSource& source) {
  std::string token = source.token;
  if (!source.token_file.empty()) {
    ZAEL_ASSIGN(token, os::ReadSmallFile(source.token_file, kMaxTokenBytes));
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  }
  if (std::none_of(token.begin(), token.end(), IsControl)) return token;
  return Error(
      ErrorCode::kInvalidArgument,
      Format("read {}: the token holds a control character",
             source.token_file.empty() ? "AWS_CONTAINER_AUTHORIZATION_TOKEN" : source.token_file));
}

}  // namespace

Result<std::optional<ContainerSource>> FindContainerSource(const Settings& settings) {
  ContainerSource source;
  if (const auto relative = settings.FindVariable(kRelativeUri)) {
    source.endpoint = {false, kEcsHost, kHttpPort};
    source.target = relative->value;
    if (!IsTarget(source.target)) return Refuse(kRelativeUri, "it is no path that begins with /");
  } else if (const auto full = settings.FindVariable(kFullUri)) {
    ZAEL_TRY(ReadFullUri(*full, &source));
  } else {
    return std::optional<ContainerSource>();
  }
  if (const auto file = settings.FindVariable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    source.token_file = file->value;
  } else if (const auto token = settings.FindVariable("AWS_CONTAINER_AUTHORIZATION_TOKEN")) {
    source.token = token->value;
  }
  return std::optional<ContainerSource>(std::move(source));
}

void ContainerCredentials::Get(CredentialsCallback done) {
  const Result<std::string> token = ReadToken(source_);
  if (!token.ok()) return done(token.error());
  HttpRequest request;
  request.endpoint = source_.endpoint;
  request.method = "GET";
  request.target = source_.target;
  request.headers = {{"Host", HostHeader(source_.endpoint)}, {"Accept", "application/json"}};
  if (!token->empty()) request.headers.emplace_back("Authorization", *token);
  Fetch(runtime_, std::move(request), {.attempts = 3, .timeout = std::chrono::seconds(2)},
        kContainer, [done = std::move(done)](Result<HttpResponse> response) {
          if (!response.ok()) return done(response.error());
          if (response->status != 200) return done(RefusedAnswer(kContainer, response->status));
          auto credentials = ParseCredentialAnswer(std::move(response->body),
                                                   CredentialAnswerKind::kContainer, kContainer);
          if (!credentials.ok()) return done(credentials.error());
          done(std::make_shared<const Credentials>(*std::move(credentials)));
        });
}

}  // namespace zael::aws
