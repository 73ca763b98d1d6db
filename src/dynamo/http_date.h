// HttpDate: the Date header of an answer, for a client whose own clock is wrong.
#pragma once

#include <zael/clock.h>

#include <optional>
#include <string>
#include <string_view>

namespace zael::dynamo {

// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110's fixed form only). Nothing when it is anything else.
std::optional<WallTime> ParseHttpDate(std::string_view text);

// In that form; what is less than a second is dropped.
std::string ToHttpDate(WallTime time);

}  // namespace zael::dynamo
