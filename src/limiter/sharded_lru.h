// ShardedLru: a bounded map from text keys to small values, shared by many threads.
//
// Keys are `group`, kGroupEnd, and anything; all keys of a group live in one shard, so a group can
// be erased without touching the others. The least recently put entry of a full shard goes first.
// No caller holds a lock across anything but a lookup or an insertion here.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace zael::limiter {

// Sorts before every character a name may hold and is never part of one.
inline constexpr char kGroupEnd = '\n';

// What a map makes of a key before it looks for it; callers that ask for the same key again and
// again keep it.
struct LruHash {
  std::size_t group = 0;
  std::size_t key = 0;

  static std::string_view GroupOf(std::string_view key) {
    return key.substr(0, key.find(kGroupEnd));
  }
  static LruHash Of(std::string_view key) {
    constexpr std::hash<std::string_view> kHash;
    return {.group = kHash(GroupOf(key)), .key = kHash(key)};
  }
};

struct LruKey {
  std::string_view text;
  LruHash hash;

  template <std::convertible_to<std::string_view> Text>
  LruKey(const Text& key) : text(key), hash(LruHash::Of(text)) {}  // NOLINT: any text is a key
  // Requires: `known` is LruHash::Of(key).
  LruKey(std::string_view key, const LruHash& known) : text(key), hash(known) {}
};

// Thread-safe.
template <typename T>
class ShardedLru {
 public:
  explicit ShardedLru(std::size_t max_entries) {
    const std::size_t shards = std::clamp<std::size_t>(max_entries / kEntriesPerShard, 1, 64);
    max_per_shard_ = max_entries / shards;
    for (std::size_t i = 0; i < shards; ++i) shards_.push_back(std::make_unique<Shard>());
  }

  std::optional<T> Find(const LruKey& key) const {
    Shard& shard = ShardOf(key.hash.group);
    const MutexLock lock(shard.mutex);
    const auto place = shard.places.find({key.text, key.hash.key});
    if (place == shard.places.end()) return std::nullopt;
    return place->second->value;
  }

  void Put(const LruKey& key, T value) {
    if (max_per_shard_ == 0) return;
    Shard& shard = ShardOf(key.hash.group);
    const MutexLock lock(shard.mutex);
    const auto place = shard.places.find({key.text, key.hash.key});
    if (place != shard.places.end()) {
      place->second->value = std::move(value);
      shard.entries.splice(shard.entries.end(), shard.entries, place->second);
      return;
    }
    if (shard.entries.size() >= max_per_shard_) shard.Erase(shard.entries.begin());
    shard.entries.push_back({std::string(key.text), key.hash.key, std::move(value)});
    shard.places.emplace(shard.entries.back().place(), std::prev(shard.entries.end()));
  }

  void EraseGroup(std::string_view group) {
    Shard& shard = ShardOf(LruHash::Of(group).group);
    const MutexLock lock(shard.mutex);
    for (auto entry = shard.entries.begin(); entry != shard.entries.end();) {
      const auto next = std::next(entry);
      if (LruHash::GroupOf(entry->key) == group) shard.Erase(entry);
      entry = next;
    }
  }

  void Clear() {
    for (const auto& shard : shards_) {
      const MutexLock lock(shard->mutex);
      shard->places.clear();
      shard->entries.clear();
    }
  }

  std::size_t size() const {
    std::size_t size = 0;
    for (const auto& shard : shards_) {
      const MutexLock lock(shard->mutex);
      size += shard->entries.size();
    }
    return size;
  }

 private:
  static constexpr std::size_t kEntriesPerShard = 64;

  // A key with its hash, which is not made twice.
  struct Place {
    std::string_view key;
    std::size_t hash;
    friend bool operator==(const Place& a, const Place& b) { return a.key == b.key; }
  };
  struct HashOfPlace {
    std::size_t operator()(const Place& place) const noexcept { return place.hash; }
  };
  struct Entry {
    std::string key;
    std::size_t hash;
    T value;
    Place place() const { return {key, hash}; }
  };
  using Entries = std::list<Entry>;
  struct Shard {
    Mutex mutex;
    Entries entries ZAEL_GUARDED_BY(mutex);  // least recently put first
    std::unordered_map<Place, typename Entries::iterator, HashOfPlace> places
        ZAEL_GUARDED_BY(mutex);

    void Erase(typename Entries::iterator entry) ZAEL_REQUIRES(mutex) {
      places.erase(entry->place());
      entries.erase(entry);
    }
  };

  Shard& ShardOf(std::size_t group_hash) const { return *shards_[group_hash % shards_.size()]; }

  std::size_t max_per_shard_ = 0;
  std::vector<std::unique_ptr<Shard>> shards_;  // never changes after construction
};

}  // namespace zael::limiter
