// Engine: the embedded store, a directory on this machine held by one process, for any number of
// threads.
//
// Writes lock their keys, judge conditions on the newest items and go to RocksDB as one batch;
// queries read one instant; every change is in the feed. What survives what: Durability. Design:
// storage.md. Format: docs/formats/engine.md.
#pragma once

#include <zael/clock.h>
#include <zael/repository.h>
#include <zael/result.h>
#include <zael/store.h>

#include <chrono>
#include <memory>
#include <string>

namespace rocksdb {
class FileSystem;
}

namespace zael::engine {

struct EngineOptions {
  std::string directory;
  bool create = true;  // false: an absent store is kNotFound
  Durability durability = Durability::kProcess;
  std::chrono::milliseconds lock_timeout{10'000};
  std::shared_ptr<Clock> clock;  // absent: the system's
  // How often expired items are looked for; zero: only in ExpireNow.
  std::chrono::milliseconds sweep_interval{60'000};
  std::shared_ptr<rocksdb::FileSystem> file_system;  // absent: the system's; tests break theirs
};

// Thread-safe. Closed when the last store of it is gone.
class Engine : public std::enable_shared_from_this<Engine> {
 public:
  // Errors: kInvalidArgument (no directory), kNotFound, kUnavailable (held by another process, with
  // its pid; full disk), kFailedPrecondition (newer format, not a store), kPermissionDenied,
  // kDataLoss.
  static Result<std::shared_ptr<Engine>> Open(const EngineOptions& options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // They keep the engine open.
  Stores stores();

  // Tells processes that find the store held where this one serves it; a URL. Errors:
  // kInvalidArgument, those of files.h.
  Status Announce(const std::string& address);

  // Removes every item whose ttl is past, now: how many.
  Result<std::size_t> ExpireNow();

 private:
  class State;
  explicit Engine(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

Result<Stores> OpenEngine(const EngineOptions& options);

}  // namespace zael::engine
