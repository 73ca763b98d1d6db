#include "limiter/resolved_limits.h"

#include <algorithm>
#include <utility>

namespace zael::limiter {

const BucketSpec* ResolvedLimits::Find(std::string_view limit) const {
  for (const BucketSpec& bucket : buckets) {
    if (bucket.id.limit == limit) return &bucket;
  }
  return nullptr;
}

SharedLimits MakeResolvedLimits(LimitsOwner owner, const Limits& limits, ConfigLevel level) {
  auto resolved = std::make_shared<ResolvedLimits>();
  resolved->entity_id = owner.entity_id;
  resolved->resource = owner.resource;
  // An entity that is its own parent would charge every bucket twice.
  if (owner.parent_id != owner.entity_id) resolved->parent_id = std::move(owner.parent_id);
  resolved->level = level;
  resolved->buckets.reserve(limits.size());
  const std::string prefix = LimitsKey(owner.entity_id, owner.resource) + kGroupEnd;
  for (const Limit& limit : limits) {
    records::BucketId id{resolved->entity_id, resolved->resource, limit.name};
    Key key = records::BucketKey(id);
    resolved->buckets.push_back({.id = std::move(id),
                                 .key = std::move(key),
                                 .params = ParamsOf(limit),
                                 .never_expires = level == ConfigLevel::kEntityResource ||
                                                  level == ConfigLevel::kEntityDefault,
                                 .memory_key = prefix + limit.name,
                                 .memory_hash = LruHash::Of(prefix + limit.name)});
  }
  std::sort(resolved->buckets.begin(), resolved->buckets.end(),
            [](const BucketSpec& a, const BucketSpec& b) { return a.id.limit < b.id.limit; });
  return resolved;
}

std::string LimitsKey(std::string_view entity_id, std::string_view resource) {
  std::string key;
  key.reserve(entity_id.size() + 1 + resource.size());
  key.append(entity_id).push_back(kGroupEnd);
  return key.append(resource);
}

std::string KnownLimitNames(const ResolvedLimits& limits) {
  std::string names;
  for (const BucketSpec& bucket : limits.buckets) {
    if (!names.empty()) names += ", ";
    names.append("'").append(bucket.id.limit).append("'");
  }
  return names;
}

}  // namespace zael::limiter
