#include "limiter/target_resolver.h"

#include <string>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "limit/names.h"

namespace zael::limiter {

Status ValidateTarget(const TargetQuery& query) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", query.entity_id));
  ZAEL_TRY(limit::ValidateResource(query.resource));
  ZAEL_TRY(limit::ValidateLimits("fallback_limits", query.fallback_limits));
  return limit::ValidateLimits("override_limits", query.override_limits);
}

Status ValidateKnown(const ResolvedLimits& limits, const Amounts& amounts) {
  for (const auto& [name, amount] : amounts) {
    if (limits.Find(name) != nullptr) continue;
    return Error(ErrorCode::kInvalidArgument,
                 Format("check limit {} of {} {}: not one of its limits, which are {} ({})",
                        Shorten(name), limits.entity_id, limits.resource, KnownLimitNames(limits),
                        ConfigLevelName(limits.level)));
  }
  return {};
}

std::optional<Action> TargetResolver::Start(bool bypass_cache) {
  bypass_cache_ = bypass_cache;
  targets_ = {};
  return Begin(query_.entity_id);
}

std::optional<Action> TargetResolver::Begin(std::string_view entity_id) {
  if (!bypass_cache_) {
    SharedLimits cached = context_.cache.FindLimits(entity_id, query_.resource, time_.started);
    if (cached) return Add(std::move(cached), /*from_cache=*/true);
  }
  resolver_.emplace(context_, std::string(entity_id), std::string(query_.resource), time_.deadline);
  if (auto action = resolver_->Start(bypass_cache_)) return action;
  return Advance();
}

std::optional<Action> TargetResolver::Resume(Answer answer) {
  if (auto action = resolver_->Resume(std::move(answer))) return action;
  return Advance();
}

std::optional<Action> TargetResolver::Advance() {
  status_ = resolver_->status();
  if (!status_.ok()) return std::nullopt;
  return Add(resolver_->limits(), /*from_cache=*/false);
}

std::optional<Action> TargetResolver::Add(SharedLimits stored, bool from_cache) {
  SharedLimits chosen = Choose(std::move(stored));
  if (chosen->buckets.empty()) {
    status_ = Error(ErrorCode::kInvalidArgument,
                    Format("resolve limits of {} {}: none on any level (entity and resource, "
                           "entity {}, resource, system) and no fallback limits",
                           chosen->entity_id, chosen->resource, kDefaultResource));
    return std::nullopt;
  }
  targets_.from_cache |= from_cache;
  if (targets_.own) {
    targets_.parent = std::move(chosen);
    return std::nullopt;
  }
  targets_.own = std::move(chosen);
  if (!targets_.own->parent_id) return std::nullopt;
  return Begin(*targets_.own->parent_id);
}

SharedLimits TargetResolver::Choose(SharedLimits stored) const {
  const bool overridden = !query_.override_limits.empty();
  if (!overridden && (!stored->buckets.empty() || query_.fallback_limits.empty())) return stored;
  return MakeResolvedLimits({.entity_id = stored->entity_id,
                             .resource = stored->resource,
                             .parent_id = stored->parent_id},
                            overridden ? query_.override_limits : query_.fallback_limits,
                            overridden ? ConfigLevel::kOverride : ConfigLevel::kFallback);
}

}  // namespace zael::limiter
