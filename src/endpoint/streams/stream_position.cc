#include "endpoint/streams/stream_position.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/format.h"
#include "base/time.h"

namespace zael::endpoint {
namespace {

constexpr std::size_t kPositionDigits = 20;
constexpr std::size_t kIndexDigits = 3;
constexpr std::chrono::minutes kIteratorLife{15};

template <typename Number>
bool ParseDigits(std::string_view text, Number* number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *number);
  return parsed.ec == std::errc() && parsed.ptr == end && !text.empty() && text[0] != '-';
}

// The last four parts of `text` between bars; the first part may have bars of its own.
std::optional<std::array<std::string_view, 4>> SplitIterator(std::string_view text) {
  std::array<std::string_view, 4> parts;
  for (std::size_t i = parts.size() - 1; i > 0; --i) {
    const std::size_t bar = text.rfind('|');
    if (bar == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(bar + 1);
    text = text.substr(0, bar);
  }
  parts[0] = text;
  return parts;
}

}  // namespace

std::string SequenceNumber(const StreamPlace& place) {
  return Format("1{:020}{:03}", place.position, std::min(place.index, kAllOfPosition));
}

std::optional<StreamPlace> ParseSequenceNumber(std::string_view text) {
  StreamPlace place;
  if (text.size() != 1 + kPositionDigits + kIndexDigits || text[0] != '1' ||
      !ParseDigits(text.substr(1, kPositionDigits), &place.position) ||
      !ParseDigits(text.substr(1 + kPositionDigits), &place.index)) {
    return std::nullopt;
  }
  return place;
}

std::string ToText(const ShardIterator& iterator) {
  return Format("{}|{}|{}|{}", iterator.stream_arn, iterator.after.position, iterator.after.index,
                ToEpochMs(iterator.made_at));
}

ApiResult<ShardIterator> ParseIterator(std::string_view text, WallTime now) {
  const auto parts = SplitIterator(text);
  ShardIterator iterator;
  std::int64_t made_at_ms = 0;
  if (!parts.has_value() || !ParseDigits((*parts)[1], &iterator.after.position) ||
      !ParseDigits((*parts)[2], &iterator.after.index) || !ParseDigits((*parts)[3], &made_at_ms) ||
      made_at_ms > ToEpochMs(now)) {
    return ValidationError("Invalid ShardIterator");
  }
  iterator.stream_arn = (*parts)[0];
  iterator.made_at = FromEpochMs(made_at_ms);
  if (now - iterator.made_at > kIteratorLife) {
    return ServiceError("ExpiredIteratorException",
                        Format("Iterator expired. The iterator was created at time {} while right "
                               "now it is {}, which is later than the tolerated 15 minutes.",
                               ToUtcText(iterator.made_at), ToUtcText(now)));
  }
  return iterator;
}

}  // namespace zael::endpoint
