// Rocks: the RocksDB database of one store directory. The only header that lets RocksDB in.
//
// Three column families under one log, so that a batch over all of them is atomic. The log is
// tolerated to end in a torn record and nowhere else: damage before the end is reported, never cut
// off. Logs are kept for a day after their last write (LogReader). After a full disk the next write
// first asks RocksDB to resume. That is not always possible: a log that was not synced may have
// what no table has, and one whose writing failed must not be written again. Then the store has to
// be opened again, and reads on until it is.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <zael/repository.h>
#include <zael/result.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "engine/log_sync.h"

namespace zael::engine {

enum class Family { kMeta, kItems, kIndexes };
inline constexpr std::size_t kFamilies = 3;

inline constexpr std::chrono::hours kLogKept{24};

struct RocksOptions {
  std::string path;
  bool create = false;
  Durability durability = Durability::kProcess;
  std::shared_ptr<rocksdb::FileSystem> file_system;  // absent: the system's
};

inline rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// What went wrong with the log.
struct LogState {
  std::atomic<bool> append_failed = false;  // since RocksDB was last resumed
  // Then it may have writes that were answered with an error, or lack some that were answered.
  std::atomic<bool> sync_failed = false;
};

// Thread-safe.
class Rocks {
 public:
  // Errors: kUnavailable, kPermissionDenied, kDataLoss, kFailedPrecondition (somebody else's
  // database).
  static Result<std::unique_ptr<Rocks>> Open(const RocksOptions& options);
  ~Rocks();
  Rocks(const Rocks&) = delete;
  Rocks& operator=(const Rocks&) = delete;

  // Whether the key is there; `value` keeps the bytes alive. No snapshot: the newest.
  Result<bool> Get(Family family, std::string_view key, rocksdb::PinnableSlice* value,
                   const rocksdb::Snapshot* snapshot = nullptr) const;

  Status Write(rocksdb::WriteBatch* batch);

  // Brings the log to the disk if anything was written since the last time.
  Status SyncLog();

  // Up to which sequence number the log is on the disk, which it is brought to first. What is there
  // cannot be lost any more, so no other write will ever have these numbers.
  Result<rocksdb::SequenceNumber> SyncedThrough();
  // Whether a write failed and none has succeeded since.
  bool stalled() const { return stalled_.load(std::memory_order_relaxed); }

  // Within [lower, upper); the bounds must outlive the iterator. A family iterator is consistent in
  // itself.
  std::unique_ptr<rocksdb::Iterator> Iterate(Family family,
                                             const rocksdb::ReadOptions& options) const;

  // Drops [begin, end): whole files at once, the rest by a tombstone.
  Status DropRange(Family family, std::string_view begin, std::string_view end);

  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }
  rocksdb::DB& db() const { return *db_; }

  // `verb object: cause` with this directory; a code by the kind of status.
  Error ToError(const rocksdb::Status& status, std::string_view action) const;

 private:
  explicit Rocks(const RocksOptions& options);
  Status OpenDatabase(bool create);
  Status Resume();
  bool HoldsNothing() const;
  Error MustBeReopened(std::string_view cause) const;
  rocksdb::Status SyncWal();

  std::string path_;
  std::unique_ptr<rocksdb::Env> env_;  // before db_: outlives it
  LogSync log_sync_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> handles_{};
  rocksdb::WriteOptions write_options_;
  std::atomic<bool> unsynced_ = false;
  std::atomic<bool> stalled_ = false;  // a write failed: resume before the next one
  std::shared_ptr<LogState> log_ = std::make_shared<LogState>();
  std::atomic<rocksdb::SequenceNumber> synced_ = 0;
  Mutex resuming_;
};

// Holds a consistent view of the database for its own life.
class SnapshotGuard {
 public:
  explicit SnapshotGuard(const Rocks& rocks) : rocks_(rocks), snapshot_(rocks.db().GetSnapshot()) {}
  ~SnapshotGuard() { rocks_.db().ReleaseSnapshot(snapshot_); }
  SnapshotGuard(const SnapshotGuard&) = delete;
  SnapshotGuard& operator=(const SnapshotGuard&) = delete;
  const rocksdb::Snapshot* get() const { return snapshot_; }

 private:
  const Rocks& rocks_;
  const rocksdb::Snapshot* snapshot_;
};

}  // namespace zael::engine
