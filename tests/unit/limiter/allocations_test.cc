// How often a steady acquire asks for memory, its store's own work left out. Counted, not timed: an
// allocation more in the path that every call takes shows here.
#include <gtest/gtest.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "counted_new.h"
#include "repository/version.h"
#include "testing/instant_store.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace zael::limiter {
namespace {

using testing::AllocationsCounted;
using testing::CountAllocations;

// What the store below allocates does not count.
class UncountedStore final : public ItemStore {
 public:
  explicit UncountedStore(std::shared_ptr<ItemStore> below) : below_(std::move(below)) {}

  Result<std::optional<Item>> Get(const GetRequest& request) override {
    return Uncounted([&] { return below_->Get(request); });
  }
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override {
    return Uncounted([&] { return below_->BatchGet(request); });
  }
  Result<WriteOutcome> Put(const PutRequest& request) override {
    return Uncounted([&] { return below_->Put(request); });
  }
  Result<WriteOutcome> Update(const UpdateRequest& request) override {
    return Uncounted([&] { return below_->Update(request); });
  }
  Result<NumberOutcome> UpdateNumbers(const NumberUpdate& update) override {
    return Uncounted([&] { return below_->UpdateNumbers(update); });
  }
  Result<WriteOutcome> Delete(const DeleteRequest& request) override {
    return Uncounted([&] { return below_->Delete(request); });
  }
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override {
    return Uncounted([&] { return below_->TransactWrite(request); });
  }
  Result<QueryPage> Query(const QueryRequest& request) override {
    return Uncounted([&] { return below_->Query(request); });
  }

 private:
  template <typename Call>
  static std::invoke_result_t<Call> Uncounted(Call call) {
    const bool before = CountAllocations(false);
    auto answer = call();
    CountAllocations(before);
    return answer;
  }

  std::shared_ptr<ItemStore> below_;
};

class SteadyAcquire : public ::testing::Test {
 protected:
  SteadyAcquire() {
    EXPECT_TRUE(repository::InitializeTable(memory_.stores(), {.name = "demo"}, *clock_).ok());
  }

  // The most that any of many acquires allocated, once each kind of write has been made.
  int MostAllocations(const Limits& limits, const AcquireRequest& request) {
    auto admin = Repository::Over(memory_.stores(), {.name = "demo", .clock = clock_});
    EXPECT_TRUE((*admin)->configuration().SetSystemDefaults({.limits = limits}).ok());
    Stores stores = memory_.stores();
    stores.items =
        std::make_shared<UncountedStore>(std::make_shared<testing::InstantStore>(stores.items));
    auto repository = Repository::Over(stores, {.name = "demo", .clock = clock_});
    RateLimiter limiter(*repository);
    int most = 0;
    for (int i = 0; i < 100; ++i) {
      // Both at the time of the one before and later: with and without refill.
      if (i % 3 == 0) clock_->Advance(std::chrono::milliseconds(1));
      const int before = AllocationsCounted();
      CountAllocations(true);
      const auto decision = limiter.Acquire(request);
      CountAllocations(false);
      EXPECT_TRUE(decision.ok() && decision->granted());
      if (i >= 10) most = std::max(most, AllocationsCounted() - before);
    }
    return most;
  }

  std::shared_ptr<testing::SimulatedClock> clock_ = std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore memory_{clock_};
};

constexpr std::int64_t kPlenty = 1'000'000'000;

// The statuses and the lease.
TEST_F(SteadyAcquire, OfOneLimitAllocatesTwice) {
  const int most =
      MostAllocations({Limit::PerSecond("rpm", kPlenty)},
                      {.entity_id = "hot", .resource = "gpt-4", .consume = {{"rpm", 1}}});
  EXPECT_GT(most, 0);
  EXPECT_LE(most, 2);
}

// And its long name, in the status and in the lease.
TEST_F(SteadyAcquire, OfALongNameAllocatesFourTimes) {
  EXPECT_LE(
      MostAllocations(
          {Limit::PerSecond("rpm", kPlenty)},
          {.entity_id = "api-key-0123456789abcdef", .resource = "gpt-4", .consume = {{"rpm", 1}}}),
      4);
}

// And the transaction: its list and its token.
TEST_F(SteadyAcquire, OfTwoLimitsAllocatesFourTimes) {
  EXPECT_LE(MostAllocations(
                {Limit::PerSecond("rpm", kPlenty), Limit::PerSecond("tpm", kPlenty)},
                {.entity_id = "hot", .resource = "gpt-4", .consume = {{"rpm", 1}, {"tpm", 500}}}),
            4);
}

}  // namespace
}  // namespace zael::limiter
