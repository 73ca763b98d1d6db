// PlanStore: one stored bucket that obeys the conditions of write plans exactly as write_plan.h
// words them.
#pragma once

#include <optional>

#include "limit/write_plan.h"

namespace zael {

// Thread-compatible.
class PlanStore {
 public:
  // True when the condition held and the write was made.
  bool Apply(const WritePlan& plan, const BucketParams& wanted);

  // The unconditional correction of a lease; a missing bucket stays missing.
  void Add(std::int64_t delta_milli);

  // An operator removes the bucket.
  void Reset() { item_.reset(); }

  const std::optional<BucketState>& item() const { return item_; }

 private:
  std::optional<BucketState> item_;
};

}  // namespace zael
