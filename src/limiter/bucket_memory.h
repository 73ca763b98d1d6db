// BucketMemory: the last stored state of every bucket this process touched.
//
// Only chooses which write to try first; the condition stored with the write decides. Forgetting a
// bucket costs a read, a wrong memory costs a failed write, neither ever a token.
#pragma once

#include <zael/result.h>
#include <zael/value.h>

#include <cstdint>
#include <optional>

#include "limit/write_plan.h"
#include "limiter/sharded_lru.h"

namespace zael::limiter {

struct RememberedBucket {
  std::optional<BucketState> state;                        // absent: there was no item
  std::optional<std::int64_t> write_id;                    // of the operation that wrote it last
  std::optional<std::int64_t> write_epoch = std::nullopt;  // what a write of now has to require

  friend bool operator==(const RememberedBucket&, const RememberedBucket&) = default;
};

// Of an item that may be absent. Errors: kDataLoss naming the key.
Result<RememberedBucket> Remember(const std::optional<Item>& item);

// Keys are BucketSpec::memory_key, their group is the entity.
using BucketMemory = ShardedLru<RememberedBucket>;

}  // namespace zael::limiter
