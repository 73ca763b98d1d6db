#include "dynamo/change_client.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/dynamo/scripted_service.h"

namespace zael::dynamo {
namespace {

const std::string kTable =
    R"({"Table":{"TableName":"T","TableStatus":"ACTIVE","LatestStreamArn":"arn:s","KeySchema":[)"
    R"({"AttributeName":"PK","KeyType":"HASH"}],"AttributeDefinitions":[)"
    R"({"AttributeName":"PK","AttributeType":"S"}]}})";

std::string Shards(const std::vector<std::pair<std::string, bool>>& shards) {
  std::string body;
  for (const auto& [id, open] : shards) {
    body += (body.empty() ? "" : ",") + (R"({"ShardId":")" + id + R"(","SequenceNumberRange":{)") +
            R"("StartingSequenceNumber":"1")" + (open ? "" : R"(,"EndingSequenceNumber":"9")") +
            "}}";
  }
  return R"({"StreamDescription":{"Shards":[)" + body + "]}}";
}

// `at`: seconds after the simulation's start.
std::string Record(int sequence, int at) {
  return R"({"eventName":"INSERT","dynamodb":{"SequenceNumber":")" + std::to_string(sequence) +
         R"(","ApproximateCreationDateTime":)" +
         std::to_string(testing::kSimulationStartMs / 1000 + at) + R"(,"Keys":{"PK":{"S":")" +
         std::to_string(sequence) + R"("}}}})";
}

class ChangeClientTest : public ::testing::Test {
 protected:
  ScriptedService& service() { return *scripted_.service; }

  // The answers to reading one shard: an iterator, one page, its end.
  void AnswerShard(const std::vector<std::string>& records) {
    service().Answer(R"({"ShardIterator":"i"})");
    std::string list;
    for (const std::string& record : records) list += (list.empty() ? "" : ",") + record;
    service().Answer(R"({"Records":[)" + list + "]}");
  }
  void AnswerStream(const std::vector<std::pair<std::string, bool>>& shards) {
    service().Answer(kTable);
    service().Answer(Shards(shards));
  }

  ChangePage Read(ChangeClient& client, ChangePosition after, std::size_t max) {
    auto page = client.ReadChanges("T", after, max);
    EXPECT_TRUE(page.ok()) << page.error().message();
    return page.ok() ? *page : ChangePage();
  }
  static std::string Keys(const ChangePage& page) {
    std::string keys;
    for (const Change& change : page.changes) {
      keys += *change.key.Find("PK")->As<std::string>() + " ";
    }
    return keys;
  }

  ScriptedRunner scripted_;
  TableSchemas schemas_;
  TableClient tables_{*scripted_.runner, schemas_, std::chrono::minutes(1)};
  ChangeClient client_{*scripted_.runner, tables_};
};

TEST_F(ChangeClientTest, OneShardIsReadInItsOrder) {
  AnswerStream({{"s1", true}});
  AnswerShard({Record(1, 0), Record(2, 0), Record(3, 5)});
  const ChangePage page = Read(client_, 0, 10);
  EXPECT_EQ(Keys(page), "1 2 3 ");
  EXPECT_LT(page.changes[0].position, page.changes[1].position);
  EXPECT_LT(page.changes[1].position, page.changes[2].position);
  EXPECT_EQ(page.next, page.changes[2].position);
}

TEST_F(ChangeClientTest, ReadingGoesOnFromASequenceNumberThatIsRemembered) {
  AnswerStream({{"s1", true}});
  AnswerShard({Record(1, 0), Record(2, 5), Record(3, 5)});
  const ChangePage first = Read(client_, 0, 2);
  EXPECT_EQ(Keys(first), "1 2 ");
  AnswerStream({{"s1", true}});
  AnswerShard({Record(2, 5), Record(3, 5), Record(4, 5)});
  EXPECT_EQ(Keys(Read(client_, first.next, 10)), "3 4 ");
  EXPECT_EQ(service().asked()[6].body,
            R"({"StreamArn":"arn:s","ShardId":"s1",)"
            R"("ShardIteratorType":"AFTER_SEQUENCE_NUMBER","SequenceNumber":"1"})");
}

TEST_F(ChangeClientTest, ANewProcessFindsTheSamePositions) {
  const std::vector<std::string> all = {Record(1, 0), Record(2, 5), Record(3, 5), Record(4, 6)};
  AnswerStream({{"s1", true}});
  AnswerShard(all);
  const ChangePage first = Read(client_, 0, 2);
  ChangeClient other(*scripted_.runner, tables_);
  AnswerStream({{"s1", true}});
  AnswerShard(all);
  EXPECT_EQ(Keys(Read(other, first.next, 10)), "3 4 ");
}

TEST_F(ChangeClientTest, TimesThatFallBackLoseNoRecord) {
  const std::vector<std::string> all = {Record(1, 5), Record(2, 4), Record(3, 6)};
  AnswerStream({{"s1", true}});
  AnswerShard(all);
  const ChangePage first = Read(client_, 0, 1);
  ChangeClient other(*scripted_.runner, tables_);
  AnswerStream({{"s1", true}});
  AnswerShard(all);
  EXPECT_EQ(Keys(Read(other, first.next, 10)), "2 3 ");
}

TEST_F(ChangeClientTest, ShardsAreMergedBySecond) {
  scripted_.clock->Advance(std::chrono::minutes(1));
  AnswerStream({{"s1", true}, {"s2", true}});
  AnswerShard({Record(1, 0), Record(3, 2)});
  AnswerShard({Record(2, 1), Record(4, 2)});
  EXPECT_EQ(Keys(Read(client_, 0, 10)), "1 2 3 4 ");
}

TEST_F(ChangeClientTest, WithSeveralOpenShardsASecondIsShownWhenItHasSettled) {
  scripted_.clock->Advance(std::chrono::seconds(10));
  AnswerStream({{"s1", true}, {"s2", true}});
  AnswerShard({Record(1, 6), Record(2, 7)});
  AnswerShard({Record(3, 9)});
  EXPECT_EQ(Keys(Read(client_, 0, 10)), "1 ");
  AnswerStream({{"s1", false}, {"s2", true}});
  AnswerShard({Record(2, 7)});
  AnswerShard({Record(3, 9)});
  EXPECT_EQ(Keys(Read(client_, 0, 10)), "2 3 ") << "a closed shard adds nothing";
}

TEST_F(ChangeClientTest, AShardIsReadOnlyAsFarAsThePageNeeds) {
  AnswerStream({{"s1", true}});
  service().Answer(R"({"ShardIterator":"i"})");
  service().Answer(R"({"Records":[)" + Record(1, 0) + "," + Record(2, 1) + "," + Record(3, 2) +
                   R"(],"NextShardIterator":"j"})");
  EXPECT_EQ(Keys(Read(client_, 0, 2)), "1 2 ");
  EXPECT_EQ(service().asked().size(), 4U);
}

TEST_F(ChangeClientTest, AnOpenShardEndsWithSomeEmptyPages) {
  AnswerStream({{"s1", true}});
  service().Answer(R"({"ShardIterator":"i"})");
  for (int i = 0; i < 2; ++i) service().Answer(R"({"Records":[],"NextShardIterator":"j"})");
  service().Answer(R"({"Records":[)" + Record(1, 0) + R"(],"NextShardIterator":"k"})");
  for (int i = 0; i < 3; ++i) service().Answer(R"({"Records":[],"NextShardIterator":"l"})");
  EXPECT_EQ(Keys(Read(client_, 0, 10)), "1 ");
}

TEST_F(ChangeClientTest, ATableWithoutAStreamHasNoChanges) {
  service().Answer(
      R"({"Table":{"TableName":"T","KeySchema":[{"AttributeName":"PK","KeyType":"HASH"}],)"
      R"("AttributeDefinitions":[{"AttributeName":"PK","AttributeType":"S"}]}})");
  EXPECT_TRUE(Read(client_, 7, 10).changes.empty());
  service().Refuse("ResourceNotFoundException");
  EXPECT_EQ(client_.ReadChanges("T", 0, 10).error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace zael::dynamo
