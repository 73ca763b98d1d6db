// Shapes of values and expressions.
#include <gtest/gtest.h>

#include "store/item_codec.h"
#include "store/validate.h"

namespace zael::store {
namespace {

Value Nested(int levels) {
  Value value(1);
  for (int i = 0; i < levels; ++i) value = Value(List{value});
  return value;
}

TEST(ValidateValues, BoundsNestingWhereTheCodecDoes) {
  const Item deepest{{"x", Nested(kMaxNesting)}};
  EXPECT_TRUE(ValidateValues(deepest).ok());
  std::string bytes;
  EncodeItem(deepest, &bytes);
  EXPECT_TRUE(DecodeItem(bytes).ok());
  EXPECT_FALSE(ValidateValues({{"x", Nested(kMaxNesting + 1)}}).ok());
  // An empty container is as deep as the value that could stand in it.
  Value hollow(List{});
  for (int i = 0; i < kMaxNesting; ++i) hollow = Value(Item{{"m", hollow}});
  ASSERT_TRUE(ValidateValues({{"x", hollow}}).ok());
  bytes.clear();
  EncodeItem({{"x", hollow}}, &bytes);
  EXPECT_TRUE(DecodeItem(bytes).ok());
}

TEST(ValidateCondition, BoundsDepthAndParts) {
  Condition condition = Exists("a");
  for (int i = 0; i < 302; ++i) condition = Negate(condition);
  EXPECT_TRUE(ValidateCondition(condition).ok());
  EXPECT_FALSE(ValidateCondition(Negate(condition)).ok());
  EXPECT_FALSE(ValidateCondition(All(Conditions(2000, Exists("a")))).ok());
  EXPECT_TRUE(ValidateCondition({In{Path("a"), std::vector<Operand>(100, Value(1))}}).ok());
  EXPECT_FALSE(ValidateCondition({In{Path("a"), std::vector<Operand>(101, Value(1))}}).ok());
}

TEST(ValidateActions, RefusesWhatNoItemCouldTake) {
  EXPECT_TRUE(ValidateActions({}).ok());
  EXPECT_TRUE(ValidateActions({AddTo("a", 1), AddTo("s", StringSet{{"x"}})}).ok());
  EXPECT_FALSE(ValidateActions({AddTo("a", "text")}).ok());
  EXPECT_FALSE(ValidateActions({DeleteAction{"a", Value(1)}}).ok());
  EXPECT_FALSE(ValidateActions({Assign("a", StringSet{{"b", "a"}})}).ok());
  EXPECT_FALSE(ValidateActions(UpdateActions(301, RemoveFrom("a"))).ok());
}

}  // namespace
}  // namespace zael::store
