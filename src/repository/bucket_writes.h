// Bucket writes: the plans of limit/write_plan.h as requests a store takes, complete with index
// keys, counter, ttl and fence.
//
// Every write carries `write_id`, the nonce of its operation, and refuses to run when the item
// already has it, or another `write_epoch` than its sender knew. A write whose answer got lost is
// fenced off before it is repeated or given up: the fence moves the epoch, provided that the item
// still is as the lost write met it. When it holds, the lost write was not applied and never will
// be, whenever it arrives. The conditions are those the plans state, nothing is left to memory.
// Pure: makes requests, sends none.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <optional>
#include <string>

#include "limit/write_plan.h"
#include "records/keys.h"

namespace zael::repository {

struct BucketWrite {
  const records::BucketId& id;
  const Key& key;               // BucketKey(id)
  BucketParams wanted;          // the parameters the plan was made with
  WritePlan plan;               // any but NeverPlan
  std::int64_t need_milli = 0;  // what the plan takes: goes into total_consumed_milli
  std::optional<std::int64_t>
      ttl_seconds;  // absent: the bucket never expires, a stored ttl is removed
  std::int64_t write_id = 0;
  std::optional<std::int64_t> write_epoch = std::nullopt;  // last seen
};

// Create: a Put; Add, Fill, Adopt: an Update; Check: a Check. For a request of its own set
// return_item and deadline on the answer. Requires: the plan is not NeverPlan.
TransactItem MakeBucketWrite(const std::string& table, const BucketWrite& write);

// The same in `update` when it is an Update, without a deadline; false otherwise. `table` and
// `write` outlive it.
bool MakeBucketUpdate(const std::string& table, const BucketWrite& write, NumberUpdate* update);

// The balance that such an update left behind; absent when the answer does not show it whole.
std::optional<BucketBalance> BalanceLeftBehind(const NumberUpdate& update,
                                               const NumberOutcome& outcome);

// Takes back an update made here for a plan of this kind, once it was answered: the next one on
// this thread is made in its memory.
void ReuseBucketWrite(const WritePlan& plan, UpdateRequest&& spent);

struct BucketAdjust {
  const records::BucketId& id;
  const Key& key;
  std::int64_t delta_milli = 0;  // > 0 charges, < 0 gives back
  std::optional<std::int64_t> ttl_seconds;
  bool keep_ttl = false;  // leave a stored ttl as it is, whatever ttl_seconds says
  std::int64_t write_id = 0;
  std::optional<std::int64_t> write_epoch = std::nullopt;  // last seen
};

// tokens -= delta, counter += delta, unconditionally but for write_id and write_epoch and that the
// bucket exists. A missing bucket: drop a give-back, make the bucket for a charge
// (MakeAdjustCreate).
UpdateRequest MakeAdjust(const std::string& table, const BucketAdjust& adjust);

// The bucket that a charge finds missing: full, less the charge. Requires: delta > 0.
PutRequest MakeAdjustCreate(const std::string& table, const BucketAdjust& adjust,
                            const BucketParams& params, std::int64_t now_ms);

// What the lost write met, as far as its sender knew.
struct BucketFence {
  const Key& key;
  std::optional<std::int64_t> write_id;
  std::optional<std::int64_t> write_epoch;
};

// The epoch after this one.
std::int64_t NextEpoch(std::optional<std::int64_t> epoch);

// Moves the epoch of a bucket that is as it was: no write since, the same epoch. Shows the item.
UpdateRequest MakeFence(const std::string& table, const BucketFence& fence);

// For a bucket that did not exist: makes it full, which means the same, under the next epoch.
struct MissingBucketFence {
  const records::BucketId& id;
  BucketParams params;
  std::optional<std::int64_t> ttl_seconds;
  std::optional<std::int64_t> write_epoch;  // of the lost write
  std::int64_t now_ms = 0;
};
PutRequest MakeFence(const std::string& table, const MissingBucketFence& fence);

}  // namespace zael::repository
