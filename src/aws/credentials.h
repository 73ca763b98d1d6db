// Credentials: who signs, and the seam through which a client asks for them before each attempt.
//
// They may change at any time: temporary ones expire. A client therefore keeps the provider and
// never the credentials. No provider puts a secret into an error message. Order and refresh:
// dynamodb-api.md 3.5.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace zael::aws {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;       // empty: none
  std::optional<WallTime> expiry;  // absent: they last
  std::string account_id;          // empty: not known
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// Whether they can sign and be sent; `source` is for the message, which holds none of them.
// Errors: kInvalidArgument `read SOURCE: the session token ...`.
Status CheckCredentials(const Credentials& credentials, const std::string& source);

using CredentialsPtr = std::shared_ptr<const Credentials>;  // never null
using CredentialsCallback = std::function<void(Result<CredentialsPtr>)>;

// Thread-safe.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;

  // Calls `done` exactly once, on any thread, also before Get returns; `done` must not block. Each
  // provider bounds its own time.
  // Errors: kNotFound (no credentials where it looks), kInvalidArgument (its settings are wrong),
  // kPermissionDenied (refused), kUnavailable, kDeadlineExceeded.
  virtual void Get(CredentialsCallback done) = 0;
};

// Always the same ones: given explicitly, or in tests. Thread-safe.
class StaticCredentials final : public CredentialsProvider {
 public:
  explicit StaticCredentials(Credentials credentials)
      : credentials_(std::make_shared<const Credentials>(std::move(credentials))) {}
  void Get(CredentialsCallback done) override { done(credentials_); }

 private:
  const CredentialsPtr credentials_;
};

}  // namespace zael::aws
