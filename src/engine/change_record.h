// One record of the change feed: what one write batch did to the items of one table.
//
// The images are the stored items' own bytes: nothing is encoded a second time.
// Format: docs/formats/engine.md.
#pragma once

#include <zael/store.h>

#include <string>
#include <string_view>
#include <vector>

namespace zael::engine {

// What happened to one item: its images as they are stored, an absent one empty. At least one is
// there.
struct ItemChange {
  std::string_view before;
  std::string_view after;
  bool by_expiry = false;
};

class ChangeRecordBuilder {
 public:
  // Starts anew in `out`, which is cleared.
  ChangeRecordBuilder(WallTime at, std::string* out);
  void Add(const ItemChange& change);

 private:
  std::string* out_;
};

// Changes with every member set. Errors: kDataLoss.
Result<std::vector<Change>> DecodeChangeRecord(std::string_view record, ChangePosition position,
                                               const KeySchema& keys);

// Of a record that DecodeChangeRecord may or may not accept. Errors: kDataLoss.
Result<WallTime> ChangeRecordTime(std::string_view record);

}  // namespace zael::engine
