#include "open/store_choice.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace zael::open {
namespace {

using Pairs = std::map<std::string, std::string>;

Result<StoreChoice> Choose(const StoreWish& wish, const Pairs& variables = {}) {
  return ChooseStore(wish, [&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string Text(const Result<StoreChoice>& choice) {
  if (!choice.ok()) return std::string(ErrorCodeName(choice.error().code()));
  const std::string kind = choice->kind == StoreKind::kDynamo ? "dynamo" : "embedded";
  return kind + "|" + choice->because + "|" + choice->endpoint_url;
}

TEST(StoreChoice, NothingGivenIsTheEmbeddedEngine) {
  EXPECT_EQ(Text(Choose({})), "embedded||");
  EXPECT_EQ(Text(Choose({}, {{"AWS_REGION", "eu-west-1"}, {"AWS_ENDPOINT_URL", ""}})), "embedded||")
      << "a region of the environment is everybody's";
}

TEST(StoreChoice, AnEndpointOrARegionIsDynamoDb) {
  EXPECT_EQ(Text(Choose({.endpoint_url = "http://x:1"})), "dynamo|--endpoint-url|http://x:1");
  EXPECT_EQ(Text(Choose({.region = "eu-west-1"})), "dynamo|--region|");
  EXPECT_EQ(Text(Choose({.store = "aws"})), "dynamo|--store aws|");
  EXPECT_EQ(Text(Choose({}, {{"ZAEL_STORE", "aws"}})), "dynamo|ZAEL_STORE aws|");
  EXPECT_EQ(Text(Choose({}, {{"AWS_ENDPOINT_URL", "http://y"}})),
            "dynamo|AWS_ENDPOINT_URL|http://y");
}

TEST(StoreChoice, TheServicesOwnEndpointGoesFirst) {
  const Pairs both{{"AWS_ENDPOINT_URL", "http://y"}, {"AWS_ENDPOINT_URL_DYNAMODB", "http://z"}};
  EXPECT_EQ(Text(Choose({}, both)), "dynamo|AWS_ENDPOINT_URL_DYNAMODB|http://z");
  EXPECT_EQ(Text(Choose({.endpoint_url = "http://x"}, both)), "dynamo|--endpoint-url|http://x");
  EXPECT_EQ(Text(Choose({.region = "eu-west-1"}, both)), "dynamo|--region|http://z")
      << "a region alone does not move the address";
}

TEST(StoreChoice, WhatIsGivenGoesBeforeVariables) {
  const Pairs dynamo{{"ZAEL_STORE", "aws"}, {"AWS_ENDPOINT_URL", "http://y"}};
  EXPECT_EQ(Text(Choose({.store = "embedded"}, dynamo)), "embedded|--store embedded|");
  EXPECT_EQ(Text(Choose({.data_dir = "/d"}, dynamo)), "embedded|--data-dir|");
  EXPECT_EQ(Text(Choose({.region = "eu-west-1", .data_dir = "/d"}, {})), "dynamo|--region|");
  EXPECT_EQ(Text(Choose({}, {{"ZAEL_STORE", "embedded"}, {"AWS_ENDPOINT_URL", "http://y"}})),
            "embedded|ZAEL_STORE embedded|");
}

TEST(StoreChoice, ConfiguredEndpointsCanBeSwitchedOff) {
  EXPECT_EQ(Text(Choose({}, {{"AWS_ENDPOINT_URL", "http://y"},
                             {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}})),
            "embedded||");
}

TEST(StoreChoice, ContradictionsAndUnknownStoresAreRefused) {
  EXPECT_EQ(Text(Choose({.store = "embedded", .region = "eu-west-1"})), "invalid_argument");
  EXPECT_EQ(Text(Choose({.store = "embedded", .endpoint_url = "http://x"})), "invalid_argument");
  EXPECT_EQ(Text(Choose({.store = "redis"})), "invalid_argument");
  EXPECT_EQ(Text(Choose({}, {{"ZAEL_STORE", "redis"}})), "invalid_argument");
}

}  // namespace
}  // namespace zael::open
