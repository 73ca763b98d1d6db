#include "base/random.h"

#include <gtest/gtest.h>

#include <set>

namespace zael {
namespace {

TEST(SeededRandom, RepeatsItselfFromTheSameSeed) {
  SeededRandom first(7), second(7), other(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t value = first.Next();
    EXPECT_EQ(value, second.Next());
    differs |= value != other.Next();
  }
  EXPECT_TRUE(differs);
}

TEST(SeededRandom, DoesNotRepeatAValueSoon) {
  SeededRandom random(0);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(random.Next()).second);
}

TEST(SplitMix64, GivesThePublishedValues) {
  std::uint64_t state = 1234567;
  EXPECT_EQ(SplitMix64(state), 6457827717110365317u);
  EXPECT_EQ(SplitMix64(state), 3203168211198807973u);
}

// Gives the largest value first, which only a bound that divides 2^64 may use.
class ExtremeRandom final : public RandomSource {
 public:
  std::uint64_t Next() override { return calls_++ == 0 ? ~std::uint64_t{0} : 5; }

 private:
  int calls_ = 0;
};

TEST(RandomSource, BelowFavoursNoRemainder) {
  ExtremeRandom biased, whole;
  EXPECT_EQ(biased.Below(10), 5u);  // 2^64 - 1 = 5 modulo 10 would be the short last round
  EXPECT_EQ(whole.Below(16), 15u);
  SeededRandom random(3);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.Below(3));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(random.Below(1), 0u);
}

}  // namespace
}  // namespace zael
