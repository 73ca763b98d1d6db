#include "repository/resolve.h"

#include <gtest/gtest.h>

#include "records/bucket_record.h"
#include "records/entity_record.h"
#include "records/system_records.h"
#include "table_fixture.h"

namespace zael::repository {
namespace {

using ResolveTest = TableTest;
using records::LimitLevel;

const Limit kRpm = Limit::PerMinute("rpm", 100);
const Limit kTpm = Limit::PerMinute("tpm", 10'000, 50'000);

TEST_F(ResolveTest, OneQueryBringsTheEntityAndItsLimitsAndNothingElse) {
  auto& configuration = repository_->configuration();
  ASSERT_TRUE(repository_->entities().Create({.id = "org"}).ok());
  ASSERT_TRUE(repository_->entities()
                  .Create({.id = "k-1", .name = "", .parent_id = "org", .cascade = true})
                  .ok());
  ASSERT_TRUE(configuration.SetLimits("k-1", "gpt-4", {kRpm, kTpm}).ok());
  ASSERT_TRUE(configuration.SetLimits("k-1", kDefaultResource, {kTpm}).ok());
  ASSERT_TRUE(configuration.SetLimits("k-1", "api", {kRpm}).ok());
  Put(records::EncodeBucket({"k-1", "gpt-4", "rpm"}, {}));
  const auto page = raw().Query(EntityConfigQuery("ZAEL-demo", "k-1"));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->items.size(), 5u);
  const auto config = DecodeEntityConfig(page->items, "k-1", "gpt-4");
  ASSERT_TRUE(config.ok()) << config.error().message();
  EXPECT_EQ(config->entity->parent_id, "org");
  EXPECT_TRUE(config->entity->cascade);
  EXPECT_EQ(config->for_resource.limits(), (Limits{kRpm, kTpm}));
  EXPECT_EQ(config->for_default.limits(), Limits{kTpm});
  EXPECT_FALSE(config->torn());
}

TEST_F(ResolveTest, AnUnknownEntityIsEmptyAndNoError) {
  const auto page = raw().Query(EntityConfigQuery("ZAEL-demo", "nobody"));
  const auto config = DecodeEntityConfig(page->items, "nobody", "gpt-4");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->entity, std::nullopt);
  EXPECT_TRUE(config->for_resource.empty());
  EXPECT_TRUE(config->for_default.empty());
}

TEST_F(ResolveTest, DefaultsAreOneQueryEach) {
  auto& configuration = repository_->configuration();
  ASSERT_TRUE(configuration.SetResourceDefaults("gpt-4", {kRpm, kTpm}).ok());
  ASSERT_TRUE(
      configuration.SetSystemDefaults({.limits = {kTpm}, .on_unavailable = OnUnavailable::kAllow})
          .ok());
  const auto resource =
      DecodeResourceConfig(raw().Query(ResourceConfigQuery("ZAEL-demo", "gpt-4"))->items);
  ASSERT_TRUE(resource.ok());
  EXPECT_EQ(resource->limits(), (Limits{kRpm, kTpm}));
  const auto page = raw().Query(SystemConfigQuery("ZAEL-demo"));
  EXPECT_EQ(page->items.size(), 2u);  // neither registry nor version
  const auto system = DecodeSystemConfig(page->items);
  ASSERT_TRUE(system.ok());
  EXPECT_EQ(system->level.limits(), Limits{kTpm});
  EXPECT_EQ(system->on_unavailable, OnUnavailable::kAllow);
  EXPECT_FALSE(system->torn);
}

TEST(Resolve, MixedVersionsOfALevelAreTorn) {
  const LimitLevel level = LimitLevel::OfEntity("k", "api");
  const LimitLevel other = LimitLevel::OfEntity("k", kDefaultResource);
  const auto item = [](const LimitLevel& of, const Limit& limit, std::int64_t version) {
    return records::EncodeLimit(of, {.limit = limit, .config_version = version});
  };
  const auto torn = [&](const std::vector<Item>& items) {
    return DecodeEntityConfig(items, "k", "api")->torn();
  };
  EXPECT_TRUE(torn({item(level, kRpm, 1), item(level, kTpm, 2)}));
  EXPECT_FALSE(torn({item(level, kRpm, 1), item(other, kTpm, 2)}));  // two levels, two versions
  const auto system =
      DecodeSystemConfig({records::EncodeSystemConfig({.on_unavailable = {}, .config_version = 1}),
                          item(LimitLevel::OfSystem(), kRpm, 2)});
  EXPECT_TRUE(system->torn);
}

TEST(Resolve, AMalformedLimitHarmsItsOwnResourceOnly) {
  Item bad =
      records::EncodeLimit(LimitLevel::OfEntity("k", "bad"), {.limit = kRpm, .config_version = 1});
  bad.Erase("burst");
  const Item good =
      records::EncodeLimit(LimitLevel::OfEntity("k", "good"), {.limit = kRpm, .config_version = 1});
  EXPECT_TRUE(DecodeEntityConfig({bad, good}, "k", "good").ok());
  EXPECT_CODE(DecodeEntityConfig({bad, good}, "k", "bad"), ErrorCode::kDataLoss);
}

TEST(Resolve, AResourceWhoseNameBeginsLikeAnotherIsAnother) {
  const Item item = records::EncodeLimit(LimitLevel::OfEntity("k", "gpt-4-turbo"), {.limit = kRpm});
  EXPECT_TRUE(DecodeEntityConfig({item}, "k", "gpt-4")->for_resource.empty());
}

}  // namespace
}  // namespace zael::repository
