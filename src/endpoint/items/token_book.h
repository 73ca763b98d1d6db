// TokenBook: the ClientRequestTokens of transactions, kept ten minutes after the transaction, so
// that one that is sent twice is made once.
//
// In memory: after a restart every token is new. Thread-safe. Facts: dynamodb-api.md 1.5.
#pragma once

#include <zael/clock.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/mutex.h"

namespace zael::endpoint {

class TokenBook {
 public:
  static constexpr std::chrono::minutes kKept{10};
  static constexpr std::size_t kMaxTokens = 200'000;

  explicit TokenBook(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  enum class Claim {
    kNew,      // make the transaction, then Finish
    kDone,     // it was made
    kRunning,  // it is being made
    kOther,    // the token stands for another transaction
    kFull,     // no room for more tokens
  };
  // `payload`: equal for equal transactions, and for no others.
  Claim Begin(const std::string& token, const std::string& payload);

  // After kNew. A transaction that was not made leaves its token as new as before.
  void Finish(const std::string& token, bool made);

 private:
  struct Entry {
    std::string payload;
    bool done = false;
  };
  struct Expiry {
    MonotonicTime at;
    std::string token;
  };
  void DropExpired() ZAEL_REQUIRES(mutex_);

  const std::shared_ptr<Clock> clock_;
  Mutex mutex_;
  std::unordered_map<std::string, Entry> entries_ ZAEL_GUARDED_BY(mutex_);
  std::deque<Expiry> expiries_ ZAEL_GUARDED_BY(mutex_);  // of what is done, soonest first
};

}  // namespace zael::endpoint
