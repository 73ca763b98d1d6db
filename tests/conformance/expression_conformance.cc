// Conditions and update actions.
#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

Path Deep(std::initializer_list<std::variant<std::string, std::size_t>> steps) {
  Path path;
  path.steps = steps;
  return path;
}

Item Judged() {
  return {{"PK", "A"},
          {"SK", "1"},
          {"n", 5},
          {"s", "hello"},
          {"b", Binary{"\x01\x02"}},
          {"yes", true},
          {"null", Null{}},
          {"list", List{Value("a"), Value(2)}},
          {"map", Item{{"in", Item{{"n", 7}}}}},
          {"ss", StringSet{{"x", "y"}}},
          {"ns", NumberSet{{Number(1), Number(2)}}},
          {"bs", BinarySet{{Binary{"p"}}}}};
}

Condition Compared(Operand left, CompareOp op, Operand right) {
  return {Comparison{std::move(left), op, std::move(right)}};
}

using Cases = std::vector<std::pair<Condition, bool>>;

const Cases& ComparisonCases() {
  static const Cases cases = {
      {Exists("n"), true},
      {Exists("absent"), false},
      {NotExists("absent"), true},
      {NotExists("n"), false},
      {Equal("n", 5), true},
      {Equal("n", Must(Number::Parse("5.0"))), true},
      {Equal("n", 6), false},
      {Equal("n", "5"), false},
      {Equal("absent", 5), false},
      {Equal("null", Null{}), true},
      {Equal("yes", true), true},
      {Equal("ss", StringSet{{"x", "y"}}), true},
      {Equal("list", List{Value("a"), Value(2)}), true},
      {Equal("map", Item{{"in", Item{{"n", 7}}}}), true},
      {Unequal("n", 6), true},
      {Unequal("n", 5), false},
      {Unequal("n", "5"), true},
      {Unequal("absent", 5), true},
      {Less("n", 6), true},
      {Less("n", 5), false},
      {AtMost("n", 5), true},
      {Greater("n", 4), true},
      {Greater("n", -5), true},
      {AtLeast("n", 6), false},
      {AtLeast("absent", 0), false},
      {Less("s", "hellp"), true},
      {Greater("s", "hell"), true},
      {Less("s", 6), false},
      {AtLeast("b", Binary{"\x01"}), true},
      {Compared(Path("n"), CompareOp::kLess, Deep({"map", "in", "n"})), true},
      {Compared(Value(6), CompareOp::kGreater, Path("n")), true},
      {Compared(SizeOf{"s"}, CompareOp::kEqual, Value(5)), true},
      {Compared(SizeOf{"ss"}, CompareOp::kEqual, Value(2)), true},
      {Compared(SizeOf{"list"}, CompareOp::kGreater, Value(1)), true},
      {Compared(SizeOf{"n"}, CompareOp::kGreaterOrEqual, Value(0)), false},
  };
  return cases;
}

const Cases& FunctionCases() {
  static const Cases cases = {
      {{Between{Path("n"), Value(5), Value(6)}}, true},
      {{Between{Path("n"), Value(6), Value(9)}}, false},
      {{Between{Path("absent"), Value(1), Value(9)}}, false},
      {{In{Path("n"), {Value("5"), Value(5)}}}, true},
      {{In{Path("n"), {Value("5"), Value(6)}}}, false},
      {{AttributeType{"n", "N"}}, true},
      {{AttributeType{"ss", "SS"}}, true},
      {{AttributeType{"map", "M"}}, true},
      {{AttributeType{"null", "NULL"}}, true},
      {{AttributeType{"yes", "BOOL"}}, true},
      {{AttributeType{"n", "S"}}, false},
      {{AttributeType{"absent", "S"}}, false},
      {{BeginsWith{Path("s"), Value("hel")}}, true},
      {{BeginsWith{Path("s"), Value("el")}}, false},
      {{BeginsWith{Path("b"), Value(Binary{"\x01"})}}, true},
      {{BeginsWith{Path("n"), Value("5")}}, false},
      {{Contains{Path("s"), Value("ell")}}, true},
      {{Contains{Path("list"), Value(2)}}, true},
      {{Contains{Path("ss"), Value("y")}}, true},
      {{Contains{Path("ns"), Value(3)}}, false},
      {{Contains{Path("bs"), Value(Binary{"p"})}}, true},
      {Exists(Deep({"map", "in", "n"})), true},
      {Exists(Deep({"map", "out", "n"})), false},
      {Exists(Deep({"list", std::size_t{1}})), true},
      {Exists(Deep({"list", std::size_t{2}})), false},
      {Exists(Deep({"n", "in"})), false},
      {All({Equal("n", 5), Equal("s", "hello")}), true},
      {All({Equal("n", 5), Equal("s", "other")}), false},
      {Any({Equal("n", 6), Equal("s", "hello")}), true},
      {Any({Equal("n", 6), Equal("s", "other")}), false},
      {Negate(Equal("n", 5)), false},
      {Negate(Less("absent", 5)), true},
  };
  return cases;
}

TEST_P(ConditionConformance, EveryKindOfConditionIsJudged) {
  Put(Judged());
  for (const Cases* cases : {&ComparisonCases(), &FunctionCases()}) {
    for (std::size_t i = 0; i < cases->size(); ++i) {
      const auto& [condition, expected] = (*cases)[i];
      const auto outcome = Must(Update("A", "1", {Assign("touched", 1)}, condition));
      EXPECT_EQ(outcome.applied, expected) << "condition " << i;
    }
  }
}

TEST_P(ConditionConformance, ConditionsOnAnAbsentItemSeeNoAttributes) {
  EXPECT_FALSE(Must(Update("A", "1", {Assign("v", 1)}, Equal("v", 1))).applied);
  EXPECT_FALSE(Must(Update("A", "1", {Assign("v", 1)}, Exists("PK"))).applied);
  EXPECT_TRUE(Must(Update("A", "1", {Assign("v", 1)}, NotExists("PK"))).applied);
}

TEST_P(ConditionConformance, ConditionsNestAsDeepAsDynamoDbAllows) {
  Put(Judged());
  Condition deep = Exists("n");
  for (int i = 0; i < 298; ++i) deep = Negate(std::move(deep));
  EXPECT_TRUE(Must(Update("A", "1", {Assign("v", 1)}, deep)).applied);
  EXPECT_FALSE(Must(Update("A", "1", {Assign("v", 1)}, Negate(std::move(deep)))).applied)
      << "300 operators with the function";
}

TEST_P(ConditionConformance, InvalidConditionsAreRefusedWhateverTheItem) {
  const std::vector<Condition> wrong = {
      {AttributeType{"n", "X"}},
      Exists(Path()),
      Exists(Deep({std::size_t{1}})),
      {In{Path("n"), {}}},
      All({}),
      {Not{nullptr}},
      Any({Exists("n"), Condition{AttributeType{"n", "string"}}}),
      Less("n", true),
      {BeginsWith{Path("s"), Value(1)}},
  };
  Put(Judged());
  const Item before = *Get("A", "1");
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    EXPECT_EQ(CodeOf(Update("A", "1", {Assign("v", 1)}, wrong[i])), "invalid_argument") << i;
    EXPECT_EQ(CodeOf(Update("A", "2", {Assign("v", 1)}, wrong[i])), "invalid_argument") << i;
  }
  EXPECT_EQ(Get("A", "1"), before);
  EXPECT_EQ(Get("A", "2"), std::nullopt);
}

TEST_P(UpdateConformance, AnUpdateOfAnAbsentItemMakesItFromItsKey) {
  const auto outcome = Must(Update("A", "1", {Assign("v", "x"), AddTo("n", 3)}));
  EXPECT_TRUE(outcome.applied);
  EXPECT_EQ(outcome.item, (Item{{"PK", "A"}, {"SK", "1"}, {"n", 3}, {"v", "x"}}));
  EXPECT_EQ(Get("A", "1"), outcome.item);
}

TEST_P(UpdateConformance, RemovingFromAnAbsentItemMakesNothing) {
  EXPECT_TRUE(
      Must(Update("A", "1", {RemoveFrom("v"), DeleteAction{"s", StringSet{{"a"}}}})).applied);
  EXPECT_EQ(Get("A", "1"), std::nullopt);
}

TEST_P(UpdateConformance, NoActionsMakeAnItemOfTheBareKey) {
  EXPECT_TRUE(Must(Update("A", "1", {})).applied);
  EXPECT_EQ(Get("A", "1"), KeyFor("A", "1"));
}

TEST_P(UpdateConformance, RightSidesReadTheItemAsItWas) {
  Put({{"PK", "A"}, {"SK", "1"}, {"a", 1}, {"b", 2}});
  const auto outcome = Must(Update("A", "1",
                                   {SetAction{"a", Path("b")}, SetAction{"b", Path("a")},
                                    SetAction{"sum", Path("a"), SetOp::kPlus, Path("b")},
                                    SetAction{"less", Path("a"), SetOp::kMinus, Value(10)}}));
  ASSERT_TRUE(outcome.applied);
  EXPECT_EQ(*outcome.item,
            (Item{{"PK", "A"}, {"SK", "1"}, {"a", 2}, {"b", 1}, {"less", -9}, {"sum", 3}}));
}

TEST_P(UpdateConformance, SetKnowsDefaultsAndLists) {
  Put({{"PK", "A"}, {"SK", "1"}, {"l", List{Value(1)}}});
  const auto outcome = Must(Update(
      "A", "1",
      {SetAction{"n", IfNotExists{"n", 10}, SetOp::kPlus, Value(5)},
       SetAction{"l", Path("l"), SetOp::kListAppend, Value(List{Value(2)})},
       SetAction{"m", IfNotExists{"l", List{}}, SetOp::kListAppend, Value(List{Value(3)})}}));
  ASSERT_TRUE(outcome.applied);
  EXPECT_EQ(*outcome.item->Find("n"), Value(15));
  EXPECT_EQ(*outcome.item->Find("l"), Value(List{Value(1), Value(2)}));
  EXPECT_EQ(*outcome.item->Find("m"), Value(List{Value(1), Value(3)}));
}

TEST_P(UpdateConformance, TheFirstPathThatIsThereIsTaken) {
  Put({{"PK", "A"}, {"SK", "1"}, {"a", 1}, {"b", 2}});
  const auto outcome = Must(
      Update("A", "1",
             {SetAction{"first", IfNotExists{"x", 0, {"y", "b", "a"}}},
              SetAction{"none", IfNotExists{"x", 9, {"y"}}},
              SetAction{"path", IfNotExists{"x", Path("a")}, SetOp::kPlus, IfNotExists{"b", 0}}}));
  ASSERT_TRUE(outcome.applied);
  EXPECT_EQ(*outcome.item->Find("first"), Value(2));
  EXPECT_EQ(*outcome.item->Find("none"), Value(9));
  EXPECT_EQ(*outcome.item->Find("path"), Value(3));
  EXPECT_EQ(CodeOf(Update("A", "1", {SetAction{"v", IfNotExists{"x", Path("y")}}})),
            "invalid_argument");
}

TEST_P(UpdateConformance, AddCountsAndUnites) {
  Put({{"PK", "A"},
       {"SK", "1"},
       {"n", 5},
       {"ss", StringSet{{"b"}}},
       {"ns", NumberSet{{Number(1)}}}});
  const auto outcome =
      Must(Update("A", "1",
                  {AddTo("n", Must(Number::Parse("-7.5"))), AddTo("fresh", 4),
                   AddTo("ss", StringSet{{"a", "b"}}), AddTo("ns", NumberSet{{Number(0)}}),
                   AddTo("new", StringSet{{"z"}})}));
  ASSERT_TRUE(outcome.applied);
  EXPECT_EQ(*outcome.item->Find("n"), Value(Must(Number::Parse("-2.5"))));
  EXPECT_EQ(*outcome.item->Find("fresh"), Value(4));
  EXPECT_EQ(*outcome.item->Find("ss"), Value(StringSet{{"a", "b"}}));
  EXPECT_EQ(*outcome.item->Find("ns"), Value(NumberSet{{Number(0), Number(1)}}));
  EXPECT_EQ(*outcome.item->Find("new"), Value(StringSet{{"z"}}));
}

TEST_P(UpdateConformance, AnEmptiedSetDisappears) {
  Put({{"PK", "A"}, {"SK", "1"}, {"ss", StringSet{{"a", "b"}}}});
  const auto some = Must(Update("A", "1", {DeleteAction{"ss", StringSet{{"a", "c"}}}}));
  EXPECT_EQ(*some.item->Find("ss"), Value(StringSet{{"b"}}));
  const auto all = Must(Update("A", "1", {DeleteAction{"ss", StringSet{{"b"}}}}));
  EXPECT_EQ(all.item->Find("ss"), nullptr);
}

TEST_P(UpdateConformance, NestedPathsReachIntoMapsAndLists) {
  Put({{"PK", "A"},
       {"SK", "1"},
       {"m", Item{{"a", 1}, {"b", 2}}},
       {"l", List{Value(0), Value(1), Value(2)}}});
  const auto outcome = Must(Update(
      "A", "1",
      {Assign(Deep({"m", "c"}), 3), RemoveFrom(Deep({"m", "a"})), AddTo(Deep({"m", "b"}), 10),
       RemoveFrom(Deep({"l", std::size_t{0}})), RemoveFrom(Deep({"l", std::size_t{1}})),
       Assign(Deep({"l", std::size_t{9}}), "second"),
       Assign(Deep({"l", std::size_t{7}}), "first")}));
  ASSERT_TRUE(outcome.applied);
  EXPECT_EQ(*outcome.item->Find("m"), Value(Item{{"b", 12}, {"c", 3}}));
  EXPECT_EQ(*outcome.item->Find("l"), Value(List{Value(2), Value("first"), Value("second")}));
}

TEST_P(UpdateConformance, P29_SumsPastThirtyEightDigitsAreRefusedNotRounded) {
  const Number big = Must(Number::Parse(std::string(38, '9')));
  Put({{"PK", "A"}, {"SK", "1"}, {"n", big}});
  EXPECT_EQ(CodeOf(Update("A", "1", {AddTo("n", Must(Number::Parse("0.1")))})), "invalid_argument");
  const auto outcome = Must(Update("A", "1", {AddTo("n", 1)}));
  EXPECT_EQ(*outcome.item->Find("n"), Value(Must(Number::Parse("1E38"))));
}

TEST_P(UpdateConformance, InvalidUpdatesAreRefusedAndChangeNothing) {
  const Item before{{"PK", "A"}, {"SK", "1"}, {"n", 5}, {"s", "x"}, {"m", Item{{"a", 1}}}};
  Put(before);
  const std::vector<UpdateActions> wrong = {
      {Assign("PK", "B")},
      {RemoveFrom("SK")},
      {Assign("v", 1), AddTo("v", 1)},
      {Assign("m", 1), RemoveFrom(Deep({"m", "a"}))},
      {AddTo("s", 1)},
      {AddTo("n", StringSet{{"a"}})},
      {AddTo("n", "1")},
      {DeleteAction{"n", Value(1)}},
      {DeleteAction{"s", StringSet{{"a"}}}},
      {SetAction{"v", Path("absent")}},
      {SetAction{"v", Path("s"), SetOp::kPlus, Value(1)}},
      {SetAction{"v", Path("n"), SetOp::kListAppend, Value(List{})}},
      {Assign(Deep({"absent", "a"}), 1)},
      {Assign(Deep({"n", "a"}), 1)},
      {RemoveFrom(Deep({"n", std::size_t{0}}))},
      {Assign(Path(), 1)},
      {Assign("", 1)},
      {Assign("set", StringSet{})},
      {Assign("v", 1), Assign("GSI1PK", 5)},
      {Assign("big", std::string(400 * 1024, 'x'))},
  };
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    EXPECT_EQ(CodeOf(Update("A", "1", wrong[i])), "invalid_argument") << "update " << i;
    EXPECT_EQ(CodeOf(items().TransactWrite(
                  {.items = {PutRequest{.table = MainTable().name, .item = KeyFor("B", "1")},
                             UpdateRequest{.table = MainTable().name,
                                           .key = KeyFor("A", "1"),
                                           .actions = wrong[i]}}})),
              "invalid_argument")
        << "update " << i;
  }
  EXPECT_EQ(Get("A", "1"), before);
  EXPECT_EQ(Get("B", "1"), std::nullopt);
  EXPECT_EQ(ChangesAfter(0).size(), 1u);
}

}  // namespace
}  // namespace zael::conformance
