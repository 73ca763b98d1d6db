// Eight processes of eight threads on one bucket of DynamoDB: exactly the limit is granted.
// ZAEL_HOT_KEY_ROUNDS says how often each limit is tried (default 1).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zael/repository.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "repository/version.h"
#include "tests/integration/dynamodb/dynamodb_server.h"
#include "tests/integration/dynamodb/server_process.h"

namespace zael::dynamo {
namespace {

constexpr int kProcesses = 8;
constexpr int kThreads = 8;
constexpr std::int64_t kDecade = 24 * 3650;  // hours
const std::string kName = "hot";

// Closed until told otherwise; every writer waits at it.
class Gate {
 public:
  Gate() {
    EXPECT_EQ(::pipe(ends_), 0);
    EXPECT_EQ(::fcntl(ends_[1], F_SETFD, FD_CLOEXEC), 0);  // else the writers hold it shut
  }
  ~Gate() {
    Open();
    ::close(ends_[0]);
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  std::string place() const { return std::to_string(ends_[0]); }
  void Open() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
};

struct Totals {
  std::int64_t granted = 0;
  std::int64_t failed = 0;
  int processes_granted = 0;
};

Totals RunWriters(const std::string& url, const std::string& entity) {
  Gate gate;
  std::vector<std::unique_ptr<ServerProcess>> writers;
  for (int i = 0; i < kProcesses; ++i) {
    writers.push_back(std::make_unique<ServerProcess>(std::vector<std::string>{
        ZAEL_HOT_KEY_WRITER, url, kName, entity, std::to_string(kThreads), gate.place()}));
  }
  for (const auto& writer : writers) EXPECT_EQ(writer->ReadLine(), "ready");
  gate.Open();
  Totals totals;
  for (const auto& writer : writers) {
    std::int64_t granted = 0;
    std::int64_t failed = 0;
    EXPECT_TRUE(std::istringstream(writer->ReadLine()) >> granted >> failed) << "a writer died";
    EXPECT_EQ(failed, 0) << writer->ReadLine();
    totals.granted += granted;
    totals.failed += failed;
    if (granted > 0) ++totals.processes_granted;
  }
  return totals;
}

int Rounds() {
  const char* wanted = std::getenv("ZAEL_HOT_KEY_ROUNDS");
  return wanted == nullptr ? 1 : std::stoi(wanted);
}

class HotKey : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override {
    DynamoDbServer& server = DynamoDbServer::Local();
    server.DeleteAllTables();
    const auto clock = MakeSystemClock();
    client_ = server.Connect(clock);
    ASSERT_NE(client_, nullptr);
    const auto made = repository::InitializeTable(client_->stores(), {.name = kName}, *clock);
    ASSERT_TRUE(made.ok()) << made.error().message();
    auto opened = Repository::Over(client_->stores(), {.name = kName, .clock = clock});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    repository_ = *std::move(opened);
  }

  std::shared_ptr<DynamoClient> client_;
  std::shared_ptr<Repository> repository_;
};

TEST_P(HotKey, P1_ProcessesAreGrantedExactlyTheLimitAndNobodyFails) {
  const std::int64_t burst = GetParam();
  // Refills one token in ten years: nothing while the test runs.
  const Limit limit = Limit::Custom("rpm", burst, burst, 1, std::chrono::hours(kDecade));
  ASSERT_TRUE(repository_->configuration().SetSystemDefaults({.limits = {limit}}).ok());
  for (int round = 0; round < Rounds() && !HasFailure(); ++round) {
    const std::string entity = "key-" + std::to_string(round);
    const Totals totals = RunWriters(DynamoDbServer::Local().url(), entity);
    EXPECT_EQ(totals.granted, burst);
    EXPECT_EQ(totals.failed, 0);
    if (burst >= 1000) {
      EXPECT_GT(totals.processes_granted, 1) << "nobody competed: nothing is shown";
    }
    const auto buckets = repository_->buckets().Show(entity, {});
    ASSERT_TRUE(buckets.ok()) << buckets.error().message();
    ASSERT_EQ(buckets->size(), 1u);
    EXPECT_EQ(buckets->front().tokens_milli, 0);
    EXPECT_EQ(buckets->front().total_consumed_milli, std::to_string(burst * 1000));
  }
}

INSTANTIATE_TEST_SUITE_P(Limits, HotKey, ::testing::Values<std::int64_t>(1, 50, 1000));

}  // namespace
}  // namespace zael::dynamo
