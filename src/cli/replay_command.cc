// `replay TRACE.csv`: what limits would have done to recorded traffic.
#include <algorithm>
#include <charconv>
#include <memory>
#include <set>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "cli/amounts.h"
#include "cli/commands.h"
#include "cli/limit_tables.h"
#include "cli/replay/live_view.h"
#include "cli/replay/replay_report.h"
#include "cli/replay/run.h"
#include "cli/replay/scratch_table.h"
#include "cli/replay/summary.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/units.h"
#include "os/files.h"

namespace zael::cli {
namespace {

using replay::ReplayRun;
using replay::Tenants;
using replay::Trace;
using replay::TraceClock;

constexpr std::int64_t kMostCalls = 5'000'000;
constexpr std::int64_t kMostThreads = 64;
constexpr std::int64_t kMostEntities = 100'000;
constexpr std::size_t kMaxTraceBytes = std::size_t{1} << 30;
constexpr std::chrono::milliseconds kRedraw{200};
// A replay must not fail for a call that waited long behind others on one bucket.
constexpr std::chrono::milliseconds kCallTimeout{60'000};
constexpr double kMaxSpeed = 1e6;

struct ReplayOptions {
  std::vector<std::string> traces, limits;
  std::int64_t projects = 0, threads = 4, calls = 0, generate = 0, seed = 1;
  replay::TenantOptions tenants;
  std::optional<std::string> estimate, speed, check, decisions;
  bool create = false, temporary = false, in_place = false;
};

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

// Times trace time per real time; 0 for `max`.
Result<double> ParseSpeed(const std::string& text) {
  if (text == "max") return 0.0;
  if (text == "realtime") return 1.0;
  double speed = 0;
  const char* const end = text.data() + text.size() - (text.ends_with('x') ? 1 : 0);
  const auto [parsed, failure] = std::from_chars(text.data(), end, speed);
  if (failure != std::errc() || parsed != end || !(speed > 0) || speed > kMaxSpeed) {
    return Wrong(
        Format("read --speed: {} is not `max`, `realtime` or a factor such as `10x` "
               "above 0 up to {:.0f}x",
               Shorten(text), kMaxSpeed));
  }
  return speed;
}

// Output tokens to reserve: a number, or `p95`: what so many percent of the trace's calls stay
// below.
Result<std::int64_t> ParseEstimate(const std::string& text, const Trace& trace) {
  if (!text.empty() && text.front() == 'p') {
    ZAEL_ASSIGN(const std::int64_t percent,
                ParseNumber("--estimate percentile", std::string_view(text).substr(1), 1, 100));
    return replay::GeneratedPercentile(trace, percent);
  }
  return ParseNumber("--estimate", text, 0, replay::kMaxCallTokens);
}

Result<Trace> LoadTrace(const ReplayOptions& options, Session& session) {
  if (options.traces.empty() == (options.generate == 0)) {
    session.SetNextStep("zae-limiter replay --generate 10000 --temporary -l rpm:600 -l tpm:600000");
    return Wrong("replay: either trace files or --generate N is the rule");
  }
  Trace trace;
  if (options.generate > 0) {
    trace = replay::GenerateTrace(static_cast<std::size_t>(options.generate),
                                  static_cast<std::uint64_t>(options.seed));
  } else {
    std::vector<replay::TraceText> texts;
    for (const std::string& path : options.traces) {
      ZAEL_ASSIGN(std::string content, os::ReadSmallFile(path, kMaxTraceBytes));
      texts.push_back({path, std::move(content)});
    }
    ZAEL_ASSIGN(trace, replay::ReadTraces(texts));
  }
  if (options.calls > 0) replay::RepeatTo(trace, static_cast<std::size_t>(options.calls));
  if (trace.calls.size() > static_cast<std::size_t>(kMostCalls)) {
    return Wrong(Format("replay: {} calls, at most {} is the rule; --calls takes the first ones",
                        trace.calls.size(), kMostCalls));
  }
  return trace;
}

// Projects and keys under them, each key charging its project too; what exists stays as it is.
Status CreateTenants(const ReplayOptions& options, const Tenants& tenants, Entities& entities) {
  const auto create = [&entities](Entity entity) -> Status {
    const Result<Entity> created = entities.Create(std::move(entity));
    if (created.ok() || created.error().code() == ErrorCode::kAlreadyExists) return {};
    return created.error();
  };
  for (std::int64_t i = 1; i <= options.projects; ++i) {
    ZAEL_TRY(create({.id = Format("project-{}", i)}));
  }
  std::int64_t position = 0;
  std::set<std::string> done;
  for (const replay::Tenant& tenant : tenants.list) {
    if (!done.insert(tenant.entity).second) continue;
    Entity entity{.id = tenant.entity};
    if (options.projects > 0) {
      std::int64_t number = position++;
      const std::string_view id = tenant.entity;
      if (id.starts_with(options.tenants.entity_prefix)) {
        const Result<std::int64_t> own = ParseNumber(
            "entity", id.substr(options.tenants.entity_prefix.size()), 1, kMostEntities);
        if (own.ok()) number = *own - 1;
      }
      entity.parent_id = Format("project-{}", number % options.projects + 1);
      entity.cascade = true;
    }
    ZAEL_TRY(create(std::move(entity)));
  }
  return {};
}

// The parameters the buckets were written with: what they are checked against.
Result<replay::BucketLimits> LimitsOfBuckets(const ReplayRun& run, Repository& repository) {
  std::set<std::string> entities;
  for (const auto& [bucket, tenants] : run.bucket_tenants()) {
    entities.insert(bucket.substr(0, bucket.find('#')));
  }
  replay::BucketLimits limits;
  for (const std::string& entity : entities) {
    ZAEL_ASSIGN(const std::vector<BucketSnapshot> buckets, repository.buckets().Show(entity, {}));
    for (const BucketSnapshot& bucket : buckets) {
      limits.emplace(replay::BucketName(entity, bucket.resource, bucket.limit.name), bucket.limit);
    }
  }
  return limits;
}

// In real time the clock moves on while a call is under way, and the moment a grant names may be
// that much before its write: what a bucket earns in the longest call is no finding.
void DropWithinLatency(const replay::BucketLimits& limits, const replay::ReplaySummary& summary,
                       std::vector<testing::OverAdmission>& findings) {
  const double seconds = std::chrono::duration<double>(summary.latency.max).count() + 0.001;
  std::erase_if(findings, [&](const testing::OverAdmission& finding) {
    const Limit& limit = limits.at(finding.bucket);
    const double earned_milli = 1000.0 * static_cast<double>(limit.refill_amount) * seconds /
                                static_cast<double>(limit.refill_period.count());
    return static_cast<double>(finding.excess_milli) <= earned_milli;
  });
}

// One replay, step by step; holds what the steps share.
class ReplayJob {
 public:
  ReplayJob(const ReplayOptions& options, Session& session)
      : options_(options), session_(session) {}

  Result<ExitCode> Run(Report& report) {
    ZAEL_TRY(Prepare());
    ZAEL_TRY(OpenRepository());
    if (options_.create || (options_.temporary && options_.projects > 0)) {
      ZAEL_TRY(CreateTenants(options_, tenants_, repository_->entities()));
    }
    if (const Status charges = replay::ResolveCharges(tenants_, run_options_.override_limits,
                                                      repository_->configuration());
        !charges.ok()) {
      session_.SetNextStep(
          "add -l rpm:600 -l tpm:600000, or set limits with `zae-limiter system "
          "set-defaults`");
      return charges.error();
    }
    const RateLimiterOptions limiter_options{
        .config_cache_entries = std::max<std::size_t>(100'000, tenants_.list.size() * 4),
        .timeout = kCallTimeout};
    ReplayRun run(RateLimiter(repository_, limiter_options), repository_->clock(),
                  trace_clock_.get(), trace_, tenants_);
    ZAEL_TRY(Drive(run));
    return Answer(run, report);
  }

 private:
  Status Prepare() {
    ZAEL_ASSIGN(run_options_.override_limits, ParseLimits("--limit", options_.limits));
    ZAEL_ASSIGN(run_options_.speed, ParseSpeed(options_.speed.value_or("max")));
    if (options_.in_place && (options_.temporary || run_options_.speed == 0)) {
      session_.SetNextStep("add --speed 10x, or leave out --in-place");
      return Wrong(
          options_.temporary
              ? "replay --in-place: given together with --temporary"
              : "replay --in-place: at full speed the limiter's clock is the trace's time, "
                "which must not reach the buckets of a live table");
    }
    if (options_.projects > 0 && !options_.create && !options_.temporary) {
      return Wrong("replay --projects: needs --create, for without it no entity is made");
    }
    ZAEL_ASSIGN(trace_, LoadTrace(options_, session_));
    ZAEL_ASSIGN(run_options_.output_guess,
                ParseEstimate(options_.estimate.value_or("256"), trace_));
    run_options_.threads = options_.threads;
    run_options_.check = options_.check.value_or("on") == "on";
    tenants_ = replay::AssignTenants(trace_, options_.tenants);
    return {};
  }

  Status OpenRepository() {
    if (run_options_.speed == 0) {
      trace_clock_ = std::make_shared<TraceClock>(MakeSystemClock(),
                                                  replay::ToWallTime(trace_.calls.front().at));
    }
    if (options_.in_place) {
      ZAEL_ASSIGN(repository_, session_.OpenTable());
      return {};
    }
    // The table is held only while it is copied.
    std::shared_ptr<Repository> source;
    if (!options_.temporary) {
      ZAEL_ASSIGN(source, session_.OpenTable());
    }
    ZAEL_ASSIGN(scratch_, replay::ScratchTable::Make("replay", trace_clock_));
    if (source) ZAEL_TRY(scratch_->CopyConfigurationFrom(*source));
    repository_ = scratch_->repository();
    return {};
  }

  Status Drive(ReplayRun& run) {
    const CommonOptions& common = session_.options();
    replay::LiveView view(session_.console(), tenants_, trace_.calls.size(),
                          common.quiet || common.json);
    run.Start(run_options_);
    while (!run.WaitFor(kRedraw)) {
      if (session_.console().interrupted()) run.Stop();
      view.Update(run);
    }
    view.Clear();
    return run.Finish();
  }

  Result<ExitCode> Answer(ReplayRun& run, Report& report) {
    const replay::ReplaySummary summary =
        replay::Summarize(trace_, tenants_, run.outcomes(), run_options_.output_guess);
    ZAEL_ASSIGN(const replay::BucketLimits limits, LimitsOfBuckets(run, *repository_));
    replay::ReplayAnswer answer{.summary = summary};
    answer.elapsed = run.elapsed();
    answer.trace_span = trace_.calls.back().at - trace_.calls.front().at;
    answer.output_guess = run_options_.output_guess;
    answer.threads = run_options_.threads;
    answer.calls_in_trace = trace_.calls.size();
    answer.checked = run_options_.check;
    if (run_options_.check) {
      for (const auto& [bucket, limit] : limits) run.checker().SetLimit(bucket, limit, 0);
      answer.over_admissions = run.checker().FindOverAdmissions();
      if (run_options_.speed > 0) DropWithinLatency(limits, summary, answer.over_admissions);
    }
    answer.advice = replay::AdviceLines({.trace = trace_,
                                         .tenants = tenants_,
                                         .summary = summary,
                                         .denials = run.denials(),
                                         .bucket_tenants = run.bucket_tenants(),
                                         .limits = limits,
                                         .output_guess = run_options_.output_guess});
    if (options_.decisions) {
      ZAEL_TRY(os::WriteSmallFile(
          *options_.decisions,
          replay::DecisionsCsv(trace_, tenants_, run.outcomes(), run_options_.output_guess)));
    }
    FillReport(answer, report);
    if (!answer.over_admissions.empty()) return ExitCode::kNo;
    return answer.interrupted() ? ExitCode::kInterrupted : ExitCode::kDone;
  }

  const ReplayOptions& options_;
  Session& session_;
  replay::ReplayRunOptions run_options_;
  Trace trace_;
  Tenants tenants_;
  std::shared_ptr<TraceClock> trace_clock_;
  std::optional<replay::ScratchTable> scratch_;
  std::shared_ptr<Repository> repository_;
};

void AddTraceOptions(Command& command, ReplayOptions& options) {
  const auto number = [&command](const char* name, const char* help, std::int64_t* target,
                                 std::int64_t min, std::int64_t max) {
    command.Option({.names = name,
                    .value_name = "N",
                    .help = help,
                    .choices = {},
                    .target = NumberTarget{target, min, max}});
  };
  number("--generate", "make up a trace of so many calls instead of reading one", &options.generate,
         1, kMostCalls);
  number("--seed", "of the made-up trace; default 1", &options.seed, 0, INT64_MAX);
  number("--calls", "repeat the trace, with later times, or cut it to so many calls",
         &options.calls, 1, kMostCalls);
  number("--entities", "spread the calls over so many API keys; default 8",
         &options.tenants.entities, 1, kMostEntities);
  number("--projects", "with --create: put the keys under so many projects", &options.projects, 1,
         kMostEntities);
  number("--threads", "calls in flight; default 4", &options.threads, 1, kMostThreads);
}

void AddRunOptions(Command& command, ReplayOptions& options) {
  const auto text = [&command](const char* name, const char* value_name, const char* help,
                               Target target, std::vector<std::string> choices = {}) {
    command.Option({.names = name,
                    .value_name = value_name,
                    .help = help,
                    .choices = std::move(choices),
                    .target = target});
  };
  text("--entity-prefix", "TEXT", "of the API keys; default `api-key-`",
       &options.tenants.entity_prefix);
  text("--resource,-r", "RESOURCE", "of every call; default gpt-4", &options.tenants.resource);
  text("--estimate", "N|pNN",
       "output tokens reserved above the context: a number or a percentile "
       "of the trace; default 256",
       &options.estimate);
  text("--speed", "SPEED", "max, realtime or a factor such as 10x; default max", &options.speed);
  text("--check", "ON", "check every bucket for over-admission; default on", &options.check,
       {"on", "off"});
  text("--decisions", "FILE", "write every decision as CSV", &options.decisions);
  text("--create", "", "make the entities first", &options.create);
  text("--temporary", "", "start from an empty table instead of a copy of yours",
       &options.temporary);
  text("--in-place", "", "charge the live buckets of the table; not at speed max",
       &options.in_place);
}

}  // namespace

void AddReplayCommand(Command& root) {
  const auto options = std::make_shared<ReplayOptions>();
  Command& command =
      root.AddCommand("replay", "See what limits would do to recorded traffic",
                      [options](Session& session, Report& report) {
                        return ReplayJob(*options, session).Run(report);
                      })
          .Option({.names = "TRACE",
                   .value_name = "TRACE.csv",
                   .help = "TIMESTAMP,ContextTokens,GeneratedTokens[,entity,resource]",
                   .choices = {},
                   .target = &options->traces})
          .Option(LimitOption(&options->limits, "use these limits, not those of the table"));
  AddTraceOptions(command, *options);
  AddRunOptions(command, *options);
  command.Example("zae-limiter replay yesterday.csv")
      .Example("zae-limiter replay yesterday.csv -l rpm:600 -l tpm:600000 --temporary")
      .Example("zae-limiter replay code.csv conv.csv --calls 100000 --threads 4 --json")
      .Example(
          "zae-limiter replay --generate 50000 --seed 7 --temporary -l tpm:90000 --speed 100x");
}

}  // namespace zael::cli
