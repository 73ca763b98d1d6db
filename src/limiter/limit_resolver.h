// LimitResolver: the limits of one entity and resource, by at most three queries, into the cache.
//
// The entity's query brings its record and its limits. Resource defaults are asked for only when
// the entity has none, system defaults once per cache lifetime of the process, because they also
// hold the failure mode, which has to be known before the store goes away.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "limiter/operation_context.h"
#include "repository/resolve.h"

namespace zael::limiter {

// Part of an operation: steps answer the next action, absent when resolved or failed.
// Thread-compatible.
class LimitResolver {
 public:
  LimitResolver(OperationContext& context, std::string entity_id, std::string resource,
                MonotonicTime deadline);

  // `bypass_cache`: read the shared defaults too, as after a bucket showed other parameters than
  // the cached.
  std::optional<Action> Start(bool bypass_cache);
  std::optional<Action> Resume(Answer answer);

  const Status& status() const { return status_; }
  // Requires: status().ok(). `buckets` is empty when no level has limits.
  const SharedLimits& limits() const { return limits_; }

 private:
  enum class Level { kEntity, kResource, kSystem };

  std::optional<Action> Ask(Level level);
  std::optional<Action> AskAgainIfTorn(bool torn);
  std::optional<Action> AskNext();
  std::optional<Action> Fail(const Error& error);
  Result<bool> Decode();  // whether the level was torn
  std::optional<Action> Finish();

  OperationContext& context_;
  const std::string entity_id_;
  const std::string resource_;
  const std::string key_;
  const MonotonicTime deadline_;
  bool bypass_cache_ = false;
  std::uint64_t generation_ = 0;
  MonotonicTime started_{};

  Level level_ = Level::kEntity;
  int readings_ = 0;
  QueryRequest query_;
  std::vector<Item> items_;
  repository::EntityConfig entity_;
  Timed<Limits> resource_defaults_;
  Timed<SystemDefaults> system_;

  Status status_;
  SharedLimits limits_;
};

}  // namespace zael::limiter
