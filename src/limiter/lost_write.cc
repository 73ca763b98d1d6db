#include "limiter/lost_write.h"

#include <memory>
#include <utility>

#include "base/try.h"
#include "records/bucket_record.h"
#include "repository/bucket_writes.h"

namespace zael::limiter {
namespace {

BucketState FullAt(const BucketSpec& spec, std::int64_t now_ms) {
  return {.params = spec.params,
          .balance = {.tokens_milli = spec.params.burst_milli, .last_refill_ms = now_ms}};
}

}  // namespace

Action MakeFence(OperationContext& context, const BucketSpec& spec, LostWrite& lost,
                 MonotonicTime deadline) {
  if (lost.missing) {
    lost.made_ms = context.NowMs();
    repository::MissingBucketFence fence{.id = spec.id,
                                         .params = spec.params,
                                         .ttl_seconds = std::nullopt,
                                         .write_epoch = lost.write_epoch,
                                         .now_ms = lost.made_ms};
    if (!spec.never_expires) {
      fence.ttl_seconds = records::BucketExpirySeconds(FullAt(spec, lost.made_ms), lost.made_ms);
    }
    PutRequest put = repository::MakeFence(context.table, fence);
    put.deadline = deadline;
    return put;
  }
  auto update = std::make_unique<UpdateRequest>(repository::MakeFence(
      context.table,
      {.key = spec.key, .write_id = lost.write_id, .write_epoch = lost.write_epoch}));
  update->deadline = deadline;
  return update;
}

Result<Fate> ReadFence(OperationContext& context, StoredBucket& bucket, const LostWrite& lost,
                       std::int64_t write_id, const WriteOutcome& outcome) {
  if (outcome.applied && lost.missing) {
    bucket.base = {.state = FullAt(*bucket.spec, lost.made_ms),
                   .write_id = std::nullopt,
                   .write_epoch = repository::NextEpoch(lost.write_epoch)};
    bucket.knowledge = Knowledge::kSeen;
    context.memory.Put(bucket.spec->memory(), bucket.base);
    return Fate::kNeverApplied;
  }
  ZAEL_TRY(bucket.See(outcome.item, context.memory));
  if (outcome.applied) return Fate::kNeverApplied;
  const RememberedBucket& found = bucket.base;
  if (!found.state) return Fate::kUnknown;
  if (found.write_id == write_id) return Fate::kApplied;
  const bool is_fenced = found.write_id == lost.write_id &&
                         found.write_epoch.value_or(0) > lost.write_epoch.value_or(0);
  return is_fenced ? Fate::kNeverApplied : Fate::kUnknown;
}

}  // namespace zael::limiter
