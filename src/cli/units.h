// Units: numbers and times as people read them, and the text forms of durations that people type.
//
// Pure. What machines read (JSON, tab-separated text) keeps raw numbers with the unit in the name.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zael::cli {

// 1234567 -> `1,234,567`.
std::string CountText(std::int64_t count);

// `0 ms`, `250 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
std::string DurationText(Milliseconds duration);

// The same, or `never`.
std::string WaitText(const std::optional<Milliseconds>& wait);

// `850 ns`, `4.2 us`, `1.3 ms`, `2.0 s`.
std::string LatencyText(std::chrono::nanoseconds latency);

// `12.3 %`; `-` when the whole is zero.
std::string PercentText(std::uint64_t part, std::uint64_t whole);

// `2024-01-31 23:59:59 UTC`.
std::string TimeText(WallTime time);

// A whole number with a unit `ms`, `s`, `m`, `h`; without one it is seconds. At most a day.
// Errors: kInvalidArgument naming `field`, the value and the rule.
Result<Milliseconds> ParseDuration(std::string_view field, std::string_view text);

// A whole decimal number inside [min, max]. Errors: kInvalidArgument as above.
Result<std::int64_t> ParseNumber(std::string_view field, std::string_view text, std::int64_t min,
                                 std::int64_t max);

}  // namespace zael::cli
