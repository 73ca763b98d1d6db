// Items as bytes: compact, versioned, with a checksum. The form on disk of everything a store of
// ours keeps.
//
// Well-known attribute names (records.md) take one byte, small integers one to three, and every
// byte is covered by the checksum. Format with a worked example: docs/formats/item.md; change both
// together. Pure functions, safe on any bytes.
#pragma once

#include <zael/value.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zael::store {

inline constexpr unsigned char kItemFormatVersion = 1;
// The version byte and the checksum; the body follows.
inline constexpr std::size_t kItemHeaderBytes = 5;
// Values inside lists and maps, as deep as DynamoDB allows.
inline constexpr int kMaxNesting = 32;

// Appends to `*out`, which may hold something already. Requires: nesting is at most kMaxNesting.
void EncodeItem(const Item& item, std::string* out);

// Where the value of an attribute of the item itself stands in the item's bytes.
struct ValuePlace {
  std::uint32_t begin;
  std::uint32_t end;
};

// Replaces `*out` and `*places`, which then tells of every attribute, in the item's order.
void EncodeItem(const Item& item, std::string* out, std::vector<ValuePlace>* places);

// Errors: kDataLoss (damaged, cut off, a version or a tag of a later release), for any bytes
// whatever.
Result<Item> DecodeItem(std::string_view bytes);

// What a patch of encoded bytes is made of (item_patch.h): a whole number as Item's values stand
// there, at most so many bytes, and whose end is returned; version and checksum, for which
// `*bytes` has room at its beginning.
inline constexpr std::size_t kMaxIntegerBytes = 11;
char* PutInteger(std::int64_t value, char* at);
void SealItem(std::string* bytes);

// Puts version and checksum before a body: what a fuzzer needs to get past the checksum.
std::string SealItemBody(std::string_view body);

}  // namespace zael::store
