// `audit list`: who changed what, newest first.
#include <algorithm>
#include <memory>

#include "base/try.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/session.h"

namespace zael::cli {
namespace {

constexpr std::int64_t kMostListed = 100'000;
constexpr std::size_t kPageSize = 500;

struct AuditOptions {
  std::string subject;
  std::int64_t most = 100;
};

Cell DetailsCell(const AuditEvent& event) {
  Datum::Object object;
  for (const auto& [key, value] : event.details) object.emplace_back(key, Datum(value));
  Cell cell{Datum(std::move(object)), ""};
  cell.text = ToPlainText(cell.datum);
  return cell;
}

void AddRow(const AuditEvent& event, Table& table) {
  table.rows.push_back({Cell::Time(event.timestamp), Cell::Text(event.action, Style::kStrong),
                        event.resource ? Cell::Text(*event.resource) : Cell::None(),
                        event.principal ? Cell::Text(*event.principal) : Cell::None(),
                        DetailsCell(event), Cell::Text(event.event_id, Style::kDim)});
}

Result<ExitCode> ListAudit(const AuditOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  Table table{.key = "events",
              .columns = {{"timestamp", "TIME"},
                          {"action", "ACTION"},
                          {"resource", "RESOURCE"},
                          {"principal", "PRINCIPAL"},
                          {"details", "DETAILS"},
                          {"event_id", "EVENT"}},
              .rows = {},
              .when_empty = "no audit events"};
  const auto most = static_cast<std::size_t>(options.most);
  std::optional<std::string> next;
  do {
    ZAEL_ASSIGN(const AuditPage page,
                repository->audit().List(options.subject,
                                         std::min(kPageSize, most - table.rows.size()), next));
    for (const AuditEvent& event : page.events) AddRow(event, table);
    next = page.next;
  } while (next && table.rows.size() < most);
  report.SetHidden("subject", Datum(options.subject));
  report.SetHidden("truncated", Datum(next.has_value()));
  report.Add(std::move(table));
  return ExitCode::kDone;
}

}  // namespace

void AddAuditCommands(Command& root) {
  const auto options = std::make_shared<AuditOptions>();
  Command& group = root.AddGroup("audit", "Who changed what");
  group
      .AddCommand("list", "List audit events, newest first",
                  [options](Session& session, Report& report) {
                    return ListAudit(*options, session, report);
                  })
      .Argument("SUBJECT", &options->subject, "an entity, `$SYSTEM` or `$RESOURCE:name`")
      .Option({.names = "--max",
               .value_name = "N",
               .help = "show at most so many; default 100",
               .choices = {},
               .target = NumberTarget{&options->most, 1, kMostListed}})
      .Example("zae-limiter audit list api-key-1")
      .Example("zae-limiter audit list '$SYSTEM' --json");
}

}  // namespace zael::cli
