#include "aws/expiry.h"

#include <chrono>
#include <optional>
#include <string>

#include "aws/ascii.h"
#include "base/format.h"
#include "base/text.h"
#include "base/time.h"

namespace zael::aws {
namespace {

constexpr std::size_t kSecondsBytes = std::string_view("2026-01-31T23:59:59").size();

// `Z`, `+hh:mm` or `-hhmm`: how far the clock that wrote the time is ahead of UTC.
std::optional<std::chrono::minutes> ParseOffset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes(0);
  if (text.size() == 6 && text[3] == ':') {
    std::string without_colon(text);
    return ParseOffset(without_colon.erase(3, 1));
  }
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  for (const char c : text.substr(1)) {
    if (!IsDigit(c)) return std::nullopt;
  }
  const int hours = (text[1] - '0') * 10 + (text[2] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::chrono::minutes ahead(hours * 60 + minutes);
  return text[0] == '-' ? -ahead : ahead;
}

}  // namespace

Result<WallTime> ParseExpiry(std::string_view text) {
  const auto fail = [text] {
    return Error(ErrorCode::kInvalidArgument,
                 Format("parse expiry: {} is not an ISO 8601 time", Shorten(text)));
  };
  if (text.size() <= kSecondsBytes) return fail();
  const Result<WallTime> time = ParseUtcText(std::string(text.substr(0, kSecondsBytes)) + "Z");
  std::string_view rest = text.substr(kSecondsBytes);
  if (rest.front() == '.') {
    rest.remove_prefix(1);
    if (rest.empty() || !IsDigit(rest.front())) return fail();
    while (!rest.empty() && IsDigit(rest.front())) rest.remove_prefix(1);
  }
  const auto ahead = ParseOffset(rest);
  if (!time.ok() || !ahead) return fail();
  return *time - *ahead;
}

}  // namespace zael::aws
