// MemoryStore: the store contract in memory, under one mutex, for tests, simulation and the replay
// command.
//
// Everything it answers depends on the calls and the clock alone, so one seed repeats a run. It
// says what DynamoDB says where the contract leaves room: a page that ends at its limit has a
// `next` even when nothing follows, a transaction token is honoured for ten minutes, a write that
// changes nothing makes no change record. Expiry happens only when asked for. Snapshots stand for
// what a crash leaves.
#pragma once

#include <zael/store.h>

#include <memory>

namespace zael::testing {

struct MemoryState;

// Thread-safe.
class MemoryStore {
 public:
  explicit MemoryStore(std::shared_ptr<Clock> clock);
  ~MemoryStore();

  // The interfaces over this store; they keep its contents alive.
  Stores stores() const { return stores_; }

  // Removes what expired before now; how many items went.
  std::size_t Expire();

  // Tables, items, indexes, changes and tokens as they are now. Restore puts them back; also into
  // another MemoryStore.
  class Snapshot;
  std::shared_ptr<const Snapshot> TakeSnapshot() const;
  void Restore(const Snapshot& snapshot);

 private:
  const std::shared_ptr<MemoryState> state_;
  const Stores stores_;
};

}  // namespace zael::testing
