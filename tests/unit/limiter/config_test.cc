// Configuration: how it is cached, and how changes reach live buckets.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "limiter_fixture.h"
#include "records/limit_record.h"

namespace zael::limiter {
namespace {

using ConfigCaching = LimiterTest;
using P5_ChangedLimit = LimiterTest;
using P24_SlowRead = LimiterTest;
using P28_BoundedCaches = LimiterTest;

const Limit kRpm = Limit::PerMinute("rpm", 10);
const Limit kTpm = Limit::PerMinute("tpm", 1'000);

TEST_F(ConfigCaching, IsBelievedForTheTtlAndThenReadAgain) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 0}}));
  ASSERT_TRUE(admin_->configuration().SetLimits("key", "api", {kRpm, kTpm}).ok());
  clock_->Advance(milliseconds(59'999));
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses().size(), 1u);
  clock_->Advance(milliseconds(2));
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses().size(), 2u);
}

TEST_F(ConfigCaching, ATtlOfZeroReadsForEveryAcquire) {
  SetLimits({kRpm});
  RateLimiter limiter(repository_, {.config_cache_ttl = milliseconds(0)});
  ASSERT_TRUE(limiter.Acquire(Ask({{"rpm", 0}})).ok());
  ASSERT_TRUE(admin_->configuration().SetLimits("key", "api", {kRpm, kTpm}).ok());
  EXPECT_EQ(limiter.Acquire(Ask({{"rpm", 0}}))->statuses().size(), 2u);
  EXPECT_EQ(limiter.GetCacheStats().entries, 0u);
}

TEST_F(ConfigCaching, NegativeAnswersAreCachedToo) {
  AcquireRequest request = Ask({{"rpm", 1}});
  request.fallback_limits = {kRpm};
  ASSERT_TRUE(limiter_->Acquire(request)->granted());
  faults_->ResetCounts();
  ASSERT_TRUE(limiter_->Acquire(request)->granted());
  EXPECT_EQ(Reads(), 0u);
  EXPECT_EQ(limiter_->GetCacheStats().hits, 1u);
  EXPECT_EQ(limiter_->GetCacheStats().misses, 1u);
}

TEST_F(ConfigCaching, AChangeThroughThisProcessIsSeenAtOnceOnEveryLevel) {
  ASSERT_TRUE(config().SetSystemDefaults({.limits = {kRpm}}).ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 10);
  ASSERT_TRUE(config().SetResourceDefaults("api", {Limit::PerMinute("rpm", 20)}).ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 20);
  ASSERT_TRUE(config().SetLimits("key", "api", {Limit::PerMinute("rpm", 30)}).ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 30);
  ASSERT_TRUE(config().DeleteLimits("key", "api").ok());
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses()[0].available, 20);
  MakeFamily();
  SetLimits({kTpm}, "team");
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses().size(), 2u);
}

TEST_F(ConfigCaching, AChangeDuringAReadIsNotOverwrittenByWhatWasRead) {
  SetLimits({kRpm});
  bool changed = false;
  hooks_->after = [&](StoreCall call) {
    if (call != StoreCall::kQuery || std::exchange(changed, true)) return;
    ASSERT_TRUE(config().SetLimits("key", "api", {kRpm, kTpm}).ok());
  };
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses().size(), 1u);
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses().size(), 2u);
}

TEST_F(ConfigCaching, ATornLevelIsReadAgain) {
  SetLimits({kRpm, kTpm});
  const auto level = records::LimitLevel::OfEntity("key", "api");
  const auto write = [&](const Limit& limit, std::int64_t version) {
    const Item item = records::EncodeLimit(level, {.limit = limit, .config_version = version});
    ASSERT_TRUE(memory_.stores().items->Put({.table = "ZAEL-demo", .item = item}).ok());
  };
  write(Limit::PerMinute("rpm", 20), 2);
  hooks_->after = [&](StoreCall call) {
    if (call == StoreCall::kQuery) write(Limit::PerMinute("tpm", 2'000), 2);
  };
  const auto decision = Acquire({{"rpm", 0}});
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->statuses()[0].available, 20);
  EXPECT_EQ(decision->statuses()[1].available, 2'000);
}

TEST_F(ConfigCaching, InvalidatingForgetsEverything) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 0}}));
  ASSERT_TRUE(admin_->configuration().SetLimits("key", "api", {kRpm, kTpm}).ok());
  limiter_->InvalidateConfigCache();
  EXPECT_EQ(limiter_->GetCacheStats().entries, 0u);
  EXPECT_EQ(Acquire({{"rpm", 0}})->statuses().size(), 2u);
}

TEST_F(ConfigCaching, AMalformedStoredLimitIsDataLossNamingTheKey) {
  SetLimits({kRpm});
  const auto level = records::LimitLevel::OfEntity("key", "api");
  Item item = records::EncodeLimit(level, {.limit = kRpm, .config_version = 1});
  item.Set("burst", std::int64_t{0});
  ASSERT_TRUE(memory_.stores().items->Put({.table = "ZAEL-demo", .item = item}).ok());
  const auto broken = Acquire({{"rpm", 1}});
  EXPECT_CODE(broken, ErrorCode::kDataLoss);
  EXPECT_NE(broken.error().message().find("#LIMIT#api#rpm"), std::string::npos);
}

TEST_F(P5_ChangedLimit, ALoweredLimitClipsTheLiveBucket) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 2}}));
  SetLimits({Limit::PerMinute("rpm", 3)});
  EXPECT_EQ(GrantedInARow({{"rpm", 1}}), 3);
}

TEST_F(P5_ChangedLimit, ARaisedLimitKeepsTheBalanceAndRefillsToTheNewBurst) {
  SetLimits({kRpm});
  ASSERT_EQ(GrantedInARow({{"rpm", 1}}), 10);
  SetLimits({Limit::PerMinute("rpm", 60)});
  EXPECT_FALSE(Granted({{"rpm", 30}}));  // above the old burst: must still bring the new one in
  clock_->Advance(std::chrono::seconds(29));
  EXPECT_FALSE(Granted({{"rpm", 30}}));
  clock_->Advance(std::chrono::seconds(1));
  EXPECT_TRUE(Granted({{"rpm", 30}}));
}

TEST_F(P5_ChangedLimit, AnAddedLimitHoldsAtOnceAndARemovedOneNoLonger) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  SetLimits({kRpm, Limit::PerMinute("tpm", 1)});
  EXPECT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
  EXPECT_FALSE(Granted({{"rpm", 1}, {"tpm", 1}}));
  SetLimits({kRpm});
  EXPECT_TRUE(Granted({{"rpm", 1}}));
  EXPECT_CODE(Acquire({{"tpm", 1}}), ErrorCode::kInvalidArgument);
}

TEST_F(P5_ChangedLimit, ALimitAddedElsewhereIsFoundWhenItIsAskedFor) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  ASSERT_TRUE(admin_->configuration().SetLimits("key", "api", {kRpm, kTpm}).ok());
  EXPECT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
}

TEST_F(P5_ChangedLimit, ProcessesWithOldAndNewConfigurationDoNotPlayPingPong) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  ASSERT_TRUE(admin_->configuration().SetLimits("key", "api", {Limit::PerMinute("rpm", 20)}).ok());
  RateLimiter elsewhere(admin_);
  ASSERT_TRUE(elsewhere.Acquire(Ask({{"rpm", 1}}))->granted());  // the bucket takes the new limit
  EXPECT_TRUE(Granted({{"rpm", 1}}));  // the old cache is found out by the bucket
  const auto burst = records::DecodeBucket(*BucketItem("rpm"))->state.params.burst_milli;
  EXPECT_EQ(burst, 20'000);
  faults_->ResetCounts();
  EXPECT_TRUE(Granted({{"rpm", 1}}));
  EXPECT_EQ(Reads(), 0u);
}

TEST_F(P5_ChangedLimit, ALimitThatIsOnlyCheckedDoesNotSendEveryAcquireToTheConfiguration) {
  SetLimits({kRpm, kTpm});
  ASSERT_TRUE(Granted({{"rpm", 1}, {"tpm", 1}}));
  SetLimits({kRpm, Limit::PerMinute("tpm", 5'000)});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  faults_->ResetCounts();
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  EXPECT_EQ(Reads(), 0u);
  EXPECT_EQ(Writes(), 1u);
}

TEST_F(P5_ChangedLimit, UnderTrafficFromSeveralLimitersNeverOverAdmits) {
  SetLimits({Limit::PerHour("rpm", 500)});
  RateLimiter other(repository_);
  std::int64_t granted = 0;
  for (int i = 0; i < 1'500; ++i) {
    if (i % 100 == 0) {
      // Lower and raise, by this process and by another: the balance is never made larger.
      const auto& where = i % 200 == 0 ? repository_ : admin_;
      const Limit limit = Limit::PerHour("rpm", i % 300 == 0 ? 480 : 500);
      ASSERT_TRUE(where->configuration().SetLimits("key", "api", {limit}).ok());
    }
    const auto decision = (i % 2 == 0 ? *limiter_ : other).Acquire(Ask({{"rpm", 1}}));
    ASSERT_TRUE(decision.ok()) << decision.error().message();
    granted += decision->granted();
  }
  EXPECT_LE(granted, 500);
  EXPECT_GE(granted, 480);
}

TEST_F(P24_SlowRead, OfOneConfigurationDelaysNobodyElse) {
  SetLimits({kRpm});
  ASSERT_TRUE(Granted({{"rpm", 1}}));
  std::mutex mutex;
  std::condition_variable changed;
  bool reading = false;
  bool release = false;
  hooks_->before = [&](StoreCall call) {
    if (call != StoreCall::kQuery) return;
    std::unique_lock lock(mutex);
    reading = true;
    changed.notify_all();
    changed.wait(lock, [&] { return release; });
  };
  std::thread slow([&] {
    AcquireRequest request = Ask({{"rpm", 1}}, "cold");
    request.fallback_limits = {kRpm};
    EXPECT_TRUE(limiter_->Acquire(request)->granted());
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return reading; });
  }
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Granted({{"rpm", 1}}));
  limiter_->InvalidateConfigCache();
  EXPECT_EQ(limiter_->GetCacheStats().entries, 0u);
  {
    const std::lock_guard lock(mutex);
    release = true;
  }
  changed.notify_all();
  slow.join();
}

TEST_F(P28_BoundedCaches, KeepTheirBoundsAndEvictionLosesNoCharge) {
  ASSERT_TRUE(config().SetSystemDefaults({.limits = {Limit::PerDay("rpd", 3)}}).ok());
  RateLimiter small(repository_, {.config_cache_entries = 8, .remembered_buckets = 4});
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 50; ++i) {
      const auto decision = small.Acquire(Ask({{"rpd", 1}}, "e" + std::to_string(i)));
      ASSERT_TRUE(decision.ok());
      EXPECT_EQ(decision->granted(), round < 3);
    }
    EXPECT_LE(small.GetCacheStats().entries, 8u);
  }
  RateLimiter none(repository_, {.config_cache_entries = 0, .remembered_buckets = 0});
  EXPECT_FALSE(none.Acquire(Ask({{"rpd", 1}}, "e1"))->granted());
}

}  // namespace
}  // namespace zael::limiter
