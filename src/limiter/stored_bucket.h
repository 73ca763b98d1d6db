// One bucket inside an operation: what it is, what is known of it, and what its write will make.
//
// Shared by the acquire and the adjust state machines. Pure but for the memory of buckets.
#pragma once

#include <zael/decision.h>
#include <zael/store.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/small_vector.h"
#include "limit/write_plan.h"
#include "limiter/bucket_memory.h"
#include "limiter/resolved_limits.h"

namespace zael::limiter {

// A bucket that a lease took from.
struct LeasedBucket {
  SharedLimits owner;  // keeps `spec` alive
  const BucketSpec* spec = nullptr;
  bool is_own = true;  // of the entity, not of its parent
  std::int64_t held = 0;
};
using LeasedBuckets = SmallVector<LeasedBucket, 2>;

// How sure an operation is of the state it works with.
enum class Knowledge {
  kNone,
  kRemembered,  // by this process, from earlier
  kSeen,        // read by this operation, or shown by a failed condition
};

struct StoredBucket {
  const BucketSpec* spec = nullptr;
  RememberedBucket base;
  Knowledge knowledge = Knowledge::kNone;

  void Recall(const BucketMemory& memory);
  // The store's own word; also remembered.
  Status See(const std::optional<Item>& item, BucketMemory& memory);
};

// The state that a plan leaves behind if `base` was true.
std::optional<BucketState> AfterPlan(const WritePlan& plan, const BucketSpec& spec,
                                     const std::optional<BucketState>& base);

// The item of the bucket among those a batch read brought; absent when there is none.
std::optional<Item> TakeItemOf(const BucketSpec& spec, std::vector<Item>& items);

std::optional<Milliseconds> ToWait(std::optional<std::int64_t> wait_ms);

}  // namespace zael::limiter
