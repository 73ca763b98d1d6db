#include "cli/replay/summary.h"

#include <gtest/gtest.h>

#include "cli/replay/live_view.h"
#include "cli/replay/replay_report.h"

namespace zael::cli::replay {
namespace {

constexpr TraceTime kStart{std::chrono::seconds(1'704'067'200)};

// One call a second, each with that context and output.
Trace EverySecond(std::size_t calls, std::int64_t context, std::int64_t generated) {
  Trace trace;
  trace.files.push_back("made");
  for (std::size_t i = 0; i < calls; ++i) {
    trace.calls.push_back({.at = kStart + std::chrono::seconds(i),
                           .context_tokens = context,
                           .generated_tokens = generated,
                           .line = static_cast<std::uint32_t>(i + 2)});
  }
  return trace;
}

TEST(Summarize, CountsAllCallsButTokensUsedOfGrantedOnesOnly) {
  const Trace trace = EverySecond(3, 100, 300);
  const Tenants tenants = AssignTenants(trace, {.entities = 1});
  const ReplaySummary summary =
      Summarize(trace, tenants,
                {{CallState::kGranted, 5}, {CallState::kDenied, 9}, {CallState::kGranted, 7}}, 256);
  EXPECT_EQ(summary.calls, 3u);
  EXPECT_EQ(summary.granted, 2u);
  EXPECT_EQ(summary.denied, 1u);
  EXPECT_EQ(summary.context_tokens, 300);
  EXPECT_EQ(summary.generated_tokens, 900);
  EXPECT_EQ(summary.tokens_reserved, 2 * 356);
  EXPECT_EQ(summary.tokens_used, 2 * 400);
  EXPECT_EQ(summary.tokens_over_estimate, 2 * 44);
  EXPECT_EQ(summary.tokens_under_estimate, 0);
  EXPECT_EQ(summary.latency.p50.count(), 7);
  EXPECT_EQ(summary.latency.max.count(), 9);
}

TEST(GeneratedPercentile, IsTheSmallestThatCoversSoMany) {
  Trace trace = EverySecond(4, 1, 0);
  for (std::size_t i = 0; i < 4; ++i)
    trace.calls[i].generated_tokens = static_cast<std::int64_t>(i) + 1;
  EXPECT_EQ(GeneratedPercentile(trace, 1), 1);
  EXPECT_EQ(GeneratedPercentile(trace, 50), 2);
  EXPECT_EQ(GeneratedPercentile(trace, 75), 3);
  EXPECT_EQ(GeneratedPercentile(trace, 100), 4);
}

TEST(LimitForDemand, FindsACapacityThatDeniesUnderOnePercent) {
  const Trace trace = EverySecond(1000, 100, 0);  // 6,000 tokens a minute
  const Tenants tenants = AssignTenants(trace, {.entities = 1});
  const std::vector<Demand> demands = DemandOf(trace, tenants, {0}, kTokensLimit, 0);
  const Limit small = Limit::PerMinute("tpm", 1000);
  EXPECT_GT(CountDenials(small, demands), 500u);
  const auto enough = LimitForDemand(small, demands);
  ASSERT_TRUE(enough.has_value());
  EXPECT_LT(CountDenials(*enough, demands) * 100, demands.size());
  EXPECT_GT(enough->capacity, 5000);
  EXPECT_LE(enough->capacity, 6200);
}

TEST(AdviceLines, NamesTheLimitThatDeniedMostAndWhatWouldDo) {
  const Trace trace = EverySecond(1000, 100, 0);
  const Tenants tenants = AssignTenants(trace, {.entities = 1});
  std::vector<CallOutcome> outcomes(1000, {CallState::kDenied, 1});
  const ReplaySummary summary = Summarize(trace, tenants, outcomes, 0);
  const std::map<std::string, BucketDenials> denials{{"api-key-1#gpt-4#tpm", {800, 0}}};
  const std::map<std::string, std::vector<std::uint32_t>> bucket_tenants{
      {"api-key-1#gpt-4#tpm", {0}}};
  const BucketLimits limits{{"api-key-1#gpt-4#tpm", Limit::PerMinute("tpm", 1000)}};
  const auto lines = AdviceLines({.trace = trace,
                                  .tenants = tenants,
                                  .summary = summary,
                                  .denials = denials,
                                  .bucket_tenants = bucket_tenants,
                                  .limits = limits,
                                  .output_guess = 0});
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines[0].find("api-key-1"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("-l tpm:"), std::string::npos) << lines[0];
}

TEST(DecisionsCsv, HasOneRowPerCallWithItsLine) {
  const Trace trace = EverySecond(2, 10, 20);
  const Tenants tenants = AssignTenants(trace, {.entities = 1});
  EXPECT_EQ(DecisionsCsv(trace, tenants, {{CallState::kGranted, 1}, {CallState::kDenied, 1}}, 5),
            "call,trace,line,time_ms,entity,resource,reserved,used,granted\n"
            "0,0,2,1704067200000,api-key-1,gpt-4,15,30,1\n"
            "1,0,3,1704067201000,api-key-1,gpt-4,15,30,0\n");
}

TEST(ProgressBar, FillsWithTheShareDone) {
  EXPECT_EQ(ProgressBar(0, 100, 4), "[....]   0 %");
  EXPECT_EQ(ProgressBar(50, 100, 4), "[##..]  50 %");
  EXPECT_EQ(ProgressBar(100, 100, 4), "[####] 100 %");
}

}  // namespace
}  // namespace zael::cli::replay
