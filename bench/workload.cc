#include "bench/workload.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unordered_set>

#include "base/format.h"
#include "testing/history_checker.h"

namespace zael::bench {
namespace {

std::atomic<bool> any_void{false};

}  // namespace

bool AnyVoid() { return any_void; }

void Stop(const Error& error) {
  std::fprintf(stderr, "limiter_bench: %s\n", error.message().c_str());
  std::exit(1);
}

ScratchDir::ScratchDir() {
  std::string name = (std::filesystem::temp_directory_path() / "zael-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    Stop(Error(ErrorCode::kUnavailable, Format("create {}: cannot make the directory", name)));
  }
  path_ = name;
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Workload::Workload(const Limits& system_limits, const RateLimiterOptions& options) {
  auto repository = Repository::Open({.name = "bench", .data_dir = dir_.path()});
  if (!repository.ok()) Stop(repository.error());
  repository_ = *repository;
  const Status set = repository_->configuration().SetSystemDefaults({.limits = system_limits});
  if (!set.ok()) Stop(set.error());
  limiter_ = std::make_unique<RateLimiter>(repository_, options);
}

void Workload::Verify(benchmark::State& state, const GrantLog& log, const Limit& limit) {
  testing::HistoryChecker checker;
  std::unordered_set<std::uint32_t> seen;
  for (const GrantLog::Entry& entry : log.entries()) {
    const std::string bucket = std::to_string(entry.bucket);
    if (seen.insert(entry.bucket).second) checker.SetLimit(bucket, limit, 0);
    if (entry.is_adjust) {
      checker.Adjust(bucket, entry.tokens, entry.at_ms, entry.at_ms);
    } else {
      checker.Grant(bucket, entry.tokens, entry.at_ms);
    }
  }
  const auto broken = checker.FindOverAdmissions();
  state.counters["over_admissions"] = static_cast<double>(broken.size());
  if (broken.empty()) return;
  any_void = true;
  state.SkipWithError("void: a bucket was over-admitted");
}

void Latencies::Report(benchmark::State& state) {
  if (nanoseconds_.empty()) return;
  std::sort(nanoseconds_.begin(), nanoseconds_.end());
  const auto at = [&](std::size_t percent) {
    return static_cast<double>(nanoseconds_[(nanoseconds_.size() - 1) * percent / 100]) / 1000;
  };
  state.counters["p50_us"] = at(50);
  state.counters["p99_us"] = at(99);
}

}  // namespace zael::bench
