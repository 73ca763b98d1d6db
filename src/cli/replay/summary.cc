#include "cli/replay/summary.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "base/time.h"

namespace zael::cli::replay {
namespace {

LatencySummary Latencies(const std::vector<CallOutcome>& outcomes) {
  std::vector<std::int64_t> sorted;
  for (const CallOutcome& outcome : outcomes) {
    if (outcome.state != CallState::kNotMade) sorted.push_back(outcome.latency_ns);
  }
  LatencySummary latency;
  if (sorted.empty()) return latency;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&sorted](std::size_t percent) {
    return std::chrono::nanoseconds(sorted[(sorted.size() - 1) * percent / 100]);
  };
  latency.p50 = at(50);
  latency.p90 = at(90);
  latency.p99 = at(99);
  latency.max = at(100);
  return latency;
}

}  // namespace

ReplaySummary Summarize(const Trace& trace, const Tenants& tenants,
                        const std::vector<CallOutcome>& outcomes, std::int64_t output_guess) {
  ReplaySummary summary;
  for (const Tenant& tenant : tenants.list) {
    summary.tenants.push_back({.entity = tenant.entity, .resource = tenant.resource});
  }
  for (std::size_t i = 0; i < trace.calls.size(); ++i) {
    if (outcomes[i].state == CallState::kNotMade) continue;
    const TraceCall& call = trace.calls[i];
    TenantSummary& tenant = summary.tenants[tenants.of_call[i]];
    ++summary.calls;
    summary.context_tokens += call.context_tokens;
    summary.generated_tokens += call.generated_tokens;
    if (outcomes[i].state == CallState::kDenied) {
      ++summary.denied;
      ++tenant.denied;
      continue;
    }
    ++summary.granted;
    ++tenant.granted;
    const std::int64_t delta = call.generated_tokens - output_guess;
    tenant.tokens_reserved += call.context_tokens + output_guess;
    tenant.tokens_used += call.context_tokens + call.generated_tokens;
    (delta > 0 ? summary.tokens_over_estimate : summary.tokens_under_estimate) +=
        delta > 0 ? delta : -delta;
  }
  for (const TenantSummary& tenant : summary.tenants) {
    summary.tokens_reserved += tenant.tokens_reserved;
    summary.tokens_used += tenant.tokens_used;
  }
  std::sort(summary.tenants.begin(), summary.tenants.end(),
            [](const TenantSummary& left, const TenantSummary& right) {
              // api-key-2 before api-key-10.
              return std::tuple(left.entity.size(), std::string_view(left.entity),
                                std::string_view(left.resource)) <
                     std::tuple(right.entity.size(), std::string_view(right.entity),
                                std::string_view(right.resource));
            });
  summary.latency = Latencies(outcomes);
  return summary;
}

std::int64_t GeneratedPercentile(const Trace& trace, std::int64_t percent) {
  std::vector<std::int64_t> sorted;
  sorted.reserve(trace.calls.size());
  for (const TraceCall& call : trace.calls) sorted.push_back(call.generated_tokens);
  std::sort(sorted.begin(), sorted.end());
  const std::size_t rank = (sorted.size() * static_cast<std::size_t>(percent) + 99) / 100;
  return sorted[rank - 1];
}

std::vector<Demand> DemandOf(const Trace& trace, const Tenants& tenants,
                             const std::vector<std::uint32_t>& tenant_indexes,
                             const std::string& limit, std::int64_t output_guess) {
  std::vector<bool> wanted(tenants.list.size());
  for (const std::uint32_t index : tenant_indexes) wanted[index] = true;
  std::vector<Demand> demands;
  for (std::size_t i = 0; i < trace.calls.size(); ++i) {
    if (!wanted[tenants.of_call[i]]) continue;
    const TraceCall& call = trace.calls[i];
    Demand demand{.at_ms = ToEpochMs(ToWallTime(call.at)), .reserved = 1, .used = 1};
    if (limit == kTokensLimit) {
      demand.reserved = call.context_tokens + output_guess;
      demand.used = call.context_tokens + call.generated_tokens;
    }
    demands.push_back(demand);
  }
  return demands;
}

std::uint64_t CountDenials(const Limit& limit, const std::vector<Demand>& demands) {
  // Advice needs no exact fractions: millitokens in floating point.
  const double burst = static_cast<double>(limit.burst);
  const double per_ms = static_cast<double>(limit.refill_amount) /
                        (1000.0 * static_cast<double>(limit.refill_period.count()));
  double tokens = burst;
  std::int64_t last_ms = demands.empty() ? 0 : demands.front().at_ms;
  std::uint64_t denied = 0;
  for (const Demand& demand : demands) {
    tokens = std::min(burst, tokens + per_ms * static_cast<double>(demand.at_ms - last_ms));
    last_ms = demand.at_ms;
    if (tokens < static_cast<double>(demand.reserved)) {
      ++denied;
    } else {
      tokens -= static_cast<double>(demand.used);
    }
  }
  return denied;
}

}  // namespace zael::cli::replay
