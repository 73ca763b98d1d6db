// `available`: what an acquire could take now, or how long until it could. Changes nothing.
#include <memory>

#include "base/format.h"
#include "base/try.h"
#include "cli/amounts.h"
#include "cli/commands.h"
#include "cli/limit_tables.h"
#include "cli/report.h"
#include "cli/session.h"

namespace zael::cli {
namespace {

struct AvailableOptions {
  std::string entity, resource;
  std::vector<std::string> needed, limits;
};

Result<ExitCode> RunAvailable(const AvailableOptions& options, Session& session, Report& report) {
  AvailabilityRequest request{.entity_id = options.entity, .resource = options.resource};
  ZAEL_ASSIGN(request.fallback_limits, ParseLimits("--limit", options.limits));
  ZAEL_ASSIGN(const Amounts needed, ParseAmounts("--needed", options.needed, Sign::kNotNegative));
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  RateLimiter limiter(repository);
  ZAEL_ASSIGN(const Amounts available, limiter.Available(request));
  Table table{.key = "available",
              .columns = {{"limit", "LIMIT"}, {"available", "AVAILABLE", true}},
              .rows = {},
              .when_empty = "no limit applies"};
  for (const auto& [name, tokens] : available) {
    table.rows.push_back({Cell::Text(name, Style::kStrong),
                          Cell::Count(tokens, tokens <= 0 ? Style::kBad : Style::kPlain)});
  }
  report.SetHidden("entity", Datum(options.entity));
  report.SetHidden("resource", Datum(options.resource));
  if (needed.empty()) {
    report.Add(std::move(table));
    return ExitCode::kDone;
  }
  ZAEL_ASSIGN(const std::optional<Milliseconds> wait, limiter.TimeUntilAvailable(request, needed));
  report.Set("retry_after_ms", Format("wait for {}", AmountsText(needed)), Cell::Wait(wait));
  report.Add(std::move(table));
  return wait == Milliseconds{0} ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace

void AddAvailableCommand(Command& root) {
  const auto options = std::make_shared<AvailableOptions>();
  root.AddCommand("available", "Show what an acquire could take now; changes nothing",
                  [options](Session& session, Report& report) {
                    return RunAvailable(*options, session, report);
                  })
      .Argument("ENTITY", &options->entity, "who is limited")
      .Argument("RESOURCE", &options->resource, "what is used")
      .Option({.names = "--needed",
               .value_name = "NAME=AMOUNT",
               .help = "also say how long until so much is there; exit 1 when not now",
               .choices = {},
               .target = &options->needed})
      .Option(LimitOption(&options->limits, "used when nothing is configured"))
      .Example("zae-limiter available api-key-1 gpt-4")
      .Example("zae-limiter available api-key-1 gpt-4 --needed tpm=8000");
}

}  // namespace zael::cli
