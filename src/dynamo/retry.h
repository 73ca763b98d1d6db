// Retry: whether a failed request is sent again, and when. A state machine without I/O.
//
// The rule that everything else yields to: a write that may have been done is never sent again
// unless it carries a token that makes the second one harmless. What was refused (throttled, in
// conflict, badly signed) or never left is. Pauses have full jitter; a quota shared by the whole
// client keeps retries from making an outage worse; nothing is tried past the deadline.
// Facts: dynamodb-api.md 3.3.
#pragma once

#include <zael/clock.h>

#include <chrono>
#include <optional>
#include <utility>

#include "base/mutex.h"
#include "base/random.h"
#include "dynamo/service_error.h"

namespace zael::dynamo {

// What sending a request twice does.
enum class Nature {
  kRead,        // nothing
  kWrite,       // it may be done twice
  kTokenWrite,  // the server knows the second by its token
};

struct RetryOptions {
  int max_attempts = 8;
  std::chrono::nanoseconds first_pause = std::chrono::milliseconds(25);
  std::chrono::nanoseconds longest_pause = std::chrono::seconds(5);
  std::chrono::nanoseconds attempt_timeout = std::chrono::seconds(3);
  std::chrono::nanoseconds call_timeout = std::chrono::seconds(30);  // without a deadline
};

// Tokens that retries cost and successes give back: when most requests fail, few are repeated.
// Thread-safe.
class RetryQuota {
 public:
  static constexpr int kCapacity = 500;
  static constexpr int kCost = 5;

  bool Take();
  void GiveBack(int tokens);

 private:
  Mutex mutex_;
  int tokens_ ZAEL_GUARDED_BY(mutex_) = kCapacity;
};

// Of one request. Thread-compatible.
class RetryState {
 public:
  RetryState(const RetryOptions& options, Nature nature, MonotonicTime deadline)
      : options_(options), nature_(nature), deadline_(deadline) {}

  // The end of the attempt that begins now.
  MonotonicTime AttemptDeadline(MonotonicTime now) const;

  // The pause before the next attempt; nothing when there is none. kSkewed and kCredentials are
  // tried again once, at once, and do not count as attempts: call only when the clock was corrected
  // or there are new credentials.
  std::optional<std::chrono::nanoseconds> AfterFailure(FailureClass failure, MonotonicTime now,
                                                       RetryQuota& quota, RandomSource& random);

  void AfterSuccess(RetryQuota& quota) const;

  int attempts() const { return attempts_; }
  MonotonicTime deadline() const { return deadline_; }

 private:
  bool MayRepeat(FailureClass failure);

  const RetryOptions& options_;
  const Nature nature_;
  const MonotonicTime deadline_;
  int attempts_ = 1;  // the running one included
  bool corrected_clock_ = false;
  bool renewed_credentials_ = false;
};

}  // namespace zael::dynamo
