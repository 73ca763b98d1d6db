// A seed nobody else has: from the system's entropy, once per RandomSource.
#pragma once

#include <cstdint>

namespace zael::os {

// Never zero, so that zero can mean "none given".
std::uint64_t SystemRandomSeed();

}  // namespace zael::os
