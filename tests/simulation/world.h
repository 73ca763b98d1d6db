// World: one simulated run, driven by one seed. Clients with their own skewed clocks, limiters and
// faulty connections share one table; another client's whole call may run inside any store call of
// the first, so every race there is at the granularity of the store happens deterministically and
// in one thread.
//
// Everything a client is told is handed to the Judge together with what it did to the store.
#pragma once

#include <zael/limiter.h>
#include <zael/repository.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "testing/faulty_store.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"
#include "tests/simulation/client_store.h"
#include "tests/simulation/judge.h"

namespace zael::simulation {

// The limits and resources that calls and configurations pick from.
inline const std::vector<std::string> kLimitNames = {"rpm", "tpm", "x.y-z"};
inline const std::vector<std::string> kResources = {"api", "gpt-4"};

// One client's way to the shared store.
struct Connection {
  Stores stores;
  std::shared_ptr<testing::SimulatedClock> clock;
  std::shared_ptr<Clock> client_clock;
  std::uint64_t seed = 0;  // of what goes wrong on it
  bool healed = false;     // nothing may
  // Takes a write that is performed whenever it likes, after its sender gave up on it.
  std::function<void(std::function<void()> deliver)> late = nullptr;
};

struct SimulationOptions {
  std::uint64_t seed = 0;
  int calls = 160;
  PlantedBug bug = PlantedBug::kNone;
  // What stands between a client and the store; absent: the faults of a FaultyStore.
  std::function<std::shared_ptr<ItemStore>(const Connection& connection)> connect = nullptr;
};

struct SimulationReport {
  std::vector<std::string> findings;          // empty when I1 to I7 held
  std::map<std::string, std::uint64_t> seen;  // how often each kind of thing happened
};

// Runs one seed from the first call to the last check. The same options give the same report.
SimulationReport Simulate(const SimulationOptions& options);

// Thread-compatible.
class World {
 public:
  explicit World(const SimulationOptions& options);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  SimulationReport Run();

 private:
  struct HeldLease {
    Lease lease;
    std::string entity;
    std::string resource;
    std::vector<std::pair<std::string, std::string>> charged;  // (entity, limit) of every status
    Bookings booked;                     // what its calls really took, by the log
    std::vector<std::size_t> rollbacks;  // that failed: the ids of their calls
    bool uncertain = false;              // an outcome was unknown
    bool rolling_back = false;           // a rollback failed: only another one may follow
    bool may_open = false;               // its acquire was told to allow when the store is away
    bool busy = false;
    bool ended = false;
  };

  struct Client {
    int id = 0;
    std::shared_ptr<Clock> clock;
    std::shared_ptr<Repository> repository;
    std::optional<RateLimiter> limiter;
    std::list<HeldLease> leases;
    int running = 0;  // calls of it on the stack
    bool dead = false;
    bool silent = false;  // its calls must not reach the store now
  };

  // Setting up and scheduling (world.cc).
  void BuildTable();
  void Connect(Client& client);
  std::shared_ptr<ItemStore> WayToTheStore(Client& client);
  void BeforeStoreCall(Client& client);
  void AfterStoreCall(Client& client, bool lost);
  void Interleave();
  void OnStoreWritten();
  void LetTimePass();
  void KeepLate(std::function<void()> deliver);
  void DeliverLate(std::size_t place);
  void DeliverAllLate();
  void Step();
  void RunOne(Client& client);
  void Restart(Client& client);
  void CheckEverybodyIsServedAgain();

  // One call each (world_calls.cc).
  void Acquire(Client& client);
  void Correct(Client& client, HeldLease& held);
  void ConsumeMore(Client& client, HeldLease& held);
  void Rollback(Client& client, HeldLease& held);
  void Commit(Client& client, HeldLease& held);
  void ChangeConfiguration(Client& client);
  void ResetBuckets(Client& client);

  void JudgeDecision(const Call& call, const Decision& decision, const AcquireRequest& request);
  void JudgeError(const Call& call, const Error& error, const Bookings& whole);
  // Its answer leaves open whether `whole` was booked, or is going to be.
  void LeaveOpen(const Call& call, const Bookings& whole) { open_[call.id] = {call, whole}; }
  // The same, and by now all of it is or nothing.
  void MayBeBooked(const Call& call, const Bookings& whole) {
    judge_.ExpectAllOrNothing(call, whole);
    LeaveOpen(call, whole);
  }
  void SeeMissing(HeldLease& held, const Call& call);
  void Settle(HeldLease& held, const Call& call, bool certain);
  AcquireRequest MakeRequest();
  Amounts MakeCorrection(const HeldLease& held, bool only_back);
  Bookings WholeOf(const AcquireRequest& request, const Call& call);
  Bookings BookingsOf(const HeldLease& held, const Amounts& deltas, const Call& call);

  template <typename Body>
  void Perform(Client& client, Call& call, Body body);

  // Dice.
  std::uint64_t Below(std::uint64_t bound) { return random_.Below(bound); }
  bool Chance(int per_thousand) { return static_cast<int>(Below(1000)) < per_thousand; }
  template <typename T>
  const T& OneOf(const std::vector<T>& list) {
    return list[Below(list.size())];
  }
  Limit MakeLimit(const std::string& name);
  Limits MakeLimits();
  const Limits& LimitsFor(const std::string& entity, const std::string& resource);
  Resolved Resolve(const AcquireRequest& request, const Call& call);
  std::string RandomEntity();

  const SimulationOptions options_;
  SeededRandom random_;
  std::shared_ptr<testing::SimulatedClock> clock_;
  testing::MemoryStore memory_;
  std::shared_ptr<ItemStore> recording_;
  std::shared_ptr<Repository> pristine_;  // an operator without faults
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Call*> stack_;
  struct LateWrite {
    Call sender;  // as it was when it sent it
    std::function<void()> deliver;
  };
  std::vector<LateWrite> late_;
  std::map<std::size_t, std::pair<Call, Bookings>> open_;  // by the id of the call
  Judge judge_;
  ChangePosition read_up_to_ = 0;
  std::int64_t config_changed_ms_ = 0;  // true time of the last change that may have happened
  std::map<std::pair<std::string, std::string>, Limits> limits_;  // resolved, until a change
  int changing_ = 0;  // configuration changes on the stack
  bool healed_ = false;
  bool config_changes_ = true;
  bool overrides_ = true;
  std::map<std::string, std::uint64_t> seen_;
};

}  // namespace zael::simulation
