// Wall time as numbers and text: epoch milliseconds for stored fields, `YYYY-MM-DDTHH:MM:SSZ` for
// people.
//
// Pure conversions; the present comes from a Clock. Years 0001 to 9999 have a text form.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace zael {

constexpr std::int64_t ToEpochMs(WallTime time) { return time.time_since_epoch().count(); }
constexpr WallTime FromEpochMs(std::int64_t ms) { return WallTime(Milliseconds(ms)); }

// Seconds since the epoch, rounded toward the past.
constexpr std::int64_t ToEpochSeconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// `2024-01-31T23:59:59Z`; what is finer than a second is cut off. Times outside the years 0001 to
// 9999 are shown as the nearest one that has a text form.
std::string ToUtcText(WallTime time);

// Exactly the form above, in the Gregorian calendar. Errors: kInvalidArgument.
Result<WallTime> ParseUtcText(std::string_view text);

}  // namespace zael
