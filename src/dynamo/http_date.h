// HttpDate: the Date header of an answer as a time, for a client whose own clock is wrong.
#pragma once

#include <zael/clock.h>

#include <optional>
#include <string_view>

namespace zael::dynamo {

// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110's fixed form only). Nothing when it is anything else.
std::optional<WallTime> ParseHttpDate(std::string_view text);

}  // namespace zael::dynamo
