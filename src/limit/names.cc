#include "limit/names.h"

#include <zael/config.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/format.h"
#include "base/same_name.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::limit {
namespace {

// What a usage record calls its own; a limit of that name would overwrite it.
constexpr std::array<std::string_view, 10> kTakenNames = {
    "PK",     "SK",     "GSI1PK",       "GSI1SK",       "GSI2PK",
    "GSI2SK", "window", "window_start", "total_events", "ttl"};
constexpr std::array<std::string_view, 2> kTakenRecordNames = {"entity_id", "resource"};

constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool IsLetterOrDigit(char c) { return IsLetter(c) || (c >= '0' && c <= '9'); }

Error Invalid(std::string_view field, std::string_view value, std::string_view rule) {
  return {ErrorCode::kInvalidArgument, Format("validate {}: {} {}", field, Shorten(value), rule)};
}

// Which bytes may stand in a name: names are checked byte by byte in every call.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view besides_letters_and_digits) {
    for (std::size_t byte = 0; byte < 128; ++byte) {
      const char c = static_cast<char>(byte);
      has_[byte] =
          IsLetterOrDigit(c) || besides_letters_and_digits.find(c) != std::string_view::npos;
    }
  }
  constexpr bool Has(char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> has_{};
};

struct NameRule {
  bool digit_may_lead;
  ByteSet accepted;  // after the first
  std::size_t max_bytes;
  std::string_view text;
};

constexpr NameRule kIdentifierRule{
    true, ByteSet("_.:@-"), kMaxIdentifierBytes,
    "must be a letter or digit, then letters, digits or _.:@- (1 to 256 bytes)"};
constexpr NameRule kLimitRule{false, ByteSet("_.-"), kMaxNameBytes,
                              "must be a letter, then letters, digits or _.- (1 to 64 bytes)"};
constexpr NameRule kResourceRule{false, ByteSet("_.-/"), kMaxNameBytes,
                                 "must be a letter, then letters, digits or _.-/ (1 to 64 bytes)"};

Status Check(std::string_view field, std::string_view value, const NameRule& rule) {
  const bool size_fits = !value.empty() && value.size() <= rule.max_bytes;
  const bool lead_fits =
      size_fits && (rule.digit_may_lead ? IsLetterOrDigit(value[0]) : IsLetter(value[0]));
  const bool rest_fits = lead_fits && std::all_of(value.begin() + 1, value.end(),
                                                  [&](char c) { return rule.accepted.Has(c); });
  if (!rest_fits) return Invalid(field, value, rule.text);
  return {};
}

Status CheckAmount(std::string_view field, const std::string& name, std::int64_t amount,
                   std::int64_t least) {
  ZAEL_TRY(ValidateLimitName(name));
  if (amount < least || amount > kMaxTokens) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("validate {}: '{}' is {}, must be {} to {} whole tokens", field, name,
                        amount, least, kMaxTokens));
  }
  return {};
}

}  // namespace

Status ValidateIdentifier(std::string_view field, std::string_view value) {
  return Check(field, value, kIdentifierRule);
}

Status ValidateLimitName(std::string_view value) {
  ZAEL_TRY(Check("limit", value, kLimitRule));
  const auto taken = [&](const auto& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return SameName(name, value); });
  };
  if (taken(kTakenNames) || taken(kTakenRecordNames)) {
    return Invalid("limit", value, "is the name of a record attribute, take another");
  }
  return {};
}

Status ValidateResource(std::string_view value) { return Check("resource", value, kResourceRule); }

Status ValidateResourceOrDefault(std::string_view value) {
  if (value == kDefaultResource) return {};
  return ValidateResource(value);
}

Status ValidateLimits(std::string_view field, const Limits& limits) {
  if (limits.size() > kMaxLimitsPerLevel) {
    return Error(ErrorCode::kInvalidArgument, Format("validate {}: {} limits, must be at most {}",
                                                     field, limits.size(), kMaxLimitsPerLevel));
  }
  std::set<std::string_view> names;
  for (const Limit& limit : limits) {
    ZAEL_TRY(limit.Validate());
    if (!names.insert(limit.name).second) {
      return Invalid(field, limit.name, "is named twice, give each limit once");
    }
  }
  return {};
}

Status ValidateAmounts(std::string_view field, const Amounts& amounts) {
  for (const auto& [name, amount] : amounts) ZAEL_TRY(CheckAmount(field, name, amount, 0));
  return {};
}

Status ValidateDeltas(std::string_view field, const Amounts& deltas) {
  for (const auto& [name, delta] : deltas) ZAEL_TRY(CheckAmount(field, name, delta, -kMaxTokens));
  return {};
}

}  // namespace zael::limit
