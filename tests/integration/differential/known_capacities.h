// The known differences in what requests are said to consume.
#pragma once

#include <vector>

#include "tests/integration/differential/known_differences.h"

namespace zael::differential {

std::vector<KnownDifference> CapacityDifferences();

}  // namespace zael::differential
