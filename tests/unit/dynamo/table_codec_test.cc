#include "dynamo/table_codec.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::dynamo {
namespace {

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
}

const std::string kKeys = R"("KeySchema":[{"AttributeName":"PK","KeyType":"HASH"}],)"
                          R"("AttributeDefinitions":[{"AttributeName":"PK","AttributeType":"S"}])";

TEST(TableCodec, ATableWithoutRangeKeyIndexesOrStreamIsRead) {
  const auto state =
      ReadTable(R"({"TableDescription":{"TableName":"T","TableStatus":"ACTIVE",)" + kKeys + "}}");
  ASSERT_TRUE(state.ok());
  EXPECT_TRUE(state->active);
  EXPECT_FALSE(state->description.spec.keys.range.has_value());
  EXPECT_FALSE(state->description.spec.stream);
  EXPECT_TRUE(state->stream_arn.empty());
}

TEST(TableCodec, ASwitchedOffStreamIsOffAndKeepsItsAddress) {
  const auto state = ReadTable(R"({"Table":{"TableName":"T","LatestStreamArn":"arn:s",)"
                               R"("StreamSpecification":{"StreamEnabled":false},)" +
                               kKeys + "}}");
  ASSERT_TRUE(state.ok());
  EXPECT_FALSE(state->description.spec.stream);
  EXPECT_EQ(state->stream_arn, "arn:s");
}

TEST(TableCodec, ExpiryIsOnlyWhatIsOnOrAboutToBe) {
  const auto read = [](const std::string& status) {
    return *ReadTimeToLive(R"({"TimeToLiveDescription":{"TimeToLiveStatus":")" + status +
                           R"(","AttributeName":"ttl"}})");
  };
  EXPECT_EQ(read("ENABLED"), "ttl");
  EXPECT_EQ(read("ENABLING"), "ttl");
  EXPECT_EQ(read("DISABLING"), std::nullopt);
  EXPECT_EQ(read("DISABLED"), std::nullopt);
}

TEST(TableCodec, WhatCannotBeReadIsNeverAnEmptyAnswer) {
  for (const char* body : {"", "[]", "{}", R"({"Table":{"TableName":"T"}})",
                           R"({"Table":{"TableName":"T","KeySchema":[{"AttributeName":"PK",)"
                           R"("KeyType":"HASH"}],"AttributeDefinitions":[]}})"}) {
    EXPECT_EQ(CodeOf(ReadTable(body)), "unavailable") << body;
  }
  EXPECT_EQ(CodeOf(ReadTimeToLive("{}")), "unavailable");
  EXPECT_EQ(CodeOf(ReadTableNames("{}")), "unavailable");
  EXPECT_EQ(CodeOf(ReadTags("x")), "unavailable");
}

TEST(TableCodec, TimesFromOtherWorldsDoNoHarm) {
  for (const char* time : {"1e300", "-5", "\"x\""}) {
    EXPECT_EQ(CodeOf(ReadTable(R"({"Table":{"TableName":"T","CreationDateTime":)" +
                               std::string(time) + "," + kKeys + "}}")),
              "ok");
  }
}

}  // namespace
}  // namespace zael::dynamo
