#include "cli/replay/run.h"

#include <gtest/gtest.h>
#include <zael/repository.h>

#include "cli/replay/summary.h"
#include "repository/version.h"
#include "testing/memory_store.h"

namespace zael::cli::replay {
namespace {

struct Answers {
  std::vector<CallOutcome> outcomes;
  std::vector<testing::OverAdmission> over_admissions;
};

Answers Replay(const Trace& trace, std::int64_t threads, const Limits& limits) {
  const auto clock =
      std::make_shared<TraceClock>(MakeSystemClock(), ToWallTime(trace.calls.front().at));
  testing::MemoryStore store(clock);
  EXPECT_TRUE(repository::InitializeTable(store.stores(), {.name = "replay"}, *clock).ok());
  auto repository =
      Repository::Over(store.stores(), {.name = "replay", .clock = clock, .random_seed = 1});
  EXPECT_TRUE(repository.ok());
  Tenants tenants = AssignTenants(trace, {.entities = 3});
  EXPECT_TRUE(ResolveCharges(tenants, limits, (*repository)->configuration()).ok());
  ReplayRun run(RateLimiter(*repository, {.timeout = std::chrono::minutes(1)}), *clock, clock.get(),
                trace, tenants);
  run.Start({.override_limits = limits, .threads = threads});
  while (!run.WaitFor(std::chrono::seconds(1))) {
  }
  const Status finished = run.Finish();
  EXPECT_TRUE(finished.ok()) << finished.error().message();
  EXPECT_EQ(run.calls_done(), trace.calls.size());
  for (const Tenant& tenant : tenants.list) {
    for (const Limit& limit : limits) {
      run.checker().SetLimit(BucketName(tenant.entity, tenant.resource, limit.name), limit, 0);
    }
  }
  return {run.outcomes(), run.checker().FindOverAdmissions()};
}

const Limits kTight{Limit::PerMinute("rpm", 37), Limit::PerMinute("tpm", 61'003)};

TEST(ReplayRun, MakesEveryCallAndOverAdmitsNothingWithAnyNumberOfThreads) {
  const Trace trace = GenerateTrace(1500, 3);
  for (const std::int64_t threads : {1, 4, 8}) {
    const Answers answers = Replay(trace, threads, kTight);
    EXPECT_TRUE(answers.over_admissions.empty()) << threads << " threads";
    std::size_t granted = 0;
    std::size_t denied = 0;
    for (const CallOutcome& outcome : answers.outcomes) {
      granted += outcome.state == CallState::kGranted ? 1 : 0;
      denied += outcome.state == CallState::kDenied ? 1 : 0;
    }
    EXPECT_EQ(granted + denied, trace.calls.size());
    EXPECT_GT(granted, 0u);
    EXPECT_GT(denied, 0u);
  }
}

TEST(ReplayRun, DecidesTheSameEveryTimeWithOneThread) {
  const Trace trace = GenerateTrace(800, 4);
  const Answers one = Replay(trace, 1, kTight);
  const Answers two = Replay(trace, 1, kTight);
  for (std::size_t i = 0; i < trace.calls.size(); ++i) {
    ASSERT_EQ(one.outcomes[i].state, two.outcomes[i].state) << i;
  }
}

TEST(ReplayRun, MakesNoFurtherCallOnceStopped) {
  const Trace trace = GenerateTrace(50, 6);
  const auto clock =
      std::make_shared<TraceClock>(MakeSystemClock(), ToWallTime(trace.calls.front().at));
  testing::MemoryStore store(clock);
  ASSERT_TRUE(repository::InitializeTable(store.stores(), {.name = "replay"}, *clock).ok());
  const auto repository = Repository::Over(store.stores(), {.name = "replay", .clock = clock});
  ASSERT_TRUE(repository.ok());
  Tenants tenants = AssignTenants(trace, {});
  ASSERT_TRUE(ResolveCharges(tenants, kTight, (*repository)->configuration()).ok());
  ReplayRun run(RateLimiter(*repository), *clock, clock.get(), trace, tenants);
  run.Stop();
  run.Start({.override_limits = kTight, .threads = 2});
  while (!run.WaitFor(std::chrono::seconds(1))) {
  }
  EXPECT_TRUE(run.Finish().ok());
  EXPECT_EQ(run.calls_done(), 0u);
  EXPECT_EQ(Summarize(trace, tenants, run.outcomes(), 256).calls, 0u);
}

TEST(ResolveCharges, RefusesATenantWithNeitherLimitNamingWhatItHas) {
  const Trace trace = GenerateTrace(10, 5);
  const auto clock = std::make_shared<TraceClock>(MakeSystemClock(), WallTime());
  testing::MemoryStore store(clock);
  ASSERT_TRUE(repository::InitializeTable(store.stores(), {.name = "replay"}, *clock).ok());
  const auto repository = Repository::Over(store.stores(), {.name = "replay", .clock = clock});
  ASSERT_TRUE(repository.ok());
  Tenants tenants = AssignTenants(trace, {});
  const Status status =
      ResolveCharges(tenants, {Limit::PerMinute("foo", 5)}, (*repository)->configuration());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_NE(status.error().message().find("foo"), std::string::npos);
}

}  // namespace
}  // namespace zael::cli::replay
