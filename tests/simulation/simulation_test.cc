// Runs the simulator: new seeds in every run, as many as fit the time, and the seeds of planted
// bugs.
//
// ZAEL_SEED=n runs one seed again, ZAEL_BASE_SEED=n starts there instead of anywhere,
// ZAEL_SEEDS=n runs that many from the base,
// ZAEL_SIMULATION_SECONDS=n changes the time.
#include <gtest/gtest.h>
#include <zael/clock.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "tests/simulation/world.h"

namespace zael::simulation {
namespace {

std::optional<std::uint64_t> FromEnvironment(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

std::string Join(const std::vector<std::string>& findings) {
  std::string text;
  for (const std::string& finding : findings) text += "\n  " + finding;
  return text;
}

constexpr std::uint64_t kDefaultSeconds = 40;

TEST(Simulation, HoldsI1ToI7UnderSkewFaultsCrashesRacesAndConfigurationChanges) {
  const auto one = FromEnvironment("ZAEL_SEED");
  const auto count = FromEnvironment("ZAEL_SEEDS");
  const auto seconds = FromEnvironment("ZAEL_SIMULATION_SECONDS").value_or(kDefaultSeconds);
  // 32 bits: a seed that can be read aloud.
  const std::uint64_t base =
      one.value_or(FromEnvironment("ZAEL_BASE_SEED").value_or(std::random_device{}()));
  std::cout << "first seed " << base << std::endl;

  const auto clock = MakeSystemClock();
  const MonotonicTime end = clock->MonotonicNow() + std::chrono::seconds(seconds);
  std::map<std::string, std::uint64_t> seen;
  std::uint64_t runs = 0;
  const auto enough = [&] {
    if (one) return runs == 1;
    if (count) return runs == *count;
    return runs > 0 && clock->MonotonicNow() >= end;
  };
  while (!enough()) {
    const std::uint64_t seed = base + runs++;
    const SimulationReport report = Simulate({.seed = seed});
    for (const auto& [what, times] : report.seen) seen[what] += times;
    ASSERT_TRUE(report.findings.empty())
        << "run again with ZAEL_SEED=" << seed << Join(report.findings);
  }
  std::cout << runs << " seeds";
  for (const auto& [what, times] : seen) std::cout << ", " << what << " " << times;
  std::cout << std::endl;
  if (runs < 100) return;
  for (const char* what :
       {"late write", "granted", "denied", "consumed", "corrected", "rolled back", "committed",
        "configuration change", "reset", "restart", "nested call", "crash before a store call",
        "crash after a store call"}) {
    EXPECT_GT(seen[what], 0u) << what << " never happened: the simulation no longer shows it";
  }
}

TEST(Simulation, TheSameSeedGivesTheSameRun) {
  const SimulationReport first = Simulate({.seed = 7});
  const SimulationReport second = Simulate({.seed = 7});
  EXPECT_EQ(first.seen, second.seen);
  EXPECT_EQ(first.findings, second.findings);
}

// Checks that cannot fail prove nothing: a store that is wrong on purpose must be found.
class PlantedBugs : public ::testing::TestWithParam<PlantedBug> {};

TEST_P(PlantedBugs, AreFoundWithinAFewSeeds) {
  constexpr std::uint64_t kSeeds = 40;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    if (!Simulate({.seed = seed, .bug = GetParam()}).findings.empty()) return;
  }
  FAIL() << "no check noticed in " << kSeeds << " seeds";
}

// Then a late write is charged after its call was answered otherwise.
TEST(Simulation, P7_FindsWhatIsConcludedWithoutAFence) {
  bool found = false;
  for (std::uint64_t seed = 1; seed <= 100 && !found; ++seed) {
    const auto report = Simulate({.seed = seed, .bug = PlantedBug::kIgnoresFences});
    for (const std::string& finding : report.findings) {
      found |= finding.find("P7: charged after its answer") != std::string::npos;
    }
  }
  EXPECT_TRUE(found);
}

INSTANTIATE_TEST_SUITE_P(Store, PlantedBugs,
                         ::testing::Values(PlantedBug::kDropsConditions, PlantedBug::kWritesTwice,
                                           PlantedBug::kForgetsAtomicity),
                         [](const ::testing::TestParamInfo<PlantedBug>& bug) -> std::string {
                           switch (bug.param) {
                             case PlantedBug::kDropsConditions:
                               return "DropsConditions";
                             case PlantedBug::kWritesTwice:
                               return "WritesTwice";
                             case PlantedBug::kForgetsAtomicity:
                               return "ForgetsAtomicity";
                             default:
                               return "None";
                           }
                         });

}  // namespace
}  // namespace zael::simulation
