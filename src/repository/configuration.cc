#include "repository/configuration.h"

#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "limit/names.h"
#include "records/keys.h"
#include "records/system_records.h"

namespace zael {

std::string_view ConfigLevelName(ConfigLevel level) {
  switch (level) {
    case ConfigLevel::kEntityResource:
      return "entity+resource";
    case ConfigLevel::kEntityDefault:
      return "entity default";
    case ConfigLevel::kResource:
      return "resource";
    case ConfigLevel::kSystem:
      return "system";
    case ConfigLevel::kFallback:
      return "fallback";
    case ConfigLevel::kOverride:
      return "override";
  }
  return "unknown";
}

namespace repository {
namespace {

using records::LimitLevel;

Status ValidateSet(const Limits& limits) {
  if (limits.empty()) {
    return Error(
        ErrorCode::kInvalidArgument,
        "validate limits: the list is empty, must name at least one (delete removes a level)");
  }
  return limit::ValidateLimits("limits", limits);
}

Status ValidateEntityLevel(std::string_view entity_id, std::string_view resource) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", entity_id));
  return limit::ValidateResourceOrDefault(resource);
}

}  // namespace

Status TableConfiguration::Replace(const LimitLevel& level, const LevelContent& content) {
  const Status replaced = levels_.Replace(level, content);
  session_.Notify([&](ConfigObserver& observer) {
    if (level.entity_id) {
      observer.OnEntityChanged(*level.entity_id);
    } else {
      observer.OnSharedDefaultsChanged();
    }
  });
  return replaced;
}

Status TableConfiguration::SetSystemDefaults(const SystemDefaults& defaults) {
  if (defaults.limits.empty() && !defaults.on_unavailable) {
    return Error(
        ErrorCode::kInvalidArgument,
        "validate system defaults: neither limits nor on_unavailable given (delete removes them)");
  }
  ZAEL_TRY(limit::ValidateLimits("limits", defaults.limits));
  return Replace(LimitLevel::OfSystem(),
                 {.limits = defaults.limits, .on_unavailable = defaults.on_unavailable});
}

Result<SystemDefaults> TableConfiguration::GetSystemDefaults() {
  ZAEL_ASSIGN(const LevelSnapshot snapshot, levels_.Read(LimitLevel::OfSystem()));
  return SystemDefaults{.limits = snapshot.level.limits(),
                        .on_unavailable = snapshot.on_unavailable};
}

Status TableConfiguration::DeleteSystemDefaults() {
  return Replace(LimitLevel::OfSystem(), {.limits = {}, .on_unavailable = {}, .remove = true});
}

Status TableConfiguration::SetResourceDefaults(std::string_view resource, const Limits& limits) {
  ZAEL_TRY(limit::ValidateResource(resource));
  ZAEL_TRY(ValidateSet(limits));
  return Replace(LimitLevel::OfResource(resource), {.limits = limits, .on_unavailable = {}});
}

Result<Limits> TableConfiguration::GetResourceDefaults(std::string_view resource) {
  ZAEL_TRY(limit::ValidateResource(resource));
  ZAEL_ASSIGN(const LevelSnapshot snapshot, levels_.Read(LimitLevel::OfResource(resource)));
  return snapshot.level.limits();
}

Status TableConfiguration::DeleteResourceDefaults(std::string_view resource) {
  ZAEL_TRY(limit::ValidateResource(resource));
  return Replace(LimitLevel::OfResource(resource),
                 {.limits = {}, .on_unavailable = {}, .remove = true});
}

Result<std::vector<std::string>> TableConfiguration::ListResourcesWithDefaults() {
  ZAEL_ASSIGN(const std::optional<Item> registry, session_.Get(records::RegistryKey()));
  if (!registry) return std::vector<std::string>();
  return records::DecodeRegistry(*registry);
}

Status TableConfiguration::SetLimits(std::string_view entity_id, std::string_view resource,
                                     const Limits& limits) {
  ZAEL_TRY(ValidateEntityLevel(entity_id, resource));
  ZAEL_TRY(ValidateSet(limits));
  return Replace(LimitLevel::OfEntity(entity_id, resource),
                 {.limits = limits, .on_unavailable = {}});
}

Result<Limits> TableConfiguration::GetLimits(std::string_view entity_id,
                                             std::string_view resource) {
  ZAEL_TRY(ValidateEntityLevel(entity_id, resource));
  ZAEL_ASSIGN(const LevelSnapshot snapshot,
              levels_.Read(LimitLevel::OfEntity(entity_id, resource)));
  return snapshot.level.limits();
}

Status TableConfiguration::DeleteLimits(std::string_view entity_id, std::string_view resource) {
  ZAEL_TRY(ValidateEntityLevel(entity_id, resource));
  return Replace(LimitLevel::OfEntity(entity_id, resource),
                 {.limits = {}, .on_unavailable = {}, .remove = true});
}

Result<std::vector<ConfigExplanation>> TableConfiguration::Explain(std::string_view entity_id,
                                                                   std::string_view resource) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", entity_id));
  ZAEL_TRY(limit::ValidateResource(resource));
  const std::pair<ConfigLevel, LimitLevel> order[] = {
      {ConfigLevel::kEntityResource, LimitLevel::OfEntity(entity_id, resource)},
      {ConfigLevel::kEntityDefault, LimitLevel::OfEntity(entity_id, kDefaultResource)},
      {ConfigLevel::kResource, LimitLevel::OfResource(resource)},
      {ConfigLevel::kSystem, LimitLevel::OfSystem()}};
  std::vector<ConfigExplanation> explanations;
  bool decided = false;
  for (const auto& [name, level] : order) {
    ZAEL_ASSIGN(const LevelSnapshot snapshot, levels_.Read(level));
    ConfigExplanation explanation{
        .level = name,
        .key = Format("{} / {}", records::LevelPk(level), records::LevelSkPrefix(level)),
        .limits = snapshot.level.limits()};
    explanation.wins = !decided && !explanation.limits.empty();
    decided = decided || explanation.wins;
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

}  // namespace repository
}  // namespace zael
