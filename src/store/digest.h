// Digest: 128 bits that stand for content: to find out that a file is what it was, and whether two
// are the same. Not for secrets. Stable across releases and machines.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace zael::store {

struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

Digest DigestOf(std::string_view bytes);

// 32 hexadecimal digits.
std::string ToText(const Digest& digest);

}  // namespace zael::store
