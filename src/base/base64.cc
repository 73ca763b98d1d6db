#include "base/base64.h"

#include <array>
#include <cstdint>

#include "base/format.h"

namespace zael {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::int8_t kNone = -1;

constexpr std::array<std::int8_t, 256> MakeValues() {
  std::array<std::int8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}
constexpr auto kValues = MakeValues();

std::uint32_t ByteAt(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

Error Refuse(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t group =
        ByteAt(bytes, at) << 16 | ByteAt(bytes, at + 1) << 8 | ByteAt(bytes, at + 2);
    text += kAlphabet[group >> 18];
    text += kAlphabet[group >> 12 & 63];
    text += at + 1 < bytes.size() ? kAlphabet[group >> 6 & 63] : '=';
    text += at + 2 < bytes.size() ? kAlphabet[group & 63] : '=';
  }
  return text;
}

Result<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return Refuse(Format("Base64 encoded length is expected a multiple of 4 bytes but found: {}",
                         text.size()));
  }
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::string_view digits = text.substr(0, text.size() - padding);
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    const std::int8_t value = kValues[static_cast<unsigned char>(digits[at])];
    if (value == kNone) return Refuse(Format("Invalid base 64 character: '{}'", digits[at]));
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (at % 4 != 3) continue;
    bytes += static_cast<char>(group >> 16 & 255);
    bytes += static_cast<char>(group >> 8 & 255);
    bytes += static_cast<char>(group & 255);
    group = 0;
  }
  // One or two digits less than a group carry two or four bits of no byte: these must be zero.
  if (padding != 0 && (group & (padding == 1 ? 3U : 15U)) != 0) {
    return Refuse(
        "Last encoded character (before the paddings if any) is a valid base 64 alphabet but not a "
        "possible value");
  }
  if (padding == 1) bytes += static_cast<char>(group >> 10 & 255);
  if (padding != 0) bytes += static_cast<char>(group >> (padding == 1 ? 2 : 4) & 255);
  return bytes;
}

}  // namespace zael
