// Items as bytes: compact, versioned, with a checksum. The form on disk of everything a store of
// ours keeps.
//
// Well-known attribute names (records.md) take one byte, small integers one to three, and every
// byte is covered by the checksum. Format with a worked example: docs/formats/item.md; change both
// together. Pure functions, safe on any bytes.
#pragma once

#include <zael/value.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace zael::store {

inline constexpr unsigned char kItemFormatVersion = 1;
// The version byte and the checksum; the body follows.
inline constexpr std::size_t kItemHeaderBytes = 5;
// Values inside lists and maps, as deep as DynamoDB allows.
inline constexpr int kMaxNesting = 32;

// Appends to `*out`, which may hold something already. Requires: nesting is at most kMaxNesting.
void EncodeItem(const Item& item, std::string* out);

// Errors: kDataLoss (damaged, cut off, a version or a tag of a later release), for any bytes
// whatever.
Result<Item> DecodeItem(std::string_view bytes);

// Puts version and checksum before a body: what a fuzzer needs to get past the checksum.
std::string SealItemBody(std::string_view body);

}  // namespace zael::store
