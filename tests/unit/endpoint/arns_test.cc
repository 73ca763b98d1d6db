#include "endpoint/arns.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace zael::endpoint {
namespace {

TEST(Arns, NameTablesIndexesAndStreams) {
  EXPECT_EQ(TableArn("eu-west-1", "demo"), "arn:aws:dynamodb:eu-west-1:000000000000:table/demo");
  EXPECT_EQ(IndexArn("eu-west-1", "demo", "GSI1"),
            "arn:aws:dynamodb:eu-west-1:000000000000:table/demo/index/GSI1");
  EXPECT_EQ(StreamArn("r", "t-1", StreamLabel(FromEpochMs(1'769'903'999'007))),
            "arn:aws:dynamodb:r:000000000000:table/t-1/stream/2026-01-31T23:59:59.007");
}

TEST(Arns, AreReadAsTheyAreWritten) {
  const auto table = ParseArn(TableArn("eu-west-1", "a.b_c-d"));
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->region, "eu-west-1");
  EXPECT_EQ(table->table, "a.b_c-d");
  EXPECT_EQ(table->stream_label, "");
  const auto stream = ParseArn(StreamArn("r", "t", "2026-01-31T23:59:59.007"));
  ASSERT_TRUE(stream.has_value());
  EXPECT_EQ(stream->table, "t");
  EXPECT_EQ(stream->stream_label, "2026-01-31T23:59:59.007");
}

TEST(Arns, OfAnythingElseAreRefused) {
  for (const char* text :
       {"", "demo", "arn:aws:s3:::demo", "arn:aws:dynamodb:", "arn:aws:dynamodb:r:1:table/",
        "arn:aws:dynamodb::1:table/demo", "arn:aws:dynamodb:r:table/demo",
        "arn:aws:dynamodb:r:1:table/demo/backup/1", "arn:aws:dynamodb:r:1:table/demo/stream/",
        "arn:aws-cn:dynamodb:r:1:table/demo"}) {
    EXPECT_FALSE(ParseArn(text).has_value()) << text;
  }
}

TEST(Arns, MayStandForATableName) {
  EXPECT_EQ(*TableNameOf("demo"), "demo");
  EXPECT_EQ(*TableNameOf("arn:aws:dynamodb:r:1:table/demo"), "demo");
  EXPECT_FALSE(TableNameOf("arn:aws:dynamodb:r:1:table/demo/stream/x").ok());
  EXPECT_EQ(
      TableNameOf("arn:nonsense").error(),
      ValidationError("Invalid TableArn: Invalid ResourceArn provided as input arn:nonsense"));
}

}  // namespace
}  // namespace zael::endpoint
