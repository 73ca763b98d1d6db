// Bucket records: `ENTITY#{id}` / `#BUCKET#{resource}#{limit}`, the stored state of one limit.
//
// An item past its ttl that is still there counts like any other: nothing here looks at the ttl of
// a stored item. What is written conditionally is made in repository/bucket_writes.h from the
// attributes here.
//
// `write_epoch` goes up when an operation whose answer got lost makes sure that the lost request
// can never apply any more (BucketFence there). Every write of ours requires the one it knows and
// leaves it as it is. What replaces or removes the whole item takes the epoch with it: an
// operator's reset, the expiry of the item, the writer of 0.6. A request that was fenced off before
// that and still arrives after it may then apply, once, a transaction to all of its buckets;
// nothing worse comes of it.
#pragma once

#include <zael/result.h>
#include <zael/value.h>

#include <cstdint>
#include <optional>

#include "limit/write_plan.h"
#include "records/keys.h"

namespace zael::records {

struct BucketRecord {
  BucketState state;
  Number total_consumed_milli;              // net counter; a missing one reads as 0
  std::optional<std::int64_t> ttl_seconds;  // epoch seconds; absent: never expires
  std::optional<std::int64_t>
      write_id;  // nonce of the operation that wrote last; absent: an old writer
  std::optional<std::int64_t> write_epoch;  // absent: none of its writes was ever fenced off

  friend bool operator==(const BucketRecord&, const BucketRecord&) = default;
};

// The whole item: key, index keys, names and state.
Item EncodeBucket(const BucketId& id, const BucketRecord& record);

// Errors: kDataLoss naming the key: an attribute missing or malformed, or parameters that no limit
// has.
Result<BucketRecord> DecodeBucket(const Item& item);

// Of the whole item, or of the part that an update named. Errors: kDataLoss.
Result<BucketBalance> DecodeBalance(const Item& item);

// The `ttl` of a bucket left in this state: now + max(24 h, 7 x time to full), in epoch seconds
// rounded up.
std::int64_t BucketExpirySeconds(const BucketState& state, std::int64_t now_ms);

}  // namespace zael::records
