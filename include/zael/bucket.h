// Buckets as an operator sees them: the stored state of one limit for one entity and resource.
//
// Looking changes nothing. Reset removes the stored bucket: it comes back full at the next acquire,
// even while leases are open. Design: records.md (bucket), recovery.md.
#pragma once

#include <zael/clock.h>
#include <zael/limit.h>
#include <zael/result.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zael {

struct BucketSnapshot {
  std::string entity_id;
  std::string resource;
  Limit limit;                    // the parameters the bucket was last written with
  std::int64_t tokens_milli = 0;  // stored balance at last_refill, in millitokens
  std::int64_t available = 0;     // whole tokens after refill to now
  WallTime last_refill{};
  std::string total_consumed_milli = "0";  // net counter, decimal, up to 38 digits
  std::optional<std::chrono::sys_seconds> expires_at;
};

// Which buckets of an entity; absent members mean all.
struct BucketFilter {
  std::optional<std::string> resource;
  std::optional<std::string> limit;
};

// Thread-safe. Errors: kInvalidArgument, kDataLoss (naming the key), and the store's.
class Buckets {
 public:
  virtual ~Buckets() = default;

  virtual Result<std::vector<BucketSnapshot>> Show(std::string_view entity_id,
                                                   const BucketFilter& filter) = 0;

  // Answers how many were removed; audited as buckets_reset when any.
  virtual Result<std::size_t> Reset(std::string_view entity_id, const BucketFilter& filter) = 0;
};

}  // namespace zael
