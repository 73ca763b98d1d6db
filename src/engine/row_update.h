// RowUpdate: a NumberUpdate made on the stored bytes of a hot row.
//
// It puts or adds whole numbers where whole numbers are, or removes what is not there. No item is
// decoded, copied or encoded for it. Every other update, and one whose conditions do not hold, goes
// the general way (writer.cc); both mean what store/evaluate.h says.
#pragma once

#include <zael/store.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/hot_rows.h"
#include "store/item_patch.h"

namespace zael::engine {

// Thread-compatible.
class RowUpdate {
 public:
  // Makes `row->item`, `places` and `next_bytes` what the update asks for. False: it cannot be made
  // here, its conditions do not hold or it changes nothing; then they are untouched. Requires: the
  // update's key is valid and the row's.
  bool Apply(const NumberUpdate& update, const TableSpec& spec, Row* row);

  // What the update is answered with, as numbers or as an UpdateRequest would be. Requires: Apply
  // made it; `row` is as that left it.
  void Answer(NumberOutcome* outcome) const;
  std::optional<Item> Answer(ReturnItem return_item, const Row& row) const;

 private:
  std::span<const store::IntegerPatch> patches() const { return {patches_.data(), count_}; }

  std::array<store::IntegerPatch, kMaxNumberActions> patches_;  // in ascending order
  std::size_t count_ = 0;
  std::array<std::optional<std::int64_t>, kMaxNumberActions> left_behind_;  // in the actions' order
};

}  // namespace zael::engine
