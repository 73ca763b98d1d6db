#include "cli/amounts.h"

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "cli/suggest.h"
#include "cli/units.h"

namespace zael::cli {
namespace {

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

Error Wrong(std::string_view option, std::string_view text, std::string_view rule) {
  return Error(ErrorCode::kInvalidArgument, Format("read {}: {} {}", option, Shorten(text), rule));
}

// `10/mn` is near `10/min`; says so when the period is what is wrong.
std::string PeriodHint(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return "";
  const std::string_view period = text.substr(slash + 1, text.find(':', slash) - slash - 1);
  static const std::vector<std::string> kPeriods{"sec", "min", "hour", "day"};
  for (const std::string& known : kPeriods) {
    if (period == known) return "";
  }
  const std::optional<std::string> nearest = Nearest(period, kPeriods);
  return nearest ? Format("; did you mean `/{}`?", *nearest) : "";
}

}  // namespace

Result<Amounts> ParseAmounts(std::string_view option, const std::vector<std::string>& texts,
                             Sign sign) {
  Amounts amounts;
  for (const std::string& text : texts) {
    for (const std::string_view part : Split(text, ',')) {
      const std::size_t equals = part.find('=');
      if (equals == 0 || equals == std::string_view::npos) {
        return Wrong(option, part, "is not NAME=AMOUNT, such as `rpm=1`");
      }
      const std::string name(part.substr(0, equals));
      const std::int64_t min = sign == Sign::kAny ? -kMaxTokens : 0;
      ZAEL_ASSIGN(const std::int64_t amount, ParseNumber(Format("{} {}", option, Shorten(name)),
                                                         part.substr(equals + 1), min, kMaxTokens));
      if (!amounts.emplace(name, amount).second) {
        return Wrong(option, name, "is given twice, each limit once is the rule");
      }
    }
  }
  return amounts;
}

Result<Limits> ParseLimits(std::string_view option, const std::vector<std::string>& texts) {
  Limits limits;
  for (const std::string& text : texts) {
    Result<Limit> limit = Limit::Parse(text);
    if (!limit.ok()) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("read {}: {}{}", option, limit.error().message(), PeriodHint(text)));
    }
    for (const Limit& earlier : limits) {
      if (earlier.name == limit->name) {
        return Wrong(option, limit->name, "is given twice, each limit once is the rule");
      }
    }
    limits.push_back(*std::move(limit));
  }
  return limits;
}

Result<Metadata> ParseMetadata(std::string_view option, const std::vector<std::string>& texts) {
  Metadata metadata;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return Wrong(option, text, "is not KEY=VALUE, such as `team=search`");
    }
    if (!metadata.emplace(text.substr(0, equals), text.substr(equals + 1)).second) {
      return Wrong(option, text.substr(0, equals), "is given twice, each key once is the rule");
    }
  }
  return metadata;
}

std::string LimitSentence(const Limit& limit) {
  std::string period = DurationText(limit.refill_period);
  if (limit.refill_period == std::chrono::seconds(1)) period = "second";
  if (limit.refill_period == std::chrono::minutes(1)) period = "minute";
  if (limit.refill_period == std::chrono::hours(1)) period = "hour";
  if (limit.refill_period == std::chrono::hours(24)) period = "day";
  return Format("{} per {}, burst {}", CountText(limit.refill_amount), period,
                CountText(limit.burst));
}

std::string AmountsText(const Amounts& amounts) {
  std::string text;
  for (const auto& [name, amount] : amounts) {
    text += Format("{}{}={}", text.empty() ? "" : ", ", name, CountText(amount));
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace zael::cli
