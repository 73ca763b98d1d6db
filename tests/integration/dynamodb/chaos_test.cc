// The limiter over a network that delays, cuts, stalls, corrupts, half-closes and delivers after
// the sender was cut off, in front of DynamoDB Local: no answer is wrong, none is late, and
// afterwards all is as before.
// ZAEL_CHAOS_CALLS says how many calls each thread makes (default 40), ZAEL_CHAOS_SEED which chaos.
#include <gtest/gtest.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "repository/version.h"
#include "tests/integration/dynamodb/chaos_ledger.h"
#include "tests/integration/dynamodb/chaos_proxy.h"
#include "tests/integration/dynamodb/dynamodb_server.h"
#include "tests/integration/dynamodb/test_client.h"

namespace zael::dynamo {
namespace {

constexpr int kThreads = 8;
constexpr auto kCallTimeout = std::chrono::seconds(3);
// What a loaded machine may add to a deadline; a call that waits for a stalled server never ends.
constexpr auto kMargin = std::chrono::seconds(5);
constexpr RetryOptions kImpatient{.attempt_timeout = std::chrono::milliseconds(800),
                                  .call_timeout = std::chrono::seconds(4)};
const std::string kName = "chaos";
const std::array<std::string, 3> kEntities = {"key-a", "key-b", "key-c"};

std::uint64_t Setting(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::stoull(value);
}

class Chaos : public ::testing::Test {
 protected:
  void SetUp() override {
    DynamoDbServer& server = DynamoDbServer::Local();
    server.DeleteAllTables();
    plain_client_ = server.Connect(clock_);
    ASSERT_NE(plain_client_, nullptr);
    const Stores stores = plain_client_->stores();
    const auto made = repository::InitializeTable(stores, {.name = kName}, *clock_);
    ASSERT_TRUE(made.ok()) << made.error().message();
    plain_ = Over(*plain_client_);
    ASSERT_NE(plain_, nullptr);
    ASSERT_TRUE(plain_->configuration().SetSystemDefaults({.limits = limits_}).ok());
    for (const std::string& entity : kEntities) {
      for (const Limit& limit : limits_) {
        ledger_.SetLimit(ChaosLedger::BucketOf(entity, limit.name), limit);
      }
    }
    const std::string& url = server.url();
    const auto port = std::stoul(url.substr(url.rfind(':') + 1));
    proxy_ = std::make_unique<ChaosProxy>(static_cast<std::uint16_t>(port), seed_);
    const auto client =
        OpenTestClient(proxy_->url(), clock_, std::make_shared<SeededRandom>(seed_), kImpatient);
    ASSERT_TRUE(client.ok()) << client.error().message();
    client_ = *client;
    repository_ = Over(*client_);
    ASSERT_NE(repository_, nullptr);
  }

  std::shared_ptr<Repository> Over(DynamoClient& client) const {
    auto repository = Repository::Over(client.stores(), {.name = kName, .clock = clock_});
    EXPECT_TRUE(repository.ok()) << repository.error().message();
    return repository.ok() ? *std::move(repository) : nullptr;
  }

  std::int64_t NowMs() const { return clock_->WallNow().time_since_epoch().count(); }

  // One acquire, and sometimes its rollback, told to the ledger.
  void CallOnce(RateLimiter& limiter, SeededRandom& random) {
    const std::string& entity = kEntities[random.Below(kEntities.size())];
    Amounts amounts = {{"rpm", 1 + static_cast<std::int64_t>(random.Below(3))}};
    if (random.Below(2) == 0) amounts["tpm"] = 1 + static_cast<std::int64_t>(random.Below(9));
    const std::int64_t from_ms = NowMs();
    const auto begin = clock_->MonotonicNow();
    auto decision = limiter.Acquire({.entity_id = entity, .resource = "api", .consume = amounts});
    ExpectInTime(begin);
    if (!decision.ok()) return ledger_.TakeFailure(entity, amounts, decision.error(), from_ms);
    if (!decision->granted()) return ledger_.TakeDenial();
    ledger_.TakeGrant(decision->statuses(), NowMs());
    Lease lease = decision->TakeLease();
    if (random.Below(4) == 0) RollBack(lease, entity, amounts);
  }

  void RollBack(Lease& lease, const std::string& entity, const Amounts& amounts) {
    const std::int64_t from_ms = NowMs();
    const auto begin = clock_->MonotonicNow();
    const Status done = lease.Rollback();
    ExpectInTime(begin);
    if (done.ok()) return ledger_.TakeRollback(entity, amounts, from_ms, NowMs());
    Amounts given_back = amounts;
    for (auto& [name, tokens] : given_back) tokens = -tokens;
    ledger_.TakeFailure(entity, given_back, done.error(), from_ms);
  }

  void ExpectInTime(MonotonicTime begin) {
    const auto taken = clock_->MonotonicNow() - begin;
    EXPECT_LT(taken, kCallTimeout + kMargin);
  }

  // On a busy machine a server may take longer than an attempt lasts, so not every round need do.
  bool AnswersEveryCallAgain(RateLimiter& limiter) {
    for (int round = 0; round < 5; ++round) {
      const std::uint64_t unanswered = ledger_.unknown() + ledger_.failed();
      CallFromAllThreads(limiter, 10);
      if (ledger_.unknown() + ledger_.failed() == unanswered) return true;
    }
    return false;
  }

  void CallFromAllThreads(RateLimiter& limiter, std::uint64_t calls) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        SeededRandom random(seed_ * kThreads + static_cast<std::uint64_t>(i));
        for (std::uint64_t left = calls; left > 0; --left) CallOnce(limiter, random);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  void ExpectEveryMischief() const {
    for (std::size_t i = 1; i < kMischiefs; ++i) {
      EXPECT_GT(proxy_->count(static_cast<Mischief>(i)), 0u) << "mischief " << i;
    }
  }

  void ExpectBucketsExplained() {
    for (const std::string& entity : kEntities) {
      const auto buckets = plain_->buckets().Show(entity, {});
      ASSERT_TRUE(buckets.ok()) << buckets.error().message();
      for (const BucketSnapshot& snapshot : *buckets) {
        const std::string bucket = ChaosLedger::BucketOf(entity, snapshot.limit.name);
        const std::int64_t milli = std::stoll(snapshot.total_consumed_milli);
        EXPECT_EQ(milli % 1000, 0);
        EXPECT_TRUE(ledger_.Explains(bucket, milli / 1000))
            << milli / 1000 << " consumed; " << ledger_.ToText(bucket);
      }
    }
    for (const testing::OverAdmission& found : ledger_.FindOverAdmissions(NowMs())) {
      ADD_FAILURE() << found.bucket << " gave " << found.excess_milli << " millitokens too much";
    }
  }

  const std::uint64_t seed_ = Setting("ZAEL_CHAOS_SEED", std::random_device()());
  const std::shared_ptr<Clock> clock_ = MakeSystemClock();
  // Less than the threads ask for, so that grants are close decisions.
  const Limits limits_ = {Limit::PerSecond("rpm", 6, 12), Limit::PerSecond("tpm", 10, 20)};
  ChaosLedger ledger_;
  std::shared_ptr<DynamoClient> plain_client_;  // not through the proxy
  std::shared_ptr<Repository> plain_;
  std::unique_ptr<ChaosProxy> proxy_;
  std::shared_ptr<DynamoClient> client_;
  std::shared_ptr<Repository> repository_;
};

TEST_F(Chaos, P1_NoAnswerIsWrongOrLateAndTheSameClientWorksAfterwards) {
  SCOPED_TRACE("ZAEL_CHAOS_SEED=" + std::to_string(seed_));
  RateLimiter limiter(repository_, {.timeout = kCallTimeout});
  proxy_->Rage();
  CallFromAllThreads(limiter, Setting("ZAEL_CHAOS_CALLS", 40));
  proxy_->Calm();
  std::cout << "seed " << seed_ << ": " << ledger_.granted() << " granted, " << ledger_.denied()
            << " denied, " << ledger_.unknown() << " unknown, " << ledger_.failed() << " failed\n";
  EXPECT_GT(ledger_.granted(), 0u);
  EXPECT_GT(ledger_.denied(), 0u) << "the limits are never reached: nothing is shown";
  ExpectEveryMischief();

  const std::uint64_t granted = ledger_.granted();
  EXPECT_TRUE(AnswersEveryCallAgain(limiter)) << "the client did not recover";
  EXPECT_GT(ledger_.granted(), granted);
  ExpectBucketsExplained();
}

}  // namespace
}  // namespace zael::dynamo
