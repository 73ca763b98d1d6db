#include <gtest/gtest.h>
#include <zael/expression.h>

namespace zael {
namespace {

TEST(Expression, BuildersMakeTheirNodes) {
  const auto compared = std::get<Comparison>(AtLeast("tokens_milli", 500).node);
  EXPECT_EQ(std::get<Path>(compared.left), Path("tokens_milli"));
  EXPECT_EQ(compared.op, CompareOp::kGreaterOrEqual);
  EXPECT_EQ(std::get<Value>(compared.right), Value(500));
  EXPECT_EQ(std::get<Comparison>(AtMost("a", 1).node).op, CompareOp::kLessOrEqual);
  EXPECT_EQ(std::get<Comparison>(Less("a", 1).node).op, CompareOp::kLess);
  EXPECT_EQ(std::get<Comparison>(Greater("a", 1).node).op, CompareOp::kGreater);
  EXPECT_EQ(std::get<Comparison>(Equal("a", 1).node).op, CompareOp::kEqual);
  EXPECT_EQ(std::get<Comparison>(Unequal("a", 1).node).op, CompareOp::kNotEqual);
  EXPECT_EQ(std::get<AttributeExists>(Exists("a").node).path, Path("a"));
  EXPECT_EQ(std::get<AttributeNotExists>(NotExists("a").node).path, Path("a"));
  EXPECT_EQ(std::get<AllOf>(All({Exists("a"), Exists("b")}).node).parts.size(), 2u);
  EXPECT_EQ(std::get<AnyOf>(Any({Exists("a")}).node).parts.size(), 1u);
  EXPECT_NE(std::get<Not>(Negate(Exists("a")).node).part, nullptr);
}

TEST(Expression, ActionsMakeTheirNodes) {
  const auto set = std::get<SetAction>(Assign("a", 1));
  EXPECT_EQ(set.op, SetOp::kAssign);
  EXPECT_EQ(std::get<Value>(set.left), Value(1));
  EXPECT_EQ(std::get<AddAction>(AddTo("a", 2)).value, Value(2));
  EXPECT_EQ(std::get<RemoveAction>(RemoveFrom("a")).path, Path("a"));
}

}  // namespace
}  // namespace zael
