#include "os/random_seed.h"

#include <random>

namespace zael::os {

std::uint64_t SystemRandomSeed() {
  std::random_device device;
  std::uint64_t seed = 0;
  while (seed == 0) seed = (std::uint64_t{device()} << 32) | device();
  return seed;
}

}  // namespace zael::os
