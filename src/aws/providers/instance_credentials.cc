#include "aws/providers/instance_credentials.h"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <utility>

#include "aws/ascii.h"
#include "aws/providers/credential_answer.h"
#include "base/format.h"

namespace zael::aws {
namespace {

constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/";

// The names that IAM allows: nothing that would change the path.
bool IsRoleName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlphanumeric(c) || std::string_view("+=,.@_-").find(c) != std::string_view::npos;
  });
}

}  // namespace

// Token, then the role's name, then its credentials.
class InstanceCredentials::State : public std::enable_shared_from_this<State> {
 public:
  State(InstanceSource source, const Runtime& runtime)
      : metadata_(std::make_shared<InstanceMetadata>(std::move(source), runtime)) {}

  void Get(CredentialsCallback done) {
    metadata_->OpenSession([self = shared_from_this(), done = std::move(done)](auto token) {
      if (!token.ok()) return done(self->Explain(token.error()));
      self->answered_ = true;
      self->AskRole(*token, done);
    });
  }

 private:
  void AskRole(const std::string& token, const CredentialsCallback& done) {
    metadata_->Read(token, kRolePath, [self = shared_from_this(), token, done](auto text) {
      if (!text.ok()) {
        if (text.error().code() != ErrorCode::kNotFound) return done(text.error());
        return done(
            Error(ErrorCode::kNotFound, Format("ask {}: no role is attached", kMetadataService)));
      }
      const std::string role = text->substr(0, text->find_first_of("\r\n"));
      if (!IsRoleName(role)) {
        return done(
            Error(ErrorCode::kUnavailable, Format("ask {}: it names no role", kMetadataService)));
      }
      self->AskCredentials(token, role, done);
    });
  }

  void AskCredentials(const std::string& token, const std::string& role,
                      const CredentialsCallback& done) {
    metadata_->Read(token, kRolePath + role, [done](auto text) {
      if (!text.ok()) return done(text.error());
      auto credentials = ParseCredentialAnswer(*std::move(text), CredentialAnswerKind::kInstance,
                                               kMetadataService);
      if (!credentials.ok()) return done(credentials.error());
      done(std::make_shared<const Credentials>(*std::move(credentials)));
    });
  }

  // Where nothing ever answered there is no instance, and no outage that would pass.
  Error Explain(const Error& error) const {
    const bool silent =
        error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kDeadlineExceeded;
    return Error(silent && !answered_ ? ErrorCode::kNotFound : error.code(), error.message());
  }

  const std::shared_ptr<InstanceMetadata> metadata_;
  std::atomic<bool> answered_{false};
};

InstanceCredentials::InstanceCredentials(InstanceSource source, const Runtime& runtime)
    : state_(std::make_shared<State>(std::move(source), runtime)) {}

void InstanceCredentials::Get(CredentialsCallback done) { state_->Get(std::move(done)); }

}  // namespace zael::aws
