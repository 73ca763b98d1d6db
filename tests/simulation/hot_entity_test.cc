// 64 threads with four limiters on one entity of a real engine: exactly the limit is granted.
#include <gtest/gtest.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "testing/reference_bucket.h"
#include "testing/simulated_clock.h"

namespace zael::simulation {
namespace {

constexpr int kThreads = 64;
constexpr int kLimiters = 4;
constexpr std::int64_t kDecade = 24 * 3650;  // hours

class DataDir {
 public:
  DataDir() {
    std::string name = (std::filesystem::temp_directory_path() / "zael-hot-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~DataDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// (tokens in the bucket, seed of the amounts asked for)
class HotEntity : public ::testing::TestWithParam<std::tuple<std::int64_t, std::uint64_t>> {};

TEST_P(HotEntity, P1_ExactlyTheLimitIsGranted) {
  const std::int64_t burst = std::get<0>(GetParam());
  const std::uint64_t seed = std::get<1>(GetParam());
  // Refills one token in ten years: nothing while the test runs.
  const Limit limit = Limit::Custom("rpm", burst, burst, 1, std::chrono::hours(kDecade));
  const DataDir dir;
  const auto clock = std::make_shared<testing::SimulatedClock>();
  const auto repository = Repository::Open({.data_dir = dir.path(), .clock = clock});
  ASSERT_TRUE(repository.ok()) << repository.error().message();
  ASSERT_TRUE((*repository)->configuration().SetSystemDefaults({.limits = {limit}}).ok());

  std::vector<RateLimiter> limiters;
  for (int i = 0; i < kLimiters; ++i) {
    // Backing off advances the simulated clock, so no deadline may end the call.
    limiters.emplace_back(*repository, RateLimiterOptions{.timeout = std::chrono::hours(24 * 365)});
  }
  // Ones and twos; every thread asks until a request for one token is denied.
  std::atomic<std::int64_t> granted{0};
  std::atomic<std::int64_t> failed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t, thread_seed = seed * 1000 + static_cast<std::uint64_t>(t)] {
      SeededRandom random(thread_seed);
      for (bool is_empty = false; !is_empty;) {
        const std::int64_t amount = burst == 1 ? 1 : 1 + static_cast<std::int64_t>(random.Below(2));
        RateLimiter& limiter =
            limiters[(static_cast<std::uint64_t>(t) + random.Below(kLimiters)) % kLimiters];
        const auto decision =
            limiter.Acquire({.entity_id = "hot", .resource = "api", .consume = {{"rpm", amount}}});
        if (!decision.ok()) {
          ++failed;
          return;
        }
        if (decision->granted()) granted += amount;
        is_empty = !decision->granted() && amount == 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(granted, burst);

  const auto buckets = (*repository)->buckets().Show("hot", {});
  ASSERT_TRUE(buckets.ok()) << buckets.error().message();
  ASSERT_EQ(buckets->size(), 1u);
  EXPECT_EQ(buckets->front().tokens_milli, 0);
  EXPECT_EQ(buckets->front().total_consumed_milli, std::to_string(burst * 1000));
  testing::ReferenceBucket reference(limit);
  EXPECT_TRUE(reference.Acquire(granted, clock->NowMs()));
  EXPECT_FALSE(reference.Acquire(1, clock->NowMs()));
}

INSTANTIATE_TEST_SUITE_P(LimitsAndSeeds, HotEntity,
                         ::testing::Combine(::testing::Values<std::int64_t>(1, 50, 10'000),
                                            ::testing::Range<std::uint64_t>(1, 11)));

}  // namespace
}  // namespace zael::simulation
