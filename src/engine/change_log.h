// ChangeLog: the change feed, read from RocksDB's own log.
//
// The position of a change is the sequence number of its write's last item. Only what is on the
// disk is shown: so no position is ever used twice, whatever a power loss takes. A reader that
// pages through the feed goes on where its last page ended, without looking for the place in the
// log again.
#pragma once

#include <zael/store.h>

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "engine/log_reader.h"
#include "engine/writer.h"

namespace zael::engine {

inline constexpr std::chrono::hours kChangesKept{24};
static_assert(kLogKept >= kChangesKept);

// Thread-safe.
class ChangeLog final : public ChangeFeed {
 public:
  explicit ChangeLog(Core core) : core_(core) {}

  // A page ends after the write that fills it, and sooner when its items are large; writes that
  // RocksDB put together are not parted.
  Result<ChangePage> ReadChanges(std::string_view table, ChangePosition after,
                                 std::size_t max_changes) override;

  Result<ChangePosition> EndOfChanges(std::string_view table) override;

  // Closes the files of readers that have not come back for a while.
  void DropIdleReaders();

 private:
  struct Parked {
    std::unique_ptr<LogReader> reader;
    MonotonicTime since;
  };
  std::unique_ptr<LogReader> ReaderFrom(rocksdb::SequenceNumber next) ZAEL_EXCLUDES(mutex_);
  void Park(std::unique_ptr<LogReader> reader) ZAEL_EXCLUDES(mutex_);

  Core core_;
  Mutex mutex_;
  std::vector<Parked> parked_ ZAEL_GUARDED_BY(mutex_);  // the oldest first
};

}  // namespace zael::engine
