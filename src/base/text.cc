#include "base/text.h"

#include "base/format.h"

namespace zael {

std::string Shorten(std::string_view value) {
  std::string text = "'";
  for (const char c : value.substr(0, kShortenedBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) {
      text += Format("\\x{:02x}", static_cast<unsigned>(byte));
    } else {
      text += c;
    }
  }
  if (value.size() <= kShortenedBytes) return text + "'";
  return text + Format("...' ({} bytes)", value.size());
}

}  // namespace zael
