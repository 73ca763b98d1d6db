// RowUpdate: what it makes is what validation, evaluation and encoding make of the same request.
#include "engine/row_update.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "store/evaluate.h"
#include "store/item_codec.h"
#include "store/number_update.h"
#include "store/validate.h"

namespace zael::engine {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

TableSpec Spec() {
  return {.name = "Table",
          .keys = {{"PK"}, KeyAttribute{"SK", KeyType::kNumber}},
          .indexes = {{"Index", {{"GPK"}, KeyAttribute{"rank", KeyType::kNumber}}}}};
}

Key KeyOfRow() { return {{"PK", "p"}, {"SK", 1}}; }

Row RowOf(Item item) {
  Row row;
  row.key = "key";
  store::EncodeItem(item, &row.bytes, &row.places);
  row.item = std::move(item);
  return row;
}

Item Bucket() { return {{"PK", "p"}, {"SK", 1}, {"n", 10}, {"m", -5}, {"text", "t"}}; }

UpdateRequest Request(UpdateActions actions, std::optional<Condition> condition = {}) {
  return {.table = "Table",
          .key = KeyOfRow(),
          .condition = std::move(condition),
          .actions = std::move(actions),
          .return_item = ReturnItem::kUpdatedNew};
}

// False also for a request that no NumberUpdate says.
bool Apply(const UpdateRequest& request, RowUpdate* update, Row* row) {
  const auto numbers = store::AsNumberUpdate(request);
  return numbers.has_value() && update->Apply(*numbers, Spec(), row);
}

bool Takes(const UpdateRequest& request, Row* row) {
  RowUpdate update;
  return Apply(request, &update, row);
}

bool Takes(const UpdateRequest& request, Item item = Bucket()) {
  Row row = RowOf(std::move(item));
  return Takes(request, &row);
}

TEST(RowUpdate, SetsAndAddsAndAnswersWithWhatItNamed) {
  Row row = RowOf(Bucket());
  RowUpdate update;
  const auto request = Request(
      {Assign("n", 700), RemoveFrom("ttl"), AddTo("m", 6)},
      All({AtLeast("n", 10), Unequal("absent", 1), Exists("PK"), NotExists("write_epoch")}));
  ASSERT_TRUE(Apply(request, &update, &row));
  const Item expected{{"PK", "p"}, {"SK", 1}, {"n", 700}, {"m", 1}, {"text", "t"}};
  EXPECT_EQ(row.item, expected);
  EXPECT_EQ(*store::DecodeItem(row.next_bytes), expected);
  EXPECT_EQ(*update.Answer(ReturnItem::kUpdatedNew, row), (Item{{"n", 700}, {"m", 1}}));
  EXPECT_EQ(*update.Answer(ReturnItem::kNew, row), expected);
  EXPECT_EQ(update.Answer(ReturnItem::kNone, row), std::nullopt);
  NumberOutcome numbers;
  update.Answer(&numbers);
  EXPECT_TRUE(numbers.applied);
  EXPECT_EQ(numbers.values[0], 700);
  EXPECT_EQ(numbers.values[1], std::nullopt) << "removed";
  EXPECT_EQ(numbers.values[2], 1);
}

TEST(RowUpdate, TakesNothingThatNeedsTheGeneralWay) {
  EXPECT_TRUE(Takes(Request({AddTo("n", 1)})));
  EXPECT_FALSE(Takes(Request({AddTo("n", 0)}))) << "changes nothing";
  EXPECT_FALSE(Takes(Request({AddTo("n", 1)}, Equal("n", 11)))) << "does not hold";
  EXPECT_FALSE(Takes(Request({AddTo("n", 1)}, Equal("text", 1)))) << "no number";
  EXPECT_FALSE(Takes(Request({AddTo("n", 1)}, NotExists("m")))) << "does not hold";
  EXPECT_FALSE(Takes(Request({AddTo("absent", 1)})));
  EXPECT_FALSE(Takes(Request({AddTo("text", 1)})));
  EXPECT_FALSE(Takes(Request({AddTo("n", 1), AddTo("n", 1)}))) << "named twice";
  EXPECT_FALSE(Takes(Request({AddTo("n", 1), RemoveFrom("m")}))) << "is there";
  EXPECT_FALSE(Takes(Request({AddTo("n", 1), RemoveFrom("a"), RemoveFrom("a")})));
  EXPECT_FALSE(Takes(Request({AddTo("n", 1), RemoveFrom("")}))) << "no name";
  EXPECT_FALSE(Takes(Request({AddTo("SK", 1)}))) << "a key";
  Item ranked = Bucket();
  ranked.Set("rank", 4);
  EXPECT_FALSE(Takes(Request({AddTo("rank", 1)}), ranked)) << "an index's key";
  EXPECT_TRUE(Takes(Request({AddTo("n", 1)}), ranked));
}

TEST(RowUpdate, WhatWasAbsentIsFoundOnceTheRowHasIt) {
  Row row = RowOf(Bucket());
  const auto fenced = Request({AddTo("n", 1), RemoveFrom("ttl")}, NotExists("write_epoch"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Takes(fenced, &row));
  row.item.Set("write_epoch", 1);
  row.EncodeNext();
  std::swap(row.bytes, row.next_bytes);
  EXPECT_FALSE(Takes(fenced, &row));
  const auto known = Request({AddTo("n", 1), RemoveFrom("ttl")}, Equal("write_epoch", 1));
  EXPECT_TRUE(Takes(known, &row));
  row.item.Set("ttl", 5);
  row.EncodeNext();
  std::swap(row.bytes, row.next_bytes);
  EXPECT_FALSE(Takes(known, &row)) << "ttl is there";
}

// Where names are known by where they stand, nothing is remembered beyond a change of the row.
TEST(RowUpdate, OfConstantNamesFindsThemAnewOnceTheRowHasOthers) {
  const std::string table = "Table";
  const Key key = KeyOfRow();
  NumberUpdate numbers{.table = &table, .key = &key, .constant_names = true};
  numbers.RequireAbsent("write_epoch");
  numbers.Require("m", CompareOp::kEqual, -5);
  numbers.Add("n", 1);
  Row row = RowOf(Bucket());
  const auto apply = [&] {
    const bool made = RowUpdate().Apply(numbers, Spec(), &row);
    if (made) std::swap(row.bytes, row.next_bytes);
    return made;
  };
  for (const std::int64_t expected : {11, 12}) {
    ASSERT_TRUE(apply());
    EXPECT_EQ(*row.item.Find("n"), Value(expected));
  }
  const auto change = [&](std::string_view name, const Value& value) {
    row.item.Set(name, value);
    row.EncodeNext();
    std::swap(row.bytes, row.next_bytes);
  };
  change("a", 100);  // before the others
  ASSERT_TRUE(apply());
  EXPECT_EQ(*row.item.Find("n"), Value(13));
  EXPECT_EQ(*row.item.Find("a"), Value(100));
  change("n", "text");
  EXPECT_FALSE(apply());
  change("n", 20);
  ASSERT_TRUE(apply());
  EXPECT_EQ(*row.item.Find("n"), Value(21));
  change("m", -6);
  EXPECT_FALSE(apply());
  change("m", -5);
  change("write_epoch", 1);
  EXPECT_FALSE(apply());
  NumberUpdate others{.table = &table, .key = &key, .constant_names = true};
  others.RequireExists("write_epoch");
  others.Require("n", CompareOp::kEqual, 21);
  others.Set("m", 3);
  ASSERT_TRUE(RowUpdate().Apply(others, Spec(), &row)) << "other names in the same places";
  EXPECT_EQ(*row.item.Find("m"), Value(3));
}

TEST(RowUpdate, LeavesWhatIsNoWholeNumberOf64Bits) {
  Item item = Bucket();
  item.Set("n", kMax);
  item.Set("half", *Number::Parse("0.5"));
  item.Set("huge", *Number::Parse("18446744073709551616"));
  EXPECT_FALSE(Takes(Request({AddTo("n", 1)}), item));
  EXPECT_FALSE(Takes(Request({AddTo("half", 1)}), item));
  EXPECT_FALSE(Takes(Request({AddTo("huge", 1)}), item));
  EXPECT_FALSE(Takes(Request({Assign("m", *Number::Parse("0.5"))}), item));
  EXPECT_FALSE(Takes(Request({Assign("m", 1)}, Greater("huge", 0)), item));
  EXPECT_TRUE(Takes(Request({AddTo("n", -1)}), item));
}

TEST(RowUpdate, NeedsToKnowWhereTheValuesStand) {
  Row row = RowOf(Bucket());
  row.places.clear();
  EXPECT_FALSE(Takes(Request({AddTo("n", 1)}), &row));
}

// Random requests on random items, most of which it takes.
class RowUpdateModel : public ::testing::Test {
 protected:
  template <typename T>
  T OneOf(const std::vector<T>& choices) {
    return choices[random_() % choices.size()];
  }
  bool Seldom() { return random_() % 24 == 0; }
  std::int64_t AnyInteger() {
    const auto wide = static_cast<std::int64_t>(random_() >> (1 + random_() % 63));
    return random_() % 3 == 0 ? -wide : wide;
  }
  Value AnyOther() {
    return OneOf<Value>({"t", *Number::Parse("0.5"), *Number::Parse("1E40"), true, Null{},
                         NumberSet{{Number(1)}}, List{Value(1)},
                         *Number::Parse("99999999999999999999999999999999999999")});
  }
  Value AnyNumber() {
    if (Seldom()) return AnyOther();
    return random_() % 2 == 0 ? Value(AnyInteger()) : Value(static_cast<int>(random_() % 4));
  }
  std::string AnyName() {
    if (Seldom()) return OneOf<std::string>({"", "PK", "SK", "rank", "GPK", "text"});
    return OneOf<std::string>({"a", "b", "capacity_milli", "tokens_milli", "write_id", "z"});
  }
  Path AnyPath() {
    Path path(AnyName());
    if (Seldom()) path.steps.emplace_back(std::size_t{0});
    return path;
  }
  Condition AnyPart() {
    if (Seldom()) return OneOf<Condition>({Exists("a"), NotExists("b"), Negate(Exists("z"))});
    // True more often than not.
    const auto op =
        random_() % 2 == 0 ? CompareOp::kNotEqual : static_cast<CompareOp>(random_() % 6);
    return {Comparison{.left = AnyPath(), .op = op, .right = AnyNumber()}};
  }
  UpdateAction AnyAction() {
    switch (random_() % 8) {
      case 0:
        return RemoveFrom(AnyPath());
      case 1:
        return SetAction{.path = AnyPath(), .left = AnyPath(), .op = SetOp::kPlus, .right = 1};
      case 2:
      case 3:
      case 4:
        return AddTo(AnyPath(), AnyNumber());
      default:
        return Assign(AnyPath(), AnyNumber());
    }
  }
  Item AnyItem() {
    Item item = KeyOfRow();
    item.Set("GPK", "g");
    item.Set("rank", 3);
    item.Set("text", "t");
    for (const char* name : {"a", "b", "capacity_milli", "tokens_milli", "write_id"}) {
      if (!Seldom()) item.Set(name, AnyNumber());
    }
    return item;
  }
  UpdateRequest AnyRequest() {
    UpdateRequest request{.table = "Table", .key = KeyOfRow()};
    Conditions parts;
    for (auto count = random_() % 3; count > 0; --count) parts.push_back(AnyPart());
    if (!parts.empty()) request.condition = random_() % 4 == 0 ? parts[0] : All(parts);
    for (auto count = 1 + random_() % 3; count > 0; --count) request.actions.push_back(AnyAction());
    request.return_item =
        OneOf<ReturnItem>({ReturnItem::kNone, ReturnItem::kNew, ReturnItem::kUpdatedNew});
    return request;
  }

  std::mt19937_64 random_{20261127};
};

TEST_F(RowUpdateModel, MakesWhatTheGeneralWayMakes) {
  int taken = 0;
  Row row;
  for (int round = 0; round < 30'000; ++round) {
    SCOPED_TRACE(round);
    const std::array<std::uint8_t, kRowGuesses> guesses = row.guesses;  // those of another item
    row = RowOf(AnyItem());
    row.guesses = guesses;
    const Row before = row;
    const UpdateRequest request = AnyRequest();
    RowUpdate update;
    if (!Apply(request, &update, &row)) {
      ASSERT_EQ(row.item, before.item);
      ASSERT_EQ(row.bytes, before.bytes);
      continue;
    }
    ++taken;
    ASSERT_TRUE(store::ValidateUpdate(Spec(), request).ok());
    ASSERT_TRUE(!request.condition.has_value() || *store::Holds(*request.condition, &before.item));
    const auto made = store::Apply(request.actions, &before.item, request.key, Spec().keys);
    ASSERT_TRUE(made.ok());
    ASSERT_EQ(row.item, *made);
    std::string encoded;
    store::EncodeItem(*made, &encoded);
    ASSERT_EQ(row.next_bytes, encoded);
    ASSERT_NE(row.next_bytes, row.bytes);
    const auto answer = update.Answer(request.return_item, row);
    if (request.return_item == ReturnItem::kUpdatedNew) {
      ASSERT_EQ(*answer, store::NamedAttributes(request.actions, *made));
    }
    ASSERT_EQ(answer.has_value(), request.return_item != ReturnItem::kNone);
    NumberOutcome numbers;
    update.Answer(&numbers);
    const auto shown =
        store::OutcomeOf(*store::AsNumberUpdate(request),
                         {.applied = true, .item = store::NamedAttributes(request.actions, *made)});
    ASSERT_EQ(numbers.values, shown.values);
  }
  EXPECT_GT(taken, 3'000);
}

}  // namespace
}  // namespace zael::engine
