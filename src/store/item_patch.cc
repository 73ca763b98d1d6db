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
  auto patch = patches.begin();
  for (std::size_t i = patches.empty() ? places->size() : patch->attribute; i < places->size();
       ++i) {
    ValuePlace& place = (*places)[i];
    const std::uint32_t old_end = place.end;
    if (patch != patches.end() && patch->attribute == i) {
      copy_to(place.begin);
      copied = old_end;
      at = PutInteger(patch->value, at);
      place.begin += shift;
      shift = static_cast<std::uint32_t>(at - start) - old_end;
      ++patch;
    } else {
      place.begin += shift;
    }
    place.end = old_end + shift;
  }
  copy_to(bytes.size());
  out->resize(static_cast<std::size_t>(at - start));
  SealItem(out);
}

}  // namespace zael::store
