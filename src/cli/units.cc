#include "cli/units.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"

namespace zael::cli {

std::string CountText(std::int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool between = i > 0 && digits[i - 1] != '-';
    if (between && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string DurationText(Milliseconds duration) {
  const std::int64_t ms = duration.count();
  if (ms < 0) return Format("-{}", DurationText(-duration));
  if (ms < 1000) return Format("{} ms", ms);
  if (ms < 60'000) return Format("{}.{} s", ms / 1000, ms % 1000 / 100);
  const std::int64_t seconds = ms / 1000;
  const auto pair = [](std::int64_t big, const char* big_unit, std::int64_t small,
                       const char* small_unit) {
    return small == 0 ? Format("{} {}", big, big_unit)
                      : Format("{} {} {} {}", big, big_unit, small, small_unit);
  };
  if (seconds < 3600) return pair(seconds / 60, "min", seconds % 60, "s");
  if (seconds < 86'400) return pair(seconds / 3600, "h", seconds % 3600 / 60, "min");
  return pair(seconds / 86'400, "d", seconds % 86'400 / 3600, "h");
}

std::string WaitText(const std::optional<Milliseconds>& wait) {
  return wait ? DurationText(*wait) : "never";
}

std::string LatencyText(std::chrono::nanoseconds latency) {
  const auto ns = static_cast<double>(latency.count());
  if (ns < 1e3) return Format("{} ns", latency.count());
  if (ns < 1e6) return Format("{:.1f} us", ns / 1e3);
  if (ns < 1e9) return Format("{:.1f} ms", ns / 1e6);
  return Format("{:.1f} s", ns / 1e9);
}

std::string PercentText(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return Format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string TimeText(WallTime time) {
  const std::string text = ToUtcText(time);  // YYYY-MM-DDTHH:MM:SSZ
  return Format("{} {} UTC", text.substr(0, 10), text.substr(11, 8));
}

Result<std::int64_t> ParseNumber(std::string_view field, std::string_view text, std::int64_t min,
                                 std::int64_t max) {
  std::int64_t value = 0;
  std::string_view digits = text;
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || end != digits.data() + digits.size() || value < min ||
      value > max) {
    return Error(
        ErrorCode::kInvalidArgument,
        Format("read {}: {} is not a whole number from {} to {}", field, Shorten(text), min, max));
  }
  return value;
}

Result<Milliseconds> ParseDuration(std::string_view field, std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kUnits{
      {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  constexpr std::int64_t kDayMs = 86'400'000;
  std::int64_t unit_ms = 1000;
  std::string_view digits = text;
  for (const auto& [unit, ms] : kUnits) {
    if (digits.size() > unit.size() && digits.ends_with(unit)) {
      digits.remove_suffix(unit.size());
      unit_ms = ms;
      break;
    }
  }
  const Result<std::int64_t> number = ParseNumber(field, digits, 0, kDayMs);
  if (!number.ok() || *number > kDayMs / unit_ms) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read {}: {} is not a duration such as `500ms`, `10s` or `2m`, at most 24h",
                        field, Shorten(text)));
  }
  return Milliseconds(*number * unit_ms);
}

}  // namespace zael::cli
