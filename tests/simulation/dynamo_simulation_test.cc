// The simulator with DynamoDB's wire between clients and store: I1 to I7 hold whatever happens on
// it. New seeds in every run: ZAEL_WIRE_SEED=n runs one again, ZAEL_WIRE_BASE_SEED=n starts there,
// ZAEL_WIRE_SEEDS=n runs that many.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/simulation/dynamo_wire.h"
#include "tests/simulation/world.h"

namespace zael::simulation {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : std::strtoull(text, nullptr, 10);
}

const std::vector<WireRates>& Rates() {
  static const std::vector<WireRates> rates = {{},
                                               {.refused_connection = 10,
                                                .lost_before = 10,
                                                .lost_after = 20,
                                                .delivered_late = 20,
                                                .late = 10,
                                                .corrupted = 10,
                                                .failed = 10,
                                                .throttled = 30,
                                                .conflict = 50,
                                                .in_part = 100,
                                                .expired_key = 20},
                                               {.refused_connection = 50,
                                                .lost_before = 50,
                                                .lost_after = 100,
                                                .delivered_late = 100,
                                                .late = 30,
                                                .corrupted = 50,
                                                .failed = 40,
                                                .throttled = 150,
                                                .conflict = 150,
                                                .in_part = 300,
                                                .expired_key = 50}};
  return rates;
}

SimulationReport SimulateOverDynamo(std::uint64_t seed, PlantedBug bug = PlantedBug::kNone) {
  std::map<std::string, std::uint64_t> seen;
  SimulationReport report = Simulate(
      {.seed = seed, .calls = 120, .bug = bug, .connect = [&seen](const Connection& connection) {
         SeededRandom dice(connection.seed);
         const WireRates rates = connection.healed ? WireRates() : Rates()[dice.Below(3)];
         return ConnectOverDynamo(connection.stores, {.seed = connection.seed,
                                                      .rates = rates,
                                                      .clock = connection.clock,
                                                      .client_clock = connection.client_clock,
                                                      .seen = &seen,
                                                      .late = connection.late});
       }});
  report.seen.merge(seen);
  return report;
}

TEST(DynamoSimulation, HoldsI1ToI7WhateverHappensOnTheWire) {
  const std::uint64_t one = FromEnvironment("ZAEL_WIRE_SEED", 0);
  // 32 bits: a seed that can be read aloud.
  const std::uint64_t base =
      one != 0 ? one : FromEnvironment("ZAEL_WIRE_BASE_SEED", std::random_device{}());
  const std::uint64_t runs = one != 0 ? 1 : FromEnvironment("ZAEL_WIRE_SEEDS", 60);
  std::cout << "first seed " << base << std::endl;
  std::map<std::string, std::uint64_t> seen;
  for (std::uint64_t seed = base; seed < base + runs; ++seed) {
    const SimulationReport report = SimulateOverDynamo(seed);
    for (const auto& [what, times] : report.seen) seen[what] += times;
    std::string findings;
    for (const std::string& finding : report.findings) findings += "\n  " + finding;
    ASSERT_TRUE(report.findings.empty()) << "run again with ZAEL_WIRE_SEED=" << seed << findings;
  }
  std::cout << runs << " seeds";
  for (const auto& [what, times] : seen) std::cout << ", " << what << " " << times;
  std::cout << std::endl;
  if (runs < 50) return;
  for (const char* what :
       {"granted", "denied", "wire: refused connection", "wire: lost before", "wire: lost after",
        "wire: late", "wire: delivered late", "wire: corrupted", "wire: failed before",
        "wire: failed after", "wire: throttled", "wire: conflict", "wire: in part",
        "wire: key expires", "wire: skewed signature"}) {
    EXPECT_GT(seen[what], 0U) << what << " never happened";
  }
}

TEST(DynamoSimulation, TheSameSeedGivesTheSameRun) {
  const SimulationReport first = SimulateOverDynamo(7);
  const SimulationReport second = SimulateOverDynamo(7);
  EXPECT_EQ(first.seen, second.seen);
  EXPECT_EQ(first.findings, second.findings);
}

TEST(DynamoSimulation, AStoreThatIsWrongIsFoundThroughTheWire) {
  bool found = false;
  for (std::uint64_t seed = 1; seed <= 40 && !found; ++seed) {
    found = !SimulateOverDynamo(seed, PlantedBug::kWritesTwice).findings.empty();
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace zael::simulation
