#include <zael/limiter.h>
#include <zael/repository.h>

#include <utility>

#include "base/check.h"
#include "limiter/limiter_core.h"

namespace zael {

RateLimiter::RateLimiter(std::shared_ptr<Repository> repository, RateLimiterOptions options) {
  CHECK(repository != nullptr);
  core_ = std::make_shared<internal::LimiterCore>(repository, options);
  repository->AddObserver(core_);
}

Result<Decision> RateLimiter::Acquire(const AcquireRequest& request) {
  return core_->Acquire(request);
}

Result<Amounts> RateLimiter::Available(const AvailabilityRequest& request) {
  return core_->Available(request);
}

Result<std::optional<Milliseconds>> RateLimiter::TimeUntilAvailable(
    const AvailabilityRequest& request, const Amounts& needed) {
  return core_->TimeUntilAvailable(request, needed);
}

bool RateLimiter::IsAvailable(std::chrono::milliseconds timeout) {
  return core_->IsAvailable(timeout);
}

void RateLimiter::InvalidateConfigCache() { core_->cache().Clear(); }

CacheStats RateLimiter::GetCacheStats() const { return core_->cache().Stats(); }

}  // namespace zael
