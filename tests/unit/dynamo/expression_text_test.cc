#include "dynamo/expression_text.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace zael::dynamo {
namespace {

// The text, then the placeholders as the request carries them.
std::string Rendered(const Condition& condition) {
  Placeholders placeholders;
  return ConditionText(condition, placeholders);
}

std::string Rendered(const UpdateActions& actions) {
  Placeholders placeholders;
  return UpdateText(actions, placeholders);
}

std::string Members(const Placeholders& placeholders) {
  json::JsonWriter writer;
  writer.BeginObject();
  placeholders.Write(writer);
  writer.EndObject();
  return writer.Take();
}

Path Steps(std::initializer_list<std::variant<std::string, std::size_t>> steps) {
  Path path;
  path.steps = steps;
  return path;
}

TEST(ExpressionText, RendersEveryComparison) {
  EXPECT_EQ(Rendered(Equal("a", 1)), "#n0 = :v0");
  EXPECT_EQ(Rendered(Unequal("a", 1)), "#n0 <> :v0");
  EXPECT_EQ(Rendered(Less("a", 1)), "#n0 < :v0");
  EXPECT_EQ(Rendered(AtMost("a", 1)), "#n0 <= :v0");
  EXPECT_EQ(Rendered(Greater("a", 1)), "#n0 > :v0");
  EXPECT_EQ(Rendered(AtLeast("a", 1)), "#n0 >= :v0");
  EXPECT_EQ(Rendered({Comparison{SizeOf{"a"}, CompareOp::kLess, Path("b")}}), "size(#n0) < #n1");
}

TEST(ExpressionText, RendersEveryFunction) {
  EXPECT_EQ(Rendered(Exists("a")), "attribute_exists(#n0)");
  EXPECT_EQ(Rendered(NotExists("a")), "attribute_not_exists(#n0)");
  EXPECT_EQ(Rendered({AttributeType{"a", "SS"}}), "attribute_type(#n0, :v0)");
  EXPECT_EQ(Rendered({BeginsWith{Path("a"), Value("x")}}), "begins_with(#n0, :v0)");
  EXPECT_EQ(Rendered({Contains{Path("a"), Path("b")}}), "contains(#n0, #n1)");
  EXPECT_EQ(Rendered({Between{Path("a"), Value(1), Value(2)}}), "#n0 BETWEEN :v0 AND :v1");
  EXPECT_EQ(Rendered({In{Path("a"), {Value(1), Value(2)}}}), "#n0 IN (:v0, :v1)");
}

TEST(ExpressionText, ParenthesesKeepTheTreeAndAreNeverDoubled) {
  const auto a = Exists("a"), b = Exists("b"), c = Exists("c");
  const std::string x = "attribute_exists(#n0)", y = "attribute_exists(#n1)",
                    z = "attribute_exists(#n2)";
  EXPECT_EQ(Rendered(All({a, b, c})), x + " AND " + y + " AND " + z);
  EXPECT_EQ(Rendered(All({a, Any({b, c})})), x + " AND (" + y + " OR " + z + ")");
  EXPECT_EQ(Rendered(Any({All({a, b}), c})), "(" + x + " AND " + y + ") OR " + z);
  EXPECT_EQ(Rendered(All({Any({All({a, b})}), c})), "(" + x + " AND " + y + ") AND " + z);
  EXPECT_EQ(Rendered(All({Any({a})})), x);
  EXPECT_EQ(Rendered(All({Any({a, b})})), x + " OR " + y);
  EXPECT_EQ(Rendered(Negate(a)), "NOT (" + x + ")");
  EXPECT_EQ(Rendered(Negate(All({a, b}))), "NOT (" + x + " AND " + y + ")");
  EXPECT_EQ(Rendered(All({Negate(Negate(a)), b})), "NOT (NOT (" + x + ")) AND " + y);
}

TEST(ExpressionText, PathsStepIntoMapsAndLists) {
  EXPECT_EQ(Rendered(Exists(Steps({"a", std::size_t{12}, "b", "a"}))),
            "attribute_exists(#n0[12].#n1.#n0)");
}

TEST(ExpressionText, UpdateSectionsStandOnceEach) {
  EXPECT_EQ(Rendered(UpdateActions{}), "");
  EXPECT_EQ(
      Rendered(UpdateActions{AddTo("n", 1), Assign("a", 2), RemoveFrom("b"), Assign("c", 2),
                             DeleteAction{"s", StringSet{{"x"}}}, AddTo("m", 3), RemoveFrom("d")}),
      "SET #n0 = :v0, #n1 = :v0 REMOVE #n2, #n3 ADD #n4 :v1, #n5 :v2 DELETE #n6 :v3");
}

TEST(ExpressionText, RendersEveryRightSideOfSet) {
  EXPECT_EQ(Rendered(UpdateActions{
                SetAction{"a", Path("b")}, SetAction{"c", Path("c"), SetOp::kPlus, Value(1)},
                SetAction{"d", IfNotExists{"d", 0}, SetOp::kMinus, Path("e")},
                SetAction{"l", IfNotExists{"l", List{}}, SetOp::kListAppend, Value(List{Value(2)})},
                SetAction{"f", IfNotExists{"f", Path("e"), {"d"}}}}),
            "SET #n0 = #n1, #n2 = #n2 + :v0, #n3 = if_not_exists(#n3, :v1) - #n4, "
            "#n5 = list_append(if_not_exists(#n5, :v2), :v3), "
            "#n6 = if_not_exists(#n6, if_not_exists(#n3, #n4))");
}

TEST(ExpressionText, EachNameAndEachValueStandsOnceForTheWholeRequest) {
  Placeholders placeholders;
  const UpdateActions actions = {Assign("size", 1), Assign("b-4.1", "1"), AddTo("c", 2)};
  const Condition condition = All({AtLeast("size", 2), Equal("b-4.1", 1), Unequal("d", "1")});
  EXPECT_EQ(UpdateText(actions, placeholders), "SET #n0 = :v0, #n1 = :v1 ADD #n2 :v2");
  EXPECT_EQ(ConditionText(condition, placeholders), "#n0 >= :v2 AND #n1 = :v0 AND #n3 <> :v1");
  EXPECT_EQ(Members(placeholders),
            R"({"ExpressionAttributeNames":{"#n0":"size","#n1":"b-4.1","#n2":"c","#n3":"d"},)"
            R"("ExpressionAttributeValues":{":v0":{"N":"1"},":v1":{"S":"1"},":v2":{"N":"2"}}})");
}

TEST(ExpressionText, NoEmptyMembersAreWritten) {
  Placeholders placeholders;
  EXPECT_EQ(Members(placeholders), "{}");
  const Condition condition = Exists("a");
  (void)ConditionText(condition, placeholders);
  EXPECT_EQ(Members(placeholders), R"({"ExpressionAttributeNames":{"#n0":"a"}})");
}

TEST(ExpressionText, KeyConditionsNameTheHashAndTheRange) {
  Placeholders placeholders;
  const Value hash("A");
  EXPECT_EQ(KeyConditionText("PK", hash, nullptr, placeholders), "#n0 = :v0");
  const Condition range{BeginsWith{Path("SK"), Value("#BUCKET#")}};
  EXPECT_EQ(KeyConditionText("PK", hash, &range, placeholders),
            "#n0 = :v0 AND begins_with(#n1, :v1)");
}

}  // namespace
}  // namespace zael::dynamo
