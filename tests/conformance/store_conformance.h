// The conformance suite: what every implementation of the store contract must do.
//
// A store is put under it by one file of its own: derive from StoreUnderTest, write a function that
// makes one, say ZAEL_CONFORMS(MyStore, &MakeMyStore) and link zael_store_conformance. Every test
// starts with a new store that has the table of MainTable(). Where the contract leaves room (a
// `next` after the last item, a change record of a write that changed nothing), the tests leave it
// too.
#pragma once

#include <gtest/gtest.h>
#include <zael/store.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "testing/simulated_clock.h"

namespace zael::conformance {

class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual Stores stores() = 0;
  virtual testing::SimulatedClock& clock() = 0;
  // Removes what is past its ttl, now.
  virtual void Expire() = 0;
  // Why this store cannot keep a promise (`QueryConformance.AScanSeesEveryItemOnce`); empty: it
  // must.
  virtual std::string Lacks(const std::string& /*promise*/) { return ""; }
};
using MakeStore = std::unique_ptr<StoreUnderTest> (*)();

// The table of records.md: PK, SK, two sparse indexes, ttl.
TableSpec MainTable();

Key KeyFor(std::string_view pk, std::string_view sk);

// The value of an answer; a failed one fails the test and yields an empty value.
template <typename T>
T Must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  ADD_FAILURE() << ErrorCodeName(result.error().code()) << ": " << result.error().message();
  return T();
}
inline void Must(const Status& status) {
  if (!status.ok()) ADD_FAILURE() << status.error().message();
}

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
}

class StoreTest : public ::testing::TestWithParam<MakeStore> {
 protected:
  void SetUp() override;

  ItemStore& items() { return *stores_.items; }
  TableAdmin& tables() { return *stores_.tables; }
  ChangeFeed& changes() { return *stores_.changes; }
  testing::SimulatedClock& clock() { return store_->clock(); }
  void Expire() { store_->Expire(); }

  std::optional<Item> Get(std::string_view pk, std::string_view sk);
  void Put(Item item);
  Result<WriteOutcome> Update(std::string_view pk, std::string_view sk, UpdateActions actions,
                              std::optional<Condition> condition = std::nullopt);
  // Every page of the query, one after the other.
  std::vector<Item> QueryAll(QueryRequest request);
  QueryRequest QueryOf(std::string_view pk);
  // The feed from `after` to its end.
  std::vector<Change> ChangesAfter(ChangePosition after);

 private:
  std::unique_ptr<StoreUnderTest> store_;
  Stores stores_;
};

class ItemConformance : public StoreTest {};
class ConditionConformance : public StoreTest {};
class UpdateConformance : public StoreTest {};
class TransactionConformance : public StoreTest {};
class QueryConformance : public StoreTest {};
class FeedConformance : public StoreTest {};
class TableConformance : public StoreTest {};

// The `attribute` of each item as text: short expectations.
std::vector<std::string> Texts(const std::vector<Item>& items, std::string_view attribute);

}  // namespace zael::conformance

#define ZAEL_CONFORMS(name, make)                                                             \
  namespace zael::conformance {                                                               \
  INSTANTIATE_TEST_SUITE_P(name, ItemConformance, ::testing::Values(MakeStore(make)));        \
  INSTANTIATE_TEST_SUITE_P(name, ConditionConformance, ::testing::Values(MakeStore(make)));   \
  INSTANTIATE_TEST_SUITE_P(name, UpdateConformance, ::testing::Values(MakeStore(make)));      \
  INSTANTIATE_TEST_SUITE_P(name, TransactionConformance, ::testing::Values(MakeStore(make))); \
  INSTANTIATE_TEST_SUITE_P(name, QueryConformance, ::testing::Values(MakeStore(make)));       \
  INSTANTIATE_TEST_SUITE_P(name, FeedConformance, ::testing::Values(MakeStore(make)));        \
  INSTANTIATE_TEST_SUITE_P(name, TableConformance, ::testing::Values(MakeStore(make)));       \
  } /* namespace zael::conformance */                                                         \
  static_assert(true)
