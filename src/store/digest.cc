#include "store/digest.h"

#include <xxhash.h>

#include "base/format.h"

namespace zael::store {

Digest DigestOf(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {.high = hash.high64, .low = hash.low64};
}

std::string ToText(const Digest& digest) {
  return Format("{:016x}{:016x}", digest.high, digest.low);
}

}  // namespace zael::store
