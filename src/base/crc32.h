// CRC-32 checksums. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace zael {

// As zlib computes it (polynomial 0xEDB88320): what DynamoDB sends along with each answer.
std::uint32_t Crc32(std::string_view bytes);

// Castagnoli's (polynomial 0x82F63B78): what RocksDB's log has before each record.
std::uint32_t Crc32c(std::string_view bytes);

}  // namespace zael
