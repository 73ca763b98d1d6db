#include "dynamo/stream_codec.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::dynamo {
namespace {

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
}

TEST(StreamCodec, CallsGoToTheStreamsService) {
  const Call call = RenderShardIterator("arn:s", "shard", std::nullopt);
  EXPECT_EQ(TargetOf(call), "DynamoDBStreams_20120810.GetShardIterator");
  EXPECT_EQ(call.body,
            R"({"StreamArn":"arn:s","ShardId":"shard","ShardIteratorType":"TRIM_HORIZON"})");
  EXPECT_EQ(RenderDescribeStream("arn:s", "shard").body,
            R"({"StreamArn":"arn:s","ExclusiveStartShardId":"shard"})");
  EXPECT_EQ(RenderGetRecords("it").body, R"({"ShardIterator":"it","Limit":1000})");
}

TEST(StreamCodec, ARecordHasItsImagesAndItsTime) {
  const auto page = ReadRecords(
      R"({"Records":[{"eventName":"MODIFY","dynamodb":{"SequenceNumber":"000111",)"
      R"("ApproximateCreationDateTime":1767225600,"Keys":{"PK":{"S":"A"}},)"
      R"("OldImage":{"PK":{"S":"A"},"v":{"N":"1"}},"NewImage":{"PK":{"S":"A"},"v":{"N":"2"}}}}],)"
      R"("NextShardIterator":"next"})");
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->records.size(), 1U);
  const StreamRecord& record = page->records[0];
  EXPECT_EQ(record.sequence, "000111");
  EXPECT_EQ(record.change.kind, ChangeKind::kModify);
  EXPECT_EQ(record.change.at, WallTime(std::chrono::seconds(1767225600)));
  EXPECT_EQ(record.change.key, (Key{{"PK", "A"}}));
  EXPECT_EQ(record.change.old_item, (Item{{"PK", "A"}, {"v", 1}}));
  EXPECT_EQ(record.change.new_item, (Item{{"PK", "A"}, {"v", 2}}));
  EXPECT_FALSE(record.change.by_expiry);
  EXPECT_EQ(page->next, "next");
}

TEST(StreamCodec, ARemovalByTheServiceIsExpiry) {
  const auto page =
      ReadRecords(R"({"Records":[{"eventName":"REMOVE","userIdentity":{"Type":"Service",)"
                  R"("PrincipalId":"dynamodb.amazonaws.com"},"dynamodb":{"SequenceNumber":"1",)"
                  R"("Keys":{"PK":{"S":"A"}}}}]})");
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->records[0].change.by_expiry);
  EXPECT_EQ(page->next, std::nullopt);
}

TEST(StreamCodec, AShardIsOpenUntilItHasAnEnd) {
  const auto page = ReadShards(
      R"({"StreamDescription":{"Shards":[{"ShardId":"a","SequenceNumberRange":)"
      R"({"StartingSequenceNumber":"1","EndingSequenceNumber":"5"}},{"ShardId":"b",)"
      R"("SequenceNumberRange":{"StartingSequenceNumber":"6"}}],"LastEvaluatedShardId":"b"}})");
  ASSERT_TRUE(page.ok());
  EXPECT_FALSE(page->shards[0].open);
  EXPECT_TRUE(page->shards[1].open);
  EXPECT_EQ(page->next, "b");
}

TEST(StreamCodec, WhatCannotBeReadIsNeverAnEmptyAnswer) {
  EXPECT_EQ(CodeOf(ReadShards("{}")), "unavailable");
  EXPECT_EQ(CodeOf(ReadShardIterator("{}")), "unavailable");
  EXPECT_EQ(CodeOf(ReadRecords("{}")), "unavailable");
  EXPECT_EQ(CodeOf(ReadRecords(R"({"Records":[{"eventName":"INSERT"}]})")), "unavailable");
  EXPECT_EQ(CodeOf(ReadRecords(R"({"Records":[{"eventName":"OTHER","dynamodb":)"
                               R"({"SequenceNumber":"1","Keys":{}}}]})")),
            "unavailable");
}

}  // namespace
}  // namespace zael::dynamo
