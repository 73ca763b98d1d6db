#include "aws/providers/refreshing_credentials.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "scripted_credentials.h"
#include "testing/simulated_clock.h"

namespace zael::aws {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class RefreshingCredentialsTest : public ::testing::Test {
 protected:
  CredentialsPtr Lasting(const std::string& id, std::chrono::nanoseconds time) {
    Credentials credentials{.access_key_id = id, .secret_access_key = "secret"};
    credentials.expiry = clock_->WallNow() + std::chrono::duration_cast<Milliseconds>(time);
    return std::make_shared<const Credentials>(credentials);
  }

  // What a call is told so far; "waits" when it is not told.
  std::shared_ptr<std::string> Ask() {
    auto told = std::make_shared<std::string>("waits");
    provider_.Get([told](const Result<CredentialsPtr>& answer) { *told = Told(answer); });
    return told;
  }

  void Fail(const std::string& cause) {
    source_->Answer(Error(ErrorCode::kUnavailable, "ask source: " + cause));
  }

  const std::shared_ptr<zael::testing::SimulatedClock> clock_ =
      std::make_shared<zael::testing::SimulatedClock>();
  const std::shared_ptr<ScriptedCredentials> source_ = std::make_shared<ScriptedCredentials>();
  RefreshingCredentials provider_{source_, clock_, std::make_shared<SeededRandom>(1)};
};

TEST_F(RefreshingCredentialsTest, TheFirstCallsWaitForOneAnswer) {
  const auto first = Ask();
  const auto second = Ask();
  EXPECT_EQ(*first, "waits");
  EXPECT_EQ(source_->asked(), 1);
  source_->Answer(Lasting("A", hours(1)));
  EXPECT_EQ(*first, "A");
  EXPECT_EQ(*second, "A");
  EXPECT_EQ(*Ask(), "A");
  EXPECT_EQ(source_->asked(), 1);
}

TEST_F(RefreshingCredentialsTest, OnesWithoutExpiryAreAskedForOnce) {
  const auto first = Ask();
  source_->Answer(std::make_shared<const Credentials>(Credentials{.access_key_id = "A"}));
  clock_->Advance(hours(24 * 365));
  EXPECT_EQ(*Ask(), "A");
  EXPECT_EQ(source_->asked(), 1);
}

TEST_F(RefreshingCredentialsTest, ARefreshAheadOfTheExpiryDelaysNobody) {
  Ask();
  source_->Answer(Lasting("OLD", hours(1)));
  clock_->Advance(hours(1) - kRefreshAhead - minutes(4));  // jitter is at most three minutes
  EXPECT_EQ(*Ask(), "OLD");
  EXPECT_EQ(source_->asked(), 1);
  clock_->Advance(minutes(4));
  EXPECT_EQ(*Ask(), "OLD");
  EXPECT_EQ(*Ask(), "OLD");
  EXPECT_EQ(source_->asked(), 2);
  source_->Answer(Lasting("NEW", hours(1)));
  EXPECT_EQ(*Ask(), "NEW");
}

TEST_F(RefreshingCredentialsTest, ShortLivedOnesAreRefreshedInTheSecondHalf) {
  Ask();
  source_->Answer(Lasting("OLD", minutes(10)));
  clock_->Advance(minutes(3));
  Ask();
  EXPECT_EQ(source_->asked(), 1);
  clock_->Advance(minutes(2));
  EXPECT_EQ(*Ask(), "OLD");
  EXPECT_EQ(source_->asked(), 2);
}

TEST_F(RefreshingCredentialsTest, ARefreshThatGivesTheSameOnesIsNotRepeatedAtOnce) {
  Ask();
  const CredentialsPtr same = Lasting("SAME", hours(1));
  source_->Answer(same);
  clock_->Advance(minutes(45));
  Ask();
  source_->Answer(same);
  EXPECT_EQ(*Ask(), "SAME");
  clock_->Advance(minutes(5));
  EXPECT_EQ(*Ask(), "SAME");
  EXPECT_EQ(source_->asked(), 2);
  clock_->Advance(minutes(3));
  EXPECT_EQ(*Ask(), "SAME");
  EXPECT_EQ(source_->asked(), 3);
}

TEST_F(RefreshingCredentialsTest, AFailedRefreshKeepsTheOldOnesUntilTheyExpire) {
  Ask();
  source_->Answer(Lasting("OLD", hours(1)));
  clock_->Advance(minutes(50));
  EXPECT_EQ(*Ask(), "OLD");
  Fail("down");
  EXPECT_EQ(*Ask(), "OLD");
  EXPECT_EQ(source_->asked(), 2);
  clock_->Advance(kMaxRefreshPause);
  EXPECT_EQ(*Ask(), "OLD");
  EXPECT_EQ(source_->asked(), 3);
  Fail("still down");
  clock_->Advance(minutes(10));
  const auto last = Ask();
  EXPECT_EQ(*last, "waits");
  Fail("down for good");
  EXPECT_EQ(*last, "the credentials expired at 2026-01-01T01:00:00Z; ask source: down for good");
}

TEST_F(RefreshingCredentialsTest, ShortBeforeTheExpiryCallersWaitAndGetTheOldOnesWhenItFails) {
  Ask();
  source_->Answer(Lasting("OLD", hours(1)));
  clock_->Advance(hours(1) - seconds(5));
  const auto call = Ask();
  EXPECT_EQ(*call, "waits");
  Fail("down");
  EXPECT_EQ(*call, "OLD");
  EXPECT_EQ(*Ask(), "OLD");  // in the pause after the failure
}

TEST_F(RefreshingCredentialsTest, FailuresAreToldAtOnceDuringAPauseThatGrows) {
  std::chrono::nanoseconds longest{0};
  for (int failures = 1; failures <= 8; ++failures) {
    const auto call = Ask();
    ASSERT_EQ(*call, "waits");
    Fail("down");
    EXPECT_EQ(*call, "ask source: down");
    std::chrono::nanoseconds pause{0};
    for (; source_->asked() == failures; pause += std::chrono::milliseconds(10)) {
      clock_->Advance(std::chrono::milliseconds(10));
      const auto next = Ask();
      if (source_->asked() == failures) {
        EXPECT_EQ(*next, "ask source: down");
      }
    }
    EXPECT_GE(pause, kRefreshPause / 2);
    EXPECT_LE(pause, kMaxRefreshPause);
    longest = std::max(longest, pause);
    Fail("down");  // the answer to the call that ended the pause
    ++failures;
    clock_->Advance(kMaxRefreshPause);
  }
  EXPECT_GT(longest, kMaxRefreshPause / 2);
}

TEST_F(RefreshingCredentialsTest, ExpiredOnesFromTheSourceAreAFailure) {
  const auto call = Ask();
  source_->Answer(Lasting("A", seconds(0)));
  EXPECT_EQ(*call, "get credentials: those received expired at 2026-01-01T00:00:00Z");
}

TEST_F(RefreshingCredentialsTest, JitterSpreadsTheRefreshesOfAFleet) {
  std::vector<std::int64_t> waits;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RefreshingCredentials provider(source_, clock_, std::make_shared<SeededRandom>(seed));
    provider.Get([](const Result<CredentialsPtr>&) {});
    source_->Answer(Lasting("A", hours(1)));
    const int asked = source_->asked();
    std::int64_t seconds_waited = 0;
    for (; source_->asked() == asked; ++seconds_waited) {
      clock_->Advance(seconds(1));
      provider.Get([](const Result<CredentialsPtr>&) {});
    }
    source_->Answer(Lasting("A", hours(1)));
    waits.push_back(seconds_waited);
  }
  const auto [first, last] = std::minmax_element(waits.begin(), waits.end());
  EXPECT_GE(*first, 42 * 60);
  EXPECT_LE(*last, 45 * 60);
  EXPECT_GT(*last - *first, 60);
}

TEST_F(RefreshingCredentialsTest, ItMayEndWhileARefreshIsUnderWay) {
  auto told = std::make_shared<std::string>("waits");
  {
    RefreshingCredentials provider(source_, clock_, std::make_shared<SeededRandom>(1));
    provider.Get([told](const Result<CredentialsPtr>& answer) { *told = Told(answer); });
  }
  source_->Answer(Lasting("A", hours(1)));
  EXPECT_EQ(*told, "A");
}

// Answers each question on a thread of its own, with credentials that hold for half a minute.
class ThreadedSource final : public CredentialsProvider {
 public:
  explicit ThreadedSource(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  // When nobody asks any more; a thread of its own may be the last to hold it, and cannot.
  void Join() {
    std::vector<std::thread> threads;
    {
      const MutexLock lock(mutex_);
      threads.swap(threads_);
    }
    for (std::thread& thread : threads) thread.join();
  }

  void Get(CredentialsCallback done) override {
    EXPECT_EQ(under_way_++, 0) << "two refreshes at once";
    const MutexLock lock(mutex_);
    threads_.emplace_back([this, done = std::move(done)] {
      Credentials credentials{.access_key_id = "A", .secret_access_key = "s"};
      credentials.expiry = clock_->WallNow() + seconds(30);
      --under_way_;
      done(std::make_shared<const Credentials>(credentials));
    });
  }

 private:
  const std::shared_ptr<Clock> clock_;
  std::atomic<int> under_way_{0};
  Mutex mutex_;
  std::vector<std::thread> threads_ ZAEL_GUARDED_BY(mutex_);
};

TEST(RefreshingCredentialsThreads, EveryCallOfManyThreadsIsToldOnceWithCredentialsThatHold) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 2'000;
  const auto clock = std::make_shared<zael::testing::SimulatedClock>();
  const auto source = std::make_shared<ThreadedSource>(clock);
  std::atomic<int> told{0};
  {
    RefreshingCredentials provider(source, clock, std::make_shared<SeededRandom>(1));
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kCalls; ++i) {
          std::promise<void> answered;
          provider.Get([&](const Result<CredentialsPtr>& answer) {
            if (answer.ok()) ++told;
            answered.set_value();
          });
          answered.get_future().wait();
          clock->Advance(std::chrono::milliseconds(10));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  source->Join();
  EXPECT_EQ(told, kThreads * kCalls);
}

}  // namespace
}  // namespace zael::aws
