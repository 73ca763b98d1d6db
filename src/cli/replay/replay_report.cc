#include "cli/replay/replay_report.h"

#include <algorithm>

#include "base/format.h"
#include "base/time.h"
#include "cli/units.h"

namespace zael::cli::replay {
namespace {

constexpr std::size_t kMostFindings = 20;  // over-admissions shown; the count is complete

std::int64_t Signed(std::uint64_t count) { return static_cast<std::int64_t>(count); }

Table TenantTable(const ReplaySummary& summary) {
  Table table{.key = "tenants",
              .columns = {{"entity", "TENANT"},
                          {"resource", "RESOURCE"},
                          {"calls", "CALLS", true},
                          {"granted", "GRANTED", true},
                          {"denied", "DENIED", true},
                          {"denied_share", "DENIED %", true},
                          {"tokens_reserved", "RESERVED", true},
                          {"tokens_used", "USED", true}},
              .rows = {},
              .when_empty = "no calls"};
  for (const TenantSummary& tenant : summary.tenants) {
    const std::uint64_t calls = tenant.granted + tenant.denied;
    const double share =
        calls == 0 ? 0 : static_cast<double>(tenant.denied) / static_cast<double>(calls);
    const Style style = share == 0 ? Style::kPlain : share < 0.01 ? Style::kWarn : Style::kBad;
    table.rows.push_back({Cell::Text(tenant.entity, Style::kStrong), Cell::Text(tenant.resource),
                          Cell::Count(Signed(calls)), Cell::Count(Signed(tenant.granted)),
                          Cell::Count(Signed(tenant.denied), style),
                          Cell{Datum(share), PercentText(tenant.denied, calls), style},
                          Cell::Count(tenant.tokens_reserved), Cell::Count(tenant.tokens_used)});
  }
  return table;
}

Cell LatencyCell(std::chrono::nanoseconds latency) {
  return {Datum(static_cast<double>(latency.count()) / 1000), LatencyText(latency)};
}

void AddTotals(const ReplayAnswer& answer, Report& report) {
  const ReplaySummary& summary = answer.summary;
  report.Set("calls", "calls", Cell::Count(Signed(summary.calls)));
  report.Set("context_tokens", "context tokens", Cell::Count(summary.context_tokens));
  report.Set("generated_tokens", "generated tokens", Cell::Count(summary.generated_tokens));
  Cell granted = Cell::Count(Signed(summary.granted), Style::kGood);
  granted.text += Format("  ({})", PercentText(summary.granted, summary.calls));
  report.Set("granted", "granted", std::move(granted));
  Cell denied =
      Cell::Count(Signed(summary.denied), summary.denied > 0 ? Style::kBad : Style::kPlain);
  denied.text += Format("  ({})", PercentText(summary.denied, summary.calls));
  report.Set("denied", "denied", std::move(denied));
  report.Set("tokens_reserved", "tokens reserved", Cell::Count(summary.tokens_reserved));
  report.Set("tokens_used", "tokens used", Cell::Count(summary.tokens_used));
  report.Set("tokens_over_estimate", "used over estimate",
             Cell::Count(summary.tokens_over_estimate));
  report.Set("tokens_under_estimate", "reserved, given back",
             Cell::Count(summary.tokens_under_estimate));
  report.SetHidden("output_estimate", Datum(answer.output_guess));
}

void AddSpeed(const ReplayAnswer& answer, Report& report) {
  const double seconds = std::chrono::duration<double>(answer.elapsed).count();
  const double rate = seconds > 0 ? static_cast<double>(answer.summary.calls) / seconds : 0;
  report.Set("decisions_per_second", "decisions/s",
             Cell{Datum(rate), CountText(static_cast<std::int64_t>(rate))});
  report.SetHidden("threads", Datum(answer.threads));
  report.SetHidden("elapsed_seconds", Datum(seconds));
  report.SetHidden("trace_seconds",
                   Datum(std::chrono::duration<double>(answer.trace_span).count()));
  const LatencySummary& latency = answer.summary.latency;
  report.SetHidden("latency_us", Datum(Datum::Object{{"p50", LatencyCell(latency.p50).datum},
                                                     {"p90", LatencyCell(latency.p90).datum},
                                                     {"p99", LatencyCell(latency.p99).datum},
                                                     {"max", LatencyCell(latency.max).datum}}));
  Table table{.key = "latency",
              .columns = {{"percentile", "LATENCY"}, {"latency_us", "ACQUIRE", true}},
              .rows = {{Cell::Text("p50"), LatencyCell(latency.p50)},
                       {Cell::Text("p90"), LatencyCell(latency.p90)},
                       {Cell::Text("p99"), LatencyCell(latency.p99)},
                       {Cell::Text("max"), LatencyCell(latency.max)}},
              .when_empty = ""};
  report.Add(std::move(table));
}

void AddFindings(const ReplayAnswer& answer, Report& report) {
  if (!answer.checked) {
    report.Set("over_admissions", "over-admissions", {Datum(), "not checked", Style::kWarn});
    return;
  }
  const std::size_t count = answer.over_admissions.size();
  Cell found = Cell::Count(Signed(count), count == 0 ? Style::kGood : Style::kBad);
  if (count == 0) found.text += "  (the history of every bucket was checked)";
  report.Set("over_admissions", "over-admissions", std::move(found));
  if (count == 0) return;
  Table table{
      .key = "over_admitted",
      .columns = {{"bucket", "BUCKET"}, {"at", "AT"}, {"excess_milli", "EXCESS (MILLI)", true}},
      .rows = {},
      .when_empty = ""};
  for (std::size_t i = 0; i < std::min(count, kMostFindings); ++i) {
    const testing::OverAdmission& finding = answer.over_admissions[i];
    table.rows.push_back({Cell::Text(finding.bucket, Style::kBad),
                          Cell::Time(FromEpochMs(finding.at_ms)),
                          Cell::Count(finding.excess_milli)});
  }
  report.Add(std::move(table));
}

}  // namespace

void FillReport(const ReplayAnswer& answer, Report& report) {
  report.Say(Format("replayed {} of trace time in {} with {} thread{}",
                    DurationText(std::chrono::duration_cast<Milliseconds>(answer.trace_span)),
                    DurationText(std::chrono::duration_cast<Milliseconds>(answer.elapsed)),
                    answer.threads, answer.threads == 1 ? "" : "s"));
  if (answer.interrupted()) {
    report.Say(Format("interrupted after {} of {} calls: the figures are of those",
                      CountText(Signed(answer.summary.calls)),
                      CountText(Signed(answer.calls_in_trace))));
  }
  report.SetHidden("interrupted", Datum(answer.interrupted()));
  AddTotals(answer, report);
  AddFindings(answer, report);
  AddSpeed(answer, report);
  report.Add(TenantTable(answer.summary));
  for (const std::string& line : answer.advice) report.Advise(line);
}

std::string DecisionsCsv(const Trace& trace, const Tenants& tenants,
                         const std::vector<CallOutcome>& outcomes, std::int64_t output_guess) {
  std::string csv = "call,trace,line,time_ms,entity,resource,reserved,used,granted\n";
  for (std::size_t i = 0; i < trace.calls.size(); ++i) {
    const TraceCall& call = trace.calls[i];
    const Tenant& tenant = tenants.list[tenants.of_call[i]];
    csv += Format("{},{},{},{},{},{},{},{},{}\n", i, call.file, call.line,
                  ToEpochMs(ToWallTime(call.at)), tenant.entity, tenant.resource,
                  call.context_tokens + output_guess, call.context_tokens + call.generated_tokens,
                  outcomes[i].state == CallState::kGranted ? 1 : 0);
  }
  return csv;
}

}  // namespace zael::cli::replay
