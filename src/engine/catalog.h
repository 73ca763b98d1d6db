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
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "engine/rocks.h"
#include "engine/table.h"

namespace zael::engine {

// Thread-safe. Changes are made one at a time by the caller (Tables).
class Catalog {
 public:
  explicit Catalog(Rocks& rocks) : rocks_(rocks) {}

  // Errors: kDataLoss (a table record that cannot be understood).
  Status Load();

  // Errors: kNotFound.
  Result<TablePtr> Find(std::string_view name) const;
  // The same without lock or count when it is what this thread found last; nullptr: not found. It
  // lives until the thread's next call.
  const Table* FindAgain(std::string_view name) const;
  std::vector<TablePtr> All() const;

  // Writes the table and puts it in place of the one of its name, which is retired.
  Status Store(std::shared_ptr<Table> table);

  // Forgets the table, in one step with noting that its rows are to be dropped.
  Status Remove(const TablePtr& table);

  // Drops the rows of removed tables, also of those a crash left behind.
  Status DropRemoved();

  // Writes the item counts that changed. They are kept this way only, so after a crash they trail.
  Status StoreCounts();

  std::uint32_t NextNumber() const;

 private:
  static std::uint64_t NextVersion();
  void Replace(const std::string& name, TablePtr table) ZAEL_EXCLUDES(mutex_);

  Rocks& rocks_;
  // Of every change of the tables of any catalog a new one, so that equal ones mean the same
  // tables.
  std::atomic<std::uint64_t> version_ = NextVersion();
  mutable Mutex mutex_;
  std::map<std::string, TablePtr, std::less<>> tables_ ZAEL_GUARDED_BY(mutex_);
  std::map<std::uint32_t, std::int64_t> stored_counts_ ZAEL_GUARDED_BY(mutex_);  // by table number
  std::uint32_t next_number_ ZAEL_GUARDED_BY(mutex_) = 1;
};

}  // namespace zael::engine
