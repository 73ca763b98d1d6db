// The workloads of performance.md through the whole public API on the embedded engine. Names are
// kept for life; what each should cost, and what it did, stands in bench/README.md.
#include <benchmark/benchmark.h>
#include <zael/limiter.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/random.h"
#include "bench/workload.h"

namespace zael::bench {
namespace {

constexpr std::int64_t kPlenty = 1'000'000'000;

Limit Plentiful(const std::string& name) { return Limit::PerSecond(name, kPlenty); }

AcquireRequest Take(const std::string& entity, const Amounts& amounts) {
  return {.entity_id = entity, .resource = "gpt-4", .consume = amounts};
}

constexpr std::uint32_t kStatusesPerEntity = 4;

// One granted acquire, logged for the proof; false ends the run.
bool TakeOne(benchmark::State& state, Workload& workload, const AcquireRequest& request,
             std::uint32_t entity, GrantLog& log) {
  const auto decision = workload.limiter().Acquire(request);
  if (!decision.ok() || !decision->granted()) {
    state.SkipWithError(decision.ok() ? "denied" : decision.error().message().c_str());
    return false;
  }
  std::uint32_t bucket = entity * kStatusesPerEntity;
  for (const LimitStatus& status : decision->statuses()) {
    log.Took(bucket++, status.requested, status.as_of);
  }
  return true;
}

void TakeHotKey(benchmark::State& state) {
  static Workload* workload = nullptr;
  if (state.thread_index() == 0) workload = new Workload({Plentiful("rpm")});
  const AcquireRequest request = Take("hot", {{"rpm", 1}});
  GrantLog log;
  for (auto _ : state) {
    if (!TakeOne(state, *workload, request, 0, log)) break;
  }
  state.SetItemsProcessed(state.iterations());
  Workload::Verify(state, log, Plentiful("rpm"));
  if (state.thread_index() == 0) {
    delete workload;
    workload = nullptr;
  }
}

// One stored write for each acquire: compared with bare_rocksdb_read_modify_write.
void TakeExact(benchmark::State& state) {
  Workload workload({Plentiful("rpm")});
  const AcquireRequest request = Take("hot", {{"rpm", 1}});
  GrantLog log;
  Latencies latencies;
  for (auto _ : state) {
    latencies.Begin();
    if (!TakeOne(state, workload, request, 0, log)) break;
    latencies.End();
  }
  state.SetItemsProcessed(state.iterations());
  latencies.Report(state);
  Workload::Verify(state, log, Plentiful("rpm"));
}

// Indexes in [0, count), index i with weight 1 / (i + 1)^1.1.
std::vector<std::uint32_t> ZipfIndexes(std::size_t count, std::size_t draws) {
  std::vector<double> cumulative(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += std::pow(static_cast<double>(i + 1), -1.1);
    cumulative[i] = sum;
  }
  SeededRandom random(1);
  std::vector<std::uint32_t> indexes(draws);
  for (std::uint32_t& index : indexes) {
    const double at = static_cast<double>(random.Next() >> 11) * 0x1.0p-53 * sum;
    const auto place = std::lower_bound(cumulative.begin(), cumulative.end(), at);
    index = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(
        place - cumulative.begin(), static_cast<std::ptrdiff_t>(count) - 1));
  }
  return indexes;
}

void TakeUniform1m(benchmark::State& state) {
  constexpr std::size_t kEntities = 1'000'000;
  static const std::vector<std::uint32_t> kIndexes = ZipfIndexes(kEntities, 1 << 20);
  Workload workload({Plentiful("rpm")});
  AcquireRequest request = Take("", {{"rpm", 1}});
  GrantLog log;
  std::size_t i = 0;
  for (auto _ : state) {
    const std::uint32_t entity = kIndexes[i++ % kIndexes.size()];
    request.entity_id = Format("key-{}", entity);
    if (!TakeOne(state, workload, request, entity, log)) break;
  }
  state.SetItemsProcessed(state.iterations());
  Workload::Verify(state, log, Plentiful("rpm"));
}

void TakeTwoLimits(benchmark::State& state) {
  Workload workload({Plentiful("rpm"), Plentiful("tpm")});
  const AcquireRequest request = Take("hot", {{"rpm", 1}, {"tpm", 500}});
  GrantLog log;
  for (auto _ : state) {
    if (!TakeOne(state, workload, request, 0, log)) break;
  }
  state.SetItemsProcessed(state.iterations());
  Workload::Verify(state, log, Plentiful("rpm"));
}

void TakeCascade(benchmark::State& state) {
  Workload workload({Plentiful("rpm")});
  Entities& entities = workload.repository().entities();
  if (const auto made = entities.Create({.id = "team"}); !made.ok()) Stop(made.error());
  const auto child = entities.Create({.id = "hot", .parent_id = "team", .cascade = true});
  if (!child.ok()) Stop(child.error());
  const AcquireRequest request = Take("hot", {{"rpm", 1}});
  GrantLog log;
  for (auto _ : state) {
    if (!TakeOne(state, workload, request, 0, log)) break;
  }
  state.SetItemsProcessed(state.iterations());
  Workload::Verify(state, log, Plentiful("rpm"));
}

void DenyHotKey(benchmark::State& state) {
  const Limit limit = Limit::Custom("rpm", 1, 1, 1, std::chrono::hours(24 * 365));
  Workload workload({limit});
  const AcquireRequest request = Take("hot", {{"rpm", 1}});
  GrantLog log;
  if (!TakeOne(state, workload, request, 0, log)) return;
  for (auto _ : state) {
    const auto decision = workload.limiter().Acquire(request);
    if (!decision.ok()) {
      state.SkipWithError(decision.error().message().c_str());
      break;
    }
    if (decision->granted()) log.Took(0, 1, decision->statuses().front().as_of);
  }
  state.SetItemsProcessed(state.iterations());
  Workload::Verify(state, log, limit);
}

// An estimate taken, the real use booked, the lease kept: what one call to a model costs.
void AcquireAdjust(benchmark::State& state) {
  Workload workload({Plentiful("tpm")});
  const AcquireRequest request = Take("hot", {{"tpm", 500}});
  const Amounts more = {{"tpm", 120}};
  GrantLog log;
  for (auto _ : state) {
    auto decision = workload.limiter().Acquire(request);
    if (!decision.ok() || !decision->granted()) {
      state.SkipWithError("not granted");
      break;
    }
    const WallTime as_of = decision->statuses().front().as_of;
    log.Took(0, 500, as_of);
    Lease lease = decision->TakeLease();
    if (!lease.Adjust(more).ok() || !lease.Commit().ok()) {
      state.SkipWithError("not adjusted");
      break;
    }
    log.Adjusted(0, 120, as_of);
  }
  state.SetItemsProcessed(state.iterations());
  Workload::Verify(state, log, Plentiful("tpm"));
}

// The configuration is looked up in the store for every acquire.
void ConfigCold(benchmark::State& state) {
  Workload workload({Plentiful("rpm")}, {.config_cache_ttl = std::chrono::milliseconds(0)});
  const AcquireRequest request = Take("hot", {{"rpm", 1}});
  GrantLog log;
  for (auto _ : state) {
    if (!TakeOne(state, workload, request, 0, log)) break;
  }
  state.SetItemsProcessed(state.iterations());
  Workload::Verify(state, log, Plentiful("rpm"));
}

BENCHMARK(TakeHotKey)->Name("take_hot_key")->UseRealTime()->Threads(1)->Threads(8);
BENCHMARK(TakeUniform1m)->Name("take_uniform_1m");
BENCHMARK(TakeExact)->Name("take_exact");
BENCHMARK(TakeTwoLimits)->Name("take_two_limits");
BENCHMARK(TakeCascade)->Name("take_cascade");
BENCHMARK(DenyHotKey)->Name("deny_hot_key");
BENCHMARK(AcquireAdjust)->Name("acquire_adjust");
BENCHMARK(ConfigCold)->Name("config_cold");

}  // namespace
}  // namespace zael::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return zael::bench::AnyVoid() ? 1 : 0;
}
