#include "aws/profiles.h"

#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "os/files.h"

namespace zael::aws {
namespace {

// `~` and `~/...` stand for the home directory; nothing when there is none.
std::optional<std::string> ExpandHome(const Variables& variables, std::string path) {
  if (path != "~" && path.substr(0, 2) != "~/") return path;
  const auto home = variables("HOME");
  if (!home) return std::nullopt;
  return *home + path.substr(1);
}

bool IsThere(const std::string& path) {
  const Result<bool> there = os::Exists(path);
  return there.ok() && *there;
}

}  // namespace

Result<Profiles::File> Profiles::Read(const Variables& variables, const char* variable,
                                      const char* usual, ProfileFileKind kind) {
  File file;
  const auto named = variables(variable);
  const auto path = ExpandHome(variables, named.value_or(usual));
  if (!path) return file;
  file.path = *path;
  Result<std::string> content = os::ReadSmallFile(file.path, kMaxProfileFileBytes);
  if (!content.ok()) {
    if (content.error().code() == ErrorCode::kNotFound) return file;
    // A service's account often has a home that is no directory, or that it may not enter.
    if (!named && !IsThere(file.path)) return file;
    return content.error();
  }
  ZAEL_ASSIGN(file.text, ParseProfileText(*content, kind, file.path));
  return file;
}

Result<Profiles> Profiles::Load(const Variables& variables) {
  Profiles profiles;
  ZAEL_ASSIGN(profiles.config_,
              Read(variables, "AWS_CONFIG_FILE", "~/.aws/config", ProfileFileKind::kConfig));
  ZAEL_ASSIGN(profiles.credentials_, Read(variables, "AWS_SHARED_CREDENTIALS_FILE",
                                          "~/.aws/credentials", ProfileFileKind::kCredentials));
  return profiles;
}

bool Profiles::Has(std::string_view profile) const {
  return config_.text.profiles.find(profile) != config_.text.profiles.end() ||
         credentials_.text.profiles.find(profile) != credentials_.text.profiles.end();
}

std::optional<PlacedSetting> Profiles::FindIn(const File& file, std::string_view profile,
                                              std::string_view key) {
  const auto section = file.text.profiles.find(profile);
  if (section == file.text.profiles.end()) return std::nullopt;
  const auto setting = section->second.find(key);
  if (setting == section->second.end() || setting->second.value.empty()) return std::nullopt;
  return PlacedSetting{setting->second.value,
                       Format("{}: line {}", file.path, setting->second.line)};
}

std::optional<PlacedSetting> Profiles::FindInCredentials(std::string_view profile,
                                                         std::string_view key) const {
  return FindIn(credentials_, profile, key);
}

std::optional<PlacedSetting> Profiles::FindInConfig(std::string_view profile,
                                                    std::string_view key) const {
  return FindIn(config_, profile, key);
}

std::optional<PlacedSetting> Profiles::Find(std::string_view profile, std::string_view key) const {
  auto found = FindInCredentials(profile, key);
  return found ? std::move(found) : FindInConfig(profile, key);
}

std::optional<PlacedSetting> Profiles::FindOfService(std::string_view section,
                                                     std::string_view service,
                                                     std::string_view key) const {
  const auto services = config_.text.services.find(section);
  if (services == config_.text.services.end()) return std::nullopt;
  const auto setting = services->second.find(service);
  if (setting == services->second.end()) return std::nullopt;
  const auto value = setting->second.nested.find(key);
  if (value == setting->second.nested.end() || value->second.empty()) return std::nullopt;
  return PlacedSetting{value->second, Format("{}: line {}", config_.path, setting->second.line)};
}

bool Profiles::HasServices(std::string_view section) const {
  return config_.text.services.find(section) != config_.text.services.end();
}

std::string Profiles::Places() const {
  if (config_.path.empty() && credentials_.path.empty()) return "no file, as HOME is not set";
  if (config_.path.empty()) return credentials_.path;
  if (credentials_.path.empty()) return config_.path;
  return config_.path + " and " + credentials_.path;
}

}  // namespace zael::aws
