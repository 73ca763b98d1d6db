#include "aws/providers/credential_answer.h"

#include <optional>
#include <string_view>
#include <utility>

#include "aws/expiry.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "json/json_document.h"

namespace zael::aws {
namespace {

using json::JsonValue;

constexpr json::JsonBounds kBounds{.max_bytes = 64 * 1024, .max_depth = 8};

class Answer {
 public:
  Answer(JsonValue root, CredentialAnswerKind kind, const std::string& source)
      : root_(root), kind_(kind), source_(source) {}

  Result<Credentials> Read() const {
    if (!root_.Is(JsonValue::Kind::kObject)) return Fail("it is no JSON object");
    if (kind_ == CredentialAnswerKind::kInstance) ZAEL_TRY(CheckCode());
    if (kind_ == CredentialAnswerKind::kProgram && root_.Find("Version").AsInt64() != 1) {
      return Fail("its Version is not 1");
    }
    Credentials credentials;
    ZAEL_ASSIGN(credentials.access_key_id, Text("AccessKeyId"));
    ZAEL_ASSIGN(credentials.secret_access_key, Text("SecretAccessKey"));
    const bool program = kind_ == CredentialAnswerKind::kProgram;
    ZAEL_ASSIGN(credentials.session_token, Text(program ? "SessionToken" : "Token"));
    ZAEL_ASSIGN(credentials.account_id, Text("AccountId"));
    ZAEL_ASSIGN(const std::string expiry, Text("Expiration"));
    if (!expiry.empty()) {
      const Result<WallTime> time = ParseExpiry(expiry);
      if (!time.ok()) return Fail("its Expiration is no time");
      credentials.expiry = *time;
    }
    const Status sendable = CheckCredentials(credentials, source_);
    if (!sendable.ok()) return Error(FaultCode(), sendable.error().message());
    return credentials;
  }

 private:
  ErrorCode FaultCode() const {
    return kind_ == CredentialAnswerKind::kProgram ? ErrorCode::kInvalidArgument
                                                   : ErrorCode::kUnavailable;
  }

  Error Fail(std::string_view cause) const {
    return Error(FaultCode(), Format("read answer of {}: {}", source_, cause));
  }

  Status CheckCode() const {
    const auto code = root_.Find("Code").AsString();
    if (!code || *code == "Success") return {};
    return Error(ErrorCode::kPermissionDenied,
                 Format("read answer of {}: it says {}", source_, Shorten(*code)));
  }

  // Empty when absent or null.
  Result<std::string> Text(std::string_view name) const {
    const JsonValue value = root_.Find(name);
    if (value.Is(JsonValue::Kind::kAbsent) || value.Is(JsonValue::Kind::kNull)) {
      return std::string();
    }
    const auto text = value.AsString();
    if (!text) return Fail(Format("its {} is no string", name));
    return std::string(*text);
  }

  const JsonValue root_;
  const CredentialAnswerKind kind_;
  const std::string& source_;
};

}  // namespace

Result<Credentials> ParseCredentialAnswer(std::string text, CredentialAnswerKind kind,
                                          const std::string& source) {
  const auto document = json::JsonDocument::Parse(std::move(text), kBounds);
  if (!document.ok()) {
    // The parser's words could repeat a member's name only, but its place says enough.
    const ErrorCode code = kind == CredentialAnswerKind::kProgram ? ErrorCode::kInvalidArgument
                                                                  : ErrorCode::kUnavailable;
    return Error(code, Format("read answer of {}: it is no JSON", source));
  }
  return Answer(document->root(), kind, source).Read();
}

}  // namespace zael::aws
