#include <zael/limit.h>

#include <charconv>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "limit/names.h"

namespace zael {
namespace {

using std::chrono::seconds;

constexpr seconds kSecond{1}, kMinute{60}, kHour{3600}, kDay{86400};

struct NamedPeriod {
  std::string_view name;
  seconds period;
};
constexpr NamedPeriod kNamedPeriods[] = {
    {"sec", kSecond}, {"min", kMinute}, {"hour", kHour}, {"day", kDay}};
constexpr NamedPeriod kUnits[] = {{"s", kSecond}, {"m", kMinute}, {"h", kHour}, {"d", kDay}};

constexpr std::string_view kForm =
    "expected name:capacity[/period][:burst], like tpm:10000/min:50000";

Error Unreadable(std::string_view text, std::string_view part, std::string_view value,
                 std::string_view rule) {
  return {ErrorCode::kInvalidArgument,
          Format("parse limit {}: {} {} {}; {}", Shorten(text), part, Shorten(value), rule, kForm)};
}

std::optional<std::int64_t> ParseWhole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') {
    return std::nullopt;
  }
  return value;
}

std::optional<seconds> ParsePeriod(std::string_view text) {
  for (const auto& [name, period] : kNamedPeriods) {
    if (text == name) return period;
  }
  if (text.size() < 2) return std::nullopt;
  for (const auto& [unit, period] : kUnits) {
    if (text.substr(text.size() - 1) != unit) continue;
    const auto count = ParseWhole(text.substr(0, text.size() - 1));
    if (!count || *count < 1 || *count > kMaxRefillPeriod / period) return std::nullopt;
    return period * *count;
  }
  return std::nullopt;
}

std::string PeriodText(seconds period) {
  for (const auto& [name, named] : kNamedPeriods) {
    if (period == named) return std::string(name);
  }
  for (auto unit = std::rbegin(kUnits); unit != std::rend(kUnits); ++unit) {
    if (period % unit->period == seconds(0)) {
      return Format("{}{}", period / unit->period, unit->name);
    }
  }
  return Format("{}s", period.count());
}

Limit PerPeriod(std::string name, std::int64_t capacity, std::int64_t burst, seconds period) {
  return {std::move(name), capacity, burst == 0 ? capacity : burst, capacity, period};
}

Status CheckRange(const Limit& limit, std::string_view field, std::int64_t value,
                  std::int64_t least) {
  if (value >= least && value <= kMaxTokens) return {};
  return Error(ErrorCode::kInvalidArgument,
               Format("validate limit {}: {} is {}, must be {} to {} whole tokens",
                      Shorten(limit.name), field, value, least, kMaxTokens));
}

}  // namespace

Limit Limit::PerSecond(std::string name, std::int64_t capacity, std::int64_t burst) {
  return PerPeriod(std::move(name), capacity, burst, kSecond);
}

Limit Limit::PerMinute(std::string name, std::int64_t capacity, std::int64_t burst) {
  return PerPeriod(std::move(name), capacity, burst, kMinute);
}

Limit Limit::PerHour(std::string name, std::int64_t capacity, std::int64_t burst) {
  return PerPeriod(std::move(name), capacity, burst, kHour);
}

Limit Limit::PerDay(std::string name, std::int64_t capacity, std::int64_t burst) {
  return PerPeriod(std::move(name), capacity, burst, kDay);
}

Limit Limit::Custom(std::string name, std::int64_t capacity, std::int64_t burst,
                    std::int64_t refill_amount, std::chrono::seconds refill_period) {
  return {std::move(name), capacity, burst, refill_amount, refill_period};
}

Result<Limit> Limit::Parse(std::string_view text) {
  const std::size_t name_end = text.find(':');
  if (name_end == std::string_view::npos) {
    return Unreadable(text, "capacity", "", "is missing");
  }
  const std::string_view rest = text.substr(name_end + 1);
  const std::size_t burst_start = rest.find(':');
  const std::string_view rate = rest.substr(0, burst_start);
  const std::size_t period_start = rate.find('/');
  const std::string_view capacity_text = rate.substr(0, period_start);

  const auto capacity = ParseWhole(capacity_text);
  if (!capacity) return Unreadable(text, "capacity", capacity_text, "is not a whole number");
  Limit limit = PerMinute(std::string(text.substr(0, name_end)), *capacity);
  if (period_start != std::string_view::npos) {
    const std::string_view period_text = rate.substr(period_start + 1);
    const auto period = ParsePeriod(period_text);
    if (!period) {
      return Unreadable(text, "period", period_text,
                        "is not sec, min, hour, day or a duration like 30s, 5m, 2h, 7d");
    }
    limit.refill_period = *period;
  }
  if (burst_start != std::string_view::npos) {
    const std::string_view burst_text = rest.substr(burst_start + 1);
    const auto burst = ParseWhole(burst_text);
    if (!burst) return Unreadable(text, "burst", burst_text, "is not a whole number");
    limit.burst = *burst;
  }
  ZAEL_TRY(limit.Validate());
  return limit;
}

std::string Limit::ToText() const {
  std::string text = Format("{}:{}/{}", name, capacity, PeriodText(refill_period));
  if (burst != capacity) text += Format(":{}", burst);
  return text;
}

Status Limit::Validate() const {
  ZAEL_TRY(limit::ValidateLimitName(name));
  ZAEL_TRY(CheckRange(*this, "capacity", capacity, 1));
  ZAEL_TRY(CheckRange(*this, "burst", burst, capacity));
  ZAEL_TRY(CheckRange(*this, "refill_amount", refill_amount, 1));
  if (refill_period < kSecond || refill_period > kMaxRefillPeriod) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("validate limit {}: refill_period is {} s, must be 1 to {} s",
                        Shorten(name), refill_period.count(), kMaxRefillPeriod.count()));
  }
  return {};
}

}  // namespace zael
