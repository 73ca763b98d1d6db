// `explain`: which of the four levels the limits of an entity and resource come from. Changes
// nothing.
#include <memory>

#include "base/format.h"
#include "base/try.h"
#include "cli/commands.h"
#include "cli/limit_tables.h"
#include "cli/report.h"
#include "cli/session.h"

namespace zael::cli {
namespace {

struct ExplainOptions {
  std::string entity, resource;
};

std::string LimitTexts(const Limits& limits) {
  std::string text;
  for (const Limit& limit : limits) text += (text.empty() ? "" : " ") + limit.ToText();
  return text;
}

Datum LimitsDatum(const Limits& limits) {
  Datum::List list;
  for (const Limit& limit : limits) list.emplace_back(limit.ToText());
  return Datum(std::move(list));
}

Result<ExitCode> RunExplain(const ExplainOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const std::vector<ConfigExplanation> levels,
              repository->configuration().Explain(options.entity, options.resource));
  Table table{
      .key = "levels",
      .columns = {{"level", "LEVEL"}, {"wins", "WINS"}, {"limits", "LIMITS"}, {"key", "STORED AT"}},
      .rows = {},
      .when_empty = ""};
  const ConfigExplanation* winner = nullptr;
  for (const ConfigExplanation& level : levels) {
    if (level.wins) winner = &level;
    const Style style = level.wins ? Style::kGood : Style::kDim;
    const std::string texts = LimitTexts(level.limits);
    table.rows.push_back({Cell::Text(ConfigLevelName(level.level), style), Cell::Flag(level.wins),
                          Cell{LimitsDatum(level.limits), texts.empty() ? "-" : texts, style},
                          Cell::Text(level.key, Style::kDim)});
  }
  report.SetHidden("entity", Datum(options.entity));
  report.SetHidden("resource", Datum(options.resource));
  report.SetHidden("winner", winner ? Datum(ConfigLevelName(winner->level)) : Datum());
  report.Say(winner ? Format("{} on {} is limited by its {} level; it replaces the ones below.",
                             options.entity, options.resource, ConfigLevelName(winner->level))
                    : Format("No level has limits for {} on {}: an acquire must bring its own.",
                             options.entity, options.resource));
  report.Add(std::move(table));
  if (!winner) report.Advise(session.CommandText("system set-defaults -l rpm:100 -l tpm:10000"));
  return ExitCode::kDone;
}

}  // namespace

void AddExplainCommand(Command& root) {
  const auto options = std::make_shared<ExplainOptions>();
  root.AddCommand("explain", "Show which level the limits of an entity come from",
                  [options](Session& session, Report& report) {
                    return RunExplain(*options, session, report);
                  })
      .Argument("ENTITY", &options->entity, "who is limited")
      .Argument("RESOURCE", &options->resource, "what is used")
      .Example("zae-limiter explain api-key-1 gpt-4");
}

}  // namespace zael::cli
