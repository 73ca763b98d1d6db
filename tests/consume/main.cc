#include <iostream>

#include <zael/limiter.h>
#include <zael/repository.h>

int main() {
  auto repository = zael::Repository::Open({.name = "demo", .data_dir = "zael-demo"});  // no data_dir, region, endpoint: storage.md
  if (!repository.ok()) {
    std::cerr << repository.error().message() << '\n';
    return 1;
  }
  zael::RateLimiter limiter(*repository);  // cheap, thread-safe; shares the repository

  auto decision = limiter.Acquire({.entity_id = "api-key-123",
                                   .resource = "gpt-4",
                                   .consume = {{"rpm", 1}, {"tpm", 500}},
                                   .fallback_limits = {zael::Limit::PerMinute("rpm", 100),
                                                       zael::Limit::PerMinute("tpm", 10'000, /*burst=*/50'000)}});
  if (!decision.ok()) return 1;                 // the store did not answer, or the call was wrong
  if (!decision->granted()) {                   // an answer, not an error
    std::cout << decision->ToJson() << '\n';    // every limit, the wait, the primary violation
    return 0;
  }
  zael::Lease lease = decision->TakeLease();
  // ... call the model; it used 620 tokens ...
  if (!lease.Adjust({{"tpm", 120}}).ok()) return 1;  // may go into debt, never denied
  return lease.Commit().ok() ? 0 : 1;                // or lease.Rollback()
}
