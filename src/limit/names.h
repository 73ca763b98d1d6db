// Which names are accepted: one rule per kind, checked at every entry point, reads included.
//
// Errors of all: kInvalidArgument "validate FIELD: ..." with the value, shortened, and the rule.
#pragma once

#include <zael/limit.h>
#include <zael/result.h>

#include <string_view>

namespace zael::limit {

inline constexpr std::size_t kMaxIdentifierBytes = 256;
inline constexpr std::size_t kMaxNameBytes = 64;

// Entities, parents, principals: [A-Za-z0-9][A-Za-z0-9_.:@-]*, at most 256 bytes. `field` is what
// the caller calls it: "entity_id", "parent_id", "principal".
Status ValidateIdentifier(std::string_view field, std::string_view value);

// [A-Za-z][A-Za-z0-9_.-]*, at most 64 bytes, and not an attribute a usage record needs for itself.
Status ValidateLimitName(std::string_view value);

// [A-Za-z][A-Za-z0-9_./-]*, at most 64 bytes.
Status ValidateResource(std::string_view value);

// A resource, or `_default_`.
Status ValidateResourceOrDefault(std::string_view value);

// Every limit valid and every name once. `field` names the list in messages. At most
// kMaxLimitsPerLevel.
Status ValidateLimits(std::string_view field, const Limits& limits);

// Amounts of an acquire or consume: names valid, each 0 to kMaxTokens.
Status ValidateAmounts(std::string_view field, const Amounts& amounts);

// Signed corrections: names valid, each -kMaxTokens to kMaxTokens.
Status ValidateDeltas(std::string_view field, const Amounts& deltas);

}  // namespace zael::limit
