// Any text either parses to a valid limit that its own text form gives back, or is refused.
#include <zael/limit.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "limit/arithmetic.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const zael::Result<zael::Limit> limit = zael::Limit::Parse(text);
  if (!limit.ok()) {
    CHECK(limit.error().code() == zael::ErrorCode::kInvalidArgument);
    return 0;
  }
  CHECK(limit->Validate().ok());
  CHECK(zael::IsValid(zael::ParamsOf(*limit)));
  const zael::Result<zael::Limit> again = zael::Limit::Parse(limit->ToText());
  CHECK(again.ok() && *again == *limit);
  return 0;
}
