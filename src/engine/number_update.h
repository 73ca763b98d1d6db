// NumberUpdate: the update that acquires are made of, made on the stored bytes of a hot row.
//
// Its condition compares attributes with whole numbers or asks whether they are there, its actions
// put or add whole numbers where whole numbers are, or remove what is not there. No item is
// decoded, copied or encoded for it. Every other update, and one whose condition does not hold,
// goes the general way (writer.cc); both mean what store/evaluate.h says.
#pragma once

#include <zael/store.h>

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "engine/hot_rows.h"
#include "store/item_patch.h"

namespace zael::engine {

// Thread-compatible.
class NumberUpdate {
 public:
  // Makes `row->item`, `places` and `next_bytes` what the request asks for. False: it is not of
  // this kind, its condition does not hold or it changes nothing; then they are untouched.
  // Requires: the request's key is valid and the row's.
  bool Apply(const UpdateRequest& request, const TableSpec& spec, Row* row);

  // What the request is answered with. Requires: Apply did it; `row` is as it left it.
  std::optional<Item> Answer(ReturnItem return_item, const Row& row) const;

 private:
  static constexpr std::size_t kMaxActions = 8;

  std::span<const store::IntegerPatch> patches() const { return {patches_.data(), count_}; }

  std::array<store::IntegerPatch, kMaxActions> patches_;  // in ascending order
  std::size_t count_ = 0;
};

}  // namespace zael::engine
