// Where everything stands in the families: the one definition of the engine's keys.
//
// items    table, key                                          -> the encoded item
// indexes  table, index, index key, key of the item            -> bytes of the last part
// changes  table, position                                     -> change record
// Table numbers are 4, indexes 1, positions 8 bytes, big-endian; keys as in store/key_codec.h. So
// the items of one table, one hash, one range are neighbours. Format: docs/formats/engine.md.
#pragma once

#include <zael/store.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/table.h"
#include "store/key_codec.h"

namespace zael::engine {

inline constexpr std::size_t kTableBytes = 4;
inline constexpr std::size_t kPositionBytes = 8;

static_assert(std::endian::native == std::endian::little, "AppendBigEndian swaps");

inline void AppendTable(std::uint32_t number, std::string* out) {
  const std::uint32_t swapped = __builtin_bswap32(number);
  out->append(reinterpret_cast<const char*>(&swapped), kTableBytes);
}

inline std::string TablePrefix(const Table& table) {
  std::string prefix;
  AppendTable(table.number, &prefix);
  return prefix;
}

inline std::string RowKey(const Table& table, const Item& item) {
  std::string key;
  key.reserve(64);
  AppendTable(table.number, &key);
  store::AppendKey(table.spec.keys, item, &key);
  return key;
}

inline std::string IndexPrefix(const Table& table, std::size_t index) {
  std::string prefix = TablePrefix(table);
  prefix.push_back(static_cast<char>(index));
  return prefix;
}

// Requires: the item has the index's key.
inline std::string IndexKey(const Table& table, std::size_t index, const Item& item) {
  std::string key = IndexPrefix(table, index);
  store::AppendKey(table.spec.indexes[index].keys, item, &key);
  store::AppendKey(table.spec.keys, item, &key);
  return key;
}

// The value of an index entry: how many bytes at the end of its key are the key of the item.
inline std::string EncodeKeyBytes(std::size_t bytes) {
  const auto number = static_cast<std::uint32_t>(bytes);
  return std::string(reinterpret_cast<const char*>(&number), sizeof number);
}

// The row of an index entry; empty: the entry is damaged.
inline std::string RowKeyOf(std::string_view index_key, std::string_view value) {
  std::uint32_t bytes = 0;
  if (value.size() != sizeof bytes) return {};
  std::memcpy(&bytes, value.data(), sizeof bytes);
  if (bytes + kTableBytes >= index_key.size()) return {};
  return std::string(index_key.substr(0, kTableBytes))
      .append(index_key.substr(index_key.size() - bytes));
}

inline std::string ChangeKey(const Table& table, ChangePosition position) {
  std::string key = TablePrefix(table);
  const std::uint64_t swapped = __builtin_bswap64(position);
  key.append(reinterpret_cast<const char*>(&swapped), kPositionBytes);
  return key;
}

// Requires: a key of the changes family.
inline ChangePosition PositionOf(std::string_view change_key) {
  std::uint64_t swapped = 0;
  std::memcpy(&swapped, change_key.data() + kTableBytes, kPositionBytes);
  return __builtin_bswap64(swapped);
}

}  // namespace zael::engine
