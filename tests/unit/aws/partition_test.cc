#include "aws/partition.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::aws {
namespace {

TEST(Partition, FollowsFromTheRegionsName) {
  EXPECT_EQ(PartitionOf("eu-west-1").name, "aws");
  EXPECT_EQ(PartitionOf("cn-north-1").suffix, "amazonaws.com.cn");
  EXPECT_EQ(PartitionOf("us-gov-east-1").name, "aws-us-gov");
  EXPECT_EQ(PartitionOf("us-iso-west-1").name, "aws-iso");
  EXPECT_EQ(PartitionOf("us-isob-east-1").name, "aws-iso-b");
  EXPECT_EQ(PartitionOf("zz-unheard-of-1").suffix, "amazonaws.com");
}

TEST(Partition, ARegionIsOneLabelOfAHostsName) {
  for (const char* region : {"us-east-1", "local", "A9"}) EXPECT_TRUE(IsRegionName(region));
  for (const char* text : {"", "-a", "a-", "a.b", "a/b", "a b", "\xc3\xa9"}) {
    EXPECT_FALSE(IsRegionName(text)) << text;
  }
  EXPECT_TRUE(IsRegionName(std::string(63, 'a')));
  EXPECT_FALSE(IsRegionName(std::string(64, 'a')));
}

}  // namespace
}  // namespace zael::aws
