// Upkeep: what the engine does besides answering: the log to the disk, expired items, files that
// readers of the feed left open, item counts.
//
// Two threads, because a sweep must not hold up the log. They wait in real time, but every decision
// reads the engine's clock. What fails is tried again on the next round; a broken disk shows at the
// next write.
#pragma once

#include <zael/result.h>

#include <chrono>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "engine/change_log.h"
#include "engine/writer.h"

namespace zael::engine {

// Half of what `process` durability promises: the other half is the disk's.
inline constexpr std::chrono::milliseconds kSyncInterval{50};

// Thread-safe.
class Upkeep {
 public:
  struct Parts {
    Core core;
    Writer& writer;
    ChangeLog& changes;
  };
  explicit Upkeep(Parts parts) : parts_(parts) {}
  ~Upkeep() { Stop(); }
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  // Once. `sync_log` when writes answer before the disk has them; a zero interval: no sweeps.
  void Start(bool sync_log, std::chrono::milliseconds sweep_interval);

  // Ends the threads. Harmless when repeated.
  void Stop();

  // One full sweep on the calling thread: how many items were removed because their ttl is past.
  Result<std::size_t> ExpireNow();

 private:
  void SyncLoop();
  void SweepLoop(std::chrono::milliseconds interval);
  // Looks at the next rows of a table from `*row_key` on, which moves; empty at the end.
  Result<std::size_t> ExpireSome(const TablePtr& table, std::string* row_key);
  Result<std::size_t> Expire(std::chrono::milliseconds pause);
  bool WaitOrStop(std::chrono::nanoseconds duration);  // whether to stop

  Parts parts_;
  Mutex mutex_;
  CondVar stopped_;
  bool stop_ ZAEL_GUARDED_BY(mutex_) = false;
  std::thread syncer_;
  std::thread sweeper_;
};

}  // namespace zael::engine
