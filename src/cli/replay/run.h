// ReplayRun: sends the calls of a trace through the public API, in the order of their times, from
// any number of threads, and writes down every answer.
//
// Each call reserves context tokens + a guess of the output on tpm, and 1 on rpm; what was granted
// is adjusted to the real count. At full speed a TraceClock, which the limiter shares, follows the
// calls.
#pragma once

#include <zael/clock.h>
#include <zael/limiter.h>
#include <zael/result.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "cli/replay/tenants.h"
#include "cli/replay/trace.h"
#include "cli/replay/trace_clock.h"
#include "testing/history_checker.h"

namespace zael::cli::replay {

enum class CallState : std::uint8_t { kNotMade, kGranted, kDenied };

// The answer to one call. Written by the thread that made it, read after the run.
struct CallOutcome {
  CallState state = CallState::kNotMade;
  std::int64_t latency_ns = 0;  // of the acquire
};

// A bucket as the denials of one thread saw it. Keys below are `entity#resource#limit`: `#` is in
// no name.
struct BucketDenials {
  std::uint64_t count = 0;  // calls it was the primary violation of
  std::uint64_t never = 0;  // of those, calls above burst
};

// Live numbers of one tenant; each is written without a lock and may be a moment apart from the
// others.
struct TenantProgress {
  std::atomic<std::uint64_t> granted{0};
  std::atomic<std::uint64_t> denied{0};
  std::atomic<std::int64_t> balance{0};  // of tpm, else rpm, as the last answer left it
  std::atomic<std::int64_t> wait_ms{0};  // of the last denial; -1 never
};

struct ReplayRunOptions {
  Limits override_limits;
  std::int64_t output_guess = 256;
  std::int64_t threads = 4;
  double speed = 0;  // trace time per real time; 0: as fast as it goes
  bool check = true;
};

class ReplayRun {
 public:
  // `trace_clock` is the limiter's own clock at full speed, else nullptr. All references outlive
  // the run.
  ReplayRun(RateLimiter limiter, Clock& clock, TraceClock* trace_clock, const Trace& trace,
            const Tenants& tenants);

  void Start(const ReplayRunOptions& options);

  // Waits up to `patience` for the end; true once every thread has ended.
  bool WaitFor(std::chrono::milliseconds patience);

  // Makes no further call; those under way end as usual.
  void Stop();

  // After the end: the first error, which ended the run early.
  Status Finish();

  std::uint64_t calls_done() const { return done_.load(); }
  const std::vector<TenantProgress>& progress() const { return progress_; }
  std::chrono::nanoseconds elapsed() const;

  // After Finish.
  const std::vector<CallOutcome>& outcomes() const { return outcomes_; }
  const std::map<std::string, BucketDenials>& denials() const { return denials_; }
  const std::map<std::string, std::vector<std::uint32_t>>& bucket_tenants() const {
    return bucket_tenants_;
  }
  testing::HistoryChecker& checker() { return checker_; }

 private:
  // What one thread gathers, merged at its end.
  struct Gathered {
    testing::HistoryChecker checker;
    std::map<std::string, BucketDenials> denials;
    std::vector<bool> seen_tenants;
    std::map<std::string, std::vector<std::uint32_t>> bucket_tenants;
  };

  void Work();
  std::optional<std::size_t> Next();
  bool WaitUntil(MonotonicTime due);
  void OpenRound() ZAEL_REQUIRES(mutex_);
  void Return();
  Status Make(std::size_t index, Gathered& gathered);
  Status Settle(std::size_t index, Decision& decision, Gathered& gathered);
  void NoteStatuses(std::uint32_t tenant, const Decision& decision, Gathered& gathered);
  void End(const Status& status, Gathered& gathered);
  std::int64_t NowMs() { return clock_.WallNow().time_since_epoch().count(); }

  RateLimiter limiter_;
  Clock& clock_;
  TraceClock* const trace_clock_;
  const Trace& trace_;
  const Tenants& tenants_;
  ReplayRunOptions options_;
  MonotonicTime started_{};

  std::vector<CallOutcome> outcomes_;
  std::vector<TenantProgress> progress_;
  std::atomic<std::uint64_t> done_{0};

  mutable Mutex mutex_;
  CondVar ended_;
  std::size_t next_ ZAEL_GUARDED_BY(mutex_) = 0;
  std::atomic<bool> stop_ = false;
  CondVar round_;
  std::size_t left_in_round_ ZAEL_GUARDED_BY(mutex_) = 0;  // calls still to hand out
  std::size_t in_flight_ ZAEL_GUARDED_BY(mutex_) = 0;
  std::int64_t running_ ZAEL_GUARDED_BY(mutex_) = 0;
  MonotonicTime finished_ ZAEL_GUARDED_BY(mutex_){};
  std::optional<Error> error_ ZAEL_GUARDED_BY(mutex_);

  // Guarded by mutex_ while threads run; theirs alone afterwards.
  testing::HistoryChecker checker_;
  std::map<std::string, BucketDenials> denials_;
  std::map<std::string, std::vector<std::uint32_t>> bucket_tenants_;
  std::vector<std::thread> threads_;
};

// `entity#resource#limit`.
std::string BucketName(std::string_view entity, std::string_view resource, std::string_view limit);

}  // namespace zael::cli::replay
