// A million acquires through the public API on one bucket over thirty simulated days, at gaps from
// 0 ms to a day: every answer, balance and wait is the reference model's, whatever the rate.
#include <gtest/gtest.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>

#include "base/random.h"
#include "repository/version.h"
#include "testing/memory_store.h"
#include "testing/reference_bucket.h"
#include "testing/simulated_clock.h"

namespace zael::simulation {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kThirtyDaysMs = 30 * kDayMs;

struct Rate {
  std::string name;
  Limit limit;
  int acquires;
};

void PrintTo(const Rate& rate, std::ostream* out) { *out << rate.name; }

// Mostly close together, sometimes up to a day apart, thirty days in all.
class Gaps {
 public:
  Gaps(std::uint64_t seed, int acquires)
      : random_(seed),
        usual_ms_(2 * (kThirtyDaysMs - 20 * kDayMs / 2) / acquires),
        rare_(acquires / 20) {}

  std::int64_t Next() {
    const auto rare = static_cast<std::uint64_t>(rare_);
    if (random_.Below(rare) == 0) return static_cast<std::int64_t>(random_.Below(kDayMs + 1));
    if (random_.Below(4) == 0) return 0;
    return static_cast<std::int64_t>(
        random_.Below(static_cast<std::uint64_t>(usual_ms_ * 4 / 3) + 1));
  }

 private:
  SeededRandom random_;
  std::int64_t usual_ms_;
  int rare_;
};

class ThirtyDays : public ::testing::TestWithParam<Rate> {
 protected:
  ThirtyDays() : memory_(clock_) {
    EXPECT_TRUE(repository::InitializeTable(memory_.stores(), {.name = "limiter"}, *clock_).ok());
    auto repository = Repository::Over(memory_.stores(), {.clock = clock_, .random_seed = 1});
    EXPECT_TRUE(repository.ok()) << repository.error().message();
    repository_ = *repository;
  }

  const std::shared_ptr<testing::SimulatedClock> clock_ =
      std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore memory_;
  std::shared_ptr<Repository> repository_;
};

TEST_P(ThirtyDays, P34_EveryAnswerIsTheReferenceModels) {
  const Limit& limit = GetParam().limit;
  RateLimiter limiter(repository_);
  testing::ReferenceBucket reference(limit);
  SeededRandom random(42);
  Gaps gaps(43, GetParam().acquires);
  const std::int64_t start_ms = clock_->NowMs();
  std::int64_t granted = 0;
  AcquireRequest request{.entity_id = "hot", .resource = "api", .override_limits = {limit}};
  std::int64_t& amount = request.consume[limit.name];
  for (int i = 0; i < GetParam().acquires; ++i) {
    clock_->Advance(Milliseconds(gaps.Next()));
    const std::int64_t now_ms = clock_->NowMs();
    const std::int64_t available = reference.Available(now_ms);
    // What is there, one more, or a small share of the burst.
    switch (random.Below(4)) {
      case 0:
        amount = std::max<std::int64_t>(1, available);
        break;
      case 1:
        amount = std::min(limit.burst, available + 1);
        break;
      default:
        amount = 1 + static_cast<std::int64_t>(
                         random.Below(1 + static_cast<std::uint64_t>(limit.burst) / 16));
    }
    const bool expected = reference.Acquire(amount, now_ms);
    auto decision = limiter.Acquire(request);
    ASSERT_TRUE(decision.ok()) << i << ": " << decision.error().message();
    ASSERT_EQ(decision->granted(), expected)
        << "acquire " << i << " of " << amount << ": " << decision->ToJson();
    ASSERT_EQ(decision->statuses().at(0).available, available) << "acquire " << i;
    if (expected) {
      granted += amount;
    } else {
      const auto wait = decision->retry_after();
      ASSERT_TRUE(wait.has_value());
      ASSERT_TRUE(reference.WouldGrant(amount, now_ms + wait->count())) << i;
      ASSERT_FALSE(reference.WouldGrant(amount, now_ms + wait->count() - 1)) << i;
    }
  }
  const std::int64_t elapsed_ms = clock_->NowMs() - start_ms;
  EXPECT_GT(elapsed_ms, kThirtyDaysMs / 3);
  const __int128 most = static_cast<__int128>(limit.burst) * limit.refill_period.count() * 1000 +
                        static_cast<__int128>(limit.refill_amount) * elapsed_ms;
  EXPECT_LE(static_cast<__int128>(granted) * limit.refill_period.count() * 1000, most) << "I1";
}

INSTANTIATE_TEST_SUITE_P(
    Rates, ThirtyDays,
    ::testing::Values(
        Rate{"HundredPerDay", Limit::PerDay("rpd", 100), 1'000'000},
        Rate{"OnePerYear", Limit::Custom("y", 1, 5, 1, std::chrono::hours(24 * 365)), 1'000'000},
        Rate{"SevenPerThirteenSeconds", Limit::Custom("odd", 7, 11, 7, std::chrono::seconds(13)),
             1'000'000},
        Rate{"AThousandPerMinute", Limit::PerMinute("rpm", 1'000), 1'000'000},
        Rate{"PrimePerHour", Limit::Custom("p", 104'729, 104'729, 104'729, std::chrono::hours(1)),
             1'000'000},
        Rate{"ABillionPerSecond", Limit::PerSecond("huge", 1'000'000'000), 1'000'000}),
    [](const ::testing::TestParamInfo<Rate>& rate) { return rate.param.name; });

}  // namespace
}  // namespace zael::simulation
