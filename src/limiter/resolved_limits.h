// ResolvedLimits: what holds for one entity and resource, ready for use by any number of acquires.
//
// Made once per reading of the configuration and shared: names, parameters and memory keys of its
// buckets are not made again for each acquire. Immutable values.
#pragma once

#include <zael/config.h>
#include <zael/limit.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limit/arithmetic.h"
#include "limiter/sharded_lru.h"
#include "records/keys.h"

namespace zael::limiter {

struct BucketSpec {
  records::BucketId id;
  Key key;
  BucketParams params;
  bool never_expires = false;  // the limit is meant for this entity alone
  std::string memory_key;
  LruHash memory_hash;  // of it

  LruKey memory() const { return {memory_key, memory_hash}; }
};

struct ResolvedLimits {
  std::string entity_id;
  std::string resource;
  std::optional<std::string> parent_id;  // set when acquires cascade to it
  ConfigLevel level = ConfigLevel::kSystem;
  std::vector<BucketSpec> buckets;  // by name; empty: no level has limits

  const BucketSpec* Find(std::string_view limit) const;
};

using SharedLimits = std::shared_ptr<const ResolvedLimits>;

struct LimitsOwner {
  std::string_view entity_id;
  std::string_view resource;
  std::optional<std::string> parent_id;
};
SharedLimits MakeResolvedLimits(LimitsOwner owner, const Limits& limits, ConfigLevel level);

// `entity`, kGroupEnd, `resource`.
std::string LimitsKey(std::string_view entity_id, std::string_view resource);

// "'rpm', 'tpm'" for messages.
std::string KnownLimitNames(const ResolvedLimits& limits);

}  // namespace zael::limiter
