#include "dynamo/table_schemas.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::dynamo {
namespace {

TableSpec Named(const std::string& name) {
  TableSpec spec;
  spec.name = name;
  return spec;
}

TEST(TableSchemas, KnowsWhatItWasTold) {
  TableSchemas schemas;
  EXPECT_EQ(schemas.Find("a"), nullptr);
  schemas.Put(Named("a"));
  ASSERT_NE(schemas.Find("a"), nullptr);
  schemas.Forget("a");
  EXPECT_EQ(schemas.Find("a"), nullptr);
}

TEST(TableSchemas, P28_TheOneUnusedLongestMakesRoom) {
  TableSchemas schemas;
  for (std::size_t i = 0; i < TableSchemas::kCapacity; ++i) {
    schemas.Put(Named(std::to_string(i)));
  }
  EXPECT_NE(schemas.Find("0"), nullptr);
  schemas.Put(Named("new"));
  EXPECT_NE(schemas.Find("0"), nullptr) << "used a moment ago";
  EXPECT_EQ(schemas.Find("1"), nullptr);
}

}  // namespace
}  // namespace zael::dynamo
