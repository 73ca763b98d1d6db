// A made-up trace with the shape of a real hour: quiet stretches, bursts, a few very long calls.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "cli/replay/trace.h"

namespace zael::cli::replay {
namespace {

// 2024-01-01T00:00:00Z: fixed, so that a seed repeats everything.
constexpr TraceTime kStart{std::chrono::seconds(1'704'067'200)};

constexpr double kQuietGapMs = 250;
constexpr double kBurstGapMs = 25;
constexpr std::uint64_t kCallsBetweenBursts = 60;  // on average
constexpr std::uint64_t kCallsPerBurst = 20;       // on average

double Uniform(RandomSource& random) {  // (0, 1]
  return static_cast<double>((random.Next() >> 11) + 1) * 0x1.0p-53;
}

// Log-normal around `median`, cut at `most`: most calls small, a few huge.
std::int64_t HeavyTailed(RandomSource& random, double median, double spread, double most) {
  const double normal =
      std::sqrt(-2 * std::log(Uniform(random))) * std::cos(2 * std::numbers::pi * Uniform(random));
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::min(most, median * std::exp(spread * normal))));
}

}  // namespace

Trace GenerateTrace(std::size_t calls, std::uint64_t seed) {
  SeededRandom random(seed);
  Trace trace;
  trace.files.push_back("generated");
  trace.calls.reserve(calls);
  TraceTime now = kStart;
  bool bursting = false;
  for (std::size_t i = 0; i < calls; ++i) {
    if (random.Below(bursting ? kCallsPerBurst : kCallsBetweenBursts) == 0) bursting = !bursting;
    const double gap_ms = -std::log(Uniform(random)) * (bursting ? kBurstGapMs : kQuietGapMs);
    now += TraceTime::duration(static_cast<std::int64_t>(gap_ms * 10'000));
    trace.calls.push_back({.at = now,
                           .context_tokens = HeavyTailed(random, 1000, 1.1, 14'000),
                           .generated_tokens = HeavyTailed(random, 130, 1.0, 2'000),
                           .line = static_cast<std::uint32_t>(i + 1)});
  }
  return trace;
}

}  // namespace zael::cli::replay
