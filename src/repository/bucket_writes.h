// Bucket writes: the plans of limit/write_plan.h as requests a store takes, complete with index
// keys, counter, ttl and fence.
//
// Every write carries `write_id`, the nonce of its operation, and refuses to run when the item
// already has it: a write that is repeated because its answer got lost is applied once. The
// conditions are those the plans state, nothing is left to memory. Pure: makes requests, sends
// none.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <memory>
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
};

// Create: a Put; Add, Fill, Adopt: an Update; Check: a Check. For a request of its own set
// return_item and deadline on the answer. Requires: the plan is not NeverPlan.
TransactItem MakeBucketWrite(const std::string& table, const BucketWrite& write);

// The same by pointer when it is an Update; null otherwise.
std::unique_ptr<UpdateRequest> MakeBucketUpdate(const std::string& table, const BucketWrite& write);

// Take back an update made here for a plan of this kind, once it was answered: the next one on this
// thread is made in its memory.
void ReuseBucketWrite(const WritePlan& plan, UpdateRequest&& spent);
void ReuseBucketWrite(const WritePlan& plan, std::unique_ptr<UpdateRequest> spent);

struct BucketAdjust {
  const records::BucketId& id;
  const Key& key;
  std::int64_t delta_milli = 0;  // > 0 charges, < 0 gives back
  std::optional<std::int64_t> ttl_seconds;
  bool keep_ttl = false;  // leave a stored ttl as it is, whatever ttl_seconds says
  std::int64_t write_id = 0;
};

// tokens -= delta, counter += delta, unconditionally but for the fence and that the bucket exists.
// A missing bucket: drop a give-back, make the bucket for a charge (MakeAdjustCreate).
UpdateRequest MakeAdjust(const std::string& table, const BucketAdjust& adjust);

// The bucket that a charge finds missing: full, less the charge. Requires: delta > 0.
PutRequest MakeAdjustCreate(const std::string& table, const BucketAdjust& adjust,
                            const BucketParams& params, std::int64_t now_ms);

}  // namespace zael::repository
