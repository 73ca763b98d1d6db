// Writer: every way an item changes. Under the stripes of all its keys a write takes the old items
// from HotRows or reads them, judges the conditions, and puts index entries, change record and
// items into one atomic batch.
//
// A write that changes nothing of an item writes nothing, as in DynamoDB.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/catalog.h"
#include "engine/hot_rows.h"
#include "engine/rocks.h"
#include "engine/stripes.h"

namespace zael::engine {

// What every part of the engine works on. The parts outlive their users.
struct Core {
  Rocks& rocks;
  Catalog& catalog;
  Stripes& stripes;
  HotRows& hot_rows;
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
  Result<NumberOutcome> UpdateNumbers(const NumberUpdate& update);
  Result<WriteOutcome> Delete(const DeleteRequest& request);
  Result<TransactOutcome> Transact(const TransactWriteRequest& request);

  // Removes the item if its ttl attribute is still past. Whether it was.
  Result<bool> Expire(const TablePtr& table, const std::string& row_key);

 private:
  // One item before and after. `row` is changed in place: copying the item would be half of what is
  // left of an update besides RocksDB.
  struct Mutation {
    TablePtr table;
    std::string row_key;
    std::unique_ptr<Row> row;    // as stored; once made, `item` and `next_bytes` are the new ones
    std::optional<Item> before;  // only where an index or the answer asks for it
    std::size_t stripe = 0;
    bool holds = true;     // its condition
    bool existed = false;  // there was an item
    bool stays = false;    // there is to be one
    bool changed = false;  // not what there was
    bool same_index_keys = false;
    bool by_expiry = false;
  };

  template <typename Request>
  Result<WriteOutcome> WriteOne(const Request& request);
  // Makes the update of a hot item as RowUpdate does, and has it answered while its stripe is held.
  // Absent: it did not, nothing was done.
  template <typename Answer>
  std::optional<Status> UpdateRow(const NumberUpdate& update, Answer answer);
  Result<TransactOutcome> TransactLocked(const TransactWriteRequest& request,
                                         std::span<Mutation> mutations);

  // Fills in the row. Requires: its stripe is held.
  Status Load(Mutation* mutation) const;
  // Loads, judges the condition, and makes what the item is to be if it holds.
  template <typename Request>
  Status Prepare(const Request& request, Mutation* mutation) const;
  static Status Make(const PutRequest& request, Mutation* mutation);
  static Status Make(const UpdateRequest& request, Mutation* mutation);
  static Status Make(const DeleteRequest& request, Mutation* mutation);
  static Status Make(const CheckRequest& request, Mutation* mutation);

  // Stores them. Requires: the stripes of all rows are held.
  Status Commit(std::span<const Mutation> mutations);
  // Brings the row, which is stored, back to the hot ones. Requires: its stripe is held.
  void Keep(Mutation* mutation);
  void AddIndexEntries(const Mutation& mutation, rocksdb::WriteBatch* batch) const;
  void AddItems(std::span<const Mutation> mutations, rocksdb::WriteBatch* batch) const;

  Core core_;
};

}  // namespace zael::engine
