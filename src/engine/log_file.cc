#include "engine/log_file.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/crc32.h"

namespace zael::engine {
namespace {

static_assert(std::endian::native == std::endian::little, "integers are copied as they stand");

constexpr std::size_t kBlockBytes = 32 * 1024;
constexpr std::size_t kRecordHeaderBytes = 7;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kTypeAt = 6;  // in the header; what the checksum covers begins here

enum PartType : char { kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

// So that a log within a log is not taken for one.
std::uint32_t Mask(std::uint32_t crc) { return std::rotr(crc, 15) + 0xA282EAD8U; }

PartType TypeOf(bool begins, bool ends) {
  if (begins) return ends ? kWhole : kFirst;
  return ends ? kLast : kMiddle;
}

struct Part {
  char type = 0;
  std::string_view bytes;
};

// The part at the beginning of `rest`, of which `in_block` bytes are left in the block. False:
// there is none that is whole.
bool TakePart(std::string_view* rest, std::size_t in_block, Part* part) {
  if (rest->size() < kRecordHeaderBytes) return false;
  std::uint32_t checksum = 0;
  std::uint16_t length = 0;
  std::memcpy(&checksum, rest->data(), sizeof checksum);
  std::memcpy(&length, rest->data() + kChecksumBytes, sizeof length);
  const std::size_t bytes = kRecordHeaderBytes + length;
  if (bytes > in_block || bytes > rest->size()) return false;
  if (Mask(Crc32c(rest->substr(kTypeAt, 1 + length))) != checksum) return false;
  *part = {.type = (*rest)[kTypeAt], .bytes = rest->substr(kRecordHeaderBytes, length)};
  rest->remove_prefix(bytes);
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> ReadLogFile(std::string_view file) {
  std::vector<std::string> records;
  bool within = false;
  for (std::string_view rest = file; !rest.empty();) {
    const std::size_t in_block = kBlockBytes - (file.size() - rest.size()) % kBlockBytes;
    if (in_block < kRecordHeaderBytes) {  // filled up with zeros
      if (rest.size() < in_block) return std::nullopt;
      rest.remove_prefix(in_block);
      continue;
    }
    Part part;
    if (!TakePart(&rest, in_block, &part)) return std::nullopt;
    const bool begins = part.type == kWhole || part.type == kFirst;
    const bool known = begins || part.type == kMiddle || part.type == kLast;
    if (!known || begins == within) return std::nullopt;
    if (begins) records.emplace_back();
    records.back().append(part.bytes);
    within = part.type == kFirst || part.type == kMiddle;
  }
  if (within) return std::nullopt;
  return records;
}

void AppendLogRecord(std::string_view record, std::string* file) {
  for (bool begins = true;; begins = false) {
    std::size_t in_block = kBlockBytes - file->size() % kBlockBytes;
    if (in_block < kRecordHeaderBytes) {
      file->append(in_block, '\0');
      in_block = kBlockBytes;
    }
    const std::size_t bytes = std::min(record.size(), in_block - kRecordHeaderBytes);
    const bool ends = bytes == record.size();
    std::string part(1, TypeOf(begins, ends));
    part.append(record.substr(0, bytes));
    record.remove_prefix(bytes);
    const std::uint32_t checksum = Mask(Crc32c(part));
    const auto length = static_cast<std::uint16_t>(bytes);
    file->append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
    file->append(reinterpret_cast<const char*>(&length), sizeof length);
    file->append(part);
    if (ends) return;
  }
}

}  // namespace zael::engine
