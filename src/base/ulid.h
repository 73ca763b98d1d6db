// ULID: a 26-character id that sorts by time: 48 bits of milliseconds, then 80 random bits, in
// Crockford's base 32. Two ids of the same millisecond sort in no promised order.
#pragma once

#include <zael/clock.h>

#include <string>

#include "base/random.h"

namespace zael {

inline constexpr std::size_t kUlidBytes = 26;

// Times before 1970 or after the year 10889 are taken as the nearest one that fits.
std::string MakeUlid(WallTime time, RandomSource& random);

}  // namespace zael
