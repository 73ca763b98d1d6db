#include "base/ulid.h"

#include <algorithm>

#include "base/time.h"

namespace zael {

std::string MakeUlid(WallTime time, RandomSource& random) {
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr std::int64_t kLastMs = (std::int64_t{1} << 48) - 1;
  constexpr std::size_t kTimeDigits = 10;
  constexpr std::size_t kDigitsPerWord = 8;  // 8 digits of 5 bits from the top of each 64-bit word
  std::string id(kUlidBytes, '0');
  auto ms = static_cast<std::uint64_t>(std::clamp<std::int64_t>(ToEpochMs(time), 0, kLastMs));
  for (std::size_t i = kTimeDigits; i-- > 0; ms >>= 5) id[i] = kDigits[ms & 31];
  for (std::size_t i = kTimeDigits; i < kUlidBytes;) {
    std::uint64_t word = random.Next() >> 24;
    for (std::size_t n = 0; n < kDigitsPerWord; ++n, ++i, word >>= 5) id[i] = kDigits[word & 31];
  }
  return id;
}

}  // namespace zael
