#include "aws/providers/sts.h"

#include <utility>

#include "aws/ascii.h"
#include "aws/providers/fetch.h"
#include "aws/sigv4.h"
#include "base/format.h"
#include "os/files.h"

namespace zael::aws {
namespace {

constexpr std::size_t kMaxTokenBytes = 32 * 1024;
constexpr const char* kVersion = "2011-06-15";
constexpr FetchPolicy kPolicy{.attempts = 3, .timeout = std::chrono::seconds(5)};

void AppendFormEncoded(std::string_view text, std::string* out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsAlphanumeric(c) || std::string_view("-_.~").find(c) != std::string_view::npos) {
      *out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out->append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
}

void AppendField(std::string_view name, std::string_view value, std::string* form) {
  if (value.empty()) return;
  form->append("&").append(name).append("=");
  AppendFormEncoded(value, form);
}

HttpRequest RoleCall(const char* action, const RoleRequest& role, const ServiceEndpoint& sts) {
  HttpRequest request;
  request.endpoint = sts.endpoint;
  request.target = sts.path + "/";
  request.headers = {{"Host", HostHeader(sts.endpoint)},
                     {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                     {"Accept", "application/xml"}};
  request.body = Format("Action={}&Version={}", action, kVersion);
  AppendField("RoleArn", role.role_arn, &request.body);
  AppendField("RoleSessionName", role.session_name, &request.body);
  AppendField("ExternalId", role.external_id, &request.body);
  if (role.duration_seconds > 0) {
    AppendField("DurationSeconds", std::to_string(role.duration_seconds), &request.body);
  }
  return request;
}

void Ask(const Runtime& runtime, HttpRequest request, const std::string& role,
         CredentialsCallback done) {
  Fetch(runtime, std::move(request), kPolicy, Format("STS for {}", role),
        [role, done = std::move(done)](const Result<HttpResponse>& response) {
          if (!response.ok()) return done(response.error());
          auto credentials = ParseStsAnswer(response->status, response->body, role);
          if (!credentials.ok()) return done(credentials.error());
          done(std::make_shared<const Credentials>(*std::move(credentials)));
        });
}

}  // namespace

class AssumeRoleCredentials::State : public std::enable_shared_from_this<State> {
 public:
  State(RoleRequest role, ServiceEndpoint sts, std::shared_ptr<CredentialsProvider> source,
        const Runtime& runtime)
      : role_(std::move(role)),
        sts_(std::move(sts)),
        source_(std::move(source)),
        runtime_(runtime) {}

  void Get(CredentialsCallback done) {
    source_->Get([self = shared_from_this(), done = std::move(done)](Result<CredentialsPtr> own) {
      if (!own.ok()) return done(own.error());
      HttpRequest request = RoleCall("AssumeRole", self->role_, self->sts_);
      self->signer_.Sign(request, **own, self->sts_.signing_region, self->sts_.signing_name,
                         self->runtime_.clock->WallNow());
      Ask(self->runtime_, std::move(request), self->role_.role_arn, done);
    });
  }

 private:
  const RoleRequest role_;
  const ServiceEndpoint sts_;
  const std::shared_ptr<CredentialsProvider> source_;
  const Runtime runtime_;
  Signer signer_;
};

AssumeRoleCredentials::AssumeRoleCredentials(RoleRequest role, ServiceEndpoint sts,
                                             std::shared_ptr<CredentialsProvider> source,
                                             const Runtime& runtime)
    : state_(std::make_shared<State>(std::move(role), std::move(sts), std::move(source), runtime)) {
}

void AssumeRoleCredentials::Get(CredentialsCallback done) { state_->Get(std::move(done)); }

WebIdentityCredentials::WebIdentityCredentials(RoleRequest role, std::string token_file,
                                               ServiceEndpoint sts, const Runtime& runtime)
    : role_(std::move(role)),
      token_file_(std::move(token_file)),
      sts_(std::move(sts)),
      runtime_(runtime) {}

void WebIdentityCredentials::Get(CredentialsCallback done) {
  Result<std::string> token = os::ReadSmallFile(token_file_, kMaxTokenBytes);
  if (!token.ok()) return done(token.error());
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r')) token->pop_back();
  if (token->empty()) {
    return done(Error(ErrorCode::kInvalidArgument,
                      Format("read {}: there is no token in it", token_file_)));
  }
  HttpRequest request = RoleCall("AssumeRoleWithWebIdentity", role_, sts_);
  AppendField("WebIdentityToken", *token, &request.body);
  Ask(runtime_, std::move(request), role_.role_arn, std::move(done));
}

}  // namespace zael::aws
