#include "records/keys.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "limit/names.h"
#include "records/attributes.h"
#include "records/bucket_record.h"

namespace zael::records {
namespace {

TEST(Keys, AreSpelledAsTheLayoutSays) {
  const auto key = [](std::string_view pk, std::string_view sk) {
    return Key{{"PK", pk}, {"SK", sk}};
  };
  EXPECT_EQ(EntityKey("k-1"), key("ENTITY#k-1", "#META"));
  EXPECT_EQ(BucketKey({"k-1", "gpt-4", "rpm"}), key("ENTITY#k-1", "#BUCKET#gpt-4#rpm"));
  EXPECT_EQ(LimitKey(LimitLevel::OfEntity("k-1", "gpt-4"), "rpm"),
            key("ENTITY#k-1", "#LIMIT#gpt-4#rpm"));
  EXPECT_EQ(LimitKey(LimitLevel::OfEntity("k-1", "_default_"), "rpm"),
            key("ENTITY#k-1", "#LIMIT#_default_#rpm"));
  EXPECT_EQ(LimitKey(LimitLevel::OfResource("gpt-4"), "rpm"), key("RESOURCE#gpt-4", "#LIMIT#rpm"));
  EXPECT_EQ(LimitKey(LimitLevel::OfSystem(), "rpm"), key("SYSTEM#", "#LIMIT#rpm"));
  EXPECT_EQ(SystemConfigKey(), key("SYSTEM#", "#CONFIG"));
  EXPECT_EQ(RegistryKey(), key("SYSTEM#", "#RESOURCES"));
  EXPECT_EQ(VersionKey(), key("SYSTEM#", "#VERSION"));
  EXPECT_EQ(AuditKey("$SYSTEM", "01ABC"), key("AUDIT#$SYSTEM", "#AUDIT#01ABC"));
  EXPECT_EQ(AuditKey(ResourceSubject("gpt-4"), "01ABC"),
            key("AUDIT#$RESOURCE:gpt-4", "#AUDIT#01ABC"));
  EXPECT_EQ(ParentPk("org"), "PARENT#org");
  EXPECT_EQ(ChildSk("k-1"), "CHILD#k-1");
}

TEST(Keys, OfABucketReadBackToItsNames) {
  const BucketId id{"team:a@b.c_d-1", "models/gpt-4.1", "tokens.per-min_2"};
  EXPECT_EQ(ParseBucketKey(BucketKey(id)), id);
  EXPECT_EQ(ParseBucketKey(EntityKey("k-1")), std::nullopt);
  EXPECT_EQ(ParseBucketKey(MakeKey("ENTITY#k", "#BUCKET#only-resource")), std::nullopt);
  EXPECT_EQ(ParseBucketKey(MakeKey("ENTITY#k", "#BUCKET#a#b#c")), std::nullopt);
  EXPECT_EQ(ParseBucketKey(MakeKey("RESOURCE#k", "#BUCKET#a#b")), std::nullopt);
  EXPECT_EQ(ParseBucketKey(Item()), std::nullopt);
}

TEST(Keys, OfAnItemAreItsKeyAttributesAlone) {
  const BucketId id{"k-1", "api", "rpm"};
  EXPECT_EQ(KeyOf(EncodeBucket(id, {})), BucketKey(id));
}

TEST(Keys, ConfigurationSortsBeforeTheEntityRecordAndBehindTheBuckets) {
  // One query from #LIMIT# to #META brings limits and record, and no bucket, usage or version.
  EXPECT_LT(kBucketSkPrefix, kLimitSkPrefix);
  EXPECT_LT(kLimitSkPrefix, kMetaSk);
  EXPECT_GT(kUsageSkPrefix, kMetaSk);
  EXPECT_LT(kConfigSk, kLimitSkPrefix);
  EXPECT_GT(kResourcesSk, std::string(kLimitSkPrefix).append(kAfterNames));
  EXPECT_GT(kVersionSk, std::string(kLimitSkPrefix).append(kAfterNames));
}

TEST(P20_NamesWithDashesAndDots, MakeDistinctKeysThatReadBack) {
  const std::string alphabet = "abzAZ019_.-";
  std::vector<BucketId> ids;
  for (const char first : alphabet) {
    for (const char second : alphabet) {
      const std::string tail{first, second};
      ids.push_back({"e" + tail, "r" + tail + "/" + tail, "l" + tail});
    }
  }
  std::vector<std::string> keys;
  for (const BucketId& id : ids) {
    EXPECT_TRUE(limit::ValidateIdentifier("entity_id", id.entity_id).ok());
    EXPECT_TRUE(limit::ValidateResource(id.resource).ok());
    EXPECT_TRUE(limit::ValidateLimitName(id.limit).ok());
    EXPECT_EQ(ParseBucketKey(BucketKey(id)), id);
    keys.push_back(*BucketKey(id).Find("SK")->As<std::string>());
  }
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
}

TEST(P30_OneDefinition, EveryAttributeOfAUsageRecordIsRefusedAsALimitName) {
  for (const std::string_view name : kUsageAttributes) {
    EXPECT_FALSE(limit::ValidateLimitName(name).ok()) << name;
  }
}

}  // namespace
}  // namespace zael::records
