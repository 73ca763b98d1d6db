// Tables of limits and balances that several commands show alike. Pure.
#pragma once

#include <zael/config.h>
#include <zael/decision.h>
#include <zael/limit.h>

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/report.h"

namespace zael::cli {

// Columns limit, capacity, burst, refill_amount, refill_period_seconds, text.
Table LimitTable(std::string key, const Limits& limits, std::string when_empty);

// Columns entity … retry_after_ms of every limit a decision checked.
Table StatusTable(const std::vector<LimitStatus>& statuses);

// `-l LIMIT`, repeatable.
OptionSpec LimitOption(std::vector<std::string>* target, std::string help);

// The limit names in effect, each once.
std::vector<std::string> LimitNames(const std::vector<ConfigExplanation>& levels,
                                    const Limits& fallback);

}  // namespace zael::cli
