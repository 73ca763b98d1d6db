// Catalog: the tables of a store, kept in memory and in the meta family.
//
// A Table never changes: an update puts a new one in its place and retires the old one while no
// writer is inside (Stripes). A writer that finds its table retired under its lock looks it up
// again. Table numbers are never used twice, so what a deleted table may leave behind is never
// seen.
#pragma once

#include <zael/store.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "engine/rocks.h"
#include "engine/table.h"

namespace zael::engine {

// A table that is being made of a backup or of the log: its name is taken, nobody sees its rows.
// What it is made of stands beside it in the meta family, so that making it goes on after a crash.
struct Restoring {
  std::shared_ptr<Table> table;
  std::string plan;  // the restorer's own (backup_restore.h)
  std::atomic<std::uint64_t> items_done = 0;
  std::uint64_t items_total = 0;

  TableDescription Describe() const;
};
using RestoringPtr = std::shared_ptr<Restoring>;

// A table that was deleted and whose rows are still there, because `note` says what is to be done
// with them first.
struct RemovedTable {
  std::uint32_t number = 0;
  std::string note;
};

// Thread-safe. Changes are made one at a time by the caller (Tables).
class Catalog {
 public:
  explicit Catalog(Rocks& rocks) : rocks_(rocks) {}

  // Errors: kDataLoss (a table record that cannot be understood).
  Status Load();

  // Errors: kNotFound.
  Result<TablePtr> Find(std::string_view name) const;
  std::vector<TablePtr> All() const;

  // Writes the table and puts it in place of the one of its name, which is retired.
  Status Store(std::shared_ptr<Table> table);

  // Forgets the table, in one step with noting that its rows are to be dropped; with a note they
  // wait for DropNoted.
  Status Remove(const TablePtr& table, std::string_view note);

  // Drops the rows of removed tables without a note, also of those a crash left behind.
  Status DropRemoved();
  Result<std::vector<RemovedTable>> NotedRemovals() const;
  Status DropNoted(std::uint32_t number);

  // Takes the name of the table. Requires: it is free.
  Status BeginRestore(const RestoringPtr& restoring);
  // The table is whole and in place. / Gives it up: its rows are to be dropped.
  Status EndRestore(const RestoringPtr& restoring);
  Status AbandonRestore(const RestoringPtr& restoring, const Error& why);
  // Why the restore of a name was given up; tells it once.
  std::optional<Error> TakeFailure(std::string_view name);
  RestoringPtr FindRestoring(std::string_view name) const;  // nullptr: there is none
  std::vector<RestoringPtr> AllRestoring() const;

  // Writes the item counts that changed. They are kept this way only, so after a crash they trail.
  Status StoreCounts();

  std::uint32_t NextNumber() const;

 private:
  void Replace(const std::string& name, TablePtr table) ZAEL_EXCLUDES(mutex_);
  Status LoadRestoring();
  Status DropRows(std::uint32_t number);
  void ForgetRestoring(const RestoringPtr& restoring) ZAEL_EXCLUDES(mutex_);

  Rocks& rocks_;
  mutable Mutex mutex_;
  std::map<std::string, TablePtr, std::less<>> tables_ ZAEL_GUARDED_BY(mutex_);
  std::map<std::string, RestoringPtr, std::less<>> restoring_ ZAEL_GUARDED_BY(mutex_);
  std::map<std::string, Error, std::less<>> failures_ ZAEL_GUARDED_BY(mutex_);
  std::map<std::uint32_t, std::int64_t> stored_counts_ ZAEL_GUARDED_BY(mutex_);  // by table number
  std::uint32_t next_number_ ZAEL_GUARDED_BY(mutex_) = 1;
};

}  // namespace zael::engine
