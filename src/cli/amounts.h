// Amounts and limits as people type them: `NAME=AMOUNT`, `NAME=+N`, `rpm:100/min:500`.
//
// Errors: kInvalidArgument naming the option, the value and the rule. Pure.
#pragma once

#include <zael/entity.h>
#include <zael/limit.h>
#include <zael/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace zael::cli {

enum class Sign { kNotNegative, kAny };

// Each text is `NAME=AMOUNT`, or several with commas between. A name twice is an error.
Result<Amounts> ParseAmounts(std::string_view option, const std::vector<std::string>& texts,
                             Sign sign);

// Each text is the text form of a limit. A name twice is an error.
Result<Limits> ParseLimits(std::string_view option, const std::vector<std::string>& texts);

// Each text is `KEY=VALUE`; the value may be empty.
Result<Metadata> ParseMetadata(std::string_view option, const std::vector<std::string>& texts);

// `10 per minute, burst 50`.
std::string LimitSentence(const Limit& limit);

// `rpm=1, tpm=500`.
std::string AmountsText(const Amounts& amounts);

}  // namespace zael::cli
