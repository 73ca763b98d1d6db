#include "cli/local/access_keys.h"

#include <gtest/gtest.h>

namespace zael::cli {
namespace {

using endpoint::AccessKeys;

TEST(AccessKeys, AreReadALineEach) {
  const auto keys = ParseAccessKeys("# ours\n AKID  se/cr+et= \r\n\nOTHER\tx # theirs", "keys");
  ASSERT_TRUE(keys.ok()) << keys.error().message();
  EXPECT_EQ(*keys, (AccessKeys{{"AKID", "se/cr+et="}, {"OTHER", "x"}}));
}

TEST(AccessKeys, AFaultNamesItsLineAndNoKey) {
  for (const char* text : {"A b\nonly-an-id\n", "A b\nid secret more\n"}) {
    const auto keys = ParseAccessKeys(text, "keys");
    ASSERT_FALSE(keys.ok()) << text;
    EXPECT_EQ(keys.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(keys.error().message(), "read keys keys: line 2 is not `ID SECRET`");
  }
  EXPECT_FALSE(ParseAccessKeys("# nothing\n", "keys").ok());
  EXPECT_EQ(ReadAccessKeys("/nowhere/keys").error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace zael::cli
