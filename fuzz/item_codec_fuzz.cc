// Any bytes are an item that its own encoding gives back, or kDataLoss; with a wrong checksum and
// with a right one.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "store/item_codec.h"
#include "store/validate.h"

namespace {

void Decode(std::string_view bytes) {
  const zael::Result<zael::Item> item = zael::store::DecodeItem(bytes);
  if (!item.ok()) {
    CHECK(item.error().code() == zael::ErrorCode::kDataLoss);
    return;
  }
  zael::store::ItemBytes(*item);
  std::string again;
  zael::store::EncodeItem(*item, &again);
  const zael::Result<zael::Item> back = zael::store::DecodeItem(again);
  CHECK(back.ok() && *back == *item);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Decode(bytes);
  Decode(zael::store::SealItemBody(bytes));
  return 0;
}
