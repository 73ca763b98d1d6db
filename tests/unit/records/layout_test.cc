// The layout is a public contract: every record is held against the exact item, attribute by
// attribute.
#include <gtest/gtest.h>

#include "base/time.h"
#include "records/audit_record.h"
#include "records/bucket_record.h"
#include "records/entity_record.h"
#include "records/limit_record.h"
#include "records/system_records.h"

namespace zael::records {
namespace {

constexpr std::int64_t kStartMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

const Value kNull{Null()};

TEST(Layout, EntityWithoutAParent) {
  const Entity entity{.id = "k-1",
                      .name = "",
                      .parent_id = {},
                      .cascade = false,
                      .metadata = {{"plan", "gold"}},
                      .created_at = FromEpochMs(kStartMs + 999)};
  const Item item{{"PK", "ENTITY#k-1"},
                  {"SK", "#META"},
                  {"entity_id", "k-1"},
                  {"name", "k-1"},
                  {"parent_id", kNull},
                  {"cascade", false},
                  {"metadata", Item{{"plan", "gold"}}},
                  {"created_at", "2026-01-01T00:00:00Z"}};
  EXPECT_EQ(EncodeEntity(entity), item);
  Entity read = entity;
  read.name = "k-1";
  read.created_at = FromEpochMs(kStartMs);
  EXPECT_EQ(*DecodeEntity(item), read);
}

TEST(Layout, EntityWithAParentIsInTheFirstIndex) {
  const Entity entity{.id = "k-1",
                      .name = "Key one",
                      .parent_id = "org",
                      .cascade = true,
                      .metadata = {},
                      .created_at = FromEpochMs(kStartMs)};
  const Item item{{"PK", "ENTITY#k-1"},     {"SK", "#META"},
                  {"GSI1PK", "PARENT#org"}, {"GSI1SK", "CHILD#k-1"},
                  {"entity_id", "k-1"},     {"name", "Key one"},
                  {"parent_id", "org"},     {"cascade", true},
                  {"metadata", Item()},     {"created_at", "2026-01-01T00:00:00Z"}};
  EXPECT_EQ(EncodeEntity(entity), item);
  EXPECT_EQ(*DecodeEntity(item), entity);
}

TEST(Layout, EntityOfAnOlderWriterReadsWithoutCascadeAndWithAnyMetadata) {
  const Item item{
      {"PK", "ENTITY#k-1"},
      {"SK", "#META"},
      {"entity_id", "k-1"},
      {"name", "k-1"},
      {"parent_id", kNull},
      {"metadata", Item{{"seats", 5}, {"tags", List{"a", "b"}}, {"trial", true}, {"note", kNull}}},
      {"created_at", "2026-01-01T00:00:00Z"}};
  const auto entity = DecodeEntity(item);
  ASSERT_TRUE(entity.ok()) << entity.error().message();
  EXPECT_FALSE(entity->cascade);
  EXPECT_EQ(entity->metadata,
            (Metadata{{"seats", "5"}, {"tags", "a, b"}, {"trial", "true"}, {"note", ""}}));
}

Item BucketItem() {
  return Item{{"PK", "ENTITY#k-1"},
              {"SK", "#BUCKET#gpt-4#tpm"},
              {"GSI2PK", "RESOURCE#gpt-4"},
              {"GSI2SK", "BUCKET#k-1#tpm"},
              {"entity_id", "k-1"},
              {"resource", "gpt-4"},
              {"limit_name", "tpm"},
              {"tokens_milli", -1500},
              {"last_refill_ms", kStartMs},
              {"capacity_milli", 10'000'000},
              {"burst_milli", 50'000'000},
              {"refill_amount_milli", 10'000'000},
              {"refill_period_ms", 60'000},
              {"total_consumed_milli", 51'501'500},
              {"ttl", kStartMs / 1000 + 86'400},
              {"write_id", 77}};
}

BucketRecord BucketOfItem() {
  return {.state = {.params = {.capacity_milli = 10'000'000,
                               .burst_milli = 50'000'000,
                               .refill_amount_milli = 10'000'000,
                               .refill_period_ms = 60'000},
                    .balance = {.tokens_milli = -1500, .last_refill_ms = kStartMs}},
          .total_consumed_milli = 51'501'500,
          .ttl_seconds = kStartMs / 1000 + 86'400,
          .write_id = 77};
}

TEST(Layout, Bucket) {
  EXPECT_EQ(EncodeBucket({"k-1", "gpt-4", "tpm"}, BucketOfItem()), BucketItem());
  EXPECT_EQ(*DecodeBucket(BucketItem()), BucketOfItem());
}

TEST(Layout, BucketWithAnEpochOfItsWrites) {
  Item item = BucketItem();
  item.Set("write_epoch", 3);
  BucketRecord record = BucketOfItem();
  record.write_epoch = 3;
  EXPECT_EQ(EncodeBucket({"k-1", "gpt-4", "tpm"}, record), item);
  EXPECT_EQ(*DecodeBucket(item), record);
}

TEST(Layout, BucketOfAnOlderWriterHasNoCounterNoNonceAndMayHaveNoTtl) {
  Item item = BucketItem();
  item.Erase("total_consumed_milli");
  item.Erase("write_id");
  item.Erase("ttl");
  const auto record = DecodeBucket(item);
  ASSERT_TRUE(record.ok()) << record.error().message();
  EXPECT_EQ(record->total_consumed_milli, Number(0));
  EXPECT_EQ(record->write_id, std::nullopt);
  EXPECT_EQ(record->ttl_seconds, std::nullopt);
}

TEST(P16_ExpiredBucket, PastItsTtlStillReadsAsItIs) {
  Item item = BucketItem();
  item.Set("ttl", 1);
  EXPECT_EQ(DecodeBucket(item)->state, BucketOfItem().state);
}

TEST(P16_ExpiredBucket, NeverExpiresBeforeItsDebtIsRepaidAndItIsFull) {
  const BucketParams per_day{.capacity_milli = 1'000'000,
                             .burst_milli = 1'000'000,
                             .refill_amount_milli = 1'000'000,
                             .refill_period_ms = 86'400'000};
  // A day and a half to full, seven times that.
  const BucketState in_debt{per_day, {.tokens_milli = -500'000, .last_refill_ms = kStartMs}};
  EXPECT_EQ(BucketExpirySeconds(in_debt, kStartMs), kStartMs / 1000 + 7 * 129'600);
  const BucketState full{per_day, {.tokens_milli = 1'000'000, .last_refill_ms = kStartMs}};
  EXPECT_EQ(BucketExpirySeconds(full, kStartMs), kStartMs / 1000 + 86'400);
  EXPECT_EQ(BucketExpirySeconds(full, kStartMs + 1), kStartMs / 1000 + 86'401);
}

TEST(Layout, LimitsOfEveryLevel) {
  const Limit limit = Limit::Custom("rpm", 100, 150, 50, std::chrono::seconds(30));
  const LimitRecord record{.limit = limit, .config_version = 3};
  Item item{
      {"limit_name", "rpm"},         {"capacity", 100},    {"burst", 150}, {"refill_amount", 50},
      {"refill_period_seconds", 30}, {"config_version", 3}};
  const auto with = [&](std::string_view pk, std::string_view sk) {
    Item keyed = item;
    keyed.Set("PK", pk);
    keyed.Set("SK", sk);
    return keyed;
  };
  const Item system = with("SYSTEM#", "#LIMIT#rpm");
  EXPECT_EQ(EncodeLimit(LimitLevel::OfSystem(), record), system);
  EXPECT_EQ(*DecodeLimit(system), record);

  item.Set("resource", "gpt-4");
  EXPECT_EQ(EncodeLimit(LimitLevel::OfResource("gpt-4"), record),
            with("RESOURCE#gpt-4", "#LIMIT#rpm"));

  item.Set("entity_id", "k-1");
  const Item of_entity = with("ENTITY#k-1", "#LIMIT#gpt-4#rpm");
  EXPECT_EQ(EncodeLimit(LimitLevel::OfEntity("k-1", "gpt-4"), record), of_entity);
  EXPECT_EQ(*DecodeLimit(of_entity), record);
}

TEST(Layout, SystemConfig) {
  const SystemConfigRecord record{.on_unavailable = OnUnavailable::kAllow, .config_version = 2};
  const Item item{
      {"PK", "SYSTEM#"}, {"SK", "#CONFIG"}, {"on_unavailable", "allow"}, {"config_version", 2}};
  EXPECT_EQ(EncodeSystemConfig(record), item);
  EXPECT_EQ(*DecodeSystemConfig(item), record);
}

TEST(Layout, Registry) {
  const Item item{
      {"PK", "SYSTEM#"}, {"SK", "#RESOURCES"}, {"resources", StringSet{{"api", "gpt-4"}}}};
  EXPECT_EQ(*DecodeRegistry(item), (std::vector<std::string>{"api", "gpt-4"}));
}

TEST(Layout, Version) {
  const VersionRecord record{.schema_version = "1.0.0",
                             .lambda_version = {},
                             .client_min_version = "0.0.0",
                             .updated_at = FromEpochMs(kStartMs),
                             .updated_by = "deploy"};
  const Item item{{"PK", "SYSTEM#"},
                  {"SK", "#VERSION"},
                  {"schema_version", "1.0.0"},
                  {"lambda_version", kNull},
                  {"client_min_version", "0.0.0"},
                  {"updated_at", "2026-01-01T00:00:00Z"},
                  {"updated_by", "deploy"}};
  EXPECT_EQ(EncodeVersion(record), item);
  const auto read = DecodeVersion(item);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(EncodeVersion(*read), item);
}

TEST(Layout, AuditEventExpiresAfterTheRetention) {
  const AuditEvent event{.subject = "$RESOURCE:gpt-4",
                         .event_id = "01JGFJJZ000000000000000000",
                         .timestamp = FromEpochMs(kStartMs),
                         .action = "limits_set",
                         .principal = {},
                         .resource = "gpt-4",
                         .details = {{"limits", "rpm:100"}}};
  const Item item{{"PK", "AUDIT#$RESOURCE:gpt-4"},
                  {"SK", "#AUDIT#01JGFJJZ000000000000000000"},
                  {"entity_id", "$RESOURCE:gpt-4"},
                  {"event_id", "01JGFJJZ000000000000000000"},
                  {"timestamp", "2026-01-01T00:00:00Z"},
                  {"action", "limits_set"},
                  {"principal", kNull},
                  {"resource", "gpt-4"},
                  {"details", Item{{"limits", "rpm:100"}}},
                  {"ttl", kStartMs / 1000 + 90 * 86'400}};
  EXPECT_EQ(EncodeAudit(event, std::chrono::hours(24 * 90)), item);
  const auto read = DecodeAudit(item);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(EncodeAudit(*read, std::chrono::hours(24 * 90)), item);
}

}  // namespace
}  // namespace zael::records
