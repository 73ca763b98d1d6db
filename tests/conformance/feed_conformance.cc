// The change feed and expiry.
#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

TEST_P(FeedConformance, EveryWriteIsRecordedInOrderWithBothImages) {
  const Item first{{"PK", "A"}, {"SK", "1"}, {"v", 1}};
  const Item second{{"PK", "A"}, {"SK", "1"}, {"v", 2}};
  Put(first);
  Must(Update("A", "1", {AddTo("v", 1)}));
  Must(items().Delete({.table = MainTable().name, .key = KeyFor("A", "1")}));
  const auto all = ChangesAfter(0);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].kind, ChangeKind::kInsert);
  EXPECT_EQ(all[0].old_item, std::nullopt);
  EXPECT_EQ(all[0].new_item, first);
  EXPECT_EQ(all[1].kind, ChangeKind::kModify);
  EXPECT_EQ(all[1].old_item, first);
  EXPECT_EQ(all[1].new_item, second);
  EXPECT_EQ(all[2].kind, ChangeKind::kRemove);
  EXPECT_EQ(all[2].old_item, second);
  EXPECT_EQ(all[2].new_item, std::nullopt);
  for (const Change& change : all) {
    EXPECT_EQ(change.key, KeyFor("A", "1"));
    EXPECT_FALSE(change.by_expiry);
    EXPECT_GT(change.position, 0u);
  }
  EXPECT_LT(all[0].position, all[1].position);
  EXPECT_LT(all[1].position, all[2].position);
}

TEST_P(FeedConformance, AChangeTellsWhenItWasMade) {
  Put({{"PK", "A"}, {"SK", "1"}});
  clock().Advance(std::chrono::seconds(1));
  Must(items().Delete({.table = MainTable().name, .key = KeyFor("A", "1")}));
  const auto all = ChangesAfter(0);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].at, clock().WallNow());
  EXPECT_EQ(all[1].at - all[0].at, std::chrono::seconds(1));
}

TEST_P(FeedConformance, LostConditionsLeaveNoRecord) {
  Put({{"PK", "A"}, {"SK", "1"}, {"v", 1}});
  EXPECT_FALSE(Must(Update("A", "1", {AddTo("v", 1)}, Equal("v", 9))).applied);
  Must(items().Delete({.table = MainTable().name, .key = KeyFor("A", "2")}));
  EXPECT_EQ(ChangesAfter(0).size(), 1u);
}

TEST_P(FeedConformance, ReadingGoesOnAfterAnyPosition) {
  for (int i = 0; i < 25; ++i) Put({{"PK", "A"}, {"SK", std::to_string(i)}, {"v", i}});
  const auto all = ChangesAfter(0);
  ASSERT_EQ(all.size(), 25u);
  const ChangePage page = Must(changes().ReadChanges(MainTable().name, all[9].position, 5));
  ASSERT_EQ(page.changes.size(), 5u);
  EXPECT_EQ(page.changes[0].new_item, all[10].new_item);
  EXPECT_EQ(page.next, page.changes.back().position);
  const ChangePage end = Must(changes().ReadChanges(MainTable().name, all.back().position, 5));
  EXPECT_TRUE(end.changes.empty());
  EXPECT_EQ(end.next, all.back().position);
  Put({{"PK", "B"}, {"SK", "1"}});
  EXPECT_EQ(ChangesAfter(end.next).size(), 1u);
}

TEST_P(FeedConformance, TheEndIsWhereOnlyWhatComesLaterFollows) {
  EXPECT_TRUE(ChangesAfter(Must(changes().EndOfChanges(MainTable().name))).empty());
  for (int i = 0; i < 25; ++i) Put({{"PK", "A"}, {"SK", std::to_string(i)}});
  const ChangePosition last = Must(changes().EndOfChanges(MainTable().name));
  EXPECT_TRUE(ChangesAfter(last).empty());
  Put({{"PK", "B"}, {"SK", "1"}});
  const auto later = ChangesAfter(last);
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].key, KeyFor("B", "1"));
  EXPECT_EQ(CodeOf(changes().EndOfChanges("nothing")), "not_found");
}

TEST_P(FeedConformance, ATransactionSharesOnePositionAndIsNeverSplit) {
  Put({{"PK", "A"}, {"SK", "before"}});
  TransactWriteRequest request;
  for (int i = 0; i < 10; ++i) {
    request.items.push_back(
        PutRequest{.table = MainTable().name, .item = {{"PK", "A"}, {"SK", std::to_string(i)}}});
  }
  Must(items().TransactWrite(request));
  Put({{"PK", "A"}, {"SK", "later"}});
  const auto all = ChangesAfter(0);
  ASSERT_EQ(all.size(), 12u);
  for (int i = 2; i <= 10; ++i) EXPECT_EQ(all[i].position, all[1].position);
  const ChangePage page = Must(changes().ReadChanges(MainTable().name, all[0].position, 3));
  EXPECT_GE(page.changes.size(), 10u);
  EXPECT_EQ(page.changes[9].position, all[1].position);
  std::size_t seen = 0;
  for (ChangePosition after = 0; seen < 12;) {
    const ChangePage next = Must(changes().ReadChanges(MainTable().name, after, 1));
    ASSERT_FALSE(next.changes.empty());
    seen += next.changes.size();
    after = next.next;
  }
  EXPECT_EQ(seen, 12u);
}

TEST_P(FeedConformance, TablesHaveFeedsOfTheirOwn) {
  TableSpec other = MainTable();
  other.name = "ZAEL-other";
  Must(tables().CreateTable(other));
  Put({{"PK", "A"}, {"SK", "1"}});
  EXPECT_TRUE(Must(changes().ReadChanges(other.name, 0, 10)).changes.empty());
}

TEST_P(FeedConformance, P16_AnItemPastItsTtlIsVisibleUntilItIsRemoved) {
  const std::int64_t now = clock().NowMs() / 1000;
  const Item item{{"PK", "A"}, {"SK", "1"}, {"ttl", now + 60}, {"GSI1PK", "g"}, {"GSI1SK", "1"}};
  Put(item);
  Expire();
  EXPECT_TRUE(Get("A", "1").has_value()) << "not due yet";
  clock().Advance(std::chrono::seconds(120));
  EXPECT_EQ(Get("A", "1"), item);
  EXPECT_EQ(QueryAll(QueryOf("A")).size(), 1u);
  EXPECT_TRUE(Must(Update("A", "1", {Assign("v", 1)}, Exists("PK"))).applied);
  Expire();
  EXPECT_EQ(Get("A", "1"), std::nullopt);
  QueryRequest index = QueryOf("g");
  index.index = "GSI1";
  EXPECT_TRUE(QueryAll(index).empty());
  const auto all = ChangesAfter(0);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2].kind, ChangeKind::kRemove);
  EXPECT_TRUE(all[2].by_expiry);
  ASSERT_TRUE(all[2].old_item.has_value());
  EXPECT_EQ(*all[2].old_item->Find("v"), Value(1));
}

TEST_P(FeedConformance, ExpiryJudgesTheTtlTheItemHasNow) {
  const std::int64_t now = clock().NowMs() / 1000;
  Put({{"PK", "A"}, {"SK", "prolonged"}, {"ttl", now + 60}});
  Put({{"PK", "A"}, {"SK", "kept"}, {"ttl", now + 60}});
  Put({{"PK", "A"}, {"SK", "none"}});
  Put({{"PK", "A"}, {"SK", "text"}, {"ttl", std::to_string(now + 60)}});
  Put({{"PK", "A"}, {"SK", "due"}, {"ttl", now + 60}});
  Must(Update("A", "prolonged", {AddTo("ttl", 3600)}));
  Must(Update("A", "kept", {RemoveFrom("ttl")}));
  clock().Advance(std::chrono::seconds(120));
  Expire();
  EXPECT_EQ(Texts(QueryAll(QueryOf("A")), "SK"),
            (std::vector<std::string>{"kept", "none", "prolonged", "text"}));
}

TEST_P(FeedConformance, WithoutATtlAttributeNothingExpires) {
  Must(tables().UpdateTable(MainTable().name,
                            {.ttl_attribute = std::optional<std::string>(std::nullopt)}));
  Put({{"PK", "A"}, {"SK", "1"}, {"ttl", clock().NowMs() / 1000}});
  clock().Advance(std::chrono::hours(1));
  Expire();
  EXPECT_TRUE(Get("A", "1").has_value());
}

}  // namespace
}  // namespace zael::conformance
