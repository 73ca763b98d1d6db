// ConfigCache: resolved configuration of this process, believed for a while and bounded.
//
// Three kinds of entries: what holds for an entity and resource (negative answers too), defaults of
// a resource, and the system's. Nothing here does I/O, so no lock is ever held across any. A reader
// takes generation() before it reads the store and hands it back with the result: a change made in
// between through this process makes the result unwelcome.
#pragma once

#include <zael/config.h>
#include <zael/limiter.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "limiter/resolved_limits.h"
#include "limiter/sharded_lru.h"

namespace zael::limiter {

// A value and when it was read.
template <typename T>
struct Timed {
  std::shared_ptr<const T> value;
  MonotonicTime read_at{};
};

// Thread-safe.
class ConfigCache {
 public:
  // A ttl of zero finds nothing.
  ConfigCache(std::chrono::milliseconds ttl, std::size_t max_entries);

  // Counts a hit or a miss. Absent values are misses or too old.
  SharedLimits FindLimits(std::string_view entity_id, std::string_view resource, MonotonicTime now);
  Timed<Limits> FindResource(std::string_view resource, MonotonicTime now) const;
  Timed<SystemDefaults> FindSystem(MonotonicTime now) const;

  // The stored failure mode as last seen, however long ago; absent: none stored, or never read.
  std::optional<OnUnavailable> LastKnownMode() const;

  std::uint64_t generation() const { return generation_.load(); }
  void PutLimits(std::string_view key, Timed<ResolvedLimits> entry, std::uint64_t generation);
  void PutResource(std::string_view resource, Timed<Limits> entry, std::uint64_t generation);
  void PutSystem(Timed<SystemDefaults> entry, std::uint64_t generation);

  void EvictEntity(std::string_view entity_id);
  void Clear();
  CacheStats Stats() const;

 private:
  bool IsFresh(MonotonicTime read_at, MonotonicTime now) const { return now - read_at < ttl_; }

  const std::chrono::milliseconds ttl_;
  ShardedLru<Timed<ResolvedLimits>> limits_;
  ShardedLru<Timed<Limits>> resources_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
  mutable Mutex mutex_;
  Timed<SystemDefaults> system_ ZAEL_GUARDED_BY(mutex_);
  std::optional<OnUnavailable> mode_ ZAEL_GUARDED_BY(mutex_);
};

}  // namespace zael::limiter
