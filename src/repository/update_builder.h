// UpdateBuilder: an update of one bucket under construction, in the memory of an earlier one where
// that has the same parts in the same place.
//
// Every acquire makes such a request, and it is thirty pieces of memory: only its numbers and its
// key differ from the one before. What does not fit is made anew, so any earlier request will do;
// one for the same kind of plan costs no allocation. Thread-compatible.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "limit/write_plan.h"
#include "records/keys.h"

namespace zael::repository {

class UpdateBuilder {
 public:
  // `request`: one that this class made before, or an empty one. It is whole after Finish.
  UpdateBuilder(UpdateRequest& request, const std::string& table, const Key& key);

  void RequireExists();
  void Require(std::string_view name, CompareOp op, std::int64_t value);
  void RequireParams(const BucketParams& params);

  void Set(std::string_view name, std::int64_t value);
  void SetBalance(const BucketBalance& balance);
  void SetTtl(std::optional<std::int64_t> ttl_seconds);  // absent: a stored one is removed
  void Add(std::string_view name, std::int64_t value);

  // The item has exactly this epoch, or none.
  void RequireEpoch(std::optional<std::int64_t> epoch);
  void RequireAbsent(std::string_view name);

  // Refuses an item that this write_id wrote; an absent one is unequal too.
  void Fence(std::int64_t write_id);

  void Finish();

 private:
  Conditions& parts() { return *parts_; }
  // The next action: the earlier one that stands here when it is of this type and name.
  template <typename Action>
  Action& Next(std::string_view name);

  UpdateRequest& request_;
  Conditions* parts_;
  std::size_t parts_made_ = 0;
  std::size_t actions_made_ = 0;
};

}  // namespace zael::repository
