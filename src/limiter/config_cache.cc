#include "limiter/config_cache.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace zael::limiter {

ConfigCache::ConfigCache(std::chrono::milliseconds ttl, std::size_t max_entries)
    : ttl_(ttl), limits_(max_entries), resources_(max_entries) {}

SharedLimits ConfigCache::FindLimits(std::string_view entity_id, std::string_view resource,
                                     MonotonicTime now) {
  // On the stack: names that are too long for it have been refused, or are another writer's.
  std::array<char, 512> place;
  std::optional<Timed<ResolvedLimits>> found;
  if (const std::size_t size = entity_id.size() + 1 + resource.size(); size <= place.size()) {
    char* const middle = std::copy(entity_id.begin(), entity_id.end(), place.data());
    *middle = kGroupEnd;
    std::copy(resource.begin(), resource.end(), middle + 1);
    found = limits_.Find(std::string_view(place.data(), size));
  } else {
    found = limits_.Find(LimitsKey(entity_id, resource));
  }
  if (!found || !IsFresh(found->read_at, now)) {
    misses_.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  hits_.fetch_add(1, std::memory_order_relaxed);
  return std::move(found->value);
}

Timed<Limits> ConfigCache::FindResource(std::string_view resource, MonotonicTime now) const {
  auto found = resources_.Find(resource);
  return found && IsFresh(found->read_at, now) ? std::move(*found) : Timed<Limits>{};
}

Timed<SystemDefaults> ConfigCache::FindSystem(MonotonicTime now) const {
  const MutexLock lock(mutex_);
  return system_.value && IsFresh(system_.read_at, now) ? system_ : Timed<SystemDefaults>{};
}

std::optional<OnUnavailable> ConfigCache::LastKnownMode() const {
  const MutexLock lock(mutex_);
  return mode_;
}

void ConfigCache::PutLimits(std::string_view key, Timed<ResolvedLimits> entry,
                            std::uint64_t generation) {
  if (ttl_.count() == 0 || generation != generation_.load()) return;
  limits_.Put(key, std::move(entry));
  // A change that came between the look and the insertion evicted too early.
  if (generation != generation_.load()) limits_.EraseGroup(key.substr(0, key.find(kGroupEnd)));
}

void ConfigCache::PutResource(std::string_view resource, Timed<Limits> entry,
                              std::uint64_t generation) {
  if (ttl_.count() == 0 || generation != generation_.load()) return;
  resources_.Put(resource, std::move(entry));
  if (generation != generation_.load()) resources_.EraseGroup(resource);
}

void ConfigCache::PutSystem(Timed<SystemDefaults> entry, std::uint64_t generation) {
  const MutexLock lock(mutex_);
  if (generation != generation_.load()) return;
  mode_ = entry.value->on_unavailable;
  system_ = std::move(entry);
}

void ConfigCache::EvictEntity(std::string_view entity_id) {
  generation_.fetch_add(1);
  limits_.EraseGroup(entity_id);
}

void ConfigCache::Clear() {
  generation_.fetch_add(1);
  limits_.Clear();
  resources_.Clear();
  const MutexLock lock(mutex_);
  system_ = {};
}

CacheStats ConfigCache::Stats() const {
  return {.hits = hits_.load(), .misses = misses_.load(), .entries = limits_.size()};
}

}  // namespace zael::limiter
