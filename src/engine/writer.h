// Writer: every way an item changes. Under the stripes of all its keys a write reads the old items,
// judges the conditions, and puts index entries, change record and items into one atomic batch.
//
// A write that changes nothing of an item writes nothing, as in DynamoDB.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/catalog.h"
#include "engine/rocks.h"
#include "engine/stripes.h"

namespace zael::engine {

// What every part of the engine works on. The parts outlive their users.
struct Core {
  Rocks& rocks;
  Catalog& catalog;
  Stripes& stripes;
  Clock& clock;
};

// Errors: kDeadlineExceeded. Nothing has been done when it says so.
Status CheckDeadline(Clock& clock, const Deadline& deadline, std::string_view action);

// The item of a row, nothing when there is none; `bytes` is what it is stored as. Errors: kDataLoss
// naming the table and key, and the store's.
Result<std::optional<Item>> ReadItem(const Core& core, const Table& table, std::string_view row_key,
                                     rocksdb::PinnableSlice* bytes);

// Thread-safe.
class Writer {
 public:
  explicit Writer(Core core) : core_(core) {}

  Result<WriteOutcome> Put(const PutRequest& request);
  Result<WriteOutcome> Update(const UpdateRequest& request);
  Result<WriteOutcome> Delete(const DeleteRequest& request);
  Result<TransactOutcome> Transact(const TransactWriteRequest& request);

  // Removes the item if its ttl attribute is still past. Whether it was.
  Result<bool> Expire(const TablePtr& table, const std::string& row_key);

 private:
  // One item before and after. An update of attributes that no index and no answer asks for moves
  // `before` into `after` instead of copying it: half of what is left of an update besides RocksDB
  // is such copies.
  struct Mutation {
    TablePtr table;
    std::string row_key;
    std::optional<Item> before;
    std::optional<Item> after;
    bool holds = true;     // its condition
    bool changed = false;  // `after` is not `before`
    bool existed = false;
    bool same_index_keys = false;  // then `before` may be moved from
    bool by_expiry = false;
    rocksdb::PinnableSlice before_bytes;  // as stored; empty when absent
    std::string after_bytes;
  };

  template <typename Request>
  Result<WriteOutcome> WriteOne(const Request& request);
  Status MakeAfter(const PutRequest& request, Mutation* mutation) const;
  Status MakeAfter(const UpdateRequest& request, Mutation* mutation) const;
  Status MakeAfter(const DeleteRequest& request, Mutation* mutation) const;
  Status MakeAfter(const CheckRequest& request, Mutation* mutation) const;
  template <typename Request>
  Status Prepare(const Request& request, Mutation* mutation) const;
  Result<TransactOutcome> TransactLocked(const TransactWriteRequest& request,
                                         std::span<Mutation> mutations);

  // Requires: the stripes of all rows are held.
  Status Commit(std::span<Mutation> mutations);
  void AddIndexEntries(const Mutation& mutation, rocksdb::WriteBatch* batch) const;
  void AddItems(std::span<const Mutation> mutations, rocksdb::WriteBatch* batch) const;

  Core core_;
};

}  // namespace zael::engine
