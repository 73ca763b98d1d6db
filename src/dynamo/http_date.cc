#include "dynamo/http_date.h"

#include <array>
#include <string>

#include "base/format.h"
#include "base/time.h"

namespace zael::dynamo {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
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

}  // namespace zael::dynamo
