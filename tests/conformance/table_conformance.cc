// Tables: create, describe, update, delete, list, protection.
#include <algorithm>

#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

bool SameSpec(const TableSpec& a, const TableSpec& b) {
  return a.name == b.name && a.keys == b.keys && a.indexes == b.indexes &&
         a.ttl_attribute == b.ttl_attribute && a.stream == b.stream &&
         a.deletion_protection == b.deletion_protection && a.tags == b.tags;
}

TEST_P(TableConformance, ACreatedTableIsDescribedAsItWasAskedFor) {
  TableSpec spec = MainTable();
  spec.name = "ZAEL-second";
  spec.tags = {{"team", "limits"}};
  const TableDescription created = Must(tables().CreateTable(spec));
  EXPECT_TRUE(SameSpec(created.spec, spec));
  EXPECT_EQ(created.created_at, clock().WallNow());
  const TableDescription described = Must(tables().DescribeTable(spec.name));
  EXPECT_TRUE(SameSpec(described.spec, spec));
  EXPECT_EQ(described.id, created.id);
  EXPECT_NE(described.id, Must(tables().DescribeTable(MainTable().name)).id);
}

TEST_P(TableConformance, TablesAreListed) {
  TableSpec spec = MainTable();
  spec.name = "ZAEL-second";
  Must(tables().CreateTable(spec));
  auto names = Must(tables().ListTables());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"ZAEL-conformance", "ZAEL-second"}));
}

TEST_P(TableConformance, CreatingATableTwiceIsRefused) {
  Put({{"PK", "A"}, {"SK", "1"}});
  EXPECT_EQ(CodeOf(tables().CreateTable(MainTable())), "already_exists");
  EXPECT_TRUE(Get("A", "1").has_value());
}

TEST_P(TableConformance, InvalidTablesAreRefused) {
  const auto code = [&](auto change) {
    TableSpec spec = MainTable();
    spec.name = "ZAEL-second";
    change(spec);
    return CodeOf(tables().CreateTable(spec));
  };
  EXPECT_EQ(code([](auto& s) { s.name = "x"; }), "invalid_argument");
  EXPECT_EQ(code([](auto& s) { s.name = "has space"; }), "invalid_argument");
  EXPECT_EQ(code([](auto& s) { s.keys.hash.name = ""; }), "invalid_argument");
  EXPECT_EQ(code([](auto& s) { s.keys.range->name = "PK"; }), "invalid_argument");
  EXPECT_EQ(code([](auto& s) { s.indexes[1].name = "GSI1"; }), "invalid_argument");
  EXPECT_EQ(code([](auto& s) {
              s.indexes[0].keys.hash = {"PK", KeyType::kNumber};
            }),
            "invalid_argument");
  EXPECT_EQ(code([](auto& s) { s.ttl_attribute = ""; }), "invalid_argument");
  EXPECT_EQ(code([](auto&) {}), "ok");
}

TEST_P(TableConformance, AnUpdateChangesWhatItNamesAndNothingElse) {
  const TableDescription updated =
      Must(tables().UpdateTable(MainTable().name, {.tags = {{{"a", "1"}}}}));
  TableSpec expected = MainTable();
  expected.tags = {{"a", "1"}};
  EXPECT_TRUE(SameSpec(updated.spec, expected));
  Must(tables().UpdateTable(MainTable().name,
                            {.ttl_attribute = std::optional<std::string>("expires")}));
  expected.ttl_attribute = "expires";
  Must(tables().UpdateTable(MainTable().name, {.deletion_protection = true}));
  expected.deletion_protection = true;
  EXPECT_TRUE(SameSpec(Must(tables().DescribeTable(MainTable().name)).spec, expected));
}

TEST_P(TableConformance, NotesAreKeptAsTheyWereGiven) {
  TableSpec spec = MainTable();
  spec.name = "noted";
  spec.notes = "{\"billing\":1}";
  EXPECT_EQ(Must(tables().CreateTable(spec)).spec.notes, spec.notes);
  Must(tables().UpdateTable("noted", {.tags = {{{"a", "1"}}}}));
  EXPECT_EQ(Must(tables().DescribeTable("noted")).spec.notes, spec.notes);
  Must(tables().UpdateTable("noted", {.notes = "other"}));
  EXPECT_EQ(Must(tables().DescribeTable("noted")).spec.notes, "other");
  const std::string too_long(kMaxNotesBytes + 1, 'x');
  EXPECT_EQ(CodeOf(tables().UpdateTable("noted", {.notes = too_long})), "invalid_argument");
}

TEST_P(TableConformance, AProtectedTableCannotBeDeleted) {
  Put({{"PK", "A"}, {"SK", "1"}});
  Must(tables().UpdateTable(MainTable().name, {.deletion_protection = true}));
  EXPECT_EQ(CodeOf(tables().DeleteTable(MainTable().name)), "failed_precondition");
  EXPECT_TRUE(Get("A", "1").has_value());
  Must(tables().UpdateTable(MainTable().name, {.deletion_protection = false}));
  EXPECT_EQ(CodeOf(tables().DeleteTable(MainTable().name)), "ok");
}

TEST_P(TableConformance, ADeletedTableIsGoneAndANewOneOfItsNameIsEmpty) {
  Put({{"PK", "A"}, {"SK", "1"}, {"GSI1PK", "g"}, {"GSI1SK", "1"}});
  const std::string id = Must(tables().DescribeTable(MainTable().name)).id;
  Must(tables().DeleteTable(MainTable().name));
  EXPECT_EQ(CodeOf(tables().DescribeTable(MainTable().name)), "not_found");
  EXPECT_EQ(CodeOf(tables().DeleteTable(MainTable().name)), "not_found");
  EXPECT_EQ(CodeOf(tables().UpdateTable(MainTable().name, {})), "not_found");
  EXPECT_EQ(CodeOf(items().Get({.table = MainTable().name, .key = KeyFor("A", "1")})), "not_found");
  EXPECT_TRUE(Must(tables().ListTables()).empty());
  EXPECT_NE(Must(tables().CreateTable(MainTable())).id, id);
  EXPECT_EQ(Get("A", "1"), std::nullopt);
  EXPECT_TRUE(QueryAll({.table = MainTable().name, .index = "GSI1"}).empty());
  EXPECT_TRUE(ChangesAfter(0).empty());
}

TEST_P(TableConformance, ItemsAreCounted) {
  for (int i = 0; i < 5; ++i) Put({{"PK", "A"}, {"SK", std::to_string(i)}});
  EXPECT_LE(Must(tables().DescribeTable(MainTable().name)).item_count, 5u) << "may trail";
}

}  // namespace
}  // namespace zael::conformance
