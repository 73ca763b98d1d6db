// Single items: put, get, batch get, delete, returned items, refused requests, threads.
#include <atomic>
#include <thread>

#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

Item Rich() {
  return {{"PK", "A"},
          {"SK", "1"},
          {"null", Null{}},
          {"yes", true},
          {"number", Must(Number::Parse("-12345678901234567890.123456789"))},
          {"small", std::int64_t{-42}},
          {"text", std::string("a\0b", 3)},
          {"empty", ""},
          {"binary", Binary{std::string("\x00\xFF\x01", 3)}},
          {"list", List{Value(1), Value("two"), Value(List{Value(Null{})})}},
          {"map", Item{{"a", 1}, {"b", Item{{"c", "deep"}}}}},
          {"texts", StringSet{{"a", "b"}}},
          {"numbers", NumberSet{{Number(-1), Number(2)}}},
          {"binaries", BinarySet{{Binary{"x"}, Binary{"y"}}}}};
}

TEST_P(ItemConformance, AnAbsentItemIsNoError) { EXPECT_EQ(Get("A", "1"), std::nullopt); }

TEST_P(ItemConformance, EveryTypeOfValueComesBackAsItWasPut) {
  Put(Rich());
  EXPECT_EQ(Get("A", "1"), Rich());
}

TEST_P(ItemConformance, PutReplacesTheWholeItem) {
  Put(Rich());
  Put({{"PK", "A"}, {"SK", "1"}, {"other", 1}});
  EXPECT_EQ(Get("A", "1"), (Item{{"PK", "A"}, {"SK", "1"}, {"other", 1}}));
}

TEST_P(ItemConformance, KeysThatShareBytesAreDifferentItems) {
  Put({{"PK", "A"}, {"SK", "BC"}});
  Put({{"PK", "AB"}, {"SK", "C"}});
  Put({{"PK", std::string("A\0", 2)}, {"SK", "BC"}});
  EXPECT_TRUE(Get("A", "BC").has_value());
  EXPECT_TRUE(Get("AB", "C").has_value());
  EXPECT_TRUE(Get(std::string_view("A\0", 2), "BC").has_value());
  EXPECT_EQ(Get("ABC", "C"), std::nullopt);
}

TEST_P(ItemConformance, P20_AttributeNamesMayHoldAnyByte) {
  Item item{{"PK", "A"}, {"SK", "1"}};
  for (int byte = 0; byte < 256; ++byte) {
    item.Set("n" + std::string(1, static_cast<char>(byte)) + "x", byte);
  }
  item.Set("gpt-4.1-mini", 1);
  item.Set("size", 2);
  Put(item);
  EXPECT_EQ(Get("A", "1"), item);
  const auto outcome =
      Must(Update("A", "1", {AddTo("gpt-4.1-mini", 5), Assign("#:.-[0]", "x")},
                  All({Equal("gpt-4.1-mini", 1), Equal("size", 2), NotExists("#:.-[0]")})));
  ASSERT_TRUE(outcome.applied);
  EXPECT_EQ(*outcome.item->Find("gpt-4.1-mini"), Value(6));
  EXPECT_EQ(*outcome.item->Find("#:.-[0]"), Value("x"));
}

TEST_P(ItemConformance, WritesReturnTheItemTheyAreAskedFor) {
  const Item first{{"PK", "A"}, {"SK", "1"}, {"v", 1}};
  const Item second{{"PK", "A"}, {"SK", "1"}, {"v", 2}};
  const auto put = [&](const Item& item, ReturnItem what) {
    return Must(items().Put({.table = MainTable().name, .item = item, .return_item = what}));
  };
  EXPECT_EQ(put(first, ReturnItem::kOld).item, std::nullopt);
  EXPECT_EQ(put(second, ReturnItem::kNone).item, std::nullopt);
  EXPECT_EQ(put(first, ReturnItem::kOld).item, second);
  EXPECT_EQ(put(second, ReturnItem::kNew).item, second);
  const auto update = Must(items().Update({.table = MainTable().name,
                                           .key = KeyFor("A", "1"),
                                           .actions = {AddTo("v", 1)},
                                           .return_item = ReturnItem::kOld}));
  EXPECT_EQ(update.item, second);
  const auto removal = Must(items().Delete(
      {.table = MainTable().name, .key = KeyFor("A", "1"), .return_item = ReturnItem::kOld}));
  EXPECT_EQ(*removal.item->Find("v"), Value(3));
}

TEST_P(ItemConformance, AnUpdateReturnsWhatItsActionsNameWhenAskedForThat) {
  Put({{"PK", "A"}, {"SK", "1"}, {"gone", 1}, {"same", 1}, {"text", "x"}, {"v", 1}});
  UpdateRequest request{
      .table = MainTable().name,
      .key = KeyFor("A", "1"),
      .condition = Equal("v", 1),
      .actions = {AddTo("v", 1), Assign("same", 1), Assign("added", "y"), RemoveFrom("gone")},
      .return_item = ReturnItem::kUpdatedNew};
  const Item named{{"added", "y"}, {"same", 1}, {"v", 2}};
  EXPECT_EQ(Must(items().Update(request)).item, named);
  const auto lost = Must(items().Update(request));
  EXPECT_FALSE(lost.applied);
  EXPECT_EQ(lost.item, Get("A", "1")) << "a lost condition is answered with the whole item";
  request.condition = std::nullopt;
  request.actions = {RemoveFrom("added")};
  EXPECT_EQ(Must(items().Update(request)).item.value_or(Item()), Item());
  request.key = KeyFor("A", "2");
  request.actions = {AddTo("v", 3)};
  EXPECT_EQ(Must(items().Update(request)).item, (Item{{"v", 3}}));
  EXPECT_EQ(Get("A", "1"), (Item{{"PK", "A"}, {"SK", "1"}, {"same", 1}, {"text", "x"}, {"v", 2}}));
}

TEST_P(ItemConformance, AnUpdateOfNumbersIsAnsweredWithWhatEachActionLeftBehind) {
  Put({{"PK", "A"}, {"SK", "1"}, {"n", 10}, {"m", 1}, {"gone", 1}, {"text", "x"}});
  const Key key = KeyFor("A", "1");
  const std::string table = MainTable().name;
  NumberUpdate update{.table = &table, .key = &key};
  update.RequireExists("PK");
  update.RequireAbsent("ttl");
  update.Require("n", CompareOp::kGreaterOrEqual, 10);
  update.Require("none", CompareOp::kNotEqual, 1);
  update.Add("n", -3);
  update.Set("m", 8);
  update.Set("added", 5);
  update.Remove("gone");
  const auto made = Must(items().UpdateNumbers(update));
  EXPECT_TRUE(made.applied);
  EXPECT_EQ(made.values[0], 7);
  EXPECT_EQ(made.values[1], 8);
  EXPECT_EQ(made.values[2], 5);
  EXPECT_EQ(made.values[3], std::nullopt);
  const Item stored{{"PK", "A"}, {"SK", "1"}, {"added", 5}, {"m", 8}, {"n", 7}, {"text", "x"}};
  EXPECT_EQ(Get("A", "1"), stored);

  const auto lost = Must(items().UpdateNumbers(update));
  EXPECT_FALSE(lost.applied) << "n is below 10 by now";
  EXPECT_EQ(lost.item, stored);
  EXPECT_EQ(Get("A", "1"), stored);

  const Key missing = KeyFor("A", "2");
  NumberUpdate upsert{.table = &table, .key = &missing};
  upsert.Add("n", 3);
  EXPECT_EQ(Must(items().UpdateNumbers(upsert)).values[0], 3);
  upsert.RequireAbsent("PK");
  EXPECT_FALSE(Must(items().UpdateNumbers(upsert)).applied);
}

TEST_P(ItemConformance, RefusesAnUpdateOfNumbersAsAnyOther) {
  const Item item{{"PK", "A"}, {"SK", "1"}, {"n", 10}, {"text", "x"}};
  Put(item);
  const Key key = KeyFor("A", "1");
  const std::string here = MainTable().name;
  const std::string elsewhere = "No-such-table";
  const auto refusal = [&](const std::string* table, std::string_view name) {
    NumberUpdate update{.table = table, .key = &key};
    update.Add(name, 1);
    return CodeOf(items().UpdateNumbers(update));
  };
  EXPECT_EQ(refusal(&elsewhere, "n"), "not_found");
  EXPECT_EQ(refusal(&here, "text"), "invalid_argument");
  EXPECT_EQ(refusal(&here, "SK"), "invalid_argument");
  EXPECT_EQ(refusal(&here, ""), "invalid_argument");
  EXPECT_EQ(Get("A", "1"), item);
}

TEST_P(ItemConformance, OnlyWholeAttributesOfAnUpdateAreReturnedByName) {
  const Item item{{"PK", "A"}, {"SK", "1"}, {"map", Item{{"a", 1}}}};
  Put(item);
  Path inside("map");
  inside.steps.emplace_back("a");
  EXPECT_EQ(CodeOf(items().Update({.table = MainTable().name,
                                   .key = KeyFor("A", "1"),
                                   .actions = {Assign(inside, 2)},
                                   .return_item = ReturnItem::kUpdatedNew})),
            "invalid_argument");
  EXPECT_EQ(CodeOf(items().Put({.table = MainTable().name,
                                .item = {{"PK", "A"}, {"SK", "1"}},
                                .return_item = ReturnItem::kUpdatedNew})),
            "invalid_argument");
  EXPECT_EQ(Get("A", "1"), item);
}

TEST_P(ItemConformance, DeleteRemovesAndDeletingNothingSucceeds) {
  Put(Rich());
  const DeleteRequest request{.table = MainTable().name, .key = KeyFor("A", "1")};
  EXPECT_TRUE(Must(items().Delete(request)).applied);
  EXPECT_EQ(Get("A", "1"), std::nullopt);
  EXPECT_TRUE(Must(items().Delete(request)).applied);
}

TEST_P(ItemConformance, ALostConditionIsAnOutcomeWithTheItemThatFailedIt) {
  Put({{"PK", "A"}, {"SK", "1"}, {"v", 1}});
  const Item present = *Get("A", "1");
  const auto put = Must(items().Put({.table = MainTable().name,
                                     .item = {{"PK", "A"}, {"SK", "1"}, {"v", 2}},
                                     .condition = NotExists("PK")}));
  EXPECT_FALSE(put.applied);
  EXPECT_EQ(put.item, present);
  const auto update = Must(Update("A", "1", {AddTo("v", 1)}, Equal("v", 7)));
  EXPECT_FALSE(update.applied);
  EXPECT_EQ(update.item, present);
  const auto removal = Must(items().Delete(
      {.table = MainTable().name, .key = KeyFor("A", "1"), .condition = Equal("v", 7)}));
  EXPECT_FALSE(removal.applied);
  EXPECT_EQ(removal.item, present);
  const auto absent = Must(Update("A", "2", {AddTo("v", 1)}, Exists("PK")));
  EXPECT_FALSE(absent.applied);
  EXPECT_EQ(absent.item, std::nullopt);
  EXPECT_EQ(Get("A", "1"), present);
  EXPECT_EQ(Get("A", "2"), std::nullopt);
}

TEST_P(ItemConformance, P6_BatchGetAnswersEveryKeyThatExists) {
  BatchGetRequest request{.table = MainTable().name};
  for (int i = 0; i < 100; ++i) {
    if (i % 2 == 0) Put({{"PK", "A"}, {"SK", std::to_string(i)}, {"text", std::string(200, 'x')}});
    request.keys.push_back(KeyFor("A", std::to_string(i)));
  }
  EXPECT_EQ(Must(items().BatchGet(request)).size(), 50u);
}

TEST_P(ItemConformance, BatchGetRefusesNoneTooManyAndTwice) {
  BatchGetRequest request{.table = MainTable().name};
  EXPECT_EQ(CodeOf(items().BatchGet(request)), "invalid_argument");
  request.keys = {KeyFor("A", "1"), KeyFor("A", "1")};
  EXPECT_EQ(CodeOf(items().BatchGet(request)), "invalid_argument");
  request.keys.clear();
  for (int i = 0; i < 101; ++i) request.keys.push_back(KeyFor("A", std::to_string(i)));
  EXPECT_EQ(CodeOf(items().BatchGet(request)), "invalid_argument");
}

TEST_P(ItemConformance, AnUnknownTableIsNotFound) {
  EXPECT_EQ(CodeOf(items().Get({.table = "ZAEL-none", .key = KeyFor("A", "1")})), "not_found");
  EXPECT_EQ(CodeOf(items().BatchGet({.table = "ZAEL-none", .keys = {KeyFor("A", "1")}})),
            "not_found");
  EXPECT_EQ(CodeOf(items().Put({.table = "ZAEL-none", .item = Rich()})), "not_found");
  EXPECT_EQ(CodeOf(items().Delete({.table = "ZAEL-none", .key = KeyFor("A", "1")})), "not_found");
  EXPECT_EQ(CodeOf(items().Query({.table = "ZAEL-none"})), "not_found");
  EXPECT_EQ(
      CodeOf(items().TransactWrite({.items = {PutRequest{.table = "ZAEL-none", .item = Rich()}}})),
      "not_found");
  EXPECT_EQ(CodeOf(changes().ReadChanges("ZAEL-none", 0, 10)), "not_found");
}

TEST_P(ItemConformance, InvalidItemsAreRefusedAndChangeNothing) {
  Value deep(1);
  for (int i = 0; i < 40; ++i) deep = Value(List{deep});
  const std::vector<Item> wrong = {
      {{"PK", "A"}},                                                      // no range key
      {{"SK", "1"}},                                                      // no hash key
      {{"PK", 1}, {"SK", "1"}},                                           // hash of another type
      {{"PK", "A"}, {"SK", ""}},                                          // empty key
      {{"PK", std::string(2049, 'k')}, {"SK", "1"}},                      // hash too long
      {{"PK", "A"}, {"SK", std::string(1025, 'k')}},                      // range too long
      {{"PK", "A"}, {"SK", "1"}, {"GSI1PK", 5}},                          // index key, wrong type
      {{"PK", "A"}, {"SK", "1"}, {"GSI1PK", "p"}, {"GSI1SK", ""}},        // index key, empty
      {{"PK", "A"}, {"SK", "1"}, {"big", std::string(400 * 1024, 'b')}},  // item too big
      {{"PK", "A"}, {"SK", "1"}, {"set", StringSet{}}},                   // empty set
      {{"PK", "A"}, {"SK", "1"}, {"set", StringSet{{"a", "a"}}}},         // a member twice
      {{"PK", "A"}, {"SK", "1"}, {"", 1}},                                // attribute without name
      {{"PK", "A"}, {"SK", "1"}, {"deep", deep}},                         // nested too deep
  };
  for (const Item& item : wrong) {
    EXPECT_EQ(CodeOf(items().Put({.table = MainTable().name, .item = item})), "invalid_argument");
    EXPECT_EQ(
        CodeOf(items().TransactWrite(
            {.items = {PutRequest{.table = MainTable().name, .item = {{"PK", "B"}, {"SK", "1"}}},
                       PutRequest{.table = MainTable().name, .item = item}}})),
        "invalid_argument");
  }
  EXPECT_TRUE(QueryAll({.table = MainTable().name}).empty());
  EXPECT_TRUE(ChangesAfter(0).empty());
}

TEST_P(ItemConformance, InvalidKeysAreRefused) {
  const std::vector<Key> wrong = {Key{},
                                  Key{{"PK", "A"}},
                                  Key{{"PK", "A"}, {"SK", 1}},
                                  Key{{"PK", "A"}, {"SK", "1"}, {"more", 1}},
                                  Key{{"PK", "A"}, {"XX", "1"}},
                                  Key{{"PK", ""}, {"SK", "1"}}};
  const std::string table = MainTable().name;
  for (const Key& key : wrong) {
    EXPECT_EQ(CodeOf(items().Get({.table = table, .key = key})), "invalid_argument");
    EXPECT_EQ(CodeOf(items().BatchGet({.table = table, .keys = {key}})), "invalid_argument");
    EXPECT_EQ(CodeOf(items().Update({.table = table, .key = key})), "invalid_argument");
    EXPECT_EQ(CodeOf(items().Delete({.table = table, .key = key})), "invalid_argument");
  }
}

TEST_P(ItemConformance, P1_ConditionalIncrementsFromEightThreadsLoseNothing) {
  constexpr int kThreads = 8;
  constexpr int kEach = 100;
  Put({{"PK", "A"}, {"SK", "1"}, {"v", 0}});
  std::atomic<int> lost{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      std::int64_t seen = 0;
      for (int done = 0; done < kEach;) {
        const auto outcome = Must(Update("A", "1", {AddTo("v", 1)}, Equal("v", seen)));
        if (!outcome.item.has_value()) return;
        seen = outcome.item->Find("v")->As<Number>()->ToInt64().value_or(-1);
        outcome.applied ? ++done : ++lost;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(*Get("A", "1")->Find("v"), Value(kThreads * kEach));
}

TEST_P(ItemConformance, P1_OnlyOneOfManyConcurrentCreationsWins) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> winners{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        const auto outcome =
            Must(items().Put({.table = MainTable().name,
                              .item = {{"PK", "A"}, {"SK", std::to_string(round)}, {"v", 1}},
                              .condition = NotExists("PK")}));
        winners += outcome.applied ? 1 : 0;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(winners, 1);
  }
}

}  // namespace
}  // namespace zael::conformance
