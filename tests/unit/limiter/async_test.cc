// The asynchronous calls: the promises of the blocking ones, and that nothing waits.
#include <dirent.h>

#include <atomic>
#include <stdexcept>

#include "async_stores.h"
#include "limiter/async_driver.h"
#include "limiter_fixture.h"

namespace zael::limiter {
namespace {

enum class StoreKind { kWaited, kIoThread };

class AsyncTest : public LimiterTest {
 protected:
  // Over the fixture's hooks and faults, like `limiter_`.
  std::shared_ptr<Repository> OpenAsync(std::shared_ptr<AsyncItemStore> async_items) {
    Stores stores = memory_.stores();
    stores.items = faulty_;
    stores.async_items = std::move(async_items);
    return Over(std::move(stores), clock_);
  }

  std::shared_ptr<testing::FaultyStore> faulty_ =
      std::make_shared<testing::FaultyStore>(hooks_, faults_, clock_);
};

class AsyncCalls : public AsyncTest, public ::testing::WithParamInterface<StoreKind> {
 protected:
  AsyncCalls() {
    async_repository_ = OpenAsync(
        GetParam() == StoreKind::kIoThread ? std::make_shared<IoThreadStore>(faulty_) : nullptr);
    async_.emplace(RateLimiter(async_repository_));
    faults_->ResetCounts();
  }

  Result<Decision> AcquireAsync(Amounts consume) {
    return Await(async_->Acquire(Ask(std::move(consume))));
  }
  Lease LeaseOf(Amounts consume) {
    auto decision = AcquireAsync(std::move(consume));
    EXPECT_TRUE(decision.ok() && decision->granted());
    return decision->TakeLease();
  }

  std::shared_ptr<Repository> async_repository_;
  std::optional<AsyncRateLimiter> async_;
};

INSTANTIATE_TEST_SUITE_P(Stores, AsyncCalls,
                         ::testing::Values(StoreKind::kWaited, StoreKind::kIoThread),
                         [](const auto& kind) {
                           return kind.param == StoreKind::kWaited ? "Waited" : "IoThread";
                         });

TEST_P(AsyncCalls, GrantExactlyTheBurstAndThenSayHowLongToWait) {
  SetLimits({Limit::PerMinute("rpm", 10)});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(AcquireAsync({{"rpm", 1}})->granted());
  const auto denied = AcquireAsync({{"rpm", 1}});
  ASSERT_TRUE(denied.ok());
  EXPECT_FALSE(denied->granted());
  EXPECT_EQ(denied->retry_after(), milliseconds(6'000));
  EXPECT_EQ(denied->ToJson(), Acquire({{"rpm", 1}})->ToJson());  // what a blocking call says
}

TEST_P(AsyncCalls, CostOneWriteAndNoReadInTheSteadyState) {
  SetLimits({Limit::PerMinute("rpm", 10)});
  ASSERT_TRUE(AcquireAsync({{"rpm", 1}})->granted());
  faults_->ResetCounts();
  ASSERT_TRUE(AcquireAsync({{"rpm", 1}})->granted());
  EXPECT_EQ(Reads(), 0u);
  EXPECT_EQ(Writes(), 1u);
}

TEST_P(AsyncCalls, RefuseAWrongCallWithoutAskingTheStore) {
  EXPECT_CODE(AcquireAsync({}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(AcquireAsync({{"rpm", -1}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(Await(async_->Available({.entity_id = "no spaces", .resource = "api"})),
              ErrorCode::kInvalidArgument);
  EXPECT_EQ(Reads() + Writes(), 0u);
}

TEST_P(AsyncCalls, LookWithoutTaking) {
  SetLimits({Limit::PerMinute("rpm", 10)});
  ASSERT_TRUE(AcquireAsync({{"rpm", 7}})->granted());
  const AvailabilityRequest who{.entity_id = "key", .resource = "api"};
  EXPECT_EQ(*Await(async_->Available(who)), (Amounts{{"rpm", 3}}));
  EXPECT_EQ(*Await(async_->TimeUntilAvailable(who, {{"rpm", 4}})), milliseconds(6'000));
  EXPECT_EQ(*Await(async_->TimeUntilAvailable(who, {{"rpm", 11}})), std::nullopt);
  EXPECT_EQ(Stored("rpm"), 3);
}

TEST_P(AsyncCalls, CorrectALeaseAsTheBlockingCallsDo) {
  SetLimits({Limit::PerDay("tpd", 100)});
  Lease lease = LeaseOf({{"tpd", 50}});
  EXPECT_TRUE(Await(async_->Adjust(lease, {{"tpd", 70}})).ok());  // into debt, never denied
  EXPECT_EQ(Stored("tpd"), -20);
  EXPECT_TRUE(Await(async_->Release(lease, {{"tpd", 90}})).ok());
  EXPECT_EQ(Stored("tpd"), 70);
  EXPECT_TRUE(Await(async_->Consume(lease, {{"tpd", 20}}))->granted());
  EXPECT_FALSE(Await(async_->Consume(lease, {{"tpd", 51}}))->granted());
  EXPECT_EQ(lease.consumed(), (Amounts{{"tpd", 50}}));
  EXPECT_CODE(Await(async_->Release(lease, {{"tpd", 51}})), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(Await(async_->Rollback(lease)).ok());
  EXPECT_EQ(Stored("tpd"), 100);
  EXPECT_CODE(Await(async_->Rollback(lease)), ErrorCode::kFailedPrecondition);
  Lease ended;
  EXPECT_CODE(Await(async_->Adjust(ended, {{"tpd", 1}})), ErrorCode::kFailedPrecondition);
  EXPECT_CODE(Await(async_->Consume(ended, {{"tpd", 1}})), ErrorCode::kFailedPrecondition);
}

TEST_P(AsyncCalls, OpenTheDoorInAnOutageOnlyWhenTold) {
  SetLimits({Limit::PerMinute("rpm", 10)});
  ASSERT_TRUE(AcquireAsync({{"rpm", 1}})->granted());
  faults_->Always(Fault::kUnavailable);
  AcquireRequest request = Ask({{"rpm", 1}});
  EXPECT_CODE(Await(async_->Acquire(request)), ErrorCode::kUnavailable);
  request.on_unavailable = OnUnavailable::kAllow;
  auto open = Await(async_->Acquire(request));
  ASSERT_TRUE(open.ok() && open->granted());
  EXPECT_TRUE(open->TakeLease().degraded());
}

TEST_P(AsyncCalls, ChargeOnceWhenTheAnswerToTheWriteIsLost) {
  SetLimits({Limit::PerDay("rpd", 10)});
  ASSERT_TRUE(AcquireAsync({{"rpd", 1}})->granted());
  faults_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  Lease lease = LeaseOf({{"rpd", 1}});
  EXPECT_EQ(Stored("rpd"), 8);
  faults_->Script(StoreCall::kUpdate, {Fault::kLostAnswer});
  EXPECT_TRUE(Await(async_->Rollback(lease)).ok());
  EXPECT_EQ(Stored("rpd"), 9);
}

TEST_P(AsyncCalls, OfManyAtATimeGrantExactlyTheLimit) {
  SetLimits({Limit::PerDay("rpd", 50), Limit::PerDay("tpd", 1'000'000)});
  std::atomic<int> granted{0};
  std::atomic<int> failed{0};
  AcquireRequest request = Ask({{"rpd", 1}, {"tpd", 10}});
  request.timeout = std::chrono::hours(1);
  {
    AsyncRateLimiter limiter{RateLimiter(async_repository_)};
    for (int i = 0; i < 200; ++i) {
      limiter.Acquire(request).Then([&](Result<Decision> decision) {
        if (!decision.ok()) ++failed;
        if (decision.ok() && decision->granted()) ++granted;
      });
    }
  }  // waits
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(granted, 50);
  EXPECT_EQ(Stored("rpd"), 0);
  EXPECT_EQ(Stored("tpd"), 1'000'000 - 500);
}

Detached ReserveAndCorrect(AsyncRateLimiter& limiter, AcquireRequest request,
                           std::promise<std::vector<std::string>> told) {
  std::vector<std::string> steps;
  auto decision = co_await limiter.Acquire(std::move(request));
  steps.emplace_back(decision.ok() && decision->granted() ? "granted" : "refused");
  Lease lease = decision->TakeLease();
  // g++ 12 cannot keep a braced list alive over a co_await: amounts are made before.
  const Amounts used = {{"tpd", 25}};
  const Status adjusted = co_await limiter.Adjust(lease, used);
  steps.emplace_back(adjusted.ok() ? "adjusted" : adjusted.error().message());
  Amounts amounts = {{"tpd", 20}};
  for (int i = 0; i < 2; ++i) {
    const auto more = co_await limiter.Consume(lease, amounts);
    amounts["tpd"] = 900;
    steps.emplace_back(more.ok() && more->granted() ? "more" : "no more");
  }
  steps.emplace_back(std::to_string(lease.consumed().at("tpd")));
  const Status back = co_await limiter.Rollback(lease);
  steps.emplace_back(back.ok() ? "rolled back" : back.error().message());
  told.set_value(std::move(steps));
}

TEST_P(AsyncCalls, AreAwaitedInACoroutine) {
  SetLimits({Limit::PerDay("tpd", 100)});
  std::promise<std::vector<std::string>> told;
  auto steps = told.get_future();
  ReserveAndCorrect(*async_, Ask({{"tpd", 50}}), std::move(told));
  EXPECT_EQ(steps.get(), (std::vector<std::string>{"granted", "adjusted", "more", "no more", "95",
                                                   "rolled back"}));
  EXPECT_EQ(Stored("tpd"), 100);
}

TEST_P(AsyncCalls, ThatAreNeverBegunDoNothing) {
  SetLimits({Limit::PerDay("rpd", 10)});
  { [[maybe_unused]] const auto pending = async_->Acquire(Ask({{"rpd", 1}})); }
  async_.reset();
  EXPECT_EQ(Stored("rpd"), std::nullopt);
}

TEST_P(AsyncCalls, OutliveTheLimiterThatIsDestroyedInItsLastAnswer) {
  SetLimits({Limit::PerDay("rpd", 10)});
  auto limiter = std::make_shared<AsyncRateLimiter>(RateLimiter(async_repository_));
  auto granted = std::make_shared<std::promise<bool>>();
  AsyncRateLimiter& begun = *limiter;
  begun.Acquire(Ask({{"rpd", 1}}))
      .Then([granted, limiter = std::move(limiter)](Result<Decision> decision) mutable {
        limiter.reset();
        const bool was_granted = decision.ok() && decision->granted();
        decision = Error(ErrorCode::kInternal, "");  // its lease holds the repository
        granted->set_value(was_granted);
      });
  EXPECT_TRUE(granted->get_future().get());
}

// --- Nothing waits -------------------------------------------------------------------------------

int ThreadsOfThisProcess() {
  int threads = 0;
  DIR* tasks = ::opendir("/proc/self/task");
  while (const dirent* task = ::readdir(tasks)) threads += task->d_name[0] != '.';
  ::closedir(tasks);
  return threads;
}

class HeldCalls : public AsyncTest {
 protected:
  std::shared_ptr<HeldStore> held_ = std::make_shared<HeldStore>(faulty_);
  std::shared_ptr<Repository> async_repository_ = OpenAsync(held_);
};

TEST_F(HeldCalls, TenThousandUnderWayHoldNoThreadAndAreExact) {
  SetLimits({Limit::PerDay("rpd", 4'000)});
  AsyncRateLimiter limiter{RateLimiter(async_repository_)};
  const int threads_before = ThreadsOfThisProcess();
  int granted = 0;
  int denied = 0;
  constexpr int kCalls = 10'000;
  for (int i = 0; i < kCalls; ++i) {
    AcquireRequest request = Ask({{"rpd", 1}}, "key-" + std::to_string(i % 2));
    request.override_limits = {Limit::PerDay("rpd", 4'000)};
    request.timeout = std::chrono::hours(1);
    limiter.Acquire(std::move(request)).Then([&](Result<Decision> decision) {
      ASSERT_TRUE(decision.ok()) << decision.error().message();
      ++(decision->granted() ? granted : denied);
    });
  }
  EXPECT_EQ(held_->held(), std::size_t{kCalls});
  EXPECT_EQ(granted + denied, 0);
  EXPECT_EQ(ThreadsOfThisProcess(), threads_before);
  held_->LetAllGo();
  EXPECT_EQ(granted, 8'000);
  EXPECT_EQ(denied, 2'000);
}

TEST_F(HeldCalls, BeyondTheMostAreRefusedAtOnceAndLaterServed) {
  SetLimits({Limit::PerDay("rpd", 10)});
  AsyncRateLimiter limiter(RateLimiter(async_repository_), {.executor = {}, .most_calls = 2});
  std::atomic<int> granted{0};
  const auto count = [&](Result<Decision> decision) { granted += decision->granted(); };
  for (int i = 0; i < 2; ++i) limiter.Acquire(Ask({{"rpd", 1}})).Then(count);
  EXPECT_CODE(Await(limiter.Acquire(Ask({{"rpd", 1}}))), ErrorCode::kResourceExhausted);
  held_->LetAllGo();
  limiter.Acquire(Ask({{"rpd", 1}})).Then(count);
  held_->LetAllGo();
  EXPECT_EQ(granted, 3);
}

TEST_F(HeldCalls, AreAllAnsweredBeforeTheDestructorReturns) {
  SetLimits({Limit::PerDay("rpd", 10)});
  std::atomic<int> answered{0};
  std::thread answering;
  {
    AsyncRateLimiter limiter{RateLimiter(async_repository_)};
    for (int i = 0; i < 20; ++i) {
      limiter.Acquire(Ask({{"rpd", 1}}, "key-" + std::to_string(i))).Then([&](auto) {
        ++answered;
      });
    }
    answering = std::thread([&] { held_->LetAllGo(); });
  }
  EXPECT_EQ(held_->held(), 0u);
  answering.join();
  EXPECT_EQ(answered, 20);
}

Detached ThrowWithALease(AsyncRateLimiter& limiter, AcquireRequest request, bool& caught) {
  auto decision = co_await limiter.Acquire(std::move(request));
  try {
    const Lease lease = decision->TakeLease();
    throw std::runtime_error("while it is held");
  } catch (const std::runtime_error&) {
    caught = true;
  }
}

TEST_F(HeldCalls, ALeaseThatAnExceptionDestroysIsRolledBackWithoutWaiting) {
  SetLimits({Limit::PerDay("rpd", 10)});
  AsyncRateLimiter limiter{RateLimiter(async_repository_)};
  bool caught = false;
  ThrowWithALease(limiter, Ask({{"rpd", 4}}), caught);
  while (!caught && held_->LetOneGo()) {
  }
  EXPECT_TRUE(caught);
  EXPECT_EQ(Stored("rpd"), 6);
  EXPECT_EQ(held_->held(), 1u);  // the write that gives back
  held_->LetAllGo();
  EXPECT_EQ(Stored("rpd"), 10);
}

TEST_F(HeldCalls, ALeaseOutlivesTheLimiterThatGrantedIt) {
  SetLimits({Limit::PerDay("rpd", 10)});
  std::optional<Lease> lease;
  {
    AsyncRateLimiter limiter{RateLimiter(async_repository_)};
    limiter.Acquire(Ask({{"rpd", 4}})).Then([&](Result<Decision> decision) {
      lease.emplace(decision->TakeLease());
    });
    held_->LetAllGo();
  }
  EXPECT_EQ(Stored("rpd"), 6);
  try {
    const Lease held = std::move(*lease);
    throw std::runtime_error("while it is held");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(Stored("rpd"), 10);  // waited for: nobody else is left to do it
}

// --- Where answers arrive ------------------------------------------------------------------------

TEST_F(AsyncTest, WithoutAnExecutorAnswersArriveOnTheStoresThread) {
  SetLimits({Limit::PerDay("rpd", 10)});
  std::promise<bool> on_io;
  const auto store = std::make_shared<IoThreadStore>(faulty_);
  const auto repository = OpenAsync(store);
  AsyncRateLimiter limiter{RateLimiter(repository)};
  limiter.Acquire(Ask({{"rpd", 1}})).Then([&](auto) { on_io.set_value(store->IsIoThread()); });
  EXPECT_TRUE(on_io.get_future().get());
}

TEST_F(AsyncTest, AnExecutorGetsEveryAnswerAndTheWaiting) {
  SetLimits({Limit::PerDay("rpd", 10)});
  OneThread executor;
  std::atomic<int> elsewhere{0};
  hooks_->before = [&](StoreCall) { elsewhere += !executor.IsThis(); };
  for (const bool waited : {true, false}) {
    elsewhere = 0;
    const auto store = std::make_shared<IoThreadStore>(faulty_);
    const auto repository = OpenAsync(waited ? nullptr : store);
    AsyncRateLimiter limiter(RateLimiter(repository), {.executor = [&](std::function<void()> task) {
                               executor.Run(std::move(task));
                             }});
    elsewhere = 0;
    for (const std::int64_t amount : {1, -1, 11}) {  // granted, wrong, denied
      auto on_executor = std::make_shared<std::promise<bool>>();
      limiter.Acquire(Ask({{"rpd", amount}})).Then([&executor, on_executor](auto) {
        on_executor->set_value(executor.IsThis());
      });
      EXPECT_TRUE(on_executor->get_future().get());
    }
    EXPECT_TRUE(!waited || elsewhere == 0);
  }
  hooks_->before = nullptr;
}

TEST_F(HeldCalls, AnswersNeverArriveInsideThen) {
  Mutex held_over_then;
  std::promise<void> arrived;
  AsyncRateLimiter limiter{RateLimiter(async_repository_)};
  {
    const MutexLock lock(held_over_then);
    limiter.Acquire(Ask({})).Then([&](Result<Decision> decision) {
      EXPECT_FALSE(decision.ok());
      const MutexLock in_answer(held_over_then);
      arrived.set_value();
    });
  }
  arrived.get_future().get();
}

// --- Pauses --------------------------------------------------------------------------------------

class HeldTimer final : public os::Timer {
 public:
  void RunAfter(std::chrono::nanoseconds delay, std::function<void()> task) override {
    delays.push_back(delay);
    tasks.push_back(std::move(task));
  }
  std::vector<std::chrono::nanoseconds> delays;
  std::vector<std::function<void()>> tasks;
};

class Pausing final : public Operation {
 public:
  Action Start() override { return Backoff{milliseconds(7)}; }
  Action Resume(Answer answer) override {
    slept = std::holds_alternative<Slept>(answer);
    return Done{};
  }
  bool slept = false;
};

TEST_F(AsyncTest, APauseIsATimersAndHoldsNoThread) {
  auto timer = std::make_unique<HeldTimer>();
  HeldTimer& pauses = *timer;
  AsyncDriver driver({.items = nullptr,
                      .waited = faulty_,
                      .timer = std::move(timer),
                      .options = {.executor = [](const std::function<void()>& task) { task(); }}});
  const auto operation = std::make_shared<Pausing>();
  bool done = false;
  const int threads_before = ThreadsOfThisProcess();
  ASSERT_TRUE(driver.Run(operation, [&] { return [&] { done = true; }; }));
  EXPECT_EQ(pauses.delays, std::vector<std::chrono::nanoseconds>{milliseconds(7)});
  EXPECT_FALSE(done);
  EXPECT_EQ(ThreadsOfThisProcess(), threads_before);
  std::exchange(pauses.tasks, {}).front()();
  EXPECT_TRUE(operation->slept);
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace zael::limiter
