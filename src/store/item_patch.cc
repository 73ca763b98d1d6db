#include "store/item_patch.h"

#include <cstring>

namespace zael::store {

void PatchIntegers(std::string_view bytes, std::span<const IntegerPatch> patches, std::string* out,
                   std::vector<ValuePlace>* places) {
  out->resize(bytes.size() + patches.size() * kMaxIntegerBytes);
  char* const start = out->data();
  char* at = start;
  std::size_t copied = 0;  // of `bytes`
  const auto copy_to = [&](std::size_t end) {
    std::memcpy(at, bytes.data() + copied, end - copied);
    at += end - copied;
    copied = end;
  };
  std::uint32_t shift = 0;  // of what follows, modulo 2^32: it may be to the left
  std::size_t moved = 0;    // of the places: those before it are right
  const auto move_to = [&](std::size_t end) {
    for (; shift != 0 && moved < end; ++moved) {
      (*places)[moved].begin += shift;
      (*places)[moved].end += shift;
    }
  };
  for (const IntegerPatch& patch : patches) {
    move_to(patch.attribute);
    ValuePlace& place = (*places)[patch.attribute];
    copy_to(place.begin);
    copied = place.end;
    at = PutInteger(patch.value, at);
    place.begin += shift;
    shift = static_cast<std::uint32_t>(at - start) - place.end;
    place.end += shift;
    moved = patch.attribute + 1;
  }
  move_to(places->size());
  copy_to(bytes.size());
  out->resize(static_cast<std::size_t>(at - start));
  SealItem(out);
}

}  // namespace zael::store
