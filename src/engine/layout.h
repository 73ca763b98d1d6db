// Where everything stands in the families: the one definition of the engine's keys.
//
// items    table, key                                          -> the encoded item
// indexes  table, index, index key, key of the item            -> bytes of the last part
// Table numbers are 4 bytes, indexes 1, big-endian; keys as in store/key_codec.h. So the items of
// one table, one hash, one range are neighbours. Format: docs/formats/engine.md.
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

// The number of the table that a row is of. Requires: a key of the items or indexes family.
inline std::uint32_t TableNumberOf(std::string_view key) {
  std::uint32_t swapped = 0;
  std::memcpy(&swapped, key.data(), kTableBytes);
  return __builtin_bswap32(swapped);
}

}  // namespace zael::engine
