#include "endpoint/streams/stream_operations.h"

#include <vector>

#include "tests/unit/endpoint/tables/table_plane_fixture.h"

namespace zael::endpoint {
namespace {

class Streams : public TablePlaneTest {
 protected:
  static constexpr const char* kStreamed =
      R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"})";

  void Put(const std::string& key, int value) {
    const auto done = store_.stores().items->Put(
        {.table = "demo", .item = {{"pk", key}, {"v", value}}, .condition = {}, .deadline = {}});
    ASSERT_TRUE(done.ok());
  }

  std::string StreamArnOf(const std::string& table = "demo") {
    return Member(Call("DescribeTable", Named(table)), {"Table", "LatestStreamArn"});
  }

  std::string ShardOf(const std::string& arn) {
    return Member(Call("DescribeStream", R"({"StreamArn":")" + arn + "\"}"),
                  {"StreamDescription", "Shards", "0", "ShardId"});
  }

  std::string IteratorRequest(const std::string& arn, const std::string& type,
                              const std::string& number = "") {
    return R"({"StreamArn":")" + arn + R"(","ShardId":")" + ShardOf(arn) +
           R"(","ShardIteratorType":")" + type + "\"" +
           (number.empty() ? "" : R"(,"SequenceNumber":")" + number + "\"") + "}";
  }

  std::string Iterator(const std::string& arn, const std::string& type,
                       const std::string& number = "") {
    return Member(Call("GetShardIterator", IteratorRequest(arn, type, number)), {"ShardIterator"});
  }

  std::string Records(const std::string& iterator, int limit = 1000) {
    return Call("GetRecords",
                R"({"ShardIterator":")" + iterator + R"(","Limit":)" + std::to_string(limit) + "}");
  }

  // `INSERT a` for each record from the iterator on, page by page, until a page is empty or last.
  std::vector<std::string> ReadAll(std::string iterator, int limit = 1000) {
    std::vector<std::string> events;
    while (iterator != "absent") {
      const std::string page = Records(iterator, limit);
      int i = 0;
      for (;; ++i) {
        const std::string at = std::to_string(i);
        const std::string name = Member(page, {"Records", at.c_str(), "eventName"});
        if (name == "absent") break;
        events.push_back(name + " " +
                         Member(page, {"Records", at.c_str(), "dynamodb", "Keys", "pk", "S"}));
      }
      iterator = Member(page, {"NextShardIterator"});
      if (i == 0) break;
      EXPECT_LE(i, limit);
    }
    return events;
  }

  using Events = std::vector<std::string>;
};

TEST_F(Streams, ShowEveryChangeWithItsImages) {
  MakeTable("demo", kStreamed);
  Put("a", 1);
  clock_->Advance(std::chrono::milliseconds(2'500));
  Put("a", 2);
  const std::string page = Records(Iterator(StreamArnOf(), "TRIM_HORIZON"));
  const std::string id = Member(page, {"Records", "1", "eventID"});
  const std::string number = Member(page, {"Records", "1", "dynamodb", "SequenceNumber"});
  EXPECT_EQ(id.size(), 32U);
  const std::string second =
      R"({"awsRegion":"eu-west-1","eventID":")" + id +
      R"(","eventName":"MODIFY","eventSource":"aws:dynamodb","eventVersion":"1.1",)" +
      R"("dynamodb":{"ApproximateCreationDateTime":1767225602,"Keys":{"pk":{"S":"a"}},)" +
      R"("NewImage":{"pk":{"S":"a"},"v":{"N":"2"}},"OldImage":{"pk":{"S":"a"},"v":{"N":"1"}},)" +
      R"("SequenceNumber":")" + number +
      R"(","SizeBytes":15,"StreamViewType":"NEW_AND_OLD_IMAGES"}})";
  EXPECT_NE(page.find(second), std::string::npos) << page;
  EXPECT_EQ(Member(page, {"Records", "0", "dynamodb", "OldImage"}), "absent");
  EXPECT_NE(Member(page, {"Records", "0", "eventID"}), id);
  EXPECT_EQ(Member(Records(Iterator(StreamArnOf(), "TRIM_HORIZON")), {"Records", "1", "eventID"}),
            id)
      << "a change read twice is the same event";
}

TEST_F(Streams, AreReadFromAnyPlace) {
  MakeTable("demo", kStreamed);
  const std::string arn = StreamArnOf();
  for (const char* key : {"a", "b", "c"}) Put(key, 1);
  const std::string latest = Iterator(arn, "LATEST");
  const std::string page = Records(Iterator(arn, "TRIM_HORIZON"));
  const std::string second = Member(page, {"Records", "1", "dynamodb", "SequenceNumber"});
  EXPECT_EQ(ReadAll(Iterator(arn, "AT_SEQUENCE_NUMBER", second)), (Events{"INSERT b", "INSERT c"}));
  EXPECT_EQ(ReadAll(Iterator(arn, "AFTER_SEQUENCE_NUMBER", second)), (Events{"INSERT c"}));
  EXPECT_EQ(ReadAll(latest), Events{});
  Put("d", 1);
  EXPECT_EQ(ReadAll(latest), Events{"INSERT d"});
  const std::string start =
      Member(Call("DescribeStream", R"({"StreamArn":")" + arn + "\"}"),
             {"StreamDescription", "Shards", "0", "SequenceNumberRange", "StartingSequenceNumber"});
  EXPECT_EQ(ReadAll(Iterator(arn, "AT_SEQUENCE_NUMBER", start)).size(), 4U);
}

TEST_F(Streams, ArePagedAlsoThroughTheMiddleOfATransaction) {
  MakeTable("demo", kStreamed);
  Put("0", 1);
  TransactWriteRequest transaction;
  Events expected{"INSERT 0"};
  for (int i = 1; i <= 7; ++i) {
    const std::string key = std::to_string(i);
    transaction.items.push_back(
        PutRequest{.table = "demo", .item = {{"pk", key}}, .condition = {}, .deadline = {}});
    expected.push_back("INSERT " + key);
  }
  ASSERT_TRUE(store_.stores().items->TransactWrite(transaction)->applied);
  Put("8", 1);
  expected.push_back("INSERT 8");
  for (const int limit : {1, 2, 3, 5, 8, 1000}) {
    EXPECT_EQ(ReadAll(Iterator(StreamArnOf(), "TRIM_HORIZON"), limit), expected) << limit;
  }
}

TEST_F(Streams, APageEndsAtAMegabyte) {
  MakeTable("demo", kStreamed);
  for (int i = 0; i < 5; ++i) {
    const Item item{{"pk", std::to_string(i)}, {"big", std::string(300'000, 'x')}};
    ASSERT_TRUE(store_.stores()
                    .items->Put({.table = "demo", .item = item, .condition = {}, .deadline = {}})
                    .ok());
  }
  const std::string page = Records(Iterator(StreamArnOf(), "TRIM_HORIZON"));
  EXPECT_NE(Member(page, {"Records", "2"}), "absent");
  EXPECT_EQ(Member(page, {"Records", "3"}), "absent");
  EXPECT_EQ(ReadAll(Iterator(StreamArnOf(), "TRIM_HORIZON")).size(), 5U);
}

TEST_F(Streams, ShowTheImagesOfTheirView) {
  MakeTable("demo",
            R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"})");
  Put("a", 1);
  const std::string page = Records(Iterator(StreamArnOf(), "TRIM_HORIZON"));
  EXPECT_EQ(Member(page, {"Records", "0", "dynamodb", "NewImage"}), "absent");
  EXPECT_EQ(Member(page, {"Records", "0", "dynamodb", "Keys", "pk", "S"}), "a");
}

TEST_F(Streams, NameTheServiceWhereItRemovedAnItem) {
  MakeTable("demo", kStreamed);
  ASSERT_EQ(
      Refusal("UpdateTimeToLive", Named("demo", R"(,"TimeToLiveSpecification":{"Enabled":true,)"
                                                R"("AttributeName":"v"})")),
      "ok");
  Put("a", static_cast<int>(clock_->NowMs() / 1000) + 1);
  clock_->Advance(std::chrono::seconds(5));
  ASSERT_EQ(store_.Expire(), 1U);
  const std::string page = Records(Iterator(StreamArnOf(), "TRIM_HORIZON"));
  EXPECT_EQ(Member(page, {"Records", "0", "userIdentity"}), "absent");
  EXPECT_EQ(Member(page, {"Records", "1", "userIdentity", "PrincipalId"}),
            "dynamodb.amazonaws.com");
}

TEST_F(Streams, ADisabledOneEndsAndANewOneBeginsAfterIt) {
  MakeTable("demo", kStreamed);
  const std::string first = StreamArnOf();
  Put("a", 1);
  const auto update = [this](const char* more) {
    clock_->Advance(std::chrono::seconds(1));
    EXPECT_EQ(Refusal("UpdateTable", Named("demo", more)), "ok");
  };
  update(R"(,"StreamSpecification":{"StreamEnabled":false})");
  Put("unseen", 1);
  EXPECT_EQ(Member(Call("DescribeStream", R"({"StreamArn":")" + first + "\"}"),
                   {"StreamDescription", "StreamStatus"}),
            "DISABLED");
  EXPECT_EQ(ReadAll(Iterator(first, "TRIM_HORIZON")), Events{"INSERT a"});
  update(kStreamed);
  const std::string second = StreamArnOf();
  EXPECT_NE(first, second);
  Put("b", 1);
  EXPECT_EQ(ReadAll(Iterator(second, "TRIM_HORIZON")), Events{"INSERT b"});
  EXPECT_EQ(ReadAll(Iterator(first, "TRIM_HORIZON")), Events{"INSERT a"});
  EXPECT_EQ(Member(Records(Iterator(first, "LATEST")), {"NextShardIterator"}), "absent");
  const std::string listed = Call("ListStreams", Named("demo"));
  EXPECT_EQ(Member(listed, {"Streams", "0", "StreamArn"}), first);
  EXPECT_EQ(Member(listed, {"Streams", "1", "StreamArn"}), second);
}

TEST_F(Streams, AreListedPageByPage) {
  for (const char* name : {"one", "two", "six"}) MakeTable(name, kStreamed);
  MakeTable("none");
  const std::string page = Call("ListStreams", R"({"Limit":2})");
  EXPECT_EQ(Member(page, {"Streams", "0", "TableName"}), "one");
  EXPECT_EQ(Member(page, {"Streams", "1", "TableName"}), "six");
  const std::string last = Member(page, {"LastEvaluatedStreamArn"});
  EXPECT_EQ(last, StreamArnOf("six"));
  EXPECT_EQ(Call("ListStreams", R"({"Limit":2,"ExclusiveStartStreamArn":")" + last + "\"}"),
            R"({"Streams":[{"StreamArn":")" + StreamArnOf("two") +
                R"(","TableName":"two","StreamLabel":"2026-01-01T00:00:00.000"}]})");
  EXPECT_EQ(Call("ListStreams", Named("unknown")), R"({"Streams":[]})");
}

TEST_F(Streams, ThatAreNotThereAreNotFound) {
  MakeTable("demo", kStreamed);
  const std::string arn = StreamArnOf();
  const auto describe = [this](const std::string& stream) {
    return Refusal("DescribeStream", R"({"StreamArn":")" + stream + "\"}");
  };
  const std::string other = Arn("demo") + "/stream/2020-01-01T00:00:00.000";
  EXPECT_EQ(describe(other), "ResourceNotFoundException: Requested resource not found: Stream: " +
                                 other + " not found");
  EXPECT_TRUE(describe(Arn("none") + "/stream/2020-01-01T00:00:00.000")
                  .starts_with("ResourceNotFoundException"));
  EXPECT_TRUE(describe(Arn("demo")).starts_with("ValidationException: Invalid StreamArn"));
  EXPECT_TRUE(
      Refusal("GetShardIterator", R"({"StreamArn":")" + arn +
                                      R"(","ShardId":"shardId-00000000000000000000-00000000",)"
                                      R"("ShardIteratorType":"LATEST"})")
          .starts_with("ResourceNotFoundException"));
}

TEST_F(Streams, IteratorsNeedANumberExactlyWhenTheyBeginAtOne) {
  MakeTable("demo", kStreamed);
  const std::string arn = StreamArnOf();
  const std::string number(24, '1');
  const auto refusal = [&](const char* type, const std::string& given) {
    return Refusal("GetShardIterator", IteratorRequest(arn, type, given));
  };
  EXPECT_EQ(refusal("LATEST", ""), "ok");
  EXPECT_EQ(refusal("AT_SEQUENCE_NUMBER", number), "ok");
  EXPECT_TRUE(refusal("AT_SEQUENCE_NUMBER", "").starts_with("ValidationException"));
  EXPECT_TRUE(refusal("TRIM_HORIZON", number).starts_with("ValidationException"));
  EXPECT_TRUE(refusal("AT_SEQUENCE_NUMBER", std::string(24, '9')).starts_with("ValidationExcep"));
  const std::string iterator = Iterator(arn, "LATEST");
  clock_->Advance(std::chrono::minutes(16));
  EXPECT_TRUE(Refusal("GetRecords", R"({"ShardIterator":")" + iterator + "\"}")
                  .starts_with("ExpiredIteratorException"));
}

}  // namespace
}  // namespace zael::endpoint
