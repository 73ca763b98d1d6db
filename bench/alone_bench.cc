// The limiter without its store: what an acquire costs when the store agrees at once, and what that
// store costs by itself.
#include <benchmark/benchmark.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <memory>
#include <utility>

#include "bench/workload.h"
#include "repository/version.h"
#include "testing/instant_store.h"
#include "testing/memory_store.h"

namespace zael::bench {
namespace {

// Keeps the last update it passes on.
class LastUpdate final : public ItemStore {
 public:
  explicit LastUpdate(std::shared_ptr<ItemStore> below) : below_(std::move(below)) {}

  Result<std::optional<Item>> Get(const GetRequest& r) override { return below_->Get(r); }
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& r) override {
    return below_->BatchGet(r);
  }
  Result<WriteOutcome> Put(const PutRequest& r) override { return below_->Put(r); }
  Result<WriteOutcome> Update(const UpdateRequest& r) override {
    last = r;
    return below_->Update(r);
  }
  Result<WriteOutcome> Delete(const DeleteRequest& r) override { return below_->Delete(r); }
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& r) override {
    return below_->TransactWrite(r);
  }
  Result<QueryPage> Query(const QueryRequest& r) override { return below_->Query(r); }

  UpdateRequest last;

 private:
  const std::shared_ptr<ItemStore> below_;
};

// A table in memory with one limit for everybody, under an instant store.
class Alone {
 public:
  Alone() {
    const auto made = repository::InitializeTable(memory_.stores(), {.name = "alone"}, *clock_);
    if (!made.ok()) Stop(made.error());
    const auto admin = Open(memory_.stores().items);
    const Status set = admin->configuration().SetSystemDefaults(
        {.limits = {Limit::PerSecond("rpm", 1'000'000'000)}});
    if (!set.ok()) Stop(set.error());
  }

  std::shared_ptr<Repository> Open(std::shared_ptr<ItemStore> items) {
    Stores stores = memory_.stores();
    stores.items = std::move(items);
    auto repository = Repository::Over(std::move(stores), {.name = "alone", .clock = clock_});
    if (!repository.ok()) Stop(repository.error());
    return *repository;
  }
  std::shared_ptr<ItemStore> Instant() {
    return std::make_shared<testing::InstantStore>(memory_.stores().items);
  }

 private:
  std::shared_ptr<Clock> clock_ = MakeSystemClock();
  testing::MemoryStore memory_{clock_};
};

const AcquireRequest kTake{.entity_id = "hot", .resource = "gpt-4", .consume = {{"rpm", 1}}};

void LimiterAlone(benchmark::State& state) {
  Alone alone;
  RateLimiter limiter(alone.Open(alone.Instant()));
  for (auto _ : state) {
    const auto decision = limiter.Acquire(kTake);
    if (!decision.ok() || !decision->granted()) return state.SkipWithError("not granted");
  }
  state.SetItemsProcessed(state.iterations());
}

void InstantStoreAlone(benchmark::State& state) {
  Alone alone;
  const auto store = std::make_shared<LastUpdate>(alone.Instant());
  RateLimiter limiter(alone.Open(store));
  for (int i = 0; i < 2; ++i) {
    if (!limiter.Acquire(kTake).ok()) return state.SkipWithError("not granted");
  }
  const auto bare = alone.Instant();
  for (auto _ : state) {
    const auto outcome = bare->Update(store->last);
    if (!outcome.ok() || !outcome->applied) return state.SkipWithError("not written");
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(LimiterAlone)->Name("limiter_alone");
BENCHMARK(InstantStoreAlone)->Name("instant_store");

}  // namespace
}  // namespace zael::bench
