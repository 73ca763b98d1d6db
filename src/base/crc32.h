// CRC-32 as zlib computes it (polynomial 0xEDB88320): what DynamoDB sends along with each answer.
// Pure function.
#pragma once

#include <cstdint>
#include <string_view>

namespace zael {

std::uint32_t Crc32(std::string_view bytes);

}  // namespace zael
