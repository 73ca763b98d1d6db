// ProfileText: the text of one shared AWS file, `~/.aws/config` or `~/.aws/credentials`, read.
//
// Sections, `key = value` lines, indented lines that continue a value or, under an empty one, are
// settings of their own; `#` and `;` begin a comment at the beginning of a line or after a blank.
// Keys are without case, a later setting of the same name replaces an earlier one, and sections of
// other programs are skipped. No message repeats a line: it could hold a secret.
#pragma once

#include <zael/result.h>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace zael::aws {

struct ProfileSetting {
  std::string value;  // without blanks around it; continued lines are joined with '\n'
  std::map<std::string, std::string, std::less<>> nested;  // the indented lines of an empty value
  int line = 0;                                            // from 1
  friend bool operator==(const ProfileSetting&, const ProfileSetting&) = default;
};

// By key, in lower case.
using ProfileSection = std::map<std::string, ProfileSetting, std::less<>>;
using ProfileSections = std::map<std::string, ProfileSection, std::less<>>;

struct ProfileText {
  ProfileSections profiles;
  ProfileSections services;  // `[services NAME]`; of the config file only
};

// They name profiles differently: `[profile NAME]` in config, `[NAME]` in credentials.
enum class ProfileFileKind { kConfig, kCredentials };

inline constexpr std::size_t kMaxProfileFileBytes = 1024 * 1024;

// `file` is for messages. Errors: kInvalidArgument `read FILE: line N: cause`.
Result<ProfileText> ParseProfileText(std::string_view text, ProfileFileKind kind,
                                     const std::string& file);

}  // namespace zael::aws
