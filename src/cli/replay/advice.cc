// What to try next after a replay, computed from what it showed.
#include <algorithm>

#include "base/format.h"
#include "cli/replay/summary.h"
#include "cli/units.h"

namespace zael::cli::replay {
namespace {

// Scales capacity and what hangs on it; burst keeps its ratio.
Limit Scaled(const Limit& limit, std::int64_t capacity) {
  const double ratio = static_cast<double>(capacity) / static_cast<double>(limit.capacity);
  const auto scale = [ratio](std::int64_t amount) {
    return std::max<std::int64_t>(1,
                                  static_cast<std::int64_t>(static_cast<double>(amount) * ratio));
  };
  Limit scaled = limit;
  scaled.capacity = capacity;
  scaled.burst = std::max(capacity, scale(limit.burst));
  scaled.refill_amount =
      limit.refill_amount == limit.capacity ? capacity : scale(limit.refill_amount);
  return scaled;
}

// Up to the next number with two significant digits.
std::int64_t RoundedUp(std::int64_t number) {
  std::int64_t unit = 1;
  while (number / unit >= 100) unit *= 10;
  return (number + unit - 1) / unit * unit;
}

struct BucketParts {
  std::string entity, resource, limit;
};

BucketParts PartsOf(const std::string& bucket) {
  const std::size_t first = bucket.find('#');
  const std::size_t second = bucket.find('#', first + 1);
  return {bucket.substr(0, first), bucket.substr(first + 1, second - first - 1),
          bucket.substr(second + 1)};
}

std::string DenialAdvice(const AdviceInput& input, const std::string& bucket,
                         const BucketDenials& denials) {
  const BucketParts parts = PartsOf(bucket);
  const Limit& limit = input.limits.at(bucket);
  std::string advice = Format("{} of {} denied {} of {} denied calls", limit.ToText(), parts.entity,
                              CountText(static_cast<std::int64_t>(denials.count)),
                              CountText(static_cast<std::int64_t>(input.summary.denied)));
  if (denials.never > 0) {
    advice += Format(" ({} asked for more than its burst)",
                     CountText(static_cast<std::int64_t>(denials.never)));
  }
  const auto tenants = input.bucket_tenants.find(bucket);
  if (tenants == input.bucket_tenants.end()) return advice;
  const std::vector<Demand> demands =
      DemandOf(input.trace, input.tenants, tenants->second, parts.limit, input.output_guess);
  const std::optional<Limit> enough = LimitForDemand(limit, demands);
  if (!enough) return advice + "; no capacity would deny under 1 %";
  return advice + Format("; {} would have denied under 1 % of its calls: -l {}",
                         CountText(enough->capacity), enough->ToText());
}

void AdviseOnEstimate(const AdviceInput& input, std::vector<std::string>& lines) {
  const ReplaySummary& summary = input.summary;
  const std::int64_t p95 = GeneratedPercentile(input.trace, 95);
  if (summary.tokens_over_estimate * 10 > summary.tokens_used) {
    lines.push_back(
        Format("calls used {} tokens beyond their estimates, which may run into debt: --estimate "
               "{} covers 95 % of the calls",
               CountText(summary.tokens_over_estimate), p95));
  } else if (summary.tokens_under_estimate * 4 > summary.tokens_used && p95 < input.output_guess) {
    lines.push_back(
        Format("estimates held back {} tokens for nothing: --estimate {} covers 95 % "
               "of the calls",
               CountText(summary.tokens_under_estimate), p95));
  }
}

}  // namespace

std::optional<Limit> LimitForDemand(const Limit& limit, const std::vector<Demand>& demands) {
  const auto denies_under_one_percent = [&](std::int64_t capacity) {
    return CountDenials(Scaled(limit, capacity), demands) * 100 < demands.size();
  };
  std::int64_t low = limit.capacity;
  std::int64_t high = limit.capacity;
  // Scaling keeps burst / capacity, so burst must not leave the allowed range either.
  const std::int64_t most =
      kMaxTokens / std::max<std::int64_t>(1, limit.burst / limit.capacity + 1);
  while (!denies_under_one_percent(high)) {
    if (high >= most) return std::nullopt;
    low = high;
    high = std::min(most, high * 2);
  }
  while (low + 1 < high) {
    const std::int64_t middle = low + (high - low) / 2;
    (denies_under_one_percent(middle) ? high : low) = middle;
  }
  const Limit rounded = Scaled(limit, std::min(most, RoundedUp(high)));
  // More is never worse for one bucket, but a rounded burst is checked all the same.
  return CountDenials(rounded, demands) * 100 < demands.size() ? rounded : Scaled(limit, high);
}

std::vector<std::string> AdviceLines(const AdviceInput& input) {
  constexpr std::size_t kMostBuckets = 3;
  std::vector<std::pair<std::uint64_t, std::string>> worst;
  for (const auto& [bucket, denials] : input.denials) {
    if (input.limits.contains(bucket)) worst.emplace_back(denials.count, bucket);
  }
  std::sort(worst.rbegin(), worst.rend());
  if (worst.size() > kMostBuckets) worst.resize(kMostBuckets);
  std::vector<std::string> lines;
  for (const auto& [count, bucket] : worst) {
    lines.push_back(DenialAdvice(input, bucket, input.denials.at(bucket)));
  }
  if (input.summary.denied == 0 && input.summary.calls > 0) {
    lines.push_back("no call was denied: try smaller limits with -l, or more calls with --calls");
  }
  AdviseOnEstimate(input, lines);
  return lines;
}

}  // namespace zael::cli::replay
