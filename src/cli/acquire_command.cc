// `acquire`: asks for tokens from the command line, once or many times from several threads.
#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "base/format.h"
#include "base/mutex.h"
#include "base/try.h"
#include "cli/amounts.h"
#include "cli/commands.h"
#include "cli/limit_tables.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/suggest.h"
#include "cli/units.h"

namespace zael::cli {
namespace {

constexpr std::int64_t kMostRepeats = 10'000'000;
constexpr std::int64_t kMostThreads = 256;

struct AcquireOptions {
  std::string entity, resource;
  std::vector<std::string> consume, adjust, limits;
  std::int64_t repeat = 1;
  std::int64_t threads = 1;
};

struct AcquireTotals {
  std::int64_t granted = 0;
  std::int64_t denied = 0;
  std::int64_t degraded = 0;
  Amounts consumed;
  std::optional<Decision> last_denial;
  std::vector<LimitStatus> last_statuses;
};

// The calls still to make, shared by the threads; the first error ends all of them.
class AcquireRun {
 public:
  AcquireRun(RateLimiter& limiter, AcquireRequest request, Amounts adjust, std::int64_t repeat,
             const std::function<bool()>& interrupted)
      : limiter_(limiter),
        request_(std::move(request)),
        adjust_(std::move(adjust)),
        left_(repeat),
        interrupted_(interrupted) {}

  Result<AcquireTotals> Run(std::int64_t threads) {
    std::vector<std::thread> others;
    for (std::int64_t i = 1; i < threads; ++i) others.emplace_back([this] { Work(); });
    Work();
    for (std::thread& thread : others) thread.join();
    MutexLock lock(mutex_);
    if (error_) return *error_;
    return std::move(totals_);
  }

 private:
  void Work() {
    while (left_.fetch_sub(1) > 0) {
      if (interrupted_()) return;
      const Status status = Once();
      if (status.ok()) continue;
      left_ = 0;
      MutexLock lock(mutex_);
      if (!error_) error_ = status.error();
    }
  }

  Status Once() {
    ZAEL_ASSIGN(Decision decision, limiter_.Acquire(request_));
    if (!decision.granted()) {
      MutexLock lock(mutex_);
      ++totals_.denied;
      totals_.last_statuses = decision.statuses();
      totals_.last_denial = std::move(decision);
      return {};
    }
    Lease lease = decision.TakeLease();
    if (!adjust_.empty() && !lease.degraded()) {
      if (const Status adjusted = lease.Adjust(adjust_); !adjusted.ok()) {
        // Wrong corrections must not cost anything; what cannot be given back stays charged.
        if (const Status undone = lease.Rollback(); !undone.ok()) return undone;
        return adjusted;
      }
    }
    const Amounts consumed = lease.consumed();
    const bool degraded = lease.degraded();
    ZAEL_TRY(lease.Commit());
    MutexLock lock(mutex_);
    ++totals_.granted;
    if (degraded) ++totals_.degraded;
    for (const auto& [name, amount] : consumed) totals_.consumed[name] += amount;
    totals_.last_statuses = decision.statuses();
    return {};
  }

  RateLimiter& limiter_;
  const AcquireRequest request_;
  const Amounts adjust_;
  std::atomic<std::int64_t> left_;
  const std::function<bool()>& interrupted_;
  Mutex mutex_;
  AcquireTotals totals_ ZAEL_GUARDED_BY(mutex_);
  std::optional<Error> error_ ZAEL_GUARDED_BY(mutex_);
};

// After a wrong call: a limit of another name may have been meant, or none is configured yet.
void SuggestAfterError(Session& session, Repository& repository, const AcquireRequest& request,
                       const Amounts& adjust) {
  const auto levels = repository.configuration().Explain(request.entity_id, request.resource);
  if (!levels.ok()) return;
  const std::vector<std::string> known = LimitNames(*levels, request.fallback_limits);
  if (known.empty()) {
    session.SetNextStep(session.CommandText("system set-defaults -l rpm:100 -l tpm:10000") +
                        ", or give -l rpm:100 with this call");
    return;
  }
  for (const Amounts* amounts : {&request.consume, &adjust}) {
    for (const auto& [name, amount] : *amounts) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::optional<std::string> nearest = Nearest(name, known);
      session.SetNextStep(Format("{} {}={}", amounts == &adjust ? "--adjust" : "-c",
                                 nearest.value_or(known.front()), amount));
      return;
    }
  }
}

Datum AmountsDatum(const Amounts& amounts) {
  Datum::Object object;
  for (const auto& [name, amount] : amounts) object.emplace_back(name, Datum(amount));
  return Datum(std::move(object));
}

void FillReport(const AcquireOptions& options, const AcquireTotals& totals, Report& report) {
  const bool granted = totals.denied == 0;
  const auto* worst = totals.last_denial ? totals.last_denial->primary_violation() : nullptr;
  const std::optional<Milliseconds> wait =
      totals.last_denial ? totals.last_denial->retry_after() : Milliseconds{0};
  Cell outcome = Cell::Flag(granted);
  outcome.text = granted ? "granted" : "denied";
  outcome.style = granted ? Style::kGood : Style::kBad;
  report.Set("granted", "decision", outcome);
  report.SetHidden("error", worst ? Datum("rate_limit_exceeded") : Datum());
  if (worst) {
    report.Set("message", "because",
               Cell::Text(Format("{} of {} on {} has {} left, {} asked for", worst->limit,
                                 worst->entity_id, worst->resource, CountText(worst->available),
                                 CountText(worst->requested))));
    report.Set("retry_after_ms", "wait", Cell::Wait(wait));
    report.SetHidden("retry_after_seconds",
                     wait ? Datum(static_cast<double>(wait->count()) / 1000) : Datum());
  } else {
    report.SetHidden("message", Datum());
    report.SetHidden("retry_after_ms", Datum(0));
    report.SetHidden("retry_after_seconds", Datum(0.0));
  }
  if (options.repeat > 1) {
    report.Set("calls_granted", "granted", Cell::Count(totals.granted, Style::kGood));
    report.Set("calls_denied", "denied", Cell::Count(totals.denied));
  } else {
    report.SetHidden("calls_granted", Datum(totals.granted));
    report.SetHidden("calls_denied", Datum(totals.denied));
  }
  if (totals.degraded > 0) {
    report.Set("degraded", "degraded", Cell::Count(totals.degraded, Style::kWarn));
  } else {
    report.SetHidden("degraded", Datum(0));
  }
  report.Set("consumed", "consumed",
             Cell{AmountsDatum(totals.consumed), AmountsText(totals.consumed)});
  report.Add(StatusTable(totals.last_statuses));
}

Result<ExitCode> RunAcquire(const AcquireOptions& options, Session& session, Report& report) {
  AcquireRequest request{.entity_id = options.entity, .resource = options.resource};
  ZAEL_ASSIGN(request.consume, ParseAmounts("--consume", options.consume, Sign::kNotNegative));
  ZAEL_ASSIGN(request.fallback_limits, ParseLimits("--limit", options.limits));
  ZAEL_ASSIGN(const Amounts adjust, ParseAmounts("--adjust", options.adjust, Sign::kAny));
  if (request.consume.empty()) {
    session.SetNextStep(
        Format("zae-limiter acquire {} {} -c rpm=1", options.entity, options.resource));
    return Error(ErrorCode::kInvalidArgument,
                 "read --consume: nothing given, at least one NAME=AMOUNT is the rule");
  }
  ZAEL_ASSIGN(const OpenOptions open, session.MakeOpenOptions());
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable(open));
  RateLimiter limiter(repository, {.timeout = open.lock_timeout});
  AcquireRun run(limiter, request, adjust, options.repeat, session.console().interrupted);
  const Result<AcquireTotals> totals = run.Run(options.threads);
  if (!totals.ok()) {
    if (totals.error().code() == ErrorCode::kInvalidArgument) {
      SuggestAfterError(session, *repository, request, adjust);
    }
    return totals.error();
  }
  FillReport(options, *totals, report);
  if (totals->granted + totals->denied < options.repeat) {
    report.Say(Format("interrupted after {} of {} calls",
                      CountText(totals->granted + totals->denied), CountText(options.repeat)));
    return ExitCode::kInterrupted;
  }
  return totals->denied == 0 ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace

void AddAcquireCommand(Command& root) {
  const auto options = std::make_shared<AcquireOptions>();
  root.AddCommand("acquire", "Ask for tokens; exit 0 granted, 1 denied",
                  [options](Session& session, Report& report) {
                    return RunAcquire(*options, session, report);
                  })
      .Argument("ENTITY", &options->entity, "who is limited: an API key, a user, a project")
      .Argument("RESOURCE", &options->resource, "what is used: gpt-4, api")
      .Option({.names = "--consume,-c",
               .value_name = "NAME=AMOUNT",
               .help = "tokens to take of a limit",
               .choices = {},
               .target = &options->consume})
      .Option({.names = "--adjust",
               .value_name = "NAME=+N|-N",
               .help = "correct the lease afterwards; may go into debt",
               .choices = {},
               .target = &options->adjust})
      .Option(LimitOption(&options->limits, "used when nothing is configured"))
      .Option({.names = "--repeat",
               .value_name = "N",
               .help = "ask so many times; default 1",
               .choices = {},
               .target = NumberTarget{&options->repeat, 1, kMostRepeats}})
      .Option({.names = "--threads",
               .value_name = "T",
               .help = "from so many threads; default 1",
               .choices = {},
               .target = NumberTarget{&options->threads, 1, kMostThreads}})
      .Example("zae-limiter acquire api-key-1 gpt-4 -c rpm=1 -c tpm=500")
      .Example("zae-limiter acquire api-key-1 gpt-4 -c rpm=1,tpm=500 --adjust tpm=+120")
      .Example("zae-limiter acquire user-7 api -c rps=1 -l rps:10/sec --repeat 100 --threads 4");
}

}  // namespace zael::cli
