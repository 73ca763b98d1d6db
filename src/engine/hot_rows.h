// HotRows: recently written rows, decoded and ready for the next write of the same key.
//
// A write takes its row out, changes it in place and brings it back once it is stored. A write that
// fails lets the row go, so what is here is always what RocksDB has. Readers do not look here. Of
// each stripe the rows used last are kept; large ones never are.
#pragma once

#include <zael/value.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stripes.h"
#include "store/item_codec.h"

namespace zael::engine {

inline constexpr std::size_t kRowGuesses = 24;
inline constexpr std::size_t kMaxRowNumbers = 64;

// A row as it is stored, and room for what it is to become.
struct Row {
  std::string key;
  std::string bytes;       // empty: there is none
  std::string next_bytes;  // what a write is about to put in their place
  Item item;               // of `bytes`, when there are any
  // Of the values of `item` in `bytes`, or in `next_bytes` while those are being made; empty: not
  // known.
  std::vector<store::ValuePlace> places;
  // What RowUpdate knows of `item`. By the place of a name in updates: which attribute it is, or
  // which of the absent ones; and the constant name that this is certain for.
  std::array<std::uint8_t, kRowGuesses> guesses{};
  std::array<std::string_view, kRowGuesses> certain;
  std::array<std::string, 4> absent;  // names that no attribute was found for; empty: none
  // By attribute: its value where that is known to be a whole number; whether it is in no key.
  std::array<std::int64_t, kMaxRowNumbers> numbers;
  std::uint64_t has_number = 0;
  std::uint64_t no_keys = 0;

  bool exists() const { return !bytes.empty(); }

  // Makes `next_bytes` of `item`.
  void EncodeNext() {
    store::EncodeItem(item, &next_bytes, &places);
    certain.fill({});
    for (std::string& name : absent) name.clear();
    has_number = no_keys = 0;
  }
};

// Thread-compatible for each stripe: every method requires that the caller holds the stripe's lock.
class HotRows {
 public:
  static constexpr std::size_t kRowsPerStripe = 16;
  static constexpr std::size_t kMaxRowBytes = 4096;

  // The row of `key`, which is not here any more; nullptr: it was not here.
  std::unique_ptr<Row> Take(std::size_t stripe, std::string_view key);

  // Keeps the row as the newest of its stripe. Requires: `bytes` and `item` are what is stored.
  void Keep(std::size_t stripe, std::unique_ptr<Row> row);

  // Lets go of every row of a table. Requires: all stripes are held.
  void DropTable(std::string_view prefix);

 private:
  // The newest first.
  std::array<std::vector<std::unique_ptr<Row>>, kStripes> rows_;
};

}  // namespace zael::engine
