// What the conformance suite does not reach; the meaning of every condition is checked there.
#include "store/evaluate.h"

#include <gtest/gtest.h>

namespace zael::store {
namespace {

TEST(Holds, AnAbsentItemHasNoAttributes) {
  EXPECT_TRUE(*Holds(NotExists("PK"), nullptr));
  EXPECT_FALSE(*Holds(Exists("PK"), nullptr));
  EXPECT_TRUE(*Holds(Unequal("v", 1), nullptr));
  EXPECT_FALSE(*Holds({Comparison{SizeOf{"v"}, CompareOp::kLess, Value(9)}}, nullptr));
}

TEST(Holds, StopsAtTheFirstAnswer) {
  const Condition wrong{AttributeType{"v", "nonsense"}};
  EXPECT_FALSE(*Holds(All({Exists("v"), wrong}), nullptr));
  EXPECT_TRUE(*Holds(Any({NotExists("v"), wrong}), nullptr));
  EXPECT_EQ(Holds(All({NotExists("v"), wrong}), nullptr).error().code(),
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(Holds({Not{}}, nullptr).ok());
}

TEST(Holds, BytesAreComparedUnsigned) {
  const Item item{{"b", Binary{"\x7F"}}, {"s", "\x7F"}};
  EXPECT_TRUE(*Holds(Less("b", Binary{"\x80"}), &item));
  EXPECT_TRUE(*Holds(Less("s", "\x80"), &item));
}

TEST(Resolve, LeadsIntoMapsAndLists) {
  const Item item{{"m", Item{{"l", List{Value(1), Value(Item{{"x", "y"}})}}}}};
  Path path;
  path.steps = {"m", "l", std::size_t{1}, "x"};
  ASSERT_NE(Resolve(path, &item), nullptr);
  EXPECT_EQ(*Resolve(path, &item), Value("y"));
  path.steps = {"m", std::size_t{0}};
  EXPECT_EQ(Resolve(path, &item), nullptr);
  EXPECT_EQ(Resolve(Path(), &item), nullptr);
}

}  // namespace
}  // namespace zael::store
