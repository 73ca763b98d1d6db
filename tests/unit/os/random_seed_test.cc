#include "os/random_seed.h"

#include <gtest/gtest.h>

namespace zael::os {
namespace {

TEST(SystemRandomSeed, IsNeverZeroAndChanges) {
  const std::uint64_t seed = SystemRandomSeed();
  EXPECT_NE(seed, 0u);
  EXPECT_NE(seed, SystemRandomSeed());
}

}  // namespace
}  // namespace zael::os
