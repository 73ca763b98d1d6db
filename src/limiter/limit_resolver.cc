#include "limiter/limit_resolver.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "base/try.h"

namespace zael::limiter {

LimitResolver::LimitResolver(OperationContext& context, std::string entity_id, std::string resource,
                             MonotonicTime deadline)
    : context_(context),
      entity_id_(std::move(entity_id)),
      resource_(std::move(resource)),
      key_(LimitsKey(entity_id_, resource_)),
      deadline_(deadline) {}

std::optional<Action> LimitResolver::Start(bool bypass_cache) {
  bypass_cache_ = bypass_cache;
  started_ = context_.clock.MonotonicNow();
  generation_ = context_.cache.generation();
  return Ask(Level::kEntity);
}

std::optional<Action> LimitResolver::Ask(Level level) {
  if (context_.clock.MonotonicNow() >= deadline_) {
    return Fail({ErrorCode::kDeadlineExceeded, "time ran out before anything was written"});
  }
  level_ = level;
  items_.clear();
  switch (level) {
    case Level::kEntity:
      query_ = repository::EntityConfigQuery(context_.table, entity_id_);
      break;
    case Level::kResource:
      query_ = repository::ResourceConfigQuery(context_.table, resource_);
      break;
    case Level::kSystem:
      query_ = repository::SystemConfigQuery(context_.table);
      break;
  }
  query_.deadline = deadline_;
  return query_;
}

std::optional<Action> LimitResolver::Resume(Answer answer) {
  auto* page = std::get_if<Result<QueryPage>>(&answer);
  CHECK(page != nullptr);
  if (!page->ok()) return Fail(page->error());
  std::vector<Item>& found = (*page)->items;
  std::move(found.begin(), found.end(), std::back_inserter(items_));
  if ((*page)->next) {
    query_.start_after = std::move((*page)->next);
    return query_;
  }
  const Result<bool> torn = Decode();
  if (!torn.ok()) return Fail(torn.error());
  return AskAgainIfTorn(*torn);
}

std::optional<Action> LimitResolver::AskAgainIfTorn(bool torn) {
  if (torn && ++readings_ < repository::kTornReadings) return Ask(level_);
  readings_ = 0;
  return AskNext();
}

Result<bool> LimitResolver::Decode() {
  if (level_ == Level::kEntity) {
    ZAEL_ASSIGN(entity_, repository::DecodeEntityConfig(items_, entity_id_, resource_));
    return entity_.torn();
  }
  const MonotonicTime now = context_.clock.MonotonicNow();
  if (level_ == Level::kResource) {
    ZAEL_ASSIGN(const repository::LevelRecords level, repository::DecodeResourceConfig(items_));
    resource_defaults_ = {std::make_shared<Limits>(level.limits()), now};
    return level.torn;
  }
  ZAEL_ASSIGN(const repository::SystemConfig system, repository::DecodeSystemConfig(items_));
  system_ = {std::make_shared<SystemDefaults>(SystemDefaults{
                 .limits = system.level.limits(), .on_unavailable = system.on_unavailable}),
             now};
  return system.torn;
}

std::optional<Action> LimitResolver::AskNext() {
  const MonotonicTime now = context_.clock.MonotonicNow();
  const bool entity_has_limits = !entity_.for_resource.empty() || !entity_.for_default.empty();
  if (!entity_has_limits && !resource_defaults_.value) {
    if (!bypass_cache_) resource_defaults_ = context_.cache.FindResource(resource_, now);
    if (!resource_defaults_.value) return Ask(Level::kResource);
  }
  if (!system_.value) {
    if (!bypass_cache_) system_ = context_.cache.FindSystem(now);
    if (!system_.value) return Ask(Level::kSystem);
  }
  return Finish();
}

std::optional<Action> LimitResolver::Finish() {
  // As old as its oldest part, or believing one part after the other would double the lifetime.
  MonotonicTime read_at = std::min(started_, system_.read_at);
  if (resource_defaults_.value) {
    read_at = std::min(read_at, resource_defaults_.read_at);
    context_.cache.PutResource(resource_, resource_defaults_, generation_);
  }
  context_.cache.PutSystem(system_, generation_);
  LimitsOwner owner{.entity_id = entity_id_, .resource = resource_};
  if (entity_.entity && entity_.entity->cascade) owner.parent_id = entity_.entity->parent_id;
  Limits limits;
  ConfigLevel level = ConfigLevel::kSystem;
  if (!entity_.for_resource.empty()) {
    limits = entity_.for_resource.limits();
    level = ConfigLevel::kEntityResource;
  } else if (!entity_.for_default.empty()) {
    limits = entity_.for_default.limits();
    level = ConfigLevel::kEntityDefault;
  } else if (!resource_defaults_.value->empty()) {
    limits = *resource_defaults_.value;
    level = ConfigLevel::kResource;
  } else {
    limits = system_.value->limits;
  }
  limits_ = MakeResolvedLimits(std::move(owner), limits, level);
  context_.cache.PutLimits(key_, {limits_, read_at}, generation_);
  return std::nullopt;
}

std::optional<Action> LimitResolver::Fail(const Error& error) {
  status_ = Error(error.code(),
                  Format("resolve limits of {} {}: {}", entity_id_, resource_, error.message()));
  return std::nullopt;
}

}  // namespace zael::limiter
