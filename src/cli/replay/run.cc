#include "cli/replay/run.h"

#include <algorithm>

#include "base/format.h"
#include "base/try.h"

namespace zael::cli::replay {
namespace {

constexpr std::chrono::milliseconds kLongestSleep{100};

}  // namespace

std::string BucketName(std::string_view entity, std::string_view resource, std::string_view limit) {
  return Format("{}#{}#{}", entity, resource, limit);
}

ReplayRun::ReplayRun(RateLimiter limiter, Clock& clock, TraceClock* trace_clock, const Trace& trace,
                     const Tenants& tenants)
    : limiter_(std::move(limiter)),
      clock_(clock),
      trace_clock_(trace_clock),
      trace_(trace),
      tenants_(tenants),
      outcomes_(trace.calls.size()),
      progress_(tenants.list.size()) {}

void ReplayRun::Start(const ReplayRunOptions& options) {
  options_ = options;
  started_ = clock_.MonotonicNow();
  {
    MutexLock lock(mutex_);
    running_ = options.threads;
  }
  for (std::int64_t i = 0; i < options.threads; ++i) threads_.emplace_back([this] { Work(); });
}

bool ReplayRun::WaitFor(std::chrono::milliseconds patience) {
  MutexLock lock(mutex_);
  if (running_ > 0) ended_.WaitFor(mutex_, patience);
  return running_ == 0;
}

void ReplayRun::Stop() { stop_ = true; }

Status ReplayRun::Finish() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  MutexLock lock(mutex_);
  if (error_) return *error_;
  return {};
}

std::chrono::nanoseconds ReplayRun::elapsed() const {
  MutexLock lock(mutex_);
  return (running_ > 0 ? clock_.MonotonicNow() : finished_) - started_;
}

void ReplayRun::Work() {
  Gathered gathered;
  gathered.seen_tenants.resize(tenants_.list.size());
  Status status;
  while (const std::optional<std::size_t> index = Next()) {
    status = Make(*index, gathered);
    Return();
    if (!status.ok()) break;
    done_.fetch_add(1, std::memory_order_relaxed);
  }
  End(status, gathered);
}

// Hands out the calls in the order of time.
std::optional<std::size_t> ReplayRun::Next() {
  std::size_t index = 0;
  {
    MutexLock lock(mutex_);
    while (trace_clock_ && left_in_round_ == 0 && in_flight_ > 0) round_.Wait(mutex_);
    if (error_ || stop_ || next_ >= trace_.calls.size()) return std::nullopt;
    if (trace_clock_ && left_in_round_ == 0) OpenRound();
    index = next_++;
    if (trace_clock_) --left_in_round_;
    ++in_flight_;
  }
  if (options_.speed > 0) {
    const std::chrono::duration<double, std::nano> offset =
        (trace_.calls[index].at - trace_.calls.front().at) / options_.speed;
    const MonotonicTime due =
        started_ + std::chrono::duration_cast<std::chrono::nanoseconds>(offset);
    if (!WaitUntil(due)) {
      Return();
      return std::nullopt;
    }
  }
  return index;
}

// In short steps, so that Stop is heard; whether the time came.
bool ReplayRun::WaitUntil(MonotonicTime due) {
  for (MonotonicTime now = clock_.MonotonicNow(); now < due; now = clock_.MonotonicNow()) {
    if (stop_) return false;
    clock_.SleepFor(std::min<std::chrono::nanoseconds>(due - now, kLongestSleep));
  }
  return !stop_;
}

// At full speed the calls go out in rounds, one for each thread, and the clock stands still during
// a round: a trace second passes in microseconds, and a thread that loses the processor between
// reading the clock and writing would otherwise act long after its own time.
void ReplayRun::OpenRound() {
  left_in_round_ =
      std::min(static_cast<std::size_t>(options_.threads), trace_.calls.size() - next_);
  trace_clock_->AdvanceTo(ToWallTime(trace_.calls[next_ + left_in_round_ - 1].at));
  round_.NotifyAll();
}

void ReplayRun::Return() {
  MutexLock lock(mutex_);
  --in_flight_;
  if (in_flight_ == 0) round_.NotifyAll();
}

Status ReplayRun::Make(std::size_t index, Gathered& gathered) {
  const std::uint32_t tenant_index = tenants_.of_call[index];
  const Tenant& tenant = tenants_.list[tenant_index];
  AcquireRequest request{.entity_id = tenant.entity,
                         .resource = tenant.resource,
                         .override_limits = options_.override_limits};
  if (tenant.charges_calls) request.consume.emplace(kCallsLimit, 1);
  if (tenant.charges_tokens) {
    request.consume.emplace(kTokensLimit,
                            trace_.calls[index].context_tokens + options_.output_guess);
  }
  const MonotonicTime before = clock_.MonotonicNow();
  ZAEL_ASSIGN(Decision decision, limiter_.Acquire(request));
  CallOutcome& outcome = outcomes_[index];
  outcome.latency_ns = (clock_.MonotonicNow() - before).count();
  outcome.state = decision.granted() ? CallState::kGranted : CallState::kDenied;
  NoteStatuses(tenant_index, decision, gathered);
  TenantProgress& progress = progress_[tenant_index];
  if (decision.granted()) {
    progress.granted.fetch_add(1, std::memory_order_relaxed);
    return Settle(index, decision, gathered);
  }
  progress.denied.fetch_add(1, std::memory_order_relaxed);
  const std::optional<Milliseconds> wait = decision.retry_after();
  progress.wait_ms.store(wait ? wait->count() : -1, std::memory_order_relaxed);
  if (const LimitStatus* worst = decision.primary_violation()) {
    BucketDenials& denials =
        gathered.denials[BucketName(worst->entity_id, worst->resource, worst->limit)];
    ++denials.count;
    if (!worst->retry_after) ++denials.never;
  }
  return {};
}

// Books the real count of a granted call and writes down what was taken and corrected.
Status ReplayRun::Settle(std::size_t index, Decision& decision, Gathered& gathered) {
  Lease lease = decision.TakeLease();
  if (options_.check) {
    const std::int64_t until_ms = NowMs();
    for (const LimitStatus& status : decision.statuses()) {
      if (status.requested == 0) continue;
      gathered.checker.Grant(BucketName(status.entity_id, status.resource, status.limit),
                             status.requested, status.as_of.time_since_epoch().count(), until_ms);
    }
  }
  const std::int64_t delta = trace_.calls[index].generated_tokens - options_.output_guess;
  if (delta != 0 && tenants_.list[tenants_.of_call[index]].charges_tokens) {
    ZAEL_TRY(lease.Adjust({{kTokensLimit, delta}}));
    const std::int64_t until_ms = NowMs();
    for (const LimitStatus& status : decision.statuses()) {
      if (!options_.check || status.limit != kTokensLimit) continue;
      // Somewhere after its own grant on the bucket's time line, and before now.
      const std::int64_t from_ms = status.as_of.time_since_epoch().count();
      gathered.checker.Adjust(BucketName(status.entity_id, status.resource, status.limit), delta,
                              from_ms, std::max(from_ms, until_ms));
    }
  }
  return lease.Commit();
}

void ReplayRun::NoteStatuses(std::uint32_t tenant, const Decision& decision, Gathered& gathered) {
  const std::string& entity = tenants_.list[tenant].entity;
  for (const LimitStatus& status : decision.statuses()) {
    if (status.entity_id != entity) continue;
    const bool shown =
        status.limit == (tenants_.list[tenant].charges_tokens ? kTokensLimit : kCallsLimit);
    if (!shown) continue;
    const std::int64_t taken = decision.granted() ? status.requested : 0;
    progress_[tenant].balance.store(status.available - taken, std::memory_order_relaxed);
  }
  if (gathered.seen_tenants[tenant]) return;
  gathered.seen_tenants[tenant] = true;
  for (const LimitStatus& status : decision.statuses()) {
    gathered.bucket_tenants[BucketName(status.entity_id, status.resource, status.limit)].push_back(
        tenant);
  }
}

void ReplayRun::End(const Status& status, Gathered& gathered) {
  MutexLock lock(mutex_);
  if (!status.ok() && !error_) error_ = status.error();
  round_.NotifyAll();
  checker_.Merge(gathered.checker);
  for (const auto& [bucket, denials] : gathered.denials) {
    denials_[bucket].count += denials.count;
    denials_[bucket].never += denials.never;
  }
  for (const auto& [bucket, tenants] : gathered.bucket_tenants) {
    std::vector<std::uint32_t>& known = bucket_tenants_[bucket];
    for (const std::uint32_t tenant : tenants) {
      if (std::find(known.begin(), known.end(), tenant) == known.end()) known.push_back(tenant);
    }
  }
  --running_;
  if (running_ == 0) {
    finished_ = clock_.MonotonicNow();
    ended_.NotifyAll();
  }
}

}  // namespace zael::cli::replay
