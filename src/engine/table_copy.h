// Copies of a table's rows: out of the database into a backup, and from a backup, with what the log
// says happened since, into a table that nobody sees yet.
//
// Rows travel as they are stored, without the table's number; index entries are made anew. What is
// copied in stands in the log as puts without a change record: it is no change of any table.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/backup_files.h"
#include "engine/rocks.h"
#include "engine/table.h"

namespace zael::engine {

// The rows of a table at the instant of its making, whatever is written or dropped later.
// Thread-compatible; may move between threads.
class TableSnapshot {
 public:
  TableSnapshot(const Rocks& rocks, const Table& table);

  // The last operation of the log that is in it.
  ChangePosition position() const { return snapshot_.get()->GetSequenceNumber(); }
  // Requires: taken once.
  rocksdb::Iterator& rows() { return *rows_; }

 private:
  const SnapshotGuard snapshot_;
  const std::string begin_, end_;
  const rocksdb::Slice upper_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

// Writes the rows as segments and adds them to the manifest. Errors: kUnavailable (also when
// `stop` became true), kDataLoss.
Status CopyOut(const Rocks& rocks, TableSnapshot& snapshot, const BackupFiles& files,
               const std::atomic<bool>& stop, BackupManifest* manifest);

// Puts rows into a table in batches. Thread-compatible.
class RowLoader {
 public:
  RowLoader(Rocks& rocks, const Table& table) : rocks_(rocks), prefix_(PrefixOf(table)) {}

  // `key` is a row's without its table.
  Status Put(std::string_view key, std::string_view row);
  Status Delete(std::string_view key);
  Status PutIndexEntry(std::string_view key, std::string_view value);  // its whole key
  Status Flush();

 private:
  static std::string PrefixOf(const Table& table);
  Status FlushWhenFull();

  Rocks& rocks_;
  std::string prefix_;
  std::string key_;
  rocksdb::WriteBatch batch_;
};

// The rows of a segment, one after the other. Errors: kDataLoss. Not terminated by a row of its
// own: ask at_end.
class SegmentRows {
 public:
  explicit SegmentRows(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }
  Status Next(std::string_view* key, std::string_view* row);

 private:
  std::string_view rest_;
};

// Makes the index entries of all rows of the table and counts them. Errors: kDataLoss.
Result<std::uint64_t> BuildIndexes(Rocks& rocks, const Table& table, const std::atomic<bool>& stop);

}  // namespace zael::engine
