// What the memory store does beyond the contract; the contract is checked by the conformance suite.
#include "testing/memory_store.h"

#include <gtest/gtest.h>

#include "testing/simulated_clock.h"

namespace zael::testing {
namespace {

class MemoryStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    TableSpec spec;
    spec.name = "ZAEL-t";
    spec.keys = {{"PK"}, KeyAttribute{"SK"}};
    ASSERT_TRUE(store_.stores().tables->CreateTable(spec).ok());
  }
  ItemStore& items() { return *store_.stores().items; }
  TransactWriteRequest Adding(std::string_view sk, std::string token) {
    TransactWriteRequest request;
    request.token = std::move(token);
    request.items = {UpdateRequest{
        .table = "ZAEL-t", .key = {{"PK", "A"}, {"SK", sk}}, .actions = {AddTo("v", 1)}}};
    return request;
  }
  Value Stored(std::string_view sk) {
    const auto item = items().Get({.table = "ZAEL-t", .key = {{"PK", "A"}, {"SK", sk}}});
    return item.ok() && item->has_value() ? *(*item)->Find("v") : Value();
  }

  const std::shared_ptr<SimulatedClock> clock_ = std::make_shared<SimulatedClock>();
  MemoryStore store_{clock_};
};

TEST_F(MemoryStoreTest, P7_ATokenIsHonouredForTenMinutes) {
  for (int i = 0; i < 3; ++i) {
    const auto outcome = items().TransactWrite(Adding("1", "token"));
    ASSERT_TRUE(outcome.ok());
    EXPECT_TRUE(outcome->applied);
  }
  EXPECT_EQ(Stored("1"), Value(1));
  EXPECT_EQ(items().TransactWrite(Adding("2", "token")).error().code(),
            ErrorCode::kInvalidArgument);
  ASSERT_TRUE(items().TransactWrite(Adding("1", "other")).ok());
  EXPECT_EQ(Stored("1"), Value(2));
  clock_->Advance(std::chrono::minutes(10));
  ASSERT_TRUE(items().TransactWrite(Adding("1", "token")).ok());
  EXPECT_EQ(Stored("1"), Value(3));
}

TEST_F(MemoryStoreTest, ASnapshotIsWhatACrashLeaves) {
  ASSERT_TRUE(items().TransactWrite(Adding("1", "")).ok());
  const auto snapshot = store_.TakeSnapshot();
  ASSERT_TRUE(items().TransactWrite(Adding("1", "")).ok());
  ASSERT_TRUE(items().TransactWrite(Adding("2", "")).ok());
  store_.Restore(*snapshot);
  EXPECT_EQ(Stored("1"), Value(1));
  EXPECT_EQ(Stored("2"), Value());
  MemoryStore other(clock_);
  other.Restore(*snapshot);
  EXPECT_TRUE(other.stores().tables->DescribeTable("ZAEL-t").ok());
}

TEST_F(MemoryStoreTest, APassedDeadlineWritesNothing) {
  TransactWriteRequest request = Adding("1", "");
  request.deadline = clock_->MonotonicNow();
  EXPECT_EQ(items().TransactWrite(request).error().code(), ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(Stored("1"), Value());
}

TEST_F(MemoryStoreTest, ChangesAreKeptForADay) {
  ASSERT_TRUE(items().TransactWrite(Adding("1", "")).ok());
  clock_->Advance(std::chrono::hours(25));
  ASSERT_TRUE(items().TransactWrite(Adding("2", "")).ok());
  EXPECT_EQ(store_.stores().changes->ReadChanges("ZAEL-t", 0, 10)->changes.size(), 1u);
}

TEST_F(MemoryStoreTest, APageThatEndsAtItsLimitHasANext) {
  ASSERT_TRUE(items().TransactWrite(Adding("1", "")).ok());
  const auto page = items().Query({.table = "ZAEL-t", .hash = Value("A"), .max_items = 1});
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->next.has_value());
}

}  // namespace
}  // namespace zael::testing
