// A limiter's table in memory under a repository, with faults, counts and a hook in front of its
// transactions.
#pragma once

#include <gtest/gtest.h>
#include <zael/repository.h>

#include <functional>
#include <memory>
#include <utility>

#include "repository/version.h"
#include "testing/faulty_store.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace zael::repository {

// Runs a step of somebody else right before transactions, or around queries.
class HookedStore final : public ItemStore {
 public:
  explicit HookedStore(std::shared_ptr<ItemStore> below) : below_(std::move(below)) {}

  std::function<void()> before_transact;
  std::function<void(QueryPage&)> after_query;

  Result<std::optional<Item>> Get(const GetRequest& request) override {
    return below_->Get(request);
  }
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override {
    return below_->BatchGet(request);
  }
  Result<WriteOutcome> Put(const PutRequest& request) override { return below_->Put(request); }
  Result<WriteOutcome> Update(const UpdateRequest& request) override {
    return below_->Update(request);
  }
  Result<WriteOutcome> Delete(const DeleteRequest& request) override {
    return below_->Delete(request);
  }
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override {
    // Taken out while it runs: what it does itself is not hooked.
    if (auto hook = std::exchange(before_transact, nullptr)) {
      hook();
      if (!before_transact) before_transact = keep_hook ? hook : nullptr;
    }
    return below_->TransactWrite(request);
  }
  Result<QueryPage> Query(const QueryRequest& request) override {
    auto page = below_->Query(request);
    if (after_query && page.ok()) after_query(*page);
    return page;
  }

  bool keep_hook = false;

 private:
  std::shared_ptr<ItemStore> below_;
};

class TableTest : public ::testing::Test {
 protected:
  TableTest() {
    Stores stores = memory_.stores();
    EXPECT_TRUE(InitializeTable(stores, {.name = "demo"}, *clock_).ok());
    hooks_ = std::make_shared<HookedStore>(stores.items);
    stores.items = std::make_shared<testing::FaultyStore>(hooks_, faults_, clock_);
    stores_ = stores;
    repository_ = Open("first");
    rival_ = Open("rival");
    faults_->ResetCounts();
  }

  std::shared_ptr<Repository> Open(const std::string& principal) {
    auto opened = Repository::Over(
        stores_, {.name = "demo", .clock = clock_, .principal = principal, .random_seed = ++seed_});
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    return opened.ok() ? *opened : nullptr;
  }

  ItemStore& raw() { return *memory_.stores().items; }
  void Put(Item item) {
    EXPECT_TRUE(raw().Put({.table = "ZAEL-demo", .item = std::move(item)}).ok());
  }
  std::optional<Item> Get(const Key& key) { return *raw().Get({.table = "ZAEL-demo", .key = key}); }
  std::vector<Item> All() {
    QueryRequest scan{.table = "ZAEL-demo"};
    std::vector<Item> items;
    while (true) {
      const auto page = raw().Query(scan);
      items.insert(items.end(), page->items.begin(), page->items.end());
      if (!page->next) return items;
      scan.start_after = page->next;
    }
  }
  std::uint64_t Writes() const {
    const testing::CallCounts counts = faults_->counts();
    return counts.SingleWrites() + counts.Transactions();
  }
  AuditEvent LastEvent(std::string_view subject) {
    const auto page = repository_->audit().List(subject, 1, {});
    EXPECT_TRUE(page.ok() && page->events.size() == 1) << subject;
    return page.ok() && !page->events.empty() ? page->events[0] : AuditEvent{};
  }

  std::shared_ptr<testing::SimulatedClock> clock_ = std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore memory_{clock_};
  std::shared_ptr<testing::FaultPlan> faults_ = std::make_shared<testing::FaultPlan>();
  std::shared_ptr<HookedStore> hooks_;
  Stores stores_;
  std::uint64_t seed_ = 0;
  std::shared_ptr<Repository> repository_;
  std::shared_ptr<Repository> rival_;
};

// Counts what it hears.
class CountingObserver final : public ConfigObserver {
 public:
  void OnEntityChanged(std::string_view entity_id) override { entities.emplace_back(entity_id); }
  void OnSharedDefaultsChanged() override { ++shared; }
  void OnBucketsChanged(std::string_view entity_id) override { buckets.emplace_back(entity_id); }

  std::vector<std::string> entities;
  std::vector<std::string> buckets;
  int shared = 0;
};

#define EXPECT_CODE(expression, expected)                  \
  do {                                                     \
    const auto expect_code_result = (expression);          \
    ASSERT_FALSE(expect_code_result.ok());                 \
    EXPECT_EQ(expect_code_result.error().code(), expected) \
        << expect_code_result.error().message();           \
  } while (false)

}  // namespace zael::repository
