#include "aws/settings.h"

#include <utility>

#include "aws/ascii.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
Result<Settings> Settings::Load(Variables variables, const std::string& profile) {
  Settings settings;
  settings.variables_ = std::move(variables);
  ZAEL_ASSIGN(settings.profiles_, Profiles::Load(settings.variables_));
  settings.profile_given_in_code_ = !profile.empty();
  auto asked = settings.FindVariable("AWS_PROFILE");
  if (!asked) asked = settings.FindVariable("AWS_DEFAULT_PROFILE");
  if (!profile.empty()) asked = PlacedSetting{profile, "the profile given"};
  settings.profile_ = asked ? asked->value : "default";
  if (asked && asked->value != "default" && !settings.profiles_.Has(asked->value)) {
    return Error(ErrorCode::kNotFound,
                 Format("find profile {} ({}): it is not in {}", Shorten(asked->value),
                        asked->place, settings.profiles_.Places()));
  }
  return settings;
}

std::optional<PlacedSetting> Settings::FindVariable(const char* variable) const {
  auto value = variables_(variable);
  if (!value || value->empty()) return std::nullopt;
  return PlacedSetting{*std::move(value), variable};
}

std::optional<PlacedSetting> Settings::Find(const char* variable, const char* key) const {
  auto found = FindVariable(variable);
  return found ? std::move(found) : profiles_.Find(profile_, key);
}

Result<bool> Settings::FindBool(const char* variable, const char* key) const {
  const auto found = Find(variable, key);
  if (!found) return false;
  const std::string word = ToLower(found->value);
  if (word == "true") return true;
  if (word == "false") return false;
  return Error(ErrorCode::kInvalidArgument, Format("read {}: {} is neither true nor false",
                                                   found->place, Shorten(found->value)));
}

}  // namespace zael::aws
