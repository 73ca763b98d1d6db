// Settings: what the environment variables and the active profile say, in one look-up.
//
// A variable goes before the profile. The active profile is the one given in code, else
// AWS_PROFILE, else AWS_DEFAULT_PROFILE, else `default`; only the last may be missing.
#pragma once

#include <zael/result.h>

#include <optional>
#include <string>

#include "aws/profiles.h"

namespace zael::aws {

// Thread-compatible.
class Settings {
 public:
  // `profile`: given in code; empty: none.
  // Errors: as Profiles::Load; kNotFound when a profile is asked for that is in neither file.
  static Result<Settings> Load(Variables variables, const std::string& profile);

  const Profiles& profiles() const { return profiles_; }
  const Variables& variables() const { return variables_; }
  const std::string& profile() const { return profile_; }
  bool profile_given_in_code() const { return profile_given_in_code_; }

  // The variable, else the profile's key; the place of a variable is its name.
  std::optional<PlacedSetting> Find(const char* variable, const char* key) const;
  std::optional<PlacedSetting> FindVariable(const char* variable) const;

  // `true` or `false` in any case; false when not set.
  // Errors: kInvalidArgument naming the place.
  Result<bool> FindBool(const char* variable, const char* key) const;

 private:
  Variables variables_;
  Profiles profiles_;
  std::string profile_;
  bool profile_given_in_code_ = false;
};

}  // namespace zael::aws
