// What the conformance suite does not reach; the meaning of every action is checked there.
#include <gtest/gtest.h>

#include "store/evaluate.h"

namespace zael::store {
namespace {

const KeySchema kKeys{{"PK"}, KeyAttribute{"SK"}};

TEST(Apply, StartsFromTheKeyWhenThereIsNoItem) {
  const Key key{{"PK", "A"}, {"SK", "1"}};
  EXPECT_EQ(*Apply({AddTo("n", 2)}, nullptr, key, kKeys),
            (Item{{"PK", "A"}, {"SK", "1"}, {"n", 2}}));
}

TEST(Apply, LeavesTheOldItemAlone) {
  const Item old{{"PK", "A"}, {"SK", "1"}, {"n", 1}};
  const Item copy = old;
  EXPECT_EQ(*Apply({AddTo("n", 2), Assign("s", "x")}, &old, {}, kKeys)->Find("n"), Value(3));
  EXPECT_EQ(old, copy);
}

TEST(Apply, NamesThePathThatIsWrong) {
  const Item old{{"PK", "A"}, {"SK", "1"}};
  EXPECT_EQ(Apply({Assign("PK", "B")}, &old, {}, kKeys).error().message(),
            "apply update: attribute 'PK' is part of the key and cannot change");
  Path nested;
  nested.steps = {"m", std::size_t{3}};
  EXPECT_EQ(Apply({RemoveFrom(nested)}, &old, {}, kKeys).error().message(),
            "apply update: path 'm[3]' leads through something that is no map or list");
  EXPECT_EQ(Apply({Assign("m", 1), Assign(nested, 1)}, &old, {}, kKeys).error().message(),
            "apply update: paths 'm' and 'm[3]' overlap");
}

TEST(Apply, SaysWhatARefusalIsAbout) {
  const Item old{{"PK", "A"}, {"SK", "1"}, {"s", "x"}, {"n", *Number::Parse("9E125")}};
  const auto refusal = [&](UpdateAction action) {
    return RefusalOf(Apply({std::move(action)}, &old, {}, kKeys).error());
  };
  Path nested;
  nested.steps = {"s", "in"};
  EXPECT_EQ(refusal(SetAction{"v", Path("absent")}), Refusal::kAbsentOperand);
  EXPECT_EQ(refusal(AddTo("s", 1)), Refusal::kWrongOperand);
  EXPECT_EQ(refusal(Assign(nested, 1)), Refusal::kInvalidPath);
  EXPECT_EQ(refusal(AddTo("n", 1)), Refusal::kTooPrecise);
  EXPECT_EQ(refusal(AddTo("n", *Number::Parse("9E125"))), Refusal::kOutOfRange);
  EXPECT_EQ(refusal(Assign("PK", "B")), Refusal::kOther);
  EXPECT_EQ(RefusalOf(Error(ErrorCode::kUnavailable, "which the item does not have")),
            Refusal::kOther);
}

TEST(Apply, MayReadKeyAttributes) {
  const Item old{{"PK", "A"}, {"SK", "1"}};
  EXPECT_EQ(*Apply({SetAction{"copy", Path("PK")}}, &old, {}, kKeys)->Find("copy"), Value("A"));
}

TEST(ApplyInPlace, ReadsTheItemAsItWas) {
  Item item{{"PK", "A"}, {"SK", "1"}, {"a", 1}, {"b", 2}};
  ASSERT_TRUE(
      ApplyInPlace({SetAction{"a", Path("b")}, SetAction{"b", Path("a")}}, kKeys, &item).ok());
  EXPECT_EQ(*item.Find("a"), Value(2));
  EXPECT_EQ(*item.Find("b"), Value(1));
}

TEST(NamedAttributes, AreThoseOfTheActionsThatTheItemHas) {
  const Item item{{"a", 1}, {"b", 2}, {"c", 3}};
  EXPECT_EQ(NamedAttributes({AddTo("c", 1), RemoveFrom("x"), Assign("a", 9)}, item),
            (Item{{"a", 1}, {"c", 3}}));
}

TEST(OnlyRemoves, IsTrueWhenNothingWouldBeMade) {
  EXPECT_TRUE(OnlyRemoves({RemoveFrom("a"), DeleteAction{"s", StringSet{{"x"}}}}));
  EXPECT_FALSE(OnlyRemoves({RemoveFrom("a"), AddTo("n", 1)}));
  EXPECT_FALSE(OnlyRemoves({}));
}

}  // namespace
}  // namespace zael::store
