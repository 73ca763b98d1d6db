#include "dynamo/retry.h"

#include <algorithm>

namespace zael::dynamo {
namespace {

bool IsImmediate(FailureClass failure) {
  return failure == FailureClass::kSkewed || failure == FailureClass::kCredentials;
}

}  // namespace

bool RetryQuota::Take() {
  const MutexLock lock(mutex_);
  if (tokens_ < kCost) return false;
  tokens_ -= kCost;
  return true;
}

void RetryQuota::GiveBack(int tokens) {
  const MutexLock lock(mutex_);
  tokens_ = std::min(tokens_ + tokens, kCapacity);
}

MonotonicTime RetryState::AttemptDeadline(MonotonicTime now) const {
  return std::min(deadline_, now + options_.attempt_timeout);
}

bool RetryState::MayRepeat(FailureClass failure) {
  switch (failure) {
    case FailureClass::kFinal:
      return false;
    case FailureClass::kUnknown:
      return nature_ != Nature::kWrite;
    case FailureClass::kSkewed:
      return !std::exchange(corrected_clock_, true);
    case FailureClass::kCredentials:
      return !std::exchange(renewed_credentials_, true);
    case FailureClass::kNotSent:
    case FailureClass::kThrottled:
    case FailureClass::kConflict:
      return true;
  }
  return false;
}

std::optional<std::chrono::nanoseconds> RetryState::AfterFailure(FailureClass failure,
                                                                 MonotonicTime now,
                                                                 RetryQuota& quota,
                                                                 RandomSource& random) {
  if (!MayRepeat(failure) || now >= deadline_) return std::nullopt;
  if (IsImmediate(failure)) return std::chrono::nanoseconds(0);
  if (attempts_ >= options_.max_attempts) return std::nullopt;
  auto ceiling = options_.first_pause;
  for (int i = 1; i < attempts_ && ceiling < options_.longest_pause; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, options_.longest_pause);
  const std::chrono::nanoseconds pause(
      random.Below(static_cast<std::uint64_t>(ceiling.count()) + 1));
  if (now + pause >= deadline_ || !quota.Take()) return std::nullopt;
  ++attempts_;
  return pause;
}

void RetryState::AfterSuccess(RetryQuota& quota) const {
  quota.GiveBack(attempts_ > 1 ? RetryQuota::kCost : 1);
}

}  // namespace zael::dynamo
