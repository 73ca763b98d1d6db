#include "cli/limit_tables.h"

#include "cli/amounts.h"

namespace zael::cli {

Table LimitTable(std::string key, const Limits& limits, std::string when_empty) {
  Table table{.key = std::move(key),
              .columns = {{"limit", "LIMIT"},
                          {"capacity", "CAPACITY", true},
                          {"burst", "BURST", true},
                          {"refill_amount", "REFILL", true},
                          {"refill_period_seconds", "EVERY", true},
                          {"text", "TEXT FORM"}},
              .rows = {},
              .when_empty = std::move(when_empty)};
  for (const Limit& limit : limits) {
    Cell period = Cell::Duration(limit.refill_period);
    period.datum = Datum(std::int64_t{limit.refill_period.count()});
    table.rows.push_back({Cell::Text(limit.name, Style::kStrong), Cell::Count(limit.capacity),
                          Cell::Count(limit.burst), Cell::Count(limit.refill_amount),
                          std::move(period), Cell::Text(limit.ToText())});
  }
  return table;
}

Table StatusTable(const std::vector<LimitStatus>& statuses) {
  Table table{.key = "limits",
              .columns = {{"entity", "ENTITY"},
                          {"resource", "RESOURCE"},
                          {"limit", "LIMIT"},
                          {"available", "AVAILABLE", true},
                          {"requested", "REQUESTED", true},
                          {"exceeded", "EXCEEDED"},
                          {"retry_after_ms", "WAIT", true}},
              .rows = {},
              .when_empty = "no limit was checked"};
  for (const LimitStatus& status : statuses) {
    Cell exceeded = Cell::Flag(status.exceeded);
    exceeded.style = status.exceeded ? Style::kBad : Style::kPlain;
    const Style balance = status.available < 0 ? Style::kBad : Style::kPlain;
    table.rows.push_back({Cell::Text(status.entity_id), Cell::Text(status.resource),
                          Cell::Text(status.limit, Style::kStrong),
                          Cell::Count(status.available, balance), Cell::Count(status.requested),
                          std::move(exceeded), Cell::Wait(status.retry_after)});
  }
  return table;
}

OptionSpec LimitOption(std::vector<std::string>* target, std::string help) {
  return {.names = "--limit,-l",
          .value_name = "NAME:CAPACITY[/PERIOD][:BURST]",
          .help = std::move(help),
          .choices = {},
          .target = target};
}

std::vector<std::string> LimitNames(const std::vector<ConfigExplanation>& levels,
                                    const Limits& fallback) {
  const Limits* limits = &fallback;
  for (const ConfigExplanation& level : levels) {
    if (level.wins) limits = &level.limits;
  }
  std::vector<std::string> names;
  for (const Limit& limit : *limits) names.push_back(limit.name);
  return names;
}

}  // namespace zael::cli
