// FaultyStore: any ItemStore, made to fail as networks and throttling do, and counting every call.
//
// A fault happens before the call reaches the store, or after the store performed it (the answer is
// lost), or as a cancelled transaction; or the caller hears of a timeout and the call is performed
// later, when the test says so. Faults are scripted (the next calls of an operation, in
// order), or drawn from a seed with given rates. Latency passes on the injected clock. Nothing here
// sleeps or is random otherwise.
#pragma once

#include <zael/store.h>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "base/mutex.h"
#include "base/random.h"

namespace zael::testing {

enum class StoreCall { kGet, kBatchGet, kPut, kUpdate, kDelete, kTransactWrite, kQuery };
inline constexpr std::size_t kStoreCalls = 7;

enum class Fault {
  kNone,
  kUnavailable,  // before: nothing happened
  kThrottled,    // before: kResourceExhausted
  kTimeout,      // before: kDeadlineExceeded, nothing happened
  kDenied,       // before: kPermissionDenied
  kLostAnswer,   // after: the call was performed, the caller hears kDeadlineExceeded
  kLate,         // kDeadlineExceeded; a write is performed afterwards, when it is delivered
  kConflict,  // a transaction is cancelled with kConflict; a single write hears kResourceExhausted
};

// Chances in a thousand of each call.
struct FaultRates {
  int unavailable = 0;
  int throttled = 0;
  int timeout = 0;
  int denied = 0;
  int lost_answer = 0;
  int late = 0;
  int conflict = 0;
  std::chrono::nanoseconds latency{0};  // on average; each call takes between none and twice that
};

struct CallCounts {
  std::array<std::uint64_t, kStoreCalls> calls{};    // that were made, failed ones too
  std::array<std::uint64_t, kStoreCalls> reached{};  // that the store below performed
  std::uint64_t transact_items = 0;                  // members of the transactions that reached it

  std::uint64_t Of(StoreCall call) const { return calls[static_cast<std::size_t>(call)]; }
  std::uint64_t Reached(StoreCall call) const { return reached[static_cast<std::size_t>(call)]; }
  std::uint64_t Reads() const {
    return Of(StoreCall::kGet) + Of(StoreCall::kBatchGet) + Of(StoreCall::kQuery);
  }
  std::uint64_t SingleWrites() const {
    return Of(StoreCall::kPut) + Of(StoreCall::kUpdate) + Of(StoreCall::kDelete);
  }
  std::uint64_t Transactions() const { return Of(StoreCall::kTransactWrite); }
};

// The plan of faults and the counts, apart from the store so that a test keeps hold of it.
// Thread-safe.
class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed = 1) : random_(seed) {}

  // The next calls of that kind meet these faults, one each, before any rates apply.
  void Script(StoreCall call, std::deque<Fault> faults);
  // Every call meets this fault until told otherwise: an outage.
  void Always(Fault fault);
  void SetRates(const FaultRates& rates);
  // Each call takes exactly this long, beside any random latency.
  void SetLatency(std::chrono::nanoseconds latency);

  // Performs the writes that are late, in the order they were sent; how many there were.
  std::size_t DeliverLate();
  // From now on late writes are handed over instead, to be performed whenever the receiver likes.
  using Delivery = std::function<void()>;
  void HandOverLate(std::function<void(Delivery)> receiver);

  CallCounts counts() const;
  void ResetCounts();

 private:
  friend class FaultyStore;
  struct Verdict {
    Fault fault = Fault::kNone;
    std::chrono::nanoseconds latency{0};
  };
  Verdict Next(StoreCall call);
  void CountReached(StoreCall call, std::size_t transact_items);
  void KeepLate(Delivery delivery);

  mutable Mutex mutex_;
  SeededRandom random_;
  std::map<StoreCall, std::deque<Fault>> script_ ZAEL_GUARDED_BY(mutex_);
  Fault always_ ZAEL_GUARDED_BY(mutex_) = Fault::kNone;
  FaultRates rates_ ZAEL_GUARDED_BY(mutex_);
  std::chrono::nanoseconds latency_ ZAEL_GUARDED_BY(mutex_){0};
  CallCounts counts_ ZAEL_GUARDED_BY(mutex_);
  std::deque<Delivery> late_ ZAEL_GUARDED_BY(mutex_);
  std::function<void(Delivery)> receiver_ ZAEL_GUARDED_BY(mutex_);
};

// Thread-safe.
class FaultyStore final : public ItemStore {
 public:
  FaultyStore(std::shared_ptr<ItemStore> below, std::shared_ptr<FaultPlan> plan,
              std::shared_ptr<Clock> clock);

  Result<std::optional<Item>> Get(const GetRequest& request) override;
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override;
  Result<WriteOutcome> Put(const PutRequest& request) override;
  Result<WriteOutcome> Update(const UpdateRequest& request) override;
  Result<WriteOutcome> Delete(const DeleteRequest& request) override;
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override;
  Result<QueryPage> Query(const QueryRequest& request) override;

 private:
  template <typename Answer, typename Request>
  Result<Answer> Call(StoreCall call, Result<Answer> (ItemStore::*operation)(const Request&),
                      const Request& request);

  const std::shared_ptr<ItemStore> below_;
  const std::shared_ptr<FaultPlan> plan_;
  const std::shared_ptr<Clock> clock_;
};

}  // namespace zael::testing
