// Profiles: what the shared files `~/.aws/config` and `~/.aws/credentials` say, as one table.
//
// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name other files; a file that does not exist is
// an empty one, as is one in a home directory that cannot be entered. Read once: a client that
// lives on does not see changes. Where the two differ about a profile, the credentials file wins.
// Each setting knows its place, for messages.
#pragma once

#include <zael/result.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/profile_text.h"

namespace zael::aws {

// Environment variables, absent when unset or empty: os::Environment, or a test's own.
using Variables = std::function<std::optional<std::string>(const char* name)>;

struct PlacedSetting {
  std::string value;
  std::string place;  // `/home/u/.aws/config: line 7`
};

// Empty when there is none.
inline std::string ValueOf(const std::optional<PlacedSetting>& setting) {
  return setting ? setting->value : "";
}

// Thread-compatible.
class Profiles {
 public:
  Profiles() = default;

  // Errors: kInvalidArgument naming file and line; kPermissionDenied, kUnavailable naming the file.
  static Result<Profiles> Load(const Variables& variables);

  bool Has(std::string_view profile) const;

  // Absent when it is not set or empty.
  std::optional<PlacedSetting> Find(std::string_view profile, std::string_view key) const;
  std::optional<PlacedSetting> FindInCredentials(std::string_view profile,
                                                 std::string_view key) const;
  std::optional<PlacedSetting> FindInConfig(std::string_view profile, std::string_view key) const;

  // The setting `key` under `service` in `[services SECTION]`.
  std::optional<PlacedSetting> FindOfService(std::string_view section, std::string_view service,
                                             std::string_view key) const;
  bool HasServices(std::string_view section) const;

  // Where it looked, for messages: `A and B`.
  std::string Places() const;

 private:
  struct File {
    std::string path;  // empty: none, as there is no home directory
    ProfileText text;
  };

  static Result<File> Read(const Variables& variables, const char* variable, const char* usual,
                           ProfileFileKind kind);
  static std::optional<PlacedSetting> FindIn(const File& file, std::string_view profile,
                                             std::string_view key);

  File config_;
  File credentials_;
};

}  // namespace zael::aws
