// ShardedLru: a bounded map from text keys to small values, shared by many threads.
//
// Keys are `group`, kGroupEnd, and anything; all keys of a group live in one shard, so a group can
// be erased without touching the others. The least recently put entry of a full shard goes first.
// No caller holds a lock across anything but a lookup or an insertion here.
#pragma once

#include <algorithm>
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

// Thread-safe.
template <typename T>
class ShardedLru {
 public:
  explicit ShardedLru(std::size_t max_entries) {
    const std::size_t shards = std::clamp<std::size_t>(max_entries / kEntriesPerShard, 1, 64);
    max_per_shard_ = max_entries / shards;
    for (std::size_t i = 0; i < shards; ++i) shards_.push_back(std::make_unique<Shard>());
  }

  std::optional<T> Find(std::string_view key) const {
    Shard& shard = ShardOf(key);
    const MutexLock lock(shard.mutex);
    const auto place = shard.places.find(key);
    if (place == shard.places.end()) return std::nullopt;
    return place->second->value;
  }

  void Put(std::string_view key, T value) {
    if (max_per_shard_ == 0) return;
    Shard& shard = ShardOf(key);
    const MutexLock lock(shard.mutex);
    if (const auto place = shard.places.find(key); place != shard.places.end()) {
      place->second->value = std::move(value);
      shard.entries.splice(shard.entries.end(), shard.entries, place->second);
      return;
    }
    if (shard.entries.size() >= max_per_shard_) shard.Erase(shard.entries.begin());
    shard.entries.push_back({std::string(key), std::move(value)});
    shard.places.emplace(shard.entries.back().key, std::prev(shard.entries.end()));
  }

  void EraseGroup(std::string_view group) {
    Shard& shard = ShardOf(group);
    const MutexLock lock(shard.mutex);
    for (auto entry = shard.entries.begin(); entry != shard.entries.end();) {
      const auto next = std::next(entry);
      if (GroupOf(entry->key) == group) shard.Erase(entry);
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

  struct Entry {
    std::string key;
    T value;
  };
  using Entries = std::list<Entry>;
  struct Shard {
    Mutex mutex;
    Entries entries ZAEL_GUARDED_BY(mutex);  // least recently put first
    std::unordered_map<std::string_view, typename Entries::iterator> places ZAEL_GUARDED_BY(mutex);

    void Erase(typename Entries::iterator entry) ZAEL_REQUIRES(mutex) {
      places.erase(std::string_view(entry->key));
      entries.erase(entry);
    }
  };

  static std::string_view GroupOf(std::string_view key) {
    return key.substr(0, key.find(kGroupEnd));
  }
  Shard& ShardOf(std::string_view key) const {
    return *shards_[std::hash<std::string_view>()(GroupOf(key)) % shards_.size()];
  }

  std::size_t max_per_shard_ = 0;
  std::vector<std::unique_ptr<Shard>> shards_;  // never changes after construction
};

}  // namespace zael::limiter
