#include <gtest/gtest.h>
#include <zael/value.h>

namespace zael {
namespace {

TEST(Item, KeepsItsAttributesSorted) {
  Item item{{"b", 2}, {"a", 1}, {"c", 3}, {"a", 4}};
  EXPECT_EQ(item.size(), 3u);
  std::string names;
  for (const Attribute& attribute : item) names += attribute.name;
  EXPECT_EQ(names, "abc");
  EXPECT_EQ(*item.Find("a"), Value(4));
}

TEST(Item, FindsSetsAndErasesAtEverySize) {
  Item item;
  for (int i = 99; i >= 0; --i) {
    item.Set("name" + std::to_string(i), i);
    EXPECT_EQ(*item.Find("name99"), Value(99));
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(*item.Find("name" + std::to_string(i)), Value(i));
  EXPECT_EQ(item.Find("name"), nullptr);
  EXPECT_EQ(item.Find("name100"), nullptr);
  for (int i = 0; i < 100; i += 2) EXPECT_TRUE(item.Erase("name" + std::to_string(i)));
  EXPECT_FALSE(item.Erase("name0"));
  EXPECT_EQ(item.size(), 50u);
  *item.Find("name1") = Value("changed");
  EXPECT_EQ(*item.Find("name1"), Value("changed"));
}

TEST(Item, EqualityIsDeep) {
  const Item a{{"m", Item{{"l", List{Value(1), Value("x")}}}}};
  Item b = a;
  EXPECT_EQ(a, b);
  b.Set("m", Item{{"l", List{Value(1), Value("y")}}});
  EXPECT_NE(a, b);
}

TEST(Item, AppendsInOrderOnly) {
  Item item;
  item.Append("a", 1);
  item.Append("b", 2);
  EXPECT_EQ(item, (Item{{"a", 1}, {"b", 2}}));
  EXPECT_DEATH(item.Append("a", 3), "");
}

TEST(Item, AppendsNullsToBeFilledIn) {
  Item item;
  item.AppendNull("a name that is longer than most").data().emplace<Number>(7);
  item.AppendNull("b").data() = "text";
  item.AppendNull("c");
  EXPECT_EQ(item, (Item{{"a name that is longer than most", 7}, {"b", "text"}, {"c", Null{}}}));
}

TEST(Value, TypesDiffer) {
  EXPECT_NE(Value("1"), Value(1));
  EXPECT_NE(Value(true), Value(1));
  EXPECT_NE(Value("x"), Value(Binary{"x"}));
  EXPECT_TRUE(Value().IsNull());
  EXPECT_EQ(Value(Null{}), Value());
}

}  // namespace
}  // namespace zael
