#include "base/check.h"

#include <gtest/gtest.h>

namespace zael {
namespace {

TEST(Check, EvaluatesItsConditionOnceAndGoesOn) {
  int evaluations = 0;
  CHECK(++evaluations > 0);
  EXPECT_EQ(evaluations, 1);
}

TEST(CheckDeathTest, EndsTheProgramNamingTheCondition) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(CHECK(1 + 1 == 3), "1 \\+ 1 == 3 does not hold");
}

}  // namespace
}  // namespace zael
