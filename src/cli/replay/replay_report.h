// What a replay answers: its summary as a report, and the list of decisions as CSV. Pure.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/replay/summary.h"
#include "cli/report.h"
#include "testing/history_checker.h"

namespace zael::cli::replay {

struct ReplayAnswer {
  const ReplaySummary& summary;
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds trace_span{0};
  std::int64_t output_guess = 0;
  std::int64_t threads = 0;
  std::uint64_t calls_in_trace = 0;
  bool checked = true;
  std::vector<testing::OverAdmission> over_admissions;
  std::vector<std::string> advice;

  bool interrupted() const { return summary.calls < calls_in_trace; }
};

void FillReport(const ReplayAnswer& answer, Report& report);

// Header and one row per call: call,trace,line,time_ms,entity,resource,reserved,used,granted.
std::string DecisionsCsv(const Trace& trace, const Tenants& tenants,
                         const std::vector<CallOutcome>& outcomes, std::int64_t output_guess);

}  // namespace zael::cli::replay
