// Workload: an embedded limiter in a temporary directory, and the proof that a run over-admitted
// nothing.
//
// A figure counts only if the run also shows I1 for every bucket it touched (performance.md, rule
// zero): loops write down what they were granted, and Verify, after the time has stopped, runs it
// through the history checker. One over-admission makes the workload fail and the program end
// with 1.
#pragma once

#include <benchmark/benchmark.h>
#include <zael/clock.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zael::bench {

// A directory that is gone with the object.
class ScratchDir {
 public:
  ScratchDir();
  ~ScratchDir();
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What one thread was granted; cheap to write while the time runs. Thread-compatible.
class GrantLog {
 public:
  GrantLog() { entries_.reserve(1 << 20); }
  void Took(std::uint32_t bucket, std::int64_t tokens, WallTime as_of) {
    entries_.push_back({as_of.time_since_epoch().count(), tokens, bucket, false});
  }
  void Adjusted(std::uint32_t bucket, std::int64_t delta, WallTime at) {
    entries_.push_back({at.time_since_epoch().count(), delta, bucket, true});
  }

  struct Entry {
    std::int64_t at_ms;
    std::int64_t tokens;
    std::uint32_t bucket;
    bool is_adjust;
  };
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

// Whether any workload of this program was void.
bool AnyVoid();

class Workload {
 public:
  // Requires: `system_limits` is not empty; they become the system defaults.
  explicit Workload(const Limits& system_limits, const RateLimiterOptions& options = {});

  RateLimiter& limiter() { return *limiter_; }
  Repository& repository() { return *repository_; }

  // Marks the run as failed unless every entry, as takes under `limit`, holds I1.
  static void Verify(benchmark::State& state, const GrantLog& log, const Limit& limit);

 private:
  ScratchDir dir_;
  std::shared_ptr<Repository> repository_;
  std::unique_ptr<RateLimiter> limiter_;
};

// Ends the program: a benchmark that cannot even start has no figure.
[[noreturn]] void Stop(const Error& error);

// How long single iterations took: of every eighth, so that reading the clock does not count in
// all. Thread-compatible.
class Latencies {
 public:
  Latencies() : clock_(MakeSystemClock()) { nanoseconds_.reserve(1 << 20); }

  void Begin() {
    timed_ = ++iterations_ % kOneOf == 0;
    if (timed_) begin_ = clock_->MonotonicNow();
  }
  void End() {
    if (timed_) nanoseconds_.push_back((clock_->MonotonicNow() - begin_).count());
  }
  // Adds the counters p50_us and p99_us.
  void Report(benchmark::State& state);

 private:
  static constexpr std::uint64_t kOneOf = 8;

  const std::shared_ptr<Clock> clock_;
  std::uint64_t iterations_ = 0;
  bool timed_ = false;
  MonotonicTime begin_{};
  std::vector<std::int64_t> nanoseconds_;
};

}  // namespace zael::bench
