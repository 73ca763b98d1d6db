#include "cli/replay/trace.h"

#include <gtest/gtest.h>

#include "base/time.h"
#include "cli/replay/tenants.h"
#include "cli/replay/trace_clock.h"
#include "testing/simulated_clock.h"

namespace zael::cli::replay {
namespace {

constexpr const char* kHeader = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n";

std::string ErrorOf(const std::string& content) {
  const auto trace = ReadTraces({{"t.csv", content}});
  return trace.ok() ? "no error" : trace.error().message();
}

TEST(ReadTraces, ReadsTheAzureFormWithSevenDigitsCrLfAndNoLastNewline) {
  const auto trace =
      ReadTraces({{"t.csv", std::string(kHeader) + "2023-11-16 18:17:03.9799600,4808,10\r\n"
                                                   "2023-11-16 18:17:04.0319600,3180,8"}});
  ASSERT_TRUE(trace.ok()) << trace.error().message();
  ASSERT_EQ(trace->calls.size(), 2u);
  EXPECT_EQ(ToUtcText(ToWallTime(trace->calls[0].at)), "2023-11-16T18:17:03Z");
  EXPECT_EQ(ToEpochMs(ToWallTime(trace->calls[0].at)) % 1000, 979);
  EXPECT_EQ((trace->calls[1].at - trace->calls[0].at).count(), 520'000);
  EXPECT_EQ(trace->calls[1].context_tokens, 3180);
  EXPECT_EQ(trace->calls[1].generated_tokens, 8);
  EXPECT_EQ(trace->calls[1].line, 3u);
  EXPECT_FALSE(trace->has_entities());
}

TEST(ReadTraces, TheHeaderDecidesTheOrderAndTheForm) {
  const auto trace = ReadTraces({{"t.csv",
                                  "entity,generated_tokens,timestamp,resource,context_tokens\n"
                                  "key-1,2,2024-01-01T00:00:00Z,gpt-4,1\n"}});
  ASSERT_TRUE(trace.ok()) << trace.error().message();
  EXPECT_TRUE(trace->has_entities());
  const Tenants tenants = AssignTenants(*trace, {});
  ASSERT_EQ(tenants.list.size(), 1u);
  EXPECT_EQ(tenants.list[0].entity, "key-1");
  EXPECT_EQ(tenants.list[0].resource, "gpt-4");
}

TEST(ReadTraces, MergesFilesByTimeAndKeepsTheOrderOfEqualTimes) {
  const auto trace = ReadTraces(
      {{"a.csv", std::string(kHeader) + "2024-01-01 00:00:02,1,1\n2024-01-01 00:00:03,2,1\n"},
       {"b.csv", std::string(kHeader) + "2024-01-01 00:00:01,3,1\n2024-01-01 00:00:02,4,1\n"}});
  ASSERT_TRUE(trace.ok());
  std::vector<std::int64_t> order;
  for (const TraceCall& call : trace->calls) order.push_back(call.context_tokens);
  EXPECT_EQ(order, (std::vector<std::int64_t>{3, 1, 4, 2}));
}

TEST(ReadTraces, NamesFileLineValueAndRuleOfABadRow) {
  const std::string good = std::string(kHeader) + "2024-01-01 00:00:02,1,1\r\n";
  const std::string number = ErrorOf(good + "2024-01-01 00:00:02,many,1\r\n");
  EXPECT_NE(number.find("t.csv line 3"), std::string::npos) << number;
  EXPECT_NE(number.find("ContextTokens"), std::string::npos) << number;
  EXPECT_NE(number.find("'many'"), std::string::npos) << number;
  EXPECT_NE(ErrorOf(good + "yesterday,1,1").find("TIMESTAMP 'yesterday'"), std::string::npos);
  EXPECT_NE(ErrorOf(good + "2024-02-30 00:00:00,1,1").find("TIMESTAMP"), std::string::npos);
  EXPECT_NE(ErrorOf(good + "2024-01-01 00:00:02,1").find("2 fields"), std::string::npos);
  EXPECT_NE(ErrorOf(good + "2024-01-01 00:00:02,-1,1").find("'-1'"), std::string::npos);
  EXPECT_NE(ErrorOf("a,b\n1,2\n").find("TIMESTAMP 0 times"), std::string::npos);
  EXPECT_NE(ErrorOf(kHeader).find("no calls"), std::string::npos);
  EXPECT_NE(ErrorOf("").find("empty"), std::string::npos);
  EXPECT_NE(ErrorOf("TIMESTAMP,ContextTokens,GeneratedTokens,entity\n2024-01-01 00:00:02,1,1,a#b\n")
                .find("entity"),
            std::string::npos);
}

TEST(RepeatTo, ShiftsEachRepetitionBehindTheOneBeforeAndCuts) {
  auto trace = ReadTraces(
      {{"t.csv", std::string(kHeader) + "2024-01-01 00:00:00,1,1\n2024-01-01 00:00:10,2,1\n"}});
  ASSERT_TRUE(trace.ok());
  RepeatTo(*trace, 5);
  ASSERT_EQ(trace->calls.size(), 5u);
  const TraceTime first = trace->calls[0].at;
  EXPECT_EQ(trace->calls[2].at - first, std::chrono::seconds(11));
  EXPECT_EQ(trace->calls[4].at - first, std::chrono::seconds(22));
  EXPECT_EQ(trace->calls[3].context_tokens, 2);
  RepeatTo(*trace, 1);
  EXPECT_EQ(trace->calls.size(), 1u);
}

TEST(GenerateTrace, IsTheSameForTheSameSeedOrderedAndHeavyTailed) {
  const Trace one = GenerateTrace(20'000, 7);
  const Trace two = GenerateTrace(20'000, 7);
  std::int64_t total = 0;
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < one.calls.size(); ++i) {
    ASSERT_EQ(one.calls[i].at, two.calls[i].at);
    ASSERT_EQ(one.calls[i].context_tokens, two.calls[i].context_tokens);
    ASSERT_TRUE(i == 0 || one.calls[i].at >= one.calls[i - 1].at);
    total += one.calls[i].context_tokens;
    largest = std::max(largest, one.calls[i].context_tokens);
  }
  EXPECT_GT(largest, 5 * total / 20'000);
  EXPECT_NE(GenerateTrace(10, 8).calls[5].at, one.calls[5].at);
}

TEST(AssignTenants, SpreadsCallsOverTheKeysTheSameWayEveryTime) {
  const Trace trace = GenerateTrace(8000, 1);
  const Tenants tenants = AssignTenants(trace, {.entities = 8});
  EXPECT_EQ(tenants.list.size(), 8u);
  EXPECT_EQ(tenants.of_call, AssignTenants(trace, {.entities = 8}).of_call);
  std::vector<int> calls(8);
  for (const std::uint32_t tenant : tenants.of_call) ++calls[tenant];
  for (const int count : calls) EXPECT_NEAR(count, 1000, 200);
}

TEST(TraceClock, FollowsTheLatestCallAndNeverGoesBack) {
  const auto system = std::make_shared<testing::SimulatedClock>();
  TraceClock clock(system, WallTime(Milliseconds(1000)));
  EXPECT_EQ(clock.WallNow(), WallTime(Milliseconds(1000)));
  clock.AdvanceTo(WallTime(Milliseconds(5000)));
  clock.AdvanceTo(WallTime(Milliseconds(4000)));
  EXPECT_EQ(clock.WallNow(), WallTime(Milliseconds(5000)));
  const MonotonicTime before = clock.MonotonicNow();
  clock.SleepFor(std::chrono::milliseconds(5));
  EXPECT_EQ(clock.MonotonicNow() - before, std::chrono::milliseconds(5));
  EXPECT_EQ(clock.WallNow(), WallTime(Milliseconds(5000))) << "sleeping is not trace time";
}

}  // namespace
}  // namespace zael::cli::replay
