// Many callers on one bucket: exactly what one caller would have been granted.
#include <atomic>
#include <thread>

#include "limiter_fixture.h"
#include "testing/reference_bucket.h"

namespace zael::limiter {
namespace {

using P1_OverlappingLeases = LimiterTest;
using P8_MidLeaseConsume = LimiterTest;
using P26_StaleMemory = LimiterTest;

// Runs `body(index)` on that many threads.
template <typename Body>
void InParallel(int threads, Body body) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back([&body, i] { body(i); });
  for (std::thread& thread : running) thread.join();
}

TEST_F(P1_OverlappingLeases, GrantExactlyWhatTheReferenceGrants) {
  for (const int threads : {1, 8, 32, 64}) {
    for (const std::int64_t limit : {1, 50, 10'000}) {
      for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const std::string entity = "hot-" + std::to_string(seed) + "-" + std::to_string(threads) +
                                   "-" + std::to_string(limit);
        const std::int64_t amount = limit == 10'000 ? 250 + static_cast<std::int64_t>(seed) : 1;
        testing::ReferenceBucket reference(Limit::PerDay("rpd", limit));
        std::int64_t expected = 0;
        while (reference.Acquire(amount, clock_->NowMs())) ++expected;
        std::vector<RateLimiter> limiters;
        for (int i = 0; i < 4; ++i) limiters.emplace_back(repository_);
        AcquireRequest request = Ask({{"rpd", amount}}, entity);
        request.override_limits = {Limit::PerDay("rpd", limit)};
        request.timeout = std::chrono::hours(1);  // of simulated time: backoff never runs out
        std::atomic<std::int64_t> granted{0};
        InParallel(threads, [&](int i) {
          const std::int64_t tries = 2 + expected / threads + expected % threads;
          for (std::int64_t n = 0; n < tries; ++n) {
            const auto decision = limiters[static_cast<std::size_t>(i) % 4].Acquire(request);
            ASSERT_TRUE(decision.ok()) << decision.error().message();
            if (decision->granted()) ++granted;
          }
        });
        // The waits of the losers let simulated time pass; a day's limit regains nothing whole.
        EXPECT_EQ(granted.load(), expected) << threads << " threads, limit " << limit;
      }
    }
  }
}

TEST_F(P1_OverlappingLeases, SeveralLimitsAndACascadeTogetherAreExactToo) {
  MakeFamily();
  SetLimits({Limit::PerDay("a", 40), Limit::PerDay("b", 1'000)});
  SetLimits({Limit::PerDay("a", 25)}, "team");
  std::vector<RateLimiter> limiters;
  for (int i = 0; i < 4; ++i) limiters.emplace_back(repository_);
  std::atomic<int> granted{0};
  InParallel(16, [&](int i) {
    AcquireRequest request = Ask({{"a", 1}, {"b", 7}});
    request.timeout = std::chrono::hours(1);
    for (int n = 0; n < 4; ++n) {
      const auto decision = limiters[static_cast<std::size_t>(i) % 4].Acquire(request);
      ASSERT_TRUE(decision.ok()) << decision.error().message();
      if (decision->granted()) ++granted;
    }
  });
  EXPECT_EQ(granted.load(), 25);
  EXPECT_EQ(Stored("a"), 15);
  EXPECT_EQ(Stored("b"), 1'000 - 25 * 7);
  EXPECT_EQ(Stored("a", "team"), 0);
}

TEST_F(P8_MidLeaseConsume, ConcurrentConsumesAreExact) {
  SetLimits({Limit::PerDay("rpd", 50)});
  std::atomic<int> granted{0};
  std::vector<Lease> leases;
  for (int i = 0; i < 8; ++i) leases.push_back(TakeLease({{"rpd", 1}}));
  InParallel(8, [&](int i) {
    for (int n = 0; n < 30; ++n) {
      const auto more = leases[static_cast<std::size_t>(i)].Consume({{"rpd", 1}});
      ASSERT_TRUE(more.ok()) << more.error().message();
      if (more->granted()) ++granted;
    }
  });
  EXPECT_EQ(granted.load(), 42);
  std::int64_t held = 0;
  for (const Lease& lease : leases) held += lease.consumed().at("rpd");
  EXPECT_EQ(held, 50);
}

TEST_F(P1_OverlappingLeases, RollbacksInParallelGiveBackExactly) {
  SetLimits({Limit::PerDay("rpd", 64)});
  InParallel(8, [&](int) {
    for (int n = 0; n < 25; ++n) {
      auto decision = limiter_->Acquire(Ask({{"rpd", 2}}));
      ASSERT_TRUE(decision.ok());
      if (decision->granted()) {
        EXPECT_TRUE(decision->TakeLease().Rollback().ok());
      }
    }
  });
  EXPECT_EQ(Stored("rpd"), 64);
}

TEST_F(P26_StaleMemory, NeverAdmitsWhatTheStoredBucketRefuses) {
  SetLimits({Limit::PerMinute("rpm", 10)});
  RateLimiter elsewhere(admin_);
  for (int step = 0; step < 6; ++step) {
    ASSERT_TRUE(Granted({{"rpm", 1}}));  // what this process remembers from now on
    auto taken = elsewhere.Acquire(Ask({{"rpm", 1}}));
    Lease lease = taken->TakeLease();
    std::int64_t left = 0;
    while (elsewhere.Acquire(Ask({{"rpm", 1}}))->granted()) ++left;
    EXPECT_FALSE(Granted({{"rpm", 1}}));
    clock_->Advance(milliseconds(step * 1'000));
    EXPECT_EQ(Granted({{"rpm", 1}}), false) << "only " << step << " s of six earned";
    ASSERT_TRUE(lease.Rollback().ok());  // given back elsewhere: seen at the next try
    EXPECT_TRUE(Granted({{"rpm", 1}}));
    clock_->Advance(std::chrono::minutes(2));
  }
}

TEST_F(P26_StaleMemory, AResetElsewhereIsSeenAndCostsNoWrongDenial) {
  SetLimits({Limit::PerDay("rpd", 10)});
  ASSERT_EQ(GrantedInARow({{"rpd", 1}}), 10);
  ASSERT_TRUE(admin_->buckets().Reset("key", {}).ok());
  EXPECT_EQ(GrantedInARow({{"rpd", 1}}), 10);
}

}  // namespace
}  // namespace zael::limiter
