// What is stored and cannot be understood is kDataLoss, and the message names the key.
#include <gtest/gtest.h>

#include "records/bucket_record.h"
#include "records/entity_record.h"
#include "records/limit_record.h"
#include "records/system_records.h"

namespace zael::records {
namespace {

template <typename T>
void ExpectDataLoss(const Result<T>& result, std::string_view key_part,
                    std::string_view cause_part) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), ErrorCode::kDataLoss);
  EXPECT_NE(result.error().message().find(key_part), std::string::npos) << result.error().message();
  EXPECT_NE(result.error().message().find(cause_part), std::string::npos)
      << result.error().message();
}

Item GoodBucket() {
  return EncodeBucket({"k", "api", "rpm"},
                      {.state = {.params = {1000, 1000, 1000, 60'000}, .balance = {500, 1}},
                       .total_consumed_milli = 500,
                       .ttl_seconds = 5,
                       .write_id = 6});
}

TEST(MalformedBucket, NamesTheKeyAndTheMissingAttribute) {
  for (const std::string_view name : {"tokens_milli", "last_refill_ms", "capacity_milli",
                                      "burst_milli", "refill_amount_milli", "refill_period_ms"}) {
    Item item = GoodBucket();
    item.Erase(name);
    ExpectDataLoss(DecodeBucket(item), "#BUCKET#api#rpm", name);
  }
}

TEST(MalformedBucket, NamesTheAttributeOfAWrongType) {
  for (const std::string_view name :
       {"tokens_milli", "last_refill_ms", "capacity_milli", "burst_milli", "refill_amount_milli",
        "refill_period_ms", "total_consumed_milli", "ttl", "write_id", "write_epoch"}) {
    Item item = GoodBucket();
    item.Set(name, "5");
    ExpectDataLoss(DecodeBucket(item), "ENTITY#k", name);
  }
}

TEST(MalformedBucket, RefusesFractionsAndParametersNoLimitHas) {
  Item item = GoodBucket();
  item.Set("tokens_milli", *Number::Parse("0.5"));
  ExpectDataLoss(DecodeBucket(item), "ENTITY#k", "tokens_milli");
  for (const std::string_view name :
       {"capacity_milli", "burst_milli", "refill_amount_milli", "refill_period_ms"}) {
    item = GoodBucket();
    item.Set(name, 0);
    ExpectDataLoss(DecodeBucket(item), "ENTITY#k", name);
  }
  item = GoodBucket();
  for (const std::int64_t epoch : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
    item = GoodBucket();
    item.Set("write_epoch", epoch);
    ExpectDataLoss(DecodeBucket(item), "ENTITY#k", "write_epoch");
  }
  item = GoodBucket();
  item.Set("last_refill_ms", -1);
  ExpectDataLoss(DecodeBucket(item), "ENTITY#k", "last_refill_ms");
  item = GoodBucket();
  item.Set("burst_milli", 10);  // below capacity
  ExpectDataLoss(DecodeBucket(item), "ENTITY#k", "parameters");
}

TEST(MalformedLimit, NamesTheKey) {
  const Item good =
      EncodeLimit(LimitLevel::OfEntity("k", "api"), {.limit = Limit::PerMinute("rpm", 10)});
  for (const std::string_view name :
       {"limit_name", "capacity", "burst", "refill_amount", "refill_period_seconds"}) {
    Item item = good;
    item.Erase(name);
    ExpectDataLoss(DecodeLimit(item), "#LIMIT#api#rpm", name);
  }
  Item item = good;
  item.Set("capacity", 0);
  ExpectDataLoss(DecodeLimit(item), "#LIMIT#api#rpm", "capacity");
  item = good;
  item.Set("limit_name", "tpm");
  ExpectDataLoss(DecodeLimit(item), "#LIMIT#api#rpm", "limit_name");
}

TEST(MalformedEntity, NamesTheKey) {
  const Item good = EncodeEntity({.id = "k", .name = "k", .parent_id = {}, .metadata = {}});
  for (const std::string_view name : {"entity_id", "created_at"}) {
    Item item = good;
    item.Erase(name);
    ExpectDataLoss(DecodeEntity(item), "ENTITY#k", name);
  }
  for (const std::string_view name : {"name", "parent_id", "cascade", "metadata", "created_at"}) {
    Item item = good;
    item.Set(name, 1);
    ExpectDataLoss(DecodeEntity(item), "ENTITY#k", name);
  }
  Item item = good;
  item.Set("entity_id", "other");
  ExpectDataLoss(DecodeEntity(item), "ENTITY#k", "entity_id");
}

TEST(MalformedEntity, OfThePreFlatFormIsNotReadAsEmpty) {
  const Item nested{
      {"PK", "ENTITY#k"}, {"SK", "#META"}, {"data", Item{{"name", "k"}}}, {"entity_id", "k"}};
  ExpectDataLoss(DecodeEntity(nested), "ENTITY#k", "created_at");
}

TEST(MalformedSystemRecords, NameTheKey) {
  ExpectDataLoss(
      DecodeSystemConfig(Item{{"PK", "SYSTEM#"}, {"SK", "#CONFIG"}, {"on_unavailable", "maybe"}}),
      "#CONFIG", "allow or block");
  ExpectDataLoss(
      DecodeRegistry(Item{{"PK", "SYSTEM#"}, {"SK", "#RESOURCES"}, {"resources", "gpt-4"}}),
      "#RESOURCES", "resources");
  ExpectDataLoss(DecodeVersion(Item{{"PK", "SYSTEM#"}, {"SK", "#VERSION"}}), "#VERSION",
                 "schema_version");
}

}  // namespace
}  // namespace zael::records
