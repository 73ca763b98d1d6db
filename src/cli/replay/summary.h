// What a replay showed, and what to try next: pure computations over its answers.
#pragma once

#include <zael/limit.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/replay/run.h"
#include "cli/replay/tenants.h"
#include "cli/replay/trace.h"

namespace zael::cli::replay {

struct TenantSummary {
  std::string entity, resource;
  std::uint64_t granted = 0, denied = 0;
  std::int64_t tokens_reserved = 0;  // by granted calls
  std::int64_t tokens_used = 0;      // really, by granted calls
};

struct LatencySummary {
  std::chrono::nanoseconds p50{0}, p90{0}, p99{0}, max{0};
};

struct ReplaySummary {
  std::uint64_t calls = 0, granted = 0, denied = 0;
  std::int64_t context_tokens = 0, generated_tokens = 0;  // of all calls, granted or not
  std::int64_t tokens_reserved = 0, tokens_used = 0;      // of granted calls
  std::int64_t tokens_over_estimate = 0;                  // used beyond what was reserved
  std::int64_t tokens_under_estimate = 0;                 // reserved and given back
  std::vector<TenantSummary> tenants;                     // by entity and resource
  LatencySummary latency;
};

ReplaySummary Summarize(const Trace& trace, const Tenants& tenants,
                        const std::vector<CallOutcome>& outcomes, std::int64_t output_guess);

// The output tokens that `percent` of the calls stay at or below. Requires: calls, 1 <= percent <=
// 100.
std::int64_t GeneratedPercentile(const Trace& trace, std::int64_t percent);

// A call as one bucket sees it.
struct Demand {
  std::int64_t at_ms = 0;
  std::int64_t reserved = 0;
  std::int64_t used = 0;
};

// What the calls of some tenants ask of a limit: tokens, or one call each when `limit` is not tpm.
std::vector<Demand> DemandOf(const Trace& trace, const Tenants& tenants,
                             const std::vector<std::uint32_t>& tenant_indexes,
                             const std::string& limit, std::int64_t output_guess);

// How many of these calls a bucket of this limit alone would deny.
std::uint64_t CountDenials(const Limit& limit, const std::vector<Demand>& demands);

// The limit, scaled up as a whole, that would deny fewer than 1 % of the demands, its capacity
// rounded to two digits; absent when no allowed capacity does.
std::optional<Limit> LimitForDemand(const Limit& limit, const std::vector<Demand>& demands);

// The limits that buckets had, by bucket name.
using BucketLimits = std::map<std::string, Limit>;

struct AdviceInput {
  const Trace& trace;
  const Tenants& tenants;
  const ReplaySummary& summary;
  const std::map<std::string, BucketDenials>& denials;
  const std::map<std::string, std::vector<std::uint32_t>>& bucket_tenants;
  const BucketLimits& limits;
  std::int64_t output_guess;
};

// Lines that say what to try next, most useful first.
std::vector<std::string> AdviceLines(const AdviceInput& input);

}  // namespace zael::cli::replay
