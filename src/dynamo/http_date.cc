#include "dynamo/http_date.h"

#include <array>
#include <chrono>

#include "base/format.h"
#include "base/time.h"

namespace zael::dynamo {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";

}  // namespace

std::optional<WallTime> ParseHttpDate(std::string_view text) {
  if (text.size() != kForm.size() || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
      text[7] != ' ' || text[11] != ' ' || text[16] != ' ') {
    return std::nullopt;
  }
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    if (text.substr(8, 3) != kMonths[month]) continue;
    const std::string iso = Format("{}-{:02}-{}T{}Z", text.substr(12, 4), month + 1,
                                   text.substr(5, 2), text.substr(17, 8));
    const auto time = ParseUtcText(iso);
    if (time.ok()) return *time;
  }
  return std::nullopt;
}

std::string ToHttpDate(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return Format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace zael::dynamo
