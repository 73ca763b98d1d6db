#include "cli/replay/live_view.h"

#include <algorithm>

#include "base/format.h"
#include "cli/report.h"
#include "cli/units.h"

namespace zael::cli::replay {
namespace {

constexpr std::chrono::seconds kSilence{1};       // a short run shows its result only
constexpr std::chrono::seconds kBetweenLines{2};  // in plain text
constexpr int kTableColumns = 78;                 // narrower places get plain lines
constexpr std::size_t kMostRows = 12;             // tenants in the live table

struct Totals {
  std::uint64_t granted = 0;
  std::uint64_t denied = 0;
};

Totals TotalsOf(const ReplayRun& run) {
  Totals totals;
  for (const TenantProgress& tenant : run.progress()) {
    totals.granted += tenant.granted.load(std::memory_order_relaxed);
    totals.denied += tenant.denied.load(std::memory_order_relaxed);
  }
  return totals;
}

double PerSecond(const ReplayRun& run) {
  const double seconds = std::chrono::duration<double>(run.elapsed()).count();
  return seconds > 0 ? static_cast<double>(run.calls_done()) / seconds : 0;
}

std::vector<Cell> RowOf(const Tenant& tenant, const TenantProgress& progress) {
  const std::int64_t wait_ms = progress.wait_ms.load(std::memory_order_relaxed);
  const std::int64_t balance = progress.balance.load(std::memory_order_relaxed);
  const auto denied = static_cast<std::int64_t>(progress.denied.load(std::memory_order_relaxed));
  return {Cell::Text(tenant.entity, Style::kStrong),
          Cell::Text(tenant.resource),
          Cell::Count(static_cast<std::int64_t>(progress.granted.load(std::memory_order_relaxed)),
                      Style::kGood),
          Cell::Count(denied, denied > 0 ? Style::kBad : Style::kPlain),
          Cell::Count(balance, balance < 0 ? Style::kBad : Style::kPlain),
          denied == 0   ? Cell::None()
          : wait_ms < 0 ? Cell::Wait(std::nullopt)
                        : Cell::Duration(Milliseconds(wait_ms))};
}

}  // namespace

LiveView::LiveView(const Console& console, const Tenants& tenants, std::size_t calls, bool quiet)
    : console_(console), tenants_(tenants), calls_(calls), quiet_(quiet) {}

void LiveView::Update(const ReplayRun& run) {
  if (quiet_ || run.elapsed() < kSilence) return;
  // A line that wraps would break the redrawing.
  const bool redraw = console_.err_is_terminal && console_.width >= kTableColumns;
  redraw ? DrawTable(run) : PrintLine(run);
}

void LiveView::Clear() {
  if (lines_on_screen_ == 0) return;
  console_.err(Format("\x1b[{}A\x1b[J", lines_on_screen_));
  lines_on_screen_ = 0;
}

void LiveView::DrawTable(const ReplayRun& run) {
  Table table{.key = "live",
              .columns = {{"entity", "ENTITY"},
                          {"resource", "RESOURCE"},
                          {"granted", "GRANTED", true},
                          {"denied", "DENIED", true},
                          {"balance", "BALANCE", true},
                          {"wait", "LAST WAIT", true}},
              .rows = {},
              .when_empty = ""};
  for (std::size_t i = 0; i < tenants_.list.size(); ++i) {
    table.rows.push_back(RowOf(tenants_.list[i], run.progress()[i]));
  }
  // Those with most denials are the ones to watch.
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& left, const auto& right) {
    return std::get<std::int64_t>(left[3].datum.data()) >
           std::get<std::int64_t>(right[3].datum.data());
  });
  const std::size_t hidden = table.rows.size() > kMostRows ? table.rows.size() - kMostRows : 0;
  table.rows.resize(table.rows.size() - hidden);
  std::vector<std::string> lines = TableLines(table, console_, true);
  if (hidden > 0) lines.push_back(Format("… and {} more", hidden));
  const Totals totals = TotalsOf(run);
  lines.push_back(Format("{}  {} calls  granted {}  denied {}  {}/s",
                         ProgressBar(run.calls_done(), calls_, 24),
                         CountText(static_cast<std::int64_t>(run.calls_done())),
                         CountText(static_cast<std::int64_t>(totals.granted)),
                         CountText(static_cast<std::int64_t>(totals.denied)),
                         CountText(static_cast<std::int64_t>(PerSecond(run)))));
  Clear();
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  console_.err(text);
  lines_on_screen_ = lines.size();
}

void LiveView::PrintLine(const ReplayRun& run) {
  if (run.elapsed() - last_line_ < kBetweenLines && last_line_.count() > 0) return;
  last_line_ = run.elapsed();
  const Totals totals = TotalsOf(run);
  console_.err(Format("replay: {} of {} calls ({}), granted {}, denied {}, {} decisions/s\n",
                      run.calls_done(), calls_, PercentText(run.calls_done(), calls_),
                      totals.granted, totals.denied, static_cast<std::int64_t>(PerSecond(run))));
}

std::string ProgressBar(std::uint64_t done, std::uint64_t all, std::size_t width) {
  const std::uint64_t reached = all == 0 ? 0 : std::min(done, all);
  const std::size_t filled = all == 0 ? 0 : static_cast<std::size_t>(reached * width / all);
  return Format("[{}{}] {:3} %", std::string(filled, '#'), std::string(width - filled, '.'),
                all == 0 ? 0 : reached * 100 / all);
}

}  // namespace zael::cli::replay
