// Encoded items changed where they stand: whole numbers put in the place of values, without the
// item.
//
// What comes of it is byte for byte what EncodeItem makes of the changed item. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/item_codec.h"

namespace zael::store {

// What becomes of one attribute, by its number in the item's order.
struct IntegerPatch {
  std::size_t attribute;
  std::int64_t value;
};

// Replaces `*out` by `bytes` with the patches in it, and `*places` by the places there. Requires:
// `bytes` is what EncodeItem made, `*places` is of it; the patches are in ascending order, each
// attribute once.
void PatchIntegers(std::string_view bytes, std::span<const IntegerPatch> patches, std::string* out,
                   std::vector<ValuePlace>* places);

}  // namespace zael::store
