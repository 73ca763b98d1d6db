#include "aws/signing_keys.h"

#include <algorithm>

namespace zael::aws {

std::string ScopeText(const SigningScope& scope) {
  std::string text;
  text.reserve(scope.day.size() + scope.region.size() + scope.service.size() + 15);
  text.append(scope.day).append("/").append(scope.region).append("/").append(scope.service);
  return text.append("/aws4_request");
}

Sha256Digest DeriveSigningKey(std::string_view secret, const SigningScope& scope) {
  const Sha256Digest day = HmacSha256(std::string("AWS4").append(secret), scope.day);
  const Sha256Digest region = HmacSha256(AsText(day), scope.region);
  const Sha256Digest service = HmacSha256(AsText(region), scope.service);
  return HmacSha256(AsText(service), "aws4_request");
}

Sha256Digest SigningKeys::Get(std::string_view secret, const SigningScope& scope) {
  const std::string text = ScopeText(scope);
  const MutexLock lock(mutex_);
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& entry) {
    return entry.scope == text && entry.secret == secret;
  });
  if (found != entries_.rend()) {
    std::rotate(found.base() - 1, found.base(), entries_.end());
    return entries_.back().key;
  }
  if (entries_.size() >= kMaxSigningKeys) entries_.erase(entries_.begin());
  entries_.push_back({std::string(secret), text, DeriveSigningKey(secret, scope)});
  return entries_.back().key;
}

std::size_t SigningKeys::size() const {
  const MutexLock lock(mutex_);
  return entries_.size();
}

}  // namespace zael::aws
