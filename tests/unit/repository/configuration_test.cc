#include <gtest/gtest.h>

#include "records/attributes.h"
#include "records/keys.h"
#include "records/limit_record.h"
#include "repository/level_store.h"
#include "table_fixture.h"

namespace zael::repository {
namespace {

using ConfigurationTest = TableTest;
using P31_ReadOnlyCalls = TableTest;
using P5_ChangedConfiguration = TableTest;
using records::LimitLevel;

const Limit kRpm = Limit::PerMinute("rpm", 100);
const Limit kRpmMore = Limit::PerMinute("rpm", 200, 300);
const Limit kTpm = Limit::PerMinute("tpm", 10'000, 50'000);

Item LimitItem(const LimitLevel& level, const Limit& limit, std::int64_t version) {
  return records::EncodeLimit(level, {.limit = limit, .config_version = version});
}

TEST_F(ConfigurationTest, EveryLevelHoldsWhatWasSetLast) {
  auto& configuration = repository_->configuration();
  ASSERT_TRUE(configuration.SetLimits("k-1", "gpt-4", {kRpm, kTpm}).ok());
  ASSERT_TRUE(configuration.SetLimits("k-1", kDefaultResource, {kTpm}).ok());
  ASSERT_TRUE(configuration.SetResourceDefaults("gpt-4", {kRpm}).ok());
  ASSERT_TRUE(
      configuration
          .SetSystemDefaults({.limits = {kRpmMore}, .on_unavailable = OnUnavailable::kAllow})
          .ok());
  EXPECT_EQ(*configuration.GetLimits("k-1", "gpt-4"), (Limits{kRpm, kTpm}));
  EXPECT_EQ(*configuration.GetLimits("k-1", kDefaultResource), Limits{kTpm});
  EXPECT_EQ(*configuration.GetResourceDefaults("gpt-4"), Limits{kRpm});
  EXPECT_EQ(configuration.GetSystemDefaults()->limits, Limits{kRpmMore});
  EXPECT_EQ(configuration.GetSystemDefaults()->on_unavailable, OnUnavailable::kAllow);
  EXPECT_TRUE(configuration.GetLimits("k-1", "gpt-4o")->empty());
  EXPECT_TRUE(configuration.GetLimits("k-2", "gpt-4")->empty());
}

TEST_F(ConfigurationTest, ASetIsOneTransactionWithOneVersionInAllItemsOfTheLevel) {
  const LimitLevel level = LimitLevel::OfEntity("k-1", "gpt-4");
  auto& configuration = repository_->configuration();
  ASSERT_TRUE(configuration.SetLimits("k-1", "gpt-4", {kRpm, kTpm}).ok());
  EXPECT_EQ(*Get(records::LimitKey(level, "rpm")), LimitItem(level, kRpm, 1));
  EXPECT_EQ(*Get(records::LimitKey(level, "tpm")), LimitItem(level, kTpm, 1));
  faults_->ResetCounts();
  ASSERT_TRUE(configuration.SetLimits("k-1", "gpt-4", {kRpmMore}).ok());
  EXPECT_EQ(faults_->counts().Transactions(), 1u);
  EXPECT_EQ(faults_->counts().SingleWrites(), 0u);
  EXPECT_EQ(*Get(records::LimitKey(level, "rpm")), LimitItem(level, kRpmMore, 2));
  EXPECT_FALSE(Get(records::LimitKey(level, "tpm")).has_value());
}

TEST_F(ConfigurationTest, TheRegistryListsExactlyTheResourcesWithDefaults) {
  auto& configuration = repository_->configuration();
  EXPECT_TRUE(configuration.ListResourcesWithDefaults()->empty());
  ASSERT_TRUE(configuration.SetResourceDefaults("gpt-4", {kRpm}).ok());
  ASSERT_TRUE(configuration.SetResourceDefaults("api/v1", {kRpm}).ok());
  ASSERT_TRUE(configuration.SetResourceDefaults("gpt-4", {kTpm}).ok());
  EXPECT_EQ(*configuration.ListResourcesWithDefaults(),
            (std::vector<std::string>{"api/v1", "gpt-4"}));
  ASSERT_TRUE(configuration.DeleteResourceDefaults("gpt-4").ok());
  EXPECT_EQ(*configuration.ListResourcesWithDefaults(), std::vector<std::string>{"api/v1"});
  ASSERT_TRUE(configuration.DeleteResourceDefaults("api/v1").ok());
  EXPECT_TRUE(configuration.ListResourcesWithDefaults()->empty());
  ASSERT_TRUE(configuration.SetResourceDefaults("gpt-4", {kRpm}).ok());
  EXPECT_EQ(configuration.ListResourcesWithDefaults()->size(), 1u);
}

TEST_F(ConfigurationTest, DeleteEmptiesTheLevelAndSaysWhenThereWasNothing) {
  auto& configuration = repository_->configuration();
  EXPECT_CODE(configuration.DeleteSystemDefaults(), ErrorCode::kNotFound);
  EXPECT_CODE(configuration.DeleteResourceDefaults("gpt-4"), ErrorCode::kNotFound);
  EXPECT_CODE(configuration.DeleteLimits("k-1", "gpt-4"), ErrorCode::kNotFound);
  const auto before = All();
  ASSERT_TRUE(
      configuration.SetSystemDefaults({.limits = {}, .on_unavailable = OnUnavailable::kBlock})
          .ok());
  ASSERT_TRUE(configuration.DeleteSystemDefaults().ok());
  ASSERT_TRUE(configuration.SetSystemDefaults({.limits = {kRpm, kTpm}, .on_unavailable = {}}).ok());
  ASSERT_TRUE(configuration.DeleteSystemDefaults().ok());
  ASSERT_TRUE(configuration.SetLimits("k-1", "gpt-4", {kRpm, kTpm}).ok());
  ASSERT_TRUE(configuration.DeleteLimits("k-1", "gpt-4").ok());
  EXPECT_EQ(All().size(), before.size() + 6);  // the audit events
}

TEST_F(ConfigurationTest, EveryChangeIsAuditedUnderItsSubject) {
  auto& configuration = repository_->configuration();
  ASSERT_TRUE(configuration.SetLimits("k-1", "gpt-4", {kRpm}).ok());
  AuditEvent event = LastEvent("k-1");
  EXPECT_EQ(event.action, "limits_set");
  EXPECT_EQ(event.resource, "gpt-4");
  EXPECT_EQ(event.principal, "first");
  EXPECT_EQ(event.details.at("limits"), kRpm.ToText());
  ASSERT_TRUE(configuration.SetResourceDefaults("gpt-4", {kRpm}).ok());
  ASSERT_TRUE(configuration.DeleteResourceDefaults("gpt-4").ok());
  event = LastEvent("$RESOURCE:gpt-4");
  EXPECT_EQ(event.action, "limits_deleted");
  EXPECT_EQ(event.details.at("limits"), kRpm.ToText());
  ASSERT_TRUE(
      configuration.SetSystemDefaults({.limits = {kRpm}, .on_unavailable = OnUnavailable::kAllow})
          .ok());
  event = LastEvent("$SYSTEM");
  EXPECT_EQ(event.action, "limits_set");
  EXPECT_EQ(event.resource, std::nullopt);
  EXPECT_EQ(event.details.at("on_unavailable"), "allow");
}

TEST_F(ConfigurationTest, EveryCallRefusesNamesAndLimitsThatBreakTheRules) {
  auto& configuration = repository_->configuration();
  const auto invalid = ErrorCode::kInvalidArgument;
  EXPECT_CODE(configuration.SetLimits("a#b", "gpt-4", {kRpm}), invalid);
  EXPECT_CODE(configuration.SetLimits("k-1", "g#4", {kRpm}), invalid);
  EXPECT_CODE(configuration.SetLimits("k-1", "gpt-4", {}), invalid);
  EXPECT_CODE(configuration.SetLimits("k-1", "gpt-4", {kRpm, kRpm}), invalid);
  EXPECT_CODE(configuration.SetLimits("k-1", "gpt-4", {Limit::PerMinute("rpm", 0)}), invalid);
  EXPECT_CODE(configuration.SetLimits("k-1", "gpt-4", {Limit::PerMinute("window", 1)}), invalid);
  EXPECT_CODE(configuration.SetLimits("k-1", "gpt-4", Limits(33, kRpm)), invalid);
  EXPECT_CODE(configuration.SetResourceDefaults(kDefaultResource, {kRpm}), invalid);
  EXPECT_CODE(configuration.SetSystemDefaults({}), invalid);
  EXPECT_CODE(configuration.GetLimits("a#b", "gpt-4"), invalid);
  EXPECT_CODE(configuration.GetResourceDefaults(""), invalid);
  EXPECT_CODE(configuration.DeleteLimits("k-1", "1"), invalid);
  EXPECT_CODE(configuration.Explain("k-1", "a b"), invalid);
  EXPECT_EQ(Writes(), 0u);
}

TEST_F(ConfigurationTest, TheLargestLevelIsReplacedByAnotherInOneTransaction) {
  Limits first;
  Limits second;
  for (std::size_t i = 0; i < kMaxLimitsPerLevel; ++i) {
    first.push_back(Limit::PerMinute("a" + std::to_string(i), 1));
    second.push_back(Limit::PerMinute("b" + std::to_string(i), 1));
  }
  ASSERT_TRUE(repository_->configuration().SetResourceDefaults("gpt-4", first).ok());
  ASSERT_TRUE(repository_->configuration().SetResourceDefaults("gpt-4", second).ok());
  EXPECT_EQ(repository_->configuration().GetResourceDefaults("gpt-4")->size(), kMaxLimitsPerLevel);
}

TEST_F(ConfigurationTest, ASetThatLosesTheRaceReplacesWhatTheOtherLeft) {
  ASSERT_TRUE(repository_->configuration().SetLimits("k-1", "gpt-4", {kRpm}).ok());
  hooks_->before_transact = [this] {
    ASSERT_TRUE(rival_->configuration().SetLimits("k-1", "gpt-4", {kRpmMore, kTpm}).ok());
  };
  const Limit rpd = Limit::PerDay("rpd", 5);
  ASSERT_TRUE(repository_->configuration().SetLimits("k-1", "gpt-4", {rpd}).ok());
  EXPECT_EQ(*repository_->configuration().GetLimits("k-1", "gpt-4"), Limits{rpd});
}

TEST_F(ConfigurationTest, TwoWhoFillAnEmptyLevelDoNotLeaveAMixture) {
  for (const auto& set : std::vector<std::function<Status(Repository&, const Limits&)>>{
           [](Repository&r, const Limits&l) {
             return r.configuration().SetLimits("k-1", "gpt-4", l);
           },
           [](Repository&r, const Limits&l) {
             return r.configuration().SetResourceDefaults("gpt-4", l);
           },
           [](Repository&r, const Limits&l) {
             return r.configuration().SetSystemDefaults({.limits = l});
           }}) {
    hooks_->before_transact = [&] { ASSERT_TRUE(set(*rival_, {kTpm}).ok()); };
    ASSERT_TRUE(set(*repository_, {kRpm}).ok());
  }
  EXPECT_EQ(*repository_->configuration().GetLimits("k-1", "gpt-4"), Limits{kRpm});
  EXPECT_EQ(*repository_->configuration().GetResourceDefaults("gpt-4"), Limits{kRpm});
  EXPECT_EQ(repository_->configuration().GetSystemDefaults()->limits, Limits{kRpm});
}

TEST_F(ConfigurationTest, LosingEveryRaceIsAborted) {
  ASSERT_TRUE(repository_->configuration().SetLimits("k-1", "gpt-4", {kRpm}).ok());
  hooks_->keep_hook = true;
  hooks_->before_transact = [this] {
    ASSERT_TRUE(rival_->configuration().SetLimits("k-1", "gpt-4", {kRpm}).ok());
  };
  EXPECT_CODE(repository_->configuration().SetLimits("k-1", "gpt-4", {kTpm}), ErrorCode::kAborted);
  EXPECT_EQ(*repository_->configuration().GetLimits("k-1", "gpt-4"), Limits{kRpm});
}

TEST_F(ConfigurationTest, ATornReadIsReadAgain) {
  const LimitLevel level = LimitLevel::OfEntity("k-1", "gpt-4");
  ASSERT_TRUE(repository_->configuration().SetLimits("k-1", "gpt-4", {kRpm, kTpm}).ok());
  faults_->ResetCounts();
  int torn = 2;
  hooks_->after_query = [&](QueryPage& page) {
    if (torn-- > 0) page.items[0] = LimitItem(level, kRpmMore, 2);
  };
  EXPECT_EQ(*repository_->configuration().GetLimits("k-1", "gpt-4"), (Limits{kRpm, kTpm}));
  EXPECT_EQ(faults_->counts().Of(testing::StoreCall::kQuery), 3u);  // two torn, one whole
}

TEST_F(ConfigurationTest, ALevelOfAnotherReleaseWithMixedVersionsIsUsedAndReplaced) {
  const LimitLevel level = LimitLevel::OfEntity("k-1", "gpt-4");
  Item without = LimitItem(level, kRpm, 0);
  without.Erase("config_version");
  Put(without);
  Put(LimitItem(level, kTpm, 3));
  EXPECT_EQ(*repository_->configuration().GetLimits("k-1", "gpt-4"), (Limits{kRpm, kTpm}));
  ASSERT_TRUE(repository_->configuration().SetLimits("k-1", "gpt-4", {kRpmMore}).ok());
  EXPECT_EQ(*Get(records::LimitKey(level, "rpm")), LimitItem(level, kRpmMore, 4));
  EXPECT_FALSE(Get(records::LimitKey(level, "tpm")).has_value());
}

TEST_F(ConfigurationTest, AMalformedStoredLimitIsDataLossNamingTheKeyAndIsNotOverwritten) {
  const LimitLevel level = LimitLevel::OfResource("gpt-4");
  Item bad = LimitItem(level, kRpm, 1);
  bad.Set("capacity", "many");
  Put(bad);
  const auto read = repository_->configuration().GetResourceDefaults("gpt-4");
  EXPECT_CODE(read, ErrorCode::kDataLoss);
  EXPECT_NE(read.error().message().find("RESOURCE#gpt-4"), std::string::npos);
  EXPECT_CODE(repository_->configuration().SetResourceDefaults("gpt-4", {kRpm}),
              ErrorCode::kDataLoss);
  EXPECT_EQ(*Get(records::LimitKey(level, "rpm")), bad);
}

TEST_F(ConfigurationTest, AnUnreachableStoreIsAnErrorAndNoEmptyLevel) {
  ASSERT_TRUE(repository_->configuration().SetLimits("k-1", "gpt-4", {kRpm}).ok());
  for (const testing::Fault fault :
       {testing::Fault::kUnavailable, testing::Fault::kThrottled, testing::Fault::kDenied}) {
    faults_->Always(fault);
    EXPECT_FALSE(repository_->configuration().GetLimits("k-1", "gpt-4").ok());
    EXPECT_FALSE(repository_->configuration().SetLimits("k-1", "gpt-4", {kTpm}).ok());
    faults_->Always(testing::Fault::kNone);
  }
  EXPECT_EQ(*repository_->configuration().GetLimits("k-1", "gpt-4"), Limits{kRpm});
}

TEST_F(ConfigurationTest, ExplainShowsEveryLevelAndTheFirstThatHasLimitsWins) {
  auto& configuration = repository_->configuration();
  ASSERT_TRUE(configuration.SetSystemDefaults({.limits = {kRpm}}).ok());
  ASSERT_TRUE(configuration.SetLimits("k-1", kDefaultResource, {kTpm}).ok());
  const auto levels = configuration.Explain("k-1", "gpt-4");
  ASSERT_TRUE(levels.ok()) << levels.error().message();
  ASSERT_EQ(levels->size(), 4u);
  EXPECT_EQ((*levels)[0].level, ConfigLevel::kEntityResource);
  EXPECT_EQ((*levels)[0].key, "ENTITY#k-1 / #LIMIT#gpt-4#");
  EXPECT_FALSE((*levels)[0].wins);
  EXPECT_EQ((*levels)[1].level, ConfigLevel::kEntityDefault);
  EXPECT_EQ((*levels)[1].limits, Limits{kTpm});
  EXPECT_TRUE((*levels)[1].wins);
  EXPECT_EQ((*levels)[2].limits, Limits{});
  EXPECT_EQ((*levels)[3].level, ConfigLevel::kSystem);
  EXPECT_EQ((*levels)[3].limits, Limits{kRpm});
  EXPECT_FALSE((*levels)[3].wins);
}

TEST_F(P5_ChangedConfiguration, IsHeardByTheObserversOfThisProcessAtEveryLevel) {
  const auto observer = std::make_shared<CountingObserver>();
  repository_->AddObserver(observer);
  auto& configuration = repository_->configuration();
  ASSERT_TRUE(configuration.SetLimits("k-1", "gpt-4", {kRpm}).ok());
  ASSERT_TRUE(configuration.DeleteLimits("k-1", "gpt-4").ok());
  EXPECT_EQ(observer->entities, (std::vector<std::string>{"k-1", "k-1"}));
  ASSERT_TRUE(configuration.SetResourceDefaults("gpt-4", {kRpm}).ok());
  ASSERT_TRUE(configuration.SetSystemDefaults({.limits = {kRpm}}).ok());
  EXPECT_EQ(observer->shared, 2);
  // The answer got lost: the change may be stored, so what is cached is not to be trusted.
  faults_->Script(testing::StoreCall::kTransactWrite, {testing::Fault::kLostAnswer});
  EXPECT_CODE(configuration.SetResourceDefaults("gpt-4", {kTpm}), ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(observer->shared, 3);
}

TEST_F(P31_ReadOnlyCalls, SendNoWrite) {
  ASSERT_TRUE(repository_->entities().Create({.id = "k-1"}).ok());
  ASSERT_TRUE(repository_->configuration().SetLimits("k-1", "gpt-4", {kRpm}).ok());
  const auto before = All();
  faults_->ResetCounts();
  const auto opened = Open("reader");
  ASSERT_NE(opened, nullptr);
  EXPECT_TRUE(opened->GetVersionRecord().ok());
  EXPECT_TRUE(opened->entities().Get("k-1").ok());
  EXPECT_TRUE(opened->entities().List(10, {}).ok());
  EXPECT_TRUE(opened->entities().Children("k-1", 10, {}).ok());
  EXPECT_TRUE(opened->configuration().GetLimits("k-1", "gpt-4").ok());
  EXPECT_TRUE(opened->configuration().GetResourceDefaults("gpt-4").ok());
  EXPECT_TRUE(opened->configuration().GetSystemDefaults().ok());
  EXPECT_TRUE(opened->configuration().ListResourcesWithDefaults().ok());
  EXPECT_TRUE(opened->configuration().Explain("k-1", "gpt-4").ok());
  EXPECT_TRUE(opened->buckets().Show("k-1", {}).ok());
  EXPECT_EQ(*opened->buckets().Reset("k-1", {}), 0u);  // nothing to reset
  EXPECT_TRUE(opened->audit().List("k-1", 10, {}).ok());
  EXPECT_EQ(Writes(), 0u);
  EXPECT_EQ(All(), before);
}

}  // namespace
}  // namespace zael::repository
