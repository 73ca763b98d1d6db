// The facets on every store of ours, with administrators on several threads.
#include <gtest/gtest.h>
#include <zael/repository.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <set>
#include <thread>

#include "engine/engine.h"
#include "records/bucket_record.h"
#include "records/keys.h"
#include "repository/resolve.h"
#include "repository/version.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace zael::repository {
namespace {

// Stores and what keeps them: a store in memory, or an engine in a directory of its own.
class Backing {
 public:
  Backing(bool embedded, std::shared_ptr<Clock> clock) {
    if (!embedded) {
      stores_ = testing::MemoryStore(std::move(clock)).stores();
      return;
    }
    std::string pattern = ::testing::TempDir() + "zael-repository-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    auto engine = engine::Engine::Open({.directory = directory_,
                                        .clock = std::move(clock),
                                        .sweep_interval = std::chrono::milliseconds(0)});
    EXPECT_TRUE(engine.ok()) << engine.error().message();
    if (engine.ok()) stores_ = (*engine)->stores();
  }
  ~Backing() {
    stores_ = {};
    std::error_code ignored;
    if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
  }

  const Stores& stores() const { return stores_; }

 private:
  std::string directory_;
  Stores stores_;
};

class StoresTest : public ::testing::TestWithParam<bool> {
 protected:
  StoresTest() { EXPECT_TRUE(InitializeTable(backing_.stores(), {.name = "demo"}, *clock_).ok()); }

  std::shared_ptr<Repository> Open() {
    auto opened = Repository::Over(backing_.stores(),
                                   {.name = "demo", .clock = clock_, .random_seed = ++seed_});
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    return *opened;
  }

  std::shared_ptr<testing::SimulatedClock> clock_ = std::make_shared<testing::SimulatedClock>();
  Backing backing_{GetParam(), clock_};
  std::uint64_t seed_ = 0;
};

TEST_P(StoresTest, P21_DeleteRemovesFiveThousandRecordsInPagesOfAMegabyte) {
  const auto repository = Open();
  ASSERT_TRUE(repository->entities().Create({.id = "org"}).ok());
  ASSERT_TRUE(repository->entities().Create({.id = "k-1", .name = "", .parent_id = "org"}).ok());
  ASSERT_TRUE(repository->entities().Create({.id = "k-2", .name = "", .parent_id = "org"}).ok());
  for (int i = 0; i < 5'000; ++i) {
    Item item = records::EncodeBucket({"k-1", "r" + std::to_string(i), "rpm"}, {});
    item.Set("padding", std::string(600, 'x'));
    ASSERT_TRUE(backing_.stores().items->Put({.table = "ZAEL-demo", .item = std::move(item)}).ok());
  }
  ASSERT_TRUE(repository->entities().Delete("k-1").ok());
  EXPECT_EQ(repository->entities().Get("k-1").error().code(), ErrorCode::kNotFound);
  QueryRequest rest{.table = "ZAEL-demo"};
  rest.hash = Value(records::EntityPk("k-1"));
  const auto page = backing_.stores().items->Query(rest);
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(repository->entities().Children("org", 10, {})->entities.size(), 1u);
  EXPECT_EQ(repository->entities().List(10, {})->entities.size(), 2u);
}

TEST_P(StoresTest, ReadersNeverSeeHalfOfASetWhileAdministratorsRace) {
  constexpr int kAdministrators = 4;
  constexpr int kSets = 40;
  const auto names = [](int administrator) {
    return Limits{Limit::PerMinute("x" + std::to_string(administrator), 1),
                  Limit::PerMinute("y" + std::to_string(administrator), 1)};
  };
  const auto repository = Open();
  ASSERT_TRUE(repository->configuration().SetLimits("k-1", "gpt-4", names(0)).ok());
  std::atomic<int> stored{1};
  std::atomic<int> running{kAdministrators};
  std::vector<std::thread> threads;
  for (int administrator = 0; administrator < kAdministrators; ++administrator) {
    threads.emplace_back([&, own = Open(), administrator] {
      for (int i = 0; i < kSets; ++i) {
        const Status set = own->configuration().SetLimits("k-1", "gpt-4", names(administrator));
        if (set.ok()) ++stored;
        EXPECT_TRUE(set.ok() || set.error().code() == ErrorCode::kAborted);
      }
      --running;
    });
  }
  while (running > 0) {
    const auto limits = repository->configuration().GetLimits("k-1", "gpt-4");
    ASSERT_TRUE(limits.ok());
    ASSERT_EQ(limits->size(), 2u);
    EXPECT_EQ((*limits)[0].name.substr(1), (*limits)[1].name.substr(1));
  }
  for (std::thread& thread : threads) thread.join();
  const auto page = backing_.stores().items->Query(EntityConfigQuery("ZAEL-demo", "k-1"));
  const auto config = DecodeEntityConfig(page->items, "k-1", "gpt-4");
  ASSERT_TRUE(config.ok());
  EXPECT_FALSE(config->torn());
  EXPECT_EQ(config->for_resource.newest_version(), stored);
  const auto events = repository->audit().List("k-1", 1'000, {});
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(static_cast<int>(events->events.size()), stored);
}

TEST_P(StoresTest, OneOfManyCreatesWins) {
  std::atomic<int> created{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, own = Open()] {
      const auto entity = own->entities().Create({.id = "k-1"});
      if (entity.ok()) ++created;
      EXPECT_TRUE(entity.ok() || entity.error().code() == ErrorCode::kAlreadyExists)
          << entity.error().message();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
}

TEST_P(StoresTest, EveryLevelAndTheRegistryReadBack) {
  const auto repository = Open();
  auto& configuration = repository->configuration();
  const Limits limits{Limit::PerMinute("rpm", 10),
                      Limit::Custom("t.p-m_", 5, 7, 3, std::chrono::seconds(9))};
  ASSERT_TRUE(
      configuration.SetSystemDefaults({.limits = limits, .on_unavailable = OnUnavailable::kAllow})
          .ok());
  ASSERT_TRUE(configuration.SetResourceDefaults("models/gpt-4.1", limits).ok());
  ASSERT_TRUE(configuration.SetLimits("k-1", "models/gpt-4.1", limits).ok());
  EXPECT_EQ(configuration.GetSystemDefaults()->limits, limits);
  EXPECT_EQ(*configuration.GetResourceDefaults("models/gpt-4.1"), limits);
  EXPECT_EQ(*configuration.GetLimits("k-1", "models/gpt-4.1"), limits);
  EXPECT_EQ(*configuration.ListResourcesWithDefaults(), std::vector<std::string>{"models/gpt-4.1"});
  ASSERT_TRUE(configuration.DeleteResourceDefaults("models/gpt-4.1").ok());
  EXPECT_TRUE(configuration.ListResourcesWithDefaults()->empty());
  EXPECT_TRUE(configuration.Explain("k-1", "models/gpt-4.1")->front().wins);
}

INSTANTIATE_TEST_SUITE_P(All, StoresTest, ::testing::Bool(), [](const auto& run) {
  return std::string(run.param ? "Engine" : "Memory");
});

}  // namespace
}  // namespace zael::repository
