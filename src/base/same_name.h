// SameName: whether two names are equal, for the few words that a name is long.
//
// Every update compares dozens of attribute names, and calling the C library costs more than each
// comparison. Long texts are compared as well, but no faster than by it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace zael {

inline bool SameName(std::string_view left, std::string_view right) {
  const std::size_t size = left.size();
  if (size != right.size()) return false;
  const auto differ = [&]<typename Word>(std::size_t at, Word) {
    Word a, b;
    std::memcpy(&a, left.data() + at, sizeof a);
    std::memcpy(&b, right.data() + at, sizeof b);
    return a != b;
  };
  if (size >= 8) {
    // What of the last word was compared already does no harm.
    if (differ(0, std::uint64_t{}) || differ(size - 8, std::uint64_t{})) return false;
    for (std::size_t at = 8; at + 8 < size; at += 8) {
      if (differ(at, std::uint64_t{})) return false;
    }
    return true;
  }
  if (size >= 4) return !differ(0, std::uint32_t{}) && !differ(size - 4, std::uint32_t{});
  if (size >= 2) return !differ(0, std::uint16_t{}) && !differ(size - 2, std::uint16_t{});
  return size == 0 || left[0] == right[0];
}

}  // namespace zael
