// Queries and scans: order, ranges, pages, filters, sparse indexes, other key types.
#include <algorithm>
#include <set>

#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

using Names = std::vector<std::string>;

Condition RangeOf(const char* attribute, CompareOp op, Value value) {
  return {Comparison{Path(attribute), op, std::move(value)}};
}

TEST_P(QueryConformance, ItemsComeInTheOrderOfTheRangeKeyEitherWay) {
  for (const char* sk : {"b", "a", "aa", "c", "B", "\xC3\xA4"}) Put({{"PK", "A"}, {"SK", sk}});
  Put({{"PK", "AA"}, {"SK", "x"}});
  QueryRequest request = QueryOf("A");
  EXPECT_EQ(Texts(QueryAll(request), "SK"), (Names{"B", "a", "aa", "b", "c", "\xC3\xA4"}));
  request.ascending = false;
  EXPECT_EQ(Texts(QueryAll(request), "SK"), (Names{"\xC3\xA4", "c", "b", "aa", "a", "B"}));
}

TEST_P(QueryConformance, EveryRangeConditionSelectsItsItems) {
  for (const char* sk : {"a", "b", "ba", "bb", "c", "d"}) Put({{"PK", "A"}, {"SK", sk}});
  Put({{"PK", "A"}, {"SK", std::string("b\0x", 3)}});
  Put({{"PK", "A"}, {"SK", "b\xFF\xFF"}});
  const std::string zero("b\0x", 3);
  const std::vector<std::pair<Condition, Names>> cases = {
      {RangeOf("SK", CompareOp::kEqual, "b"), {"b"}},
      {RangeOf("SK", CompareOp::kLess, "b"), {"a"}},
      {RangeOf("SK", CompareOp::kLessOrEqual, "b"), {"a", "b"}},
      {RangeOf("SK", CompareOp::kGreater, "bb"), {"b\xFF\xFF", "c", "d"}},
      {RangeOf("SK", CompareOp::kGreaterOrEqual, "c"), {"c", "d"}},
      {{Between{Path("SK"), Value("b"), Value("bb")}}, {"b", zero, "ba", "bb"}},
      {{BeginsWith{Path("SK"), Value("b")}}, {"b", zero, "ba", "bb", "b\xFF\xFF"}},
      {{BeginsWith{Path("SK"), Value("x")}}, {}},
  };
  for (const auto& [condition, expected] : cases) {
    QueryRequest request = QueryOf("A");
    request.range = condition;
    EXPECT_EQ(Texts(QueryAll(request), "SK"), expected);
    request.ascending = false;
    request.max_items = 1;
    EXPECT_EQ(Texts(QueryAll(request), "SK"), Names(expected.rbegin(), expected.rend()));
  }
}

TEST_P(QueryConformance, PagesAreCutByCountAndMissNothing) {
  Names expected;
  for (int i = 10; i < 35; ++i) {
    Put({{"PK", "A"}, {"SK", std::to_string(i)}});
    expected.push_back(std::to_string(i));
  }
  QueryRequest request = QueryOf("A");
  request.max_items = 10;
  const QueryPage page = Must(items().Query(request));
  EXPECT_EQ(page.items.size(), 10u);
  EXPECT_EQ(page.next, KeyFor("A", "19"));
  for (const std::size_t size : {1u, 3u, 5u, 24u, 25u, 26u}) {
    request.max_items = size;
    request.ascending = true;
    EXPECT_EQ(Texts(QueryAll(request), "SK"), expected) << size;
    request.ascending = false;
    EXPECT_EQ(Texts(QueryAll(request), "SK"), Names(expected.rbegin(), expected.rend())) << size;
  }
}

TEST_P(QueryConformance, APageMayStartAfterAnItemThatIsGone) {
  for (const char* sk : {"a", "c", "e"}) Put({{"PK", "A"}, {"SK", sk}});
  QueryRequest request = QueryOf("A");
  request.start_after = KeyFor("A", "b");
  EXPECT_EQ(Texts(QueryAll(request), "SK"), (Names{"c", "e"}));
  request.ascending = false;
  EXPECT_EQ(Texts(QueryAll(request), "SK"), Names{"a"});
}

TEST_P(QueryConformance, P21_PagesEndAtOneMegabyte) {
  for (int i = 10; i < 25; ++i) {
    Put({{"PK", "A"}, {"SK", std::to_string(i)}, {"text", std::string(200 * 1024, 'x')}});
  }
  const QueryPage page = Must(items().Query(QueryOf("A")));
  EXPECT_GE(page.items.size(), 5u);
  EXPECT_LE(page.items.size(), 6u);
  ASSERT_TRUE(page.next.has_value());
  EXPECT_EQ(QueryAll(QueryOf("A")).size(), 15u);
  EXPECT_EQ(QueryAll({.table = MainTable().name}).size(), 15u);
}

TEST_P(QueryConformance, TheFilterIsAppliedAfterReading) {
  for (int i = 10; i < 30; ++i) Put({{"PK", "A"}, {"SK", std::to_string(i)}, {"v", i}});
  QueryRequest request = QueryOf("A");
  request.filter = AtLeast("v", 25);
  request.max_items = 10;
  const QueryPage page = Must(items().Query(request));
  EXPECT_TRUE(page.items.empty());
  EXPECT_TRUE(page.next.has_value()) << "an empty page is not the end";
  EXPECT_EQ(Texts(QueryAll(request), "SK"), (Names{"25", "26", "27", "28", "29"}));
}

TEST_P(QueryConformance, AScanSeesEveryItemOnce) {
  std::set<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    const std::string pk = "P" + std::to_string(i % 7);
    const std::string sk = "S" + std::to_string(i);
    Put({{"PK", pk}, {"SK", sk}});
    expected.insert(sk);
  }
  for (const std::size_t size : {1u, 7u, 1000u}) {
    const Names seen = Texts(QueryAll({.table = MainTable().name, .max_items = size}), "SK");
    EXPECT_EQ(seen.size(), 50u);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), expected);
  }
}

TEST_P(QueryConformance, IndexesFindItemsByTheirOwnKeys) {
  for (const char* id : {"3", "1", "2"}) {
    Put({{"PK", std::string("ENTITY#") + id},
         {"SK", "#META"},
         {"GSI1PK", "PARENT#p"},
         {"GSI1SK", std::string("CHILD#") + id},
         {"v", id}});
    Put({{"PK", std::string("ENTITY#") + id},
         {"SK", "#BUCKET#gpt-4#rpm"},
         {"GSI2PK", "RESOURCE#gpt-4"},
         {"GSI2SK", std::string("BUCKET#") + id + "#rpm"},
         {"v", id}});
  }
  QueryRequest request = QueryOf("PARENT#p");
  request.index = "GSI1";
  EXPECT_EQ(Texts(QueryAll(request), "v"), (Names{"1", "2", "3"}));
  request.max_items = 1;
  request.ascending = false;
  EXPECT_EQ(Texts(QueryAll(request), "v"), (Names{"3", "2", "1"}));
  QueryRequest second = QueryOf("RESOURCE#gpt-4");
  second.index = "GSI2";
  second.range = Condition{BeginsWith{Path("GSI2SK"), Value("BUCKET#2")}};
  EXPECT_EQ(Texts(QueryAll(second), "v"), Names{"2"});
  EXPECT_EQ(QueryAll({.table = MainTable().name, .index = "GSI2"}).size(), 3u);
}

TEST_P(QueryConformance, ItemsWithEqualIndexKeysAreAllFoundOnce) {
  for (int i = 0; i < 12; ++i) {
    Put({{"PK", "P" + std::to_string(i)}, {"SK", "x"}, {"GSI1PK", "g"}, {"GSI1SK", "same"}});
  }
  for (const bool ascending : {true, false}) {
    for (const std::size_t size : {1u, 5u, 12u, 100u}) {
      QueryRequest request = QueryOf("g");
      request.index = "GSI1";
      request.max_items = size;
      request.ascending = ascending;
      const Names seen = Texts(QueryAll(request), "PK");
      EXPECT_EQ(seen.size(), 12u);
      EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 12u);
    }
  }
}

TEST_P(QueryConformance, SparseIndexesFollowEveryWrite) {
  const auto in_index = [&](std::string_view hash) {
    QueryRequest request = QueryOf(hash);
    request.index = "GSI1";
    return Texts(QueryAll(request), "SK");
  };
  Put({{"PK", "A"}, {"SK", "1"}});
  EXPECT_EQ(in_index("g"), Names{});
  Must(Update("A", "1", {Assign("GSI1PK", "g")}));
  EXPECT_EQ(in_index("g"), Names{}) << "one of two index keys is not enough";
  Must(Update("A", "1", {Assign("GSI1SK", "x")}));
  EXPECT_EQ(in_index("g"), Names{"1"});
  Must(Update("A", "1", {Assign("v", 5)}));
  QueryRequest request = QueryOf("g");
  request.index = "GSI1";
  ASSERT_EQ(QueryAll(request).size(), 1u);
  EXPECT_NE(QueryAll(request)[0].Find("v"), nullptr) << "the whole item, as it is now";
  Must(Update("A", "1", {Assign("GSI1PK", "h")}));
  EXPECT_EQ(in_index("g"), Names{});
  EXPECT_EQ(in_index("h"), Names{"1"});
  Must(Update("A", "1", {RemoveFrom("GSI1SK")}));
  EXPECT_EQ(in_index("h"), Names{});
  Put({{"PK", "A"}, {"SK", "1"}, {"GSI1PK", "g"}, {"GSI1SK", "x"}});
  EXPECT_EQ(in_index("g"), Names{"1"});
  Put({{"PK", "A"}, {"SK", "1"}});
  EXPECT_EQ(in_index("g"), Names{});
  Put({{"PK", "A"}, {"SK", "1"}, {"GSI1PK", "g"}, {"GSI1SK", "x"}});
  Must(items().Delete({.table = MainTable().name, .key = KeyFor("A", "1")}));
  EXPECT_EQ(in_index("g"), Names{});
}

TEST_P(QueryConformance, NumberAndBinaryKeysSortByValue) {
  TableSpec spec;
  spec.name = "ZAEL-numbers";
  spec.keys = {{"h", KeyType::kBinary}, KeyAttribute{"r", KeyType::kNumber}};
  Must(tables().CreateTable(spec));
  const Names sorted = {"-1E20", "-100", "-99.5", "-2",  "-1.5", "-1",   "-0.001", "0",
                        "0.001", "0.5",  "1",     "1.5", "2",    "10.5", "100",    "1E20"};
  Names shuffled = sorted;
  std::reverse(shuffled.begin(), shuffled.end());
  std::swap(shuffled[2], shuffled[9]);
  const Value hash(Binary{std::string("\0\xFF", 2)});
  for (const std::string& text : shuffled) {
    Must(items().Put({.table = spec.name,
                      .item = {{"h", hash}, {"r", Must(Number::Parse(text))}, {"text", text}}}));
  }
  QueryRequest request{.table = spec.name, .hash = hash};
  EXPECT_EQ(Texts(QueryAll(request), "text"), sorted);
  request.range = Condition{Between{Path("r"), Value(Must(Number::Parse("-1.5"))), Value(1)}};
  EXPECT_EQ(Texts(QueryAll(request), "text"),
            (Names{"-1.5", "-1", "-0.001", "0", "0.001", "0.5", "1"}));
  request.range = RangeOf("r", CompareOp::kLess, -99);
  request.max_items = 1;
  EXPECT_EQ(Texts(QueryAll(request), "text"), (Names{"-1E20", "-100", "-99.5"}));
}

TEST_P(QueryConformance, ATableMayHaveNoRangeKey) {
  TableSpec spec;
  spec.name = "ZAEL-hash-only";
  spec.keys = {{"id", KeyType::kString}, std::nullopt};
  Must(tables().CreateTable(spec));
  Must(items().Put({.table = spec.name, .item = {{"id", "x"}, {"v", 1}}}));
  Must(items().Put({.table = spec.name, .item = {{"id", "xy"}, {"v", 2}}}));
  EXPECT_EQ(QueryAll({.table = spec.name, .hash = Value("x")}).size(), 1u);
  EXPECT_EQ(QueryAll({.table = spec.name, .max_items = 1}).size(), 2u);
}

TEST_P(QueryConformance, InvalidQueriesAreRefused) {
  Put({{"PK", "A"}, {"SK", "1"}});
  const auto code = [&](auto change) {
    QueryRequest request = QueryOf("A");
    change(request);
    return CodeOf(items().Query(request));
  };
  EXPECT_EQ(code([](auto& q) { q.index = "GSI9"; }), "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.max_items = 0; }), "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.hash = Value(1); }), "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.range = RangeOf("v", CompareOp::kEqual, "1"); }),
            "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.range = RangeOf("SK", CompareOp::kEqual, 1); }),
            "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.range = RangeOf("SK", CompareOp::kNotEqual, "1"); }),
            "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.range = Exists("SK"); }), "invalid_argument");
  EXPECT_EQ(code([](auto& q) {
              q.range = RangeOf("SK", CompareOp::kEqual, "1");
              q.hash.reset();
            }),
            "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.start_after = Key{{"PK", "A"}}; }), "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.start_after = KeyFor("B", "1"); }), "invalid_argument");
  EXPECT_EQ(code([](auto& q) { q.filter = All({}); }), "invalid_argument");
}

}  // namespace
}  // namespace zael::conformance
