// A limiter over a table in memory, with simulated time, faults, counts, and a hook on every call.
#pragma once

#include <gtest/gtest.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "records/bucket_record.h"
#include "repository/version.h"
#include "testing/faulty_store.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace zael::limiter {

using std::chrono::milliseconds;
using testing::Fault;
using testing::StoreCall;

// Runs somebody else's step right before or after a call. Thread-safe when the hooks are.
class HookedStore final : public ItemStore {
 public:
  explicit HookedStore(std::shared_ptr<ItemStore> below) : below_(std::move(below)) {}

  std::function<void(StoreCall)> before;
  std::function<void(StoreCall)> after;

  Result<std::optional<Item>> Get(const GetRequest& r) override {
    return Around(StoreCall::kGet, [&] { return below_->Get(r); });
  }
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& r) override {
    return Around(StoreCall::kBatchGet, [&] { return below_->BatchGet(r); });
  }
  Result<WriteOutcome> Put(const PutRequest& r) override {
    return Around(StoreCall::kPut, [&] { return below_->Put(r); });
  }
  Result<WriteOutcome> Update(const UpdateRequest& r) override {
    return Around(StoreCall::kUpdate, [&] { return below_->Update(r); });
  }
  Result<WriteOutcome> Delete(const DeleteRequest& r) override {
    return Around(StoreCall::kDelete, [&] { return below_->Delete(r); });
  }
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& r) override {
    return Around(StoreCall::kTransactWrite, [&] { return below_->TransactWrite(r); });
  }
  Result<QueryPage> Query(const QueryRequest& r) override {
    return Around(StoreCall::kQuery, [&] { return below_->Query(r); });
  }

 private:
  template <typename Call>
  std::invoke_result_t<Call> Around(StoreCall kind, Call call) {
    if (before) before(kind);
    auto answer = call();
    if (after) after(kind);
    return answer;
  }

  std::shared_ptr<ItemStore> below_;
};

class LimiterTest : public ::testing::Test {
 protected:
  LimiterTest() {
    EXPECT_TRUE(repository::InitializeTable(memory_.stores(), {.name = "demo"}, *clock_).ok());
    hooks_ = std::make_shared<HookedStore>(memory_.stores().items);
    repository_ = OpenRepository(clock_);
    admin_ = OpenRaw();
    limiter_.emplace(repository_);
    faults_->ResetCounts();
  }

  // Over hooks and faults.
  std::shared_ptr<Repository> OpenRepository(std::shared_ptr<Clock> clock) {
    Stores stores = memory_.stores();
    stores.items = std::make_shared<testing::FaultyStore>(hooks_, faults_, clock_);
    return Over(std::move(stores), std::move(clock));
  }
  // Straight to the table: another process that nothing happens to and nobody counts.
  std::shared_ptr<Repository> OpenRaw() { return Over(memory_.stores(), clock_); }

  std::shared_ptr<Repository> Over(Stores stores, std::shared_ptr<Clock> clock) {
    auto opened = Repository::Over(
        std::move(stores), {.name = "demo", .clock = std::move(clock), .random_seed = ++seed_});
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    return *opened;
  }

  Configuration& config() { return repository_->configuration(); }
  void SetLimits(const Limits& limits, std::string_view entity = "key") {
    ASSERT_TRUE(config().SetLimits(entity, "api", limits).ok());
    faults_->ResetCounts();
  }
  // Parent "team", child "key".
  void MakeFamily() {
    ASSERT_TRUE(repository_->entities().Create({.id = "team"}).ok());
    ASSERT_TRUE(
        repository_->entities().Create({.id = "key", .parent_id = "team", .cascade = true}).ok());
  }

  static AcquireRequest Ask(Amounts consume, std::string entity = "key") {
    return {.entity_id = std::move(entity), .resource = "api", .consume = std::move(consume)};
  }
  Result<Decision> Acquire(Amounts consume) { return limiter_->Acquire(Ask(std::move(consume))); }
  bool Granted(Amounts consume) {
    const auto decision = Acquire(std::move(consume));
    EXPECT_TRUE(decision.ok()) << decision.error().message();
    return decision.ok() && decision->granted();
  }
  Lease TakeLease(Amounts consume) {
    auto decision = Acquire(std::move(consume));
    EXPECT_TRUE(decision.ok() && decision->granted());
    return decision.ok() ? decision->TakeLease() : Lease();
  }
  std::int64_t GrantedInARow(Amounts consume, int most = 100'000) {
    int granted = 0;
    while (granted < most && Granted(consume)) ++granted;
    return granted;
  }

  std::optional<Item> BucketItem(std::string limit, std::string entity = "key") {
    return *memory_.stores().items->Get(
        {.table = "ZAEL-demo", .key = records::BucketKey({std::move(entity), "api", limit})});
  }
  // Whole tokens stored, before refill.
  std::optional<std::int64_t> Stored(std::string limit, std::string entity = "key") {
    const auto item = BucketItem(std::move(limit), std::move(entity));
    if (!item) return std::nullopt;
    return records::DecodeBucket(*item)->state.balance.tokens_milli / 1000;
  }

  std::uint64_t Reads() const { return faults_->counts().Reads(); }
  std::uint64_t Writes() const {
    return faults_->counts().SingleWrites() + faults_->counts().Transactions();
  }

  std::shared_ptr<testing::SimulatedClock> clock_ = std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore memory_{clock_};
  std::shared_ptr<testing::FaultPlan> faults_ = std::make_shared<testing::FaultPlan>();
  std::shared_ptr<HookedStore> hooks_;
  std::uint64_t seed_ = 0;
  std::shared_ptr<Repository> repository_;
  std::shared_ptr<Repository> admin_;
  std::optional<RateLimiter> limiter_;
};

// The expression is not ok and has this code.
#define EXPECT_CODE(expression, expected)                  \
  do {                                                     \
    const auto& expect_code_result = (expression);         \
    ASSERT_FALSE(expect_code_result.ok());                 \
    EXPECT_EQ(expect_code_result.error().code(), expected) \
        << expect_code_result.error().message();           \
  } while (false)

}  // namespace zael::limiter
