// Positions in a stream as clients hold them: sequence numbers and shard iterators.
//
// Changes of one transaction share a position of the feed, so a place in a stream is a position and
// how many of its changes come before. Sequence numbers sort as texts the way they sort as places.
// Iterators carry their stream and their time and are not secret: whoever may read a stream may
// read it from anywhere. Pure functions. Facts: dynamodb-api.md 1.9.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "endpoint/api_error.h"

namespace zael::endpoint {

// One change: the `index`-th of those at `position`.
struct StreamPlace {
  ChangePosition position = 0;
  std::uint32_t index = 0;
  friend auto operator<=>(const StreamPlace&, const StreamPlace&) = default;
};

// An index behind every change of a position: a transaction has at most a hundred.
inline constexpr std::uint32_t kAllOfPosition = 999;

// 24 digits.
std::string SequenceNumber(const StreamPlace& place);
std::optional<StreamPlace> ParseSequenceNumber(std::string_view text);

struct ShardIterator {
  std::string stream_arn;
  StreamPlace after;  // the last change before
  WallTime made_at{};
  friend bool operator==(const ShardIterator&, const ShardIterator&) = default;
};

std::string ToText(const ShardIterator& iterator);
// Errors: ValidationException (not one of ours), ExpiredIteratorException (older than 15 minutes).
ApiResult<ShardIterator> ParseIterator(std::string_view text, WallTime now);

}  // namespace zael::endpoint
