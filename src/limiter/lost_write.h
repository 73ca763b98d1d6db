// LostWrite: what was sent to one bucket without an answer coming back, and the fence that makes
// sure of it.
//
// The lost request may still be on its way. The fence (repository/bucket_writes.h) holds when the
// bucket is as the request would have met it, and moves the bucket's epoch: the request was not
// applied and never will be. A transaction is whole or absent, so one of its buckets is enough; but
// one that was missing may have been removed with the charge in it, and says nothing of the others.
// A fence that is refused shows the bucket: with the operation's own write_id the request was
// applied, under a later epoch and otherwise unchanged an earlier fence holds, and else somebody
// wrote over the evidence.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <cstdint>
#include <optional>

#include "limiter/operation_context.h"
#include "limiter/stored_bucket.h"

namespace zael::limiter {

struct LostWrite {
  // Of the item when it was sent.
  std::optional<std::int64_t> write_id;
  std::optional<std::int64_t> write_epoch;
  bool missing = false;      // there was no item
  std::int64_t made_ms = 0;  // when the fence of a missing one was
};

// The fence as an action; answered with a WriteOutcome.
Action MakeFence(OperationContext& context, const BucketSpec& spec, LostWrite& lost,
                 MonotonicTime deadline);

enum class Fate {
  kApplied,
  kNeverApplied,  // nor will it be
  kUnknown,       // as far as this bucket shows
};

// What the fence's answer says of the lost write of this `write_id`; the bucket is seen anew.
// Errors: kDataLoss.
Result<Fate> ReadFence(OperationContext& context, StoredBucket& bucket, const LostWrite& lost,
                       std::int64_t write_id, const WriteOutcome& outcome);

}  // namespace zael::limiter
