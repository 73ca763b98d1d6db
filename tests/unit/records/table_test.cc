#include "records/table.h"

#include <gtest/gtest.h>

namespace zael::records {
namespace {

TEST(TableName, TakesBothFormsForTheSameLimiter) {
  EXPECT_EQ(*TableName("demo"), "ZAEL-demo");
  EXPECT_EQ(*TableName("ZAEL-demo"), "ZAEL-demo");
  EXPECT_EQ(LimiterName("ZAEL-demo"), "demo");
  EXPECT_EQ(*TableName("demo-restored"), "ZAEL-demo-restored");
}

TEST(TableName, RefusesWhatIsNoLimiterName) {
  const std::string longest(kMaxLimiterNameBytes, 'a');
  EXPECT_TRUE(TableName(longest).ok());
  for (const std::string& name :
       {std::string(), std::string("ZAEL-"), std::string("1demo"), std::string("-demo"),
        std::string("de_mo"), std::string("de mo"), std::string("démo"), longest + "a",
        std::string("ZAEL-ZAEL-demo"), std::string("de#mo")}) {
    const auto table = TableName(name);
    ASSERT_FALSE(table.ok()) << name;
    EXPECT_EQ(table.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(table.error().message().find("limiter name"), std::string::npos);
  }
}

TEST(TableName, OfOtherTablesIsNotALimiters) {
  EXPECT_TRUE(IsLimiterTable("ZAEL-demo"));
  EXPECT_FALSE(IsLimiterTable("demo"));
  EXPECT_FALSE(IsLimiterTable("ZAEL-"));
  EXPECT_FALSE(IsLimiterTable("zael-demo"));
}

TEST(LimiterTable, HasTheKeysIndexesTtlStreamAndProtectionOfTheLayout) {
  const TableSpec spec = LimiterTable("ZAEL-demo");
  const auto text = [](std::string name) {
    return KeyAttribute{std::move(name), KeyType::kString};
  };
  EXPECT_EQ(spec.name, "ZAEL-demo");
  EXPECT_EQ(spec.keys, (KeySchema{text("PK"), text("SK")}));
  ASSERT_EQ(spec.indexes.size(), 2u);
  EXPECT_EQ(spec.indexes[0], (IndexSpec{"GSI1", {text("GSI1PK"), text("GSI1SK")}}));
  EXPECT_EQ(spec.indexes[1], (IndexSpec{"GSI2", {text("GSI2PK"), text("GSI2SK")}}));
  EXPECT_EQ(spec.ttl_attribute, "ttl");
  EXPECT_TRUE(spec.stream);
  EXPECT_TRUE(spec.deletion_protection);
}

}  // namespace
}  // namespace zael::records
