#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "records/bucket_record.h"
#include "records/entity_record.h"
#include "records/keys.h"
#include "table_fixture.h"

namespace zael::repository {
namespace {

using EntitiesTest = TableTest;
using P21_DeleteWithPaging = TableTest;

TEST_F(EntitiesTest, CreateStoresTheRecordAndItsAuditEventInOneTransaction) {
  clock_->Advance(std::chrono::milliseconds(1'500));
  const auto created =
      repository_->entities().Create({.id = "k-1", .name = "", .metadata = {{"plan", "gold"}}});
  ASSERT_TRUE(created.ok()) << created.error().message();
  EXPECT_EQ(created->name, "k-1");
  EXPECT_EQ(created->created_at, WallTime(Milliseconds(testing::kSimulationStartMs + 1'000)));
  EXPECT_EQ(*repository_->entities().Get("k-1"), *created);
  EXPECT_EQ(faults_->counts().Transactions(), 1u);
  EXPECT_EQ(faults_->counts().SingleWrites(), 0u);
  const AuditEvent event = LastEvent("k-1");
  EXPECT_EQ(event.action, "entity_created");
  EXPECT_EQ(event.principal, "first");
  EXPECT_EQ(event.event_id.size(), 26u);
}

TEST_F(EntitiesTest, CreateOfOneThatExistsChangesNothing) {
  ASSERT_TRUE(repository_->entities().Create({.id = "k-1", .name = "one"}).ok());
  const auto before = All();
  EXPECT_CODE(repository_->entities().Create({.id = "k-1", .name = "two"}),
              ErrorCode::kAlreadyExists);
  EXPECT_EQ(All(), before);
}

TEST_F(EntitiesTest, CreateChecksItsParentInTheSameTransaction) {
  EXPECT_CODE(repository_->entities().Create({.id = "k-1", .name = "", .parent_id = "org"}),
              ErrorCode::kNotFound);
  ASSERT_TRUE(repository_->entities().Create({.id = "org"}).ok());
  ASSERT_TRUE(repository_->entities()
                  .Create({.id = "k-1", .name = "", .parent_id = "org", .cascade = true})
                  .ok());
  EXPECT_CODE(repository_->entities().Create({.id = "k-2", .name = "", .parent_id = "k-1"}),
              ErrorCode::kFailedPrecondition);
  EXPECT_CODE(repository_->entities().Create({.id = "k-3", .name = "", .parent_id = "k-3"}),
              ErrorCode::kFailedPrecondition);
  EXPECT_CODE(repository_->entities().Get("k-2"), ErrorCode::kNotFound);
}

TEST_F(EntitiesTest, EveryCallRefusesNamesAndValuesThatBreakTheRules) {
  auto& entities = repository_->entities();
  const std::uint64_t before = faults_->counts().Reads();
  for (const std::string& id :
       {std::string(), std::string("a#b"), std::string("-a"), std::string(257, 'a')}) {
    EXPECT_CODE(entities.Create({.id = id}), ErrorCode::kInvalidArgument);
    EXPECT_CODE(entities.Get(id), ErrorCode::kInvalidArgument);
    EXPECT_CODE(entities.Update(id, {}), ErrorCode::kInvalidArgument);
    EXPECT_CODE(entities.Delete(id), ErrorCode::kInvalidArgument);
    EXPECT_CODE(entities.Children(id, 1, {}), ErrorCode::kInvalidArgument);
  }
  EXPECT_CODE(entities.Create({.id = "k", .name = "", .parent_id = "a#b"}),
              ErrorCode::kInvalidArgument);
  EXPECT_CODE(entities.Create({.id = "k", .name = "", .cascade = true}),
              ErrorCode::kInvalidArgument);
  EXPECT_CODE(entities.Create({.id = "k", .name = "tab\t"}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(entities.Create({.id = "k", .name = "\xff\xfe"}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(
      entities.Create({.id = "k", .name = "", .metadata = {{"note", std::string(1'024, 'x')}}}),
      ErrorCode::kInvalidArgument);
  Metadata many;
  for (int i = 0; i < 33; ++i) many.emplace(std::to_string(i), "");
  EXPECT_CODE(entities.Create({.id = "k", .name = "", .metadata = many}),
              ErrorCode::kInvalidArgument);
  EXPECT_CODE(entities.List(0, {}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(entities.List(1, "7:no"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Writes(), 0u);
  EXPECT_EQ(faults_->counts().Reads(), before);
}

TEST_F(EntitiesTest, UpdateChangesOnlyWhatItIsGiven) {
  auto& entities = repository_->entities();
  ASSERT_TRUE(entities.Create({.id = "org"}).ok());
  const auto created =
      entities.Create({.id = "k-1", .name = "one", .metadata = {{"plan", "gold"}}});
  ASSERT_TRUE(created.ok());
  EntityUpdate update;
  update.parent_id = std::optional<std::string>("org");
  update.cascade = true;
  auto expected = *created;
  expected.parent_id = "org";
  expected.cascade = true;
  EXPECT_EQ(*entities.Update("k-1", update), expected);
  EXPECT_EQ(*entities.Get("k-1"), expected);
  EXPECT_EQ(*Get(records::EntityKey("k-1")), records::EncodeEntity(expected));
  EXPECT_EQ(entities.Children("org", 10, {})->entities, std::vector<Entity>{expected});
  EXPECT_EQ(LastEvent("k-1").action, "entity_updated");

  update = {};
  update.parent_id = std::optional<std::string>();
  EXPECT_CODE(entities.Update("k-1", update),
              ErrorCode::kInvalidArgument);  // cascade needs a parent
  update.cascade = false;
  update.name = "renamed";
  expected = *created;
  expected.name = "renamed";
  EXPECT_EQ(*entities.Update("k-1", update), expected);
  EXPECT_EQ(*Get(records::EntityKey("k-1")), records::EncodeEntity(expected));
  EXPECT_TRUE(entities.Children("org", 10, {})->entities.empty());
}

TEST_F(EntitiesTest, UpdateKeepsTwoLevels) {
  auto& entities = repository_->entities();
  ASSERT_TRUE(entities.Create({.id = "org"}).ok());
  ASSERT_TRUE(entities.Create({.id = "other"}).ok());
  ASSERT_TRUE(entities.Create({.id = "k-1", .name = "", .parent_id = "org"}).ok());
  const auto parent = [](std::string id) {
    EntityUpdate update;
    update.parent_id = std::optional<std::string>(std::move(id));
    return update;
  };
  EXPECT_CODE(entities.Update("org", parent("other")),
              ErrorCode::kFailedPrecondition);  // has a child
  EXPECT_CODE(entities.Update("other", parent("k-1")),
              ErrorCode::kFailedPrecondition);  // k-1 has a parent
  EXPECT_CODE(entities.Update("other", parent("other")), ErrorCode::kFailedPrecondition);
  EXPECT_CODE(entities.Update("other", parent("nobody")), ErrorCode::kNotFound);
  EXPECT_CODE(entities.Update("nobody", parent("other")), ErrorCode::kNotFound);
}

TEST_F(EntitiesTest, UpdateThatLosesTheRaceIsMadeAgainOnWhatTheOtherLeft) {
  ASSERT_TRUE(repository_->entities().Create({.id = "org"}).ok());
  ASSERT_TRUE(repository_->entities().Create({.id = "k-1"}).ok());
  hooks_->before_transact = [this] {
    EntityUpdate theirs;
    theirs.parent_id = std::optional<std::string>("org");
    theirs.cascade = true;
    ASSERT_TRUE(rival_->entities().Update("k-1", theirs).ok());
  };
  EntityUpdate ours;
  ours.name = "renamed";
  const auto updated = repository_->entities().Update("k-1", ours);
  ASSERT_TRUE(updated.ok()) << updated.error().message();
  EXPECT_EQ(updated->name, "renamed");
  EXPECT_EQ(updated->parent_id, "org");
  EXPECT_TRUE(updated->cascade);
}

TEST_F(EntitiesTest, ConflictsAreRetriedAndAbortedInTheEnd) {
  faults_->Script(testing::StoreCall::kTransactWrite,
                  {testing::Fault::kConflict, testing::Fault::kConflict, testing::Fault::kNone});
  EXPECT_TRUE(repository_->entities().Create({.id = "k-1"}).ok());
  faults_->Script(testing::StoreCall::kTransactWrite,
                  std::deque<testing::Fault>(100, testing::Fault::kConflict));
  EXPECT_CODE(repository_->entities().Create({.id = "k-2"}), ErrorCode::kAborted);
}

TEST_F(EntitiesTest, DeleteRefusesAParentAndAnEntityThatIsNotThere) {
  ASSERT_TRUE(repository_->entities().Create({.id = "org"}).ok());
  ASSERT_TRUE(repository_->entities().Create({.id = "k-1", .name = "", .parent_id = "org"}).ok());
  EXPECT_CODE(repository_->entities().Delete("org"), ErrorCode::kFailedPrecondition);
  EXPECT_CODE(repository_->entities().Delete("nobody"), ErrorCode::kNotFound);
  EXPECT_TRUE(repository_->entities().Delete("k-1").ok());
  EXPECT_TRUE(repository_->entities().Delete("org").ok());
}

TEST_F(EntitiesTest, ChangesAreHeardByObservers) {
  const auto observer = std::make_shared<CountingObserver>();
  repository_->AddObserver(observer);
  repository_->AddObserver(std::make_shared<CountingObserver>());  // gone at once
  ASSERT_TRUE(repository_->entities().Create({.id = "k-1"}).ok());
  EntityUpdate update;
  update.name = "x";
  ASSERT_TRUE(repository_->entities().Update("k-1", update).ok());
  ASSERT_TRUE(repository_->entities().Delete("k-1").ok());
  EXPECT_EQ(observer->entities, (std::vector<std::string>{"k-1", "k-1", "k-1"}));
  EXPECT_EQ(observer->buckets, (std::vector<std::string>{"k-1"}));
}

TEST_F(EntitiesTest, ListPagesThroughEntitiesAloneAndEachOnce) {
  for (int i = 0; i < 25; ++i) {
    const std::string id = "k-" + std::to_string(i);
    ASSERT_TRUE(repository_->entities().Create({.id = id}).ok());
    Put(records::EncodeBucket({id, "api", "rpm"}, {}));
  }
  std::set<std::string> ids;
  std::optional<std::string> next;
  int pages = 0;
  do {
    const auto page = repository_->entities().List(7, next);
    ASSERT_TRUE(page.ok()) << page.error().message();
    EXPECT_LE(page->entities.size(), 7u);
    for (const Entity& entity : page->entities) EXPECT_TRUE(ids.insert(entity.id).second);
    next = page->next;
    ASSERT_LT(++pages, 10);
  } while (next);
  EXPECT_EQ(ids.size(), 25u);
}

TEST_F(EntitiesTest, ChildrenComeInOrderOfTheirIdsPageByPage) {
  ASSERT_TRUE(repository_->entities().Create({.id = "org"}).ok());
  for (const char* id : {"c", "a", "b"}) {
    ASSERT_TRUE(repository_->entities().Create({.id = id, .name = "", .parent_id = "org"}).ok());
  }
  const auto first = repository_->entities().Children("org", 2, {});
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->entities.size(), 2u);
  EXPECT_EQ(first->entities[0].id, "a");
  EXPECT_EQ(first->entities[1].id, "b");
  ASSERT_TRUE(first->next);
  const auto rest = repository_->entities().Children("org", 2, first->next);
  ASSERT_TRUE(rest.ok());
  ASSERT_EQ(rest->entities.size(), 1u);
  EXPECT_EQ(rest->entities[0].id, "c");
}

TEST_F(P21_DeleteWithPaging, RemovesFiveThousandRecordsOfTheEntityAndKeepsItsAudit) {
  ASSERT_TRUE(repository_->entities().Create({.id = "k-1"}).ok());
  ASSERT_TRUE(repository_->entities().Create({.id = "k-10"}).ok());
  Put(records::EncodeBucket({"k-10", "api", "rpm"}, {}));
  for (int i = 0; i < 5'000; ++i)
    Put(records::EncodeBucket({"k-1", "r" + std::to_string(i), "rpm"}, {}));
  ASSERT_TRUE(repository_->entities().Delete("k-1").ok());
  for (const Item& item : All()) {
    const auto id = records::ParseEntityPk(*item.Find("PK")->As<std::string>());
    EXPECT_TRUE(!id || *id == "k-10") << *id;
  }
  EXPECT_TRUE(Get(records::BucketKey({"k-10", "api", "rpm"})).has_value());
  EXPECT_EQ(LastEvent("k-1").action, "entity_deleted");
  EXPECT_EQ(LastEvent("k-1").details.at("records_removed"), "5001");
}

TEST_F(P21_DeleteWithPaging, IsFinishedByCallingAgainAfterAFailure) {
  ASSERT_TRUE(repository_->entities().Create({.id = "k-1"}).ok());
  for (int i = 0; i < 500; ++i)
    Put(records::EncodeBucket({"k-1", "r" + std::to_string(i), "rpm"}, {}));
  for (const testing::Fault fault :
       {testing::Fault::kUnavailable, testing::Fault::kLostAnswer, testing::Fault::kThrottled}) {
    faults_->Script(testing::StoreCall::kTransactWrite, {testing::Fault::kNone, fault});
    EXPECT_FALSE(repository_->entities().Delete("k-1").ok());
    EXPECT_TRUE(repository_->entities().Get("k-1").ok());
    faults_->Script(testing::StoreCall::kTransactWrite, {});
  }
  ASSERT_TRUE(repository_->entities().Delete("k-1").ok());
  EXPECT_CODE(repository_->entities().Get("k-1"), ErrorCode::kNotFound);
  EXPECT_CODE(repository_->entities().Delete("k-1"), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace zael::repository
