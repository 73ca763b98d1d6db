#include "aws/providers/instance_metadata.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "aws/ascii.h"
#include "aws/endpoint_url.h"
#include "aws/sigv4.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

constexpr const char* kTokenPath = "/latest/api/token";
constexpr const char* kTokenSeconds = "21600";
constexpr const char* kIpv6Host = "fd00:ec2::254";
constexpr int kMaxTimeoutSeconds = 60;
constexpr int kMaxAttempts = 10;

// A whole number from 1 to `most`; `usual` when it is not set.
Result<int> FindCount(const Settings& settings, const char* variable, const char* key, int usual,
                      int most) {
  const auto found = settings.Find(variable, key);
  if (!found) return usual;
  int count = 0;
  const char* end = found->value.data() + found->value.size();
  const auto [stop, error] = std::from_chars(found->value.data(), end, count);
  if (error == std::errc() && stop == end && count >= 1 && count <= most) return count;
  return Error(ErrorCode::kInvalidArgument, Format("read {}: {} is not a number from 1 to {}",
                                                   found->place, Shorten(found->value), most));
}

Status FindMode(const Settings& settings, InstanceSource* source) {
  const auto mode =
      settings.Find("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
  const std::string word = mode ? ToLower(mode->value) : "ipv4";
  if (word == "ipv6") source->endpoint.host = kIpv6Host;
  if (word == "ipv4" || word == "ipv6") return {};
  return Error(ErrorCode::kInvalidArgument,
               Format("read {}: {} is neither IPv4 nor IPv6", mode->place, Shorten(mode->value)));
}

bool IsHeaderText(std::string_view text) {
  return !text.empty() &&
         std::none_of(text.begin(), text.end(), [](char c) { return IsControl(c) || c == ' '; });
}

}  // namespace

Result<std::optional<InstanceSource>> FindInstanceSource(const Settings& settings) {
  ZAEL_ASSIGN(const bool disabled,
              settings.FindBool("AWS_EC2_METADATA_DISABLED", "ec2_metadata_disabled"));
  if (disabled) return std::optional<InstanceSource>();
  InstanceSource source;
  ZAEL_TRY(FindMode(settings, &source));
  if (const auto url =
          settings.Find("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")) {
    Result<EndpointUrl> parsed = ParseEndpointUrl(url->value);
    if (!parsed.ok()) {
      return Error(parsed.error().code(), Format("{}: {}", url->place, parsed.error().message()));
    }
    source.endpoint = std::move(parsed->endpoint);
    source.path = std::move(parsed->path);
  }
  ZAEL_ASSIGN(const int timeout, FindCount(settings, "AWS_METADATA_SERVICE_TIMEOUT",
                                           "metadata_service_timeout", 1, kMaxTimeoutSeconds));
  source.policy.timeout = std::chrono::seconds(timeout);
  ZAEL_ASSIGN(source.policy.attempts, FindCount(settings, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                                                "metadata_service_num_attempts", 1, kMaxAttempts));
  return std::optional<InstanceSource>(std::move(source));
}

HttpRequest InstanceMetadata::Request(std::string method, const std::string& path) const {
  HttpRequest request;
  request.endpoint = source_.endpoint;
  request.method = std::move(method);
  request.target = source_.path + path;
  request.headers = {{"Host", HostHeader(source_.endpoint)}};
  return request;
}

void InstanceMetadata::Ask(HttpRequest request, TextCallback done) {
  Fetch(runtime_, std::move(request), source_.policy, kMetadataService,
        [done = std::move(done)](Result<HttpResponse> response) {
          if (!response.ok()) return done(response.error());
          if (response->status != 200) {
            return done(RefusedAnswer(kMetadataService, response->status));
          }
          done(std::move(response->body));
        });
}

void InstanceMetadata::OpenSession(TextCallback done) {
  HttpRequest request = Request("PUT", kTokenPath);
  request.headers.emplace_back("x-aws-ec2-metadata-token-ttl-seconds", kTokenSeconds);
  Ask(std::move(request), [done = std::move(done)](Result<std::string> token) {
    if (token.ok() && !IsHeaderText(*token)) {
      return done(Error(ErrorCode::kUnavailable,
                        Format("ask {}: its token is no token", kMetadataService)));
    }
    done(std::move(token));
  });
}

void InstanceMetadata::Read(const std::string& token, const std::string& path, TextCallback done) {
  HttpRequest request = Request("GET", path);
  request.headers.emplace_back("x-aws-ec2-metadata-token", token);
  Ask(std::move(request), std::move(done));
}

}  // namespace zael::aws
