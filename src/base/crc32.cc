#include "base/crc32.h"

#include <array>

namespace zael {
namespace {

constexpr std::size_t kStride = 8;
using Table = std::array<std::array<std::uint32_t, 256>, kStride>;

// tables[0] is the plain one; tables[k] is it with k zero bytes behind, so that eight bytes go in
// one step.
constexpr Table MakeTables(std::uint32_t polynomial) {
  Table tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0U);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < kStride; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 255];
    }
  }
  return tables;
}
constexpr Table kTables = MakeTables(0xEDB88320U);
constexpr Table kCastagnoliTables = MakeTables(0x82F63B78U);

std::uint32_t Checksum(const Table& tables, std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  std::size_t at = 0;
  for (; bytes.size() - at >= kStride; at += kStride) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < kStride; ++i) {
      const std::uint32_t mixed = i < 4 ? byte(at + i) ^ (crc >> (8 * i) & 255) : byte(at + i);
      next ^= tables[kStride - 1 - i][mixed];
    }
    crc = next;
  }
  for (; at < bytes.size(); ++at) crc = (crc >> 8) ^ tables[0][(crc ^ byte(at)) & 255];
  return ~crc;
}

}  // namespace

std::uint32_t Crc32(std::string_view bytes) { return Checksum(kTables, bytes); }

std::uint32_t Crc32c(std::string_view bytes) { return Checksum(kCastagnoliTables, bytes); }

}  // namespace zael
