#include "endpoint/items/token_book.h"

#include <utility>

namespace zael::endpoint {

void TokenBook::DropExpired() {
  const MonotonicTime now = clock_->MonotonicNow();
  while (!expiries_.empty() && expiries_.front().at <= now) {
    entries_.erase(expiries_.front().token);
    expiries_.pop_front();
  }
}

TokenBook::Claim TokenBook::Begin(const std::string& token, const std::string& payload) {
  const MutexLock lock(mutex_);
  DropExpired();
  const auto found = entries_.find(token);
  if (found != entries_.end()) {
    if (found->second.payload != payload) return Claim::kOther;
    return found->second.done ? Claim::kDone : Claim::kRunning;
  }
  if (entries_.size() >= kMaxTokens) return Claim::kFull;
  entries_.emplace(token, Entry{.payload = payload});
  return Claim::kNew;
}

void TokenBook::Finish(const std::string& token, bool made) {
  const MutexLock lock(mutex_);
  if (!made) {
    entries_.erase(token);
    return;
  }
  entries_.at(token).done = true;
  expiries_.push_back({.at = clock_->MonotonicNow() + kKept, .token = token});
}

}  // namespace zael::endpoint
