// Messages and edges; that every store refuses the wrong requests is checked by the conformance
// suite.
#include "store/validate.h"

#include <gtest/gtest.h>

namespace zael::store {
namespace {

TableSpec Spec() {
  TableSpec spec;
  spec.name = "ZAEL-t";
  spec.keys = {{"PK"}, KeyAttribute{"SK"}};
  spec.indexes = {{"GSI1", {{"GSI1PK"}, KeyAttribute{"GSI1SK"}}}};
  return spec;
}

std::string MessageOf(const Status& status) {
  return status.ok() ? "ok" : status.error().message();
}

TEST(ValidateKey, NamesAttributeAndRule) {
  const KeySchema keys = Spec().keys;
  EXPECT_EQ(MessageOf(ValidateKey(keys, {{"PK", "A"}, {"SK", "1"}})), "ok");
  EXPECT_EQ(MessageOf(ValidateKey(keys, {{"PK", "A"}})),
            "check key: 1 attributes given, the key has 2");
  EXPECT_EQ(MessageOf(ValidateKey(keys, {{"PK", "A"}, {"XX", "1"}})),
            "check key: attribute 'SK' is missing");
  EXPECT_EQ(MessageOf(ValidateKey(keys, {{"PK", "A"}, {"SK", 1}})),
            "check key: attribute 'SK' must be a string");
  EXPECT_EQ(MessageOf(ValidateKey(keys, {{"PK", ""}, {"SK", "1"}})),
            "check key: attribute 'PK' has 0 bytes, allowed are 1 to 2048");
}

TEST(ValidateItem, TakesItemsUpToTheLimitExactly) {
  Item item{{"PK", "A"}, {"SK", "1"}, {"x", ""}};
  const std::size_t rest = kMaxItemBytes - ItemBytes(item);
  item.Set("x", std::string(rest, 'x'));
  EXPECT_EQ(ItemBytes(item), kMaxItemBytes);
  EXPECT_TRUE(ValidateItem(Spec(), item).ok());
  item.Set("x", std::string(rest + 1, 'x'));
  EXPECT_EQ(MessageOf(ValidateItem(Spec(), item)), "check item: 409601 bytes, at most 409600");
}

TEST(ItemBytes, CountsAsDynamoDoes) {
  EXPECT_EQ(ItemBytes(Item{}), 0u);
  EXPECT_EQ(ItemBytes({{"ab", "cde"}}), 5u);
  EXPECT_EQ(ItemBytes({{"n", 0}}), 2u);
  EXPECT_EQ(ItemBytes({{"n", -1234}}), 1u + 4u);
  const auto number_bytes = [](const char* text) {
    return ItemBytes({{"n", *Number::Parse(text)}}) - 1;
  };
  for (const char* one_pair : {"7", "12", "50", "1200", "5E1", "1E99", "0.5", "0.12", "1E-130"}) {
    EXPECT_EQ(number_bytes(one_pair), 2u) << one_pair;
  }
  for (const char* two_pairs : {"120", "1234", "12.5", "0.012", "123", "1.2E40"}) {
    EXPECT_EQ(number_bytes(two_pairs), 3u) << two_pairs;
  }
  EXPECT_EQ(ItemBytes({{"b", true}, {"z", Null{}}}), 4u);
  EXPECT_EQ(ItemBytes({{"l", List{Value("ab"), Value("c")}}}), 1u + 3 + 2 + 3);
  EXPECT_EQ(ItemBytes({{"m", Item{{"k", "v"}}}}), 1u + 3 + 1 + 2);
  EXPECT_EQ(ItemBytes({{"s", StringSet{{"a", "bc"}}}}), 4u);
}

TEST(ValidateTableSpec, BoundsIndexesAndTags) {
  TableSpec spec = Spec();
  EXPECT_TRUE(ValidateTableSpec(spec).ok());
  for (int i = 0; i < 25; ++i) {
    spec.indexes.push_back({"index" + std::to_string(i), {{"h"}, std::nullopt}});
  }
  EXPECT_EQ(MessageOf(ValidateTableSpec(spec)), "create table 'ZAEL-t': 26 indexes, at most 25");
  spec = Spec();
  for (int i = 0; i < 51; ++i) spec.tags.emplace(std::to_string(i), "v");
  EXPECT_FALSE(ValidateTableSpec(spec).ok());
  EXPECT_FALSE(ValidateTableUpdate({.tags = spec.tags}).ok());
}

TEST(RefuseDuplicates, FindsThemWhereverTheyStand) {
  EXPECT_TRUE(RefuseDuplicates({"a", "c", "b"}, "get batch").ok());
  EXPECT_EQ(MessageOf(RefuseDuplicates({"a", "c", "a"}, "get batch")),
            "get batch: two entries address the same item");
}

TEST(ValidateQuery, ResolvesTheIndex) {
  const TableSpec spec = Spec();
  const KeySchema* keys = nullptr;
  ASSERT_TRUE(ValidateQuery(spec, {.hash = Value("A")}, &keys).ok());
  EXPECT_EQ(keys, &spec.keys);
  ASSERT_TRUE(ValidateQuery(spec, {.index = "GSI1", .hash = Value("A")}, &keys).ok());
  EXPECT_EQ(keys, &spec.indexes[0].keys);
  EXPECT_EQ(MessageOf(ValidateQuery(spec, {.index = "GSI7"}, &keys)),
            "query table 'ZAEL-t': it has no index 'GSI7'");
}

TEST(ValidateDelete, HasNoNewItemToReturn) {
  for (const ReturnItem wrong : {ReturnItem::kNew, ReturnItem::kUpdatedNew}) {
    EXPECT_FALSE(
        ValidateDelete(Spec(), {.key = {{"PK", "A"}, {"SK", "1"}}, .return_item = wrong}).ok());
  }
}

TEST(TransactItems, KnowTheirTableAndKey) {
  const TransactItem put = PutRequest{.table = "t", .item = {{"PK", "A"}, {"v", 1}}};
  const TransactItem check =
      CheckRequest{.table = "u", .key = {{"PK", "B"}}, .condition = Exists("v")};
  EXPECT_EQ(TableOf(put), "t");
  EXPECT_EQ(TableOf(check), "u");
  EXPECT_EQ(*KeyHolderOf(put).Find("PK"), Value("A"));
  EXPECT_EQ(*KeyHolderOf(check).Find("PK"), Value("B"));
}

}  // namespace
}  // namespace zael::store
