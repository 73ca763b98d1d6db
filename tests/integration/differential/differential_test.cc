// The same random requests to our endpoint and to DynamoDB Local.
//
// ZAEL_DIFFERENTIAL_OPERATIONS says how many, ZAEL_DIFFERENTIAL_SEED repeats a run.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/random.h"
#include "os/environment.h"
#include "tests/integration/differential/comparison.h"
#include "tests/integration/differential/known_differences.h"
#include "tests/integration/differential/random_requests.h"
#include "tests/integration/differential/service.h"
#include "tests/integration/differential/two_services.h"
#include "tests/integration/dynamodb/dynamodb_server.h"

namespace zael::differential {
namespace {

constexpr std::size_t kMaxUnknown = 20;  // differences shown before the run ends
constexpr std::uint64_t kStepsBetweenLooks = 250;
constexpr std::uint64_t kClients = 4;  // at once: most of the time is waiting for Java

std::uint64_t NumberFrom(const char* name, std::uint64_t otherwise) {
  const auto text = os::Environment(name);
  return text.has_value() ? std::strtoull(text->c_str(), nullptr, 10) : otherwise;
}

std::string Shown(const Request& request, const Answer& ours, const Answer& theirs) {
  return Format("{} {}\nours:   {} {}\ntheirs: {} {}", request.operation, request.json, ours.error,
                ours.body, theirs.error, theirs.body);
}

// What came of the requests.
struct Tally {
  std::map<std::string, std::size_t> outcomes;
  std::map<const KnownDifference*, std::size_t> known;
  std::size_t made_by_removing = 0;
  std::size_t unknown = 0;

  void Add(const Tally& other) {
    for (const auto& [outcome, count] : other.outcomes) outcomes[outcome] += count;
    for (const auto& [difference, count] : other.known) known[difference] += count;
    made_by_removing += other.made_by_removing;
    unknown += other.unknown;
  }

  void Print() const {
    for (const auto& [outcome, count] : outcomes) std::cout << count << "  " << outcome << '\n';
    for (const auto& [difference, count] : known)
      std::cout << "known: " << count << "  " << difference->local << '\n';
    std::cout << "known: " << made_by_removing << "  makes an item by removing, unsaid\n";
  }
};

// One client of both services, with tables of its own. Thread-compatible.
class Differential {
 public:
  Differential(std::uint64_t seed, const std::string& url, std::string_view prefix)
      : random_(seed), requests_(random_, 6, prefix), services_(requests_.tables(), url) {}

  void Run(std::uint64_t operations) {
    for (std::uint64_t i = 1; i <= operations && tally_.unknown < kMaxUnknown; ++i) {
      Step();
      if (i % kStepsBetweenLooks == 0 || i == operations) Look();
    }
  }

  const Tally& tally() const { return tally_; }

 private:
  void Step() {
    const Request request = requests_.Next();
    const Answer ours = Ask(services_.ours(), request);
    const Answer theirs = Ask(services_.theirs(), request);
    ++tally_.outcomes[request.operation + " " + (ours.error.empty() ? "done" : ours.error)];
    if (theirs.error == "TransportFailure") {
      ADD_FAILURE() << "the other server is gone after " << request.json;
      tally_.unknown = kMaxUnknown;
      return;
    }
    if (!Same(request, ours, theirs)) {
      Note(request, ours, theirs);
      if (!request.IsWrite()) return;
      for (const TableSpec* table : request.tables) services_.Reconcile(*table);
    } else if (HasUpdateThatOnlyRemoves(request)) {
      for (const TableSpec* table : request.tables) Compare(*table, 1);
    }
  }

  // Whether both hold the same items, but for what known differences explain.
  void Look() {
    for (const TableSpec& table : requests_.tables()) Compare(table, 0);
  }

  // They may hold items of keys alone, made by an update that only removes.
  void Compare(const TableSpec& table, std::size_t max_only_keys) {
    const auto differences = services_.Reconcile(table);
    EXPECT_LE(differences.only_keys_of_theirs, max_only_keys) << table.name;
    EXPECT_EQ(differences.others, 0u) << table.name << " held other items";
    if (differences.only_keys_of_theirs > 0) ++tally_.made_by_removing;
  }

  void Note(const Request& request, const Answer& ours, const Answer& theirs) {
    if (const KnownDifference* known = ExplanationOf({request, ours, theirs})) {
      ++tally_.known[known];
      return;
    }
    if (++tally_.unknown <= kMaxUnknown) ADD_FAILURE() << Shown(request, ours, theirs);
  }

  SeededRandom random_;
  RandomRequests requests_;
  TwoServices services_;
  Tally tally_;
};

TEST(Differential, OurEndpointAnswersAsDynamoDbLocalDoes) {
  // Always the same by itself: another seed may find another way in which DynamoDB Local differs.
  const std::uint64_t seed = NumberFrom("ZAEL_DIFFERENTIAL_SEED", 1);
  const std::uint64_t operations = NumberFrom("ZAEL_DIFFERENTIAL_OPERATIONS", 3'000);
  std::cout << "ZAEL_DIFFERENTIAL_SEED=" << seed << " ZAEL_DIFFERENTIAL_OPERATIONS=" << operations
            << std::endl;
  const std::string url = dynamo::DynamoDbServer::Local().url();
  ASSERT_NE(url, "");
  std::vector<std::unique_ptr<Differential>> clients;
  for (std::uint64_t i = 0; i < kClients; ++i) {
    clients.push_back(
        std::make_unique<Differential>(seed * kClients + i, url, Format("random{}", i)));
  }
  std::vector<std::thread> threads;
  for (const auto& client : clients)
    threads.emplace_back([&client, operations] { client->Run(operations / kClients); });
  for (std::thread& thread : threads) thread.join();
  Tally tally;
  for (const auto& client : clients) tally.Add(client->tally());
  tally.Print();
  EXPECT_EQ(tally.unknown, 0u);
}

}  // namespace
}  // namespace zael::differential
