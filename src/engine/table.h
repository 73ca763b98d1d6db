// Table: what the engine knows of one table, and how that is kept in the meta family: as an encoded
// item, so that new facts about a table are new attributes. Worked example: docs/formats/engine.md.
#pragma once

#include <zael/store.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace zael::engine {

struct Table {
  std::uint32_t number = 0;  // the first four bytes of all its keys
  TableSpec spec;
  std::string id;
  WallTime created_at{};
  std::shared_ptr<std::atomic<std::int64_t>> item_count;  // shared by the successors of an update
  mutable std::atomic<bool> retired = false;

  TableDescription Describe() const;
};
using TablePtr = std::shared_ptr<const Table>;

// Whether `item` has a ttl before `now`; a ttl that is no number never comes.
bool IsExpired(const Table& table, const Item& item, WallTime now);

std::string EncodeTable(const Table& table);

// `key` is named in the error. Errors: kDataLoss.
Result<std::shared_ptr<Table>> DecodeTable(std::string_view bytes, std::string_view key);

// Errors: kDataLoss.
Result<std::int64_t> ParseDecimal(std::string_view text, std::string_view key);

}  // namespace zael::engine
