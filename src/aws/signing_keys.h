// SigningKeys: the key of SigV4 for a secret, a day, a region and a service, computed once a day.
//
// Deriving one takes four keyed hashes, as much as all the rest of signing. Bounded: a process
// signs for few services at a time, and whatever falls out is derived again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/sha256.h"
#include "base/mutex.h"

namespace zael::aws {

inline constexpr std::size_t kMaxSigningKeys = 16;

// YYYYMMDD, region and service: the middle of a credential scope.
struct SigningScope {
  std::string_view day;
  std::string_view region;
  std::string_view service;
};

// `20260131/us-east-1/dynamodb/aws4_request`.
std::string ScopeText(const SigningScope& scope);

// Without the cache.
Sha256Digest DeriveSigningKey(std::string_view secret, const SigningScope& scope);

// Thread-safe.
class SigningKeys {
 public:
  Sha256Digest Get(std::string_view secret, const SigningScope& scope);

  std::size_t size() const;

 private:
  struct Entry {
    std::string secret;
    std::string scope;
    Sha256Digest key;
  };

  mutable Mutex mutex_;
  std::vector<Entry> entries_ ZAEL_GUARDED_BY(mutex_);  // the most recently used last
};

}  // namespace zael::aws
