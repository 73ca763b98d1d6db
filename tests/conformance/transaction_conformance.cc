// Transactions: all or nothing, reasons, limits, threads.
#include <atomic>
#include <thread>

#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

PutRequest PutOf(std::string_view pk, std::string_view sk, int value) {
  return {.table = MainTable().name, .item = {{"PK", pk}, {"SK", sk}, {"v", value}}};
}
CheckRequest CheckOf(std::string_view pk, std::string_view sk, Condition condition) {
  return {.table = MainTable().name, .key = KeyFor(pk, sk), .condition = std::move(condition)};
}

TEST_P(TransactionConformance, EveryKindOfMemberTakesPart) {
  Put({{"PK", "A"}, {"SK", "update"}, {"v", 1}});
  Put({{"PK", "A"}, {"SK", "delete"}, {"v", 1}});
  Put({{"PK", "A"}, {"SK", "check"}, {"v", 1}});
  const auto outcome = Must(items().TransactWrite(
      {.items = {PutOf("A", "put", 7),
                 UpdateRequest{.table = MainTable().name,
                               .key = KeyFor("A", "update"),
                               .condition = Equal("v", 1),
                               .actions = {AddTo("v", 4)}},
                 DeleteRequest{.table = MainTable().name, .key = KeyFor("A", "delete")},
                 CheckOf("A", "check", Exists("PK"))}}));
  EXPECT_TRUE(outcome.applied);
  EXPECT_TRUE(outcome.cancellations.empty());
  EXPECT_EQ(*Get("A", "put")->Find("v"), Value(7));
  EXPECT_EQ(*Get("A", "update")->Find("v"), Value(5));
  EXPECT_EQ(Get("A", "delete"), std::nullopt);
  EXPECT_EQ(*Get("A", "check")->Find("v"), Value(1));
}

TEST_P(TransactionConformance, OneFailedConditionCancelsAllAndSaysWhich) {
  const Item present{{"PK", "A"}, {"SK", "2"}, {"v", 1}};
  Put(present);
  PutRequest conditional = PutOf("A", "2", 9);
  conditional.condition = NotExists("PK");
  const auto outcome = Must(items().TransactWrite(
      {.items = {
           PutOf("A", "1", 7), conditional, CheckOf("A", "3", Exists("PK")),
           UpdateRequest{
               .table = MainTable().name, .key = KeyFor("A", "4"), .actions = {AddTo("v", 4)}}}}));
  EXPECT_FALSE(outcome.applied);
  ASSERT_EQ(outcome.cancellations.size(), 4u);
  EXPECT_EQ(outcome.cancellations[0].reason, CancelReason::kNone);
  EXPECT_EQ(outcome.cancellations[1].reason, CancelReason::kConditionFailed);
  EXPECT_EQ(outcome.cancellations[1].item, present);
  EXPECT_EQ(outcome.cancellations[2].reason, CancelReason::kConditionFailed);
  EXPECT_EQ(outcome.cancellations[2].item, std::nullopt);
  EXPECT_EQ(outcome.cancellations[3].reason, CancelReason::kNone);
  EXPECT_EQ(QueryAll(QueryOf("A")), std::vector<Item>{present});
  EXPECT_EQ(ChangesAfter(0).size(), 1u);
}

TEST_P(TransactionConformance, AHundredMembersAreTakenAndMoreRefused) {
  TransactWriteRequest request;
  EXPECT_EQ(CodeOf(items().TransactWrite(request)), "invalid_argument") << "none";
  for (int i = 0; i < 101; ++i) request.items.push_back(PutOf("A", std::to_string(i), i));
  EXPECT_EQ(CodeOf(items().TransactWrite(request)), "invalid_argument") << "101";
  EXPECT_TRUE(QueryAll(QueryOf("A")).empty());
  request.items.pop_back();
  EXPECT_TRUE(Must(items().TransactWrite(request)).applied);
  EXPECT_EQ(QueryAll(QueryOf("A")).size(), 100u);
}

TEST_P(TransactionConformance, AnItemMayStandInItOnlyOnce) {
  EXPECT_EQ(CodeOf(items().TransactWrite({.items = {PutOf("A", "1", 1), PutOf("A", "1", 2)}})),
            "invalid_argument");
  EXPECT_EQ(CodeOf(items().TransactWrite(
                {.items = {PutOf("A", "1", 1), CheckOf("A", "1", NotExists("PK"))}})),
            "invalid_argument");
  EXPECT_EQ(Get("A", "1"), std::nullopt);
}

TEST_P(TransactionConformance, ItMaySpanTables) {
  TableSpec other = MainTable();
  other.name = "ZAEL-other";
  Must(tables().CreateTable(other));
  PutRequest elsewhere = PutOf("A", "1", 2);
  elsewhere.table = other.name;
  EXPECT_TRUE(Must(items().TransactWrite({.items = {PutOf("A", "1", 1), elsewhere}})).applied);
  EXPECT_EQ(*Get("A", "1")->Find("v"), Value(1));
  const auto found = Must(items().Get({.table = other.name, .key = KeyFor("A", "1")}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found->Find("v"), Value(2));
}

TEST_P(TransactionConformance, TransfersFromEightThreadsKeepTheSum) {
  constexpr int kAccounts = 4;
  for (int i = 0; i < kAccounts; ++i) {
    Put({{"PK", "A"}, {"SK", std::to_string(i)}, {"v", 50}});
  }
  std::atomic<int> conflicts{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 50; ++round) {
        const int from = (t + round) % kAccounts;
        const int to = (from + 1 + t % (kAccounts - 1)) % kAccounts;
        const auto change = [&](int account, int by, std::optional<Condition> condition) {
          return UpdateRequest{.table = MainTable().name,
                               .key = KeyFor("A", std::to_string(account)),
                               .condition = std::move(condition),
                               .actions = {AddTo("v", by)}};
        };
        const auto outcome = Must(items().TransactWrite(
            {.items = {change(from, -1, AtLeast("v", 1)), change(to, 1, std::nullopt)}}));
        for (const auto& reason : outcome.cancellations) {
          if (reason.reason == CancelReason::kConflict) ++conflicts;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::int64_t sum = 0;
  for (const Item& item : QueryAll(QueryOf("A"))) {
    const auto balance = item.Find("v")->As<Number>()->ToInt64();
    ASSERT_TRUE(balance.has_value());
    EXPECT_GE(*balance, 0);
    sum += *balance;
  }
  EXPECT_EQ(sum, 50 * kAccounts);
}

}  // namespace
}  // namespace zael::conformance
