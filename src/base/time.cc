#include "base/time.h"

#include <algorithm>
#include <chrono>

#include "base/format.h"
#include "base/text.h"

namespace zael {
namespace {

using std::chrono::sys_days;

constexpr std::string_view kPattern = "dddd-dd-ddTdd:dd:ddZ";

std::int64_t EpochMs(sys_days day) {
  return std::chrono::duration_cast<Milliseconds>(day.time_since_epoch()).count();
}

bool HasPattern(std::string_view text) {
  if (text.size() != kPattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits =
        kPattern[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kPattern[i];
    if (!fits) return false;
  }
  return true;
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

std::string ToUtcText(WallTime time) {
  using namespace std::chrono_literals;
  const std::int64_t first = EpochMs(sys_days(std::chrono::year(1) / 1 / 1));
  const std::int64_t end = EpochMs(sys_days(std::chrono::year(10000) / 1 / 1));
  const auto shown = FromEpochMs(std::clamp(ToEpochMs(time), first, end - 1));
  const auto day = std::chrono::floor<std::chrono::days>(shown);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(shown - day));
  return Format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Result<WallTime> ParseUtcText(std::string_view text) {
  const auto fail = [text] {
    return Error(ErrorCode::kInvalidArgument,
                 Format("parse time: {} is not YYYY-MM-DDTHH:MM:SSZ", Shorten(text)));
  };
  if (!HasPattern(text)) return fail();
  const std::chrono::year_month_day date(
      std::chrono::year(Number(text.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(Number(text.substr(5, 2)))),
      std::chrono::day(static_cast<unsigned>(Number(text.substr(8, 2)))));
  const int hour = Number(text.substr(11, 2));
  const int minute = Number(text.substr(14, 2));
  const int second = Number(text.substr(17, 2));
  const bool exists =
      date.ok() && date.year() >= std::chrono::year(1) && hour < 24 && minute < 60 && second < 60;
  if (!exists) return fail();
  return WallTime(sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace zael
