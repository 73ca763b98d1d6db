#include "limiter/bucket_memory.h"

#include "base/try.h"
#include "records/bucket_record.h"

namespace zael::limiter {

Result<RememberedBucket> Remember(const std::optional<Item>& item) {
  if (!item) return RememberedBucket{};
  ZAEL_ASSIGN(const records::BucketRecord record, records::DecodeBucket(*item));
  return RememberedBucket{
      .state = record.state, .write_id = record.write_id, .write_epoch = record.write_epoch};
}

}  // namespace zael::limiter
