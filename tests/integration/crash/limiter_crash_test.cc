// kill -9 and power loss under a limiter that eight threads use: the store opens, no acknowledged
// grant or correction is missing or there twice, none is there by half, and all lives together
// never granted more than the limits allow. ZAEL_CRASH_COUNT says how many kills (default 20).
#include <gtest/gtest.h>
#include <stdlib.h>
#include <zael/limiter.h>

#include <filesystem>
#include <iostream>
#include <mutex>
#include <random>
#include <string>

#include "engine/engine.h"
#include "repository/version.h"
#include "tests/integration/crash/killed_program.h"
#include "tests/integration/crash/load_ledger.h"
#include "tests/unit/engine/failing_file_system.h"

namespace zael::crash {
namespace {

constexpr int kDefaultCrashes = 20;
constexpr int kMostEvents = 8'000;  // of one life, before it is killed

class LimiterCrash : public ::testing::Test {
 protected:
  LimiterCrash() {
    std::string name = (std::filesystem::temp_directory_path() / "zael-crash-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  ~LimiterCrash() override { std::filesystem::remove_all(directory_); }

  std::int64_t NowMs() { return clock_->WallNow().time_since_epoch().count(); }

  void Settle(LoadLedger* ledger) {
    // A store that was killed while it was made is made again.
    const auto repository = Repository::Open({.data_dir = directory_});
    ASSERT_TRUE(repository.ok()) << repository.error().message();
    ASSERT_EQ(ledger->Settle(**repository, NowMs()), "");
  }

  static void ExpectMeaningful(const LoadLedger& ledger) {
    std::cout << ledger.granted() << " granted, " << ledger.refused() << " refused, "
              << ledger.corrected() << " corrected" << std::endl;
    EXPECT_EQ(ledger.FindOverAdmissions(), "");
    EXPECT_GT(ledger.granted(), 0u);
    EXPECT_GT(ledger.refused(), 0u) << "the limits are never reached: nothing is shown";
    EXPECT_GT(ledger.corrected(), 0u);
  }

  std::string directory_;
  const std::shared_ptr<Clock> clock_ = MakeSystemClock();
};

TEST_F(LimiterCrash, P19_KilledAtAnyMomentLosesNoChargeAndGrantsNothingTwice) {
  const char* wanted = ::getenv("ZAEL_CRASH_COUNT");
  const int crashes = wanted == nullptr ? kDefaultCrashes : std::stoi(wanted);
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  LoadLedger ledger;
  for (int crash = 0; crash < crashes && !HasFailure(); ++crash) {
    SCOPED_TRACE("crash " + std::to_string(crash));
    KilledProgram program({ZAEL_LIMITER_CRASH_WRITER, directory_, std::to_string(random())});
    LoadEvent event;
    for (auto left = random() % kMostEvents; left > 0 && program.Read(&event); --left) {
      ledger.Take(event);
    }
    EXPECT_TRUE(program.Kill()) << "ended by itself";
    while (program.Read(&event)) ledger.Take(event);
    Settle(&ledger);
  }
  ExpectMeaningful(ledger);
}

LoadEvent OneRpmOf(std::size_t child) {
  LoadEvent event;
  event.tokens[child] = 1;
  event.tokens[4] = 1;  // the team's copy
  return event;
}

TEST_F(LimiterCrash, TheLedgerFindsWhatIsMissingHalfOrTwice) {
  const auto repository = Repository::Open({.data_dir = directory_});
  ASSERT_TRUE(repository.ok()) << repository.error().message();
  ASSERT_TRUE(PrepareLoad(**repository).ok());
  RateLimiter limiter(*repository);
  LoadLedger ledger;
  ledger.Take(OneRpmOf(0));
  EXPECT_EQ(ledger.Settle(**repository, NowMs()), "") << "it may not have come so far";

  LoadEvent granted = OneRpmOf(0);
  granted.kind = LoadEventKind::kGranted;
  LoadLedger missing = ledger, half = ledger, twice = ledger;
  missing.Take(granted);
  EXPECT_NE(missing.Settle(**repository, NowMs()), "") << "an acknowledged grant is missing";

  const auto acquire = [&](const char* entity) {
    const auto done =
        limiter.Acquire({.entity_id = entity, .resource = "api", .consume = {{"rpm", 1}}});
    ASSERT_TRUE(done.ok() && done->granted());
  };
  acquire("team");
  half.Take(OneRpmOf(0));
  EXPECT_NE(half.Settle(**repository, NowMs()), "") << "only the team was charged";
  acquire("child-a");
  acquire("child-a");
  twice.Take(OneRpmOf(0));
  EXPECT_NE(twice.Settle(**repository, NowMs()), "");
}

// Keeps what the threads are told, until the power is off: after that nobody hears an answer.
class Listener final : public LoadObserver {
 public:
  Listener(const engine::FailingFileSystem& disk, LoadLedger& ledger, std::atomic<bool>& stop)
      : disk_(disk), ledger_(ledger), stop_(stop) {}

  void OnEvent(const LoadEvent& event) override {
    const std::lock_guard lock(mutex_);
    ledger_.Take(event);
    if (++events_ == kMostEvents) stop_ = true;
  }
  void OnError(const Error& error) override {
    EXPECT_TRUE(disk_.is_off()) << error.message();
    stop_ = true;
  }

 private:
  const engine::FailingFileSystem& disk_;
  LoadLedger& ledger_;
  std::atomic<bool>& stop_;
  std::mutex mutex_;
  int events_ = 0;
};

// Runs the load until the power fails at the sync after `syncs`; the ledger hears what was
// answered.
void RunUntilPowerFails(const std::string& directory, int syncs, LoadLedger* ledger) {
  const auto disk = std::make_shared<engine::FailingFileSystem>();
  disk->PowerOffAtSync(syncs);
  {
    const auto opened = engine::Engine::Open(
        {.directory = directory, .durability = Durability::kPower, .file_system = disk});
    if (opened.ok()) {
      const auto clock = MakeSystemClock();
      const Stores stores = (*opened)->stores();
      const bool made = repository::InitializeTable(stores, {.name = "limiter"}, *clock).ok();
      const auto repository = Repository::Over(stores, {.clock = clock});
      if (made && repository.ok() && PrepareLoad(**repository).ok()) {
        std::atomic<bool> stop = false;
        Listener listener(*disk, *ledger, stop);
        RunLoad(*repository, static_cast<std::uint64_t>(syncs) + 1, listener, stop);
      }
    }
    disk->PowerOff();
  }
  disk->DropUnsynced();
}

TEST_F(LimiterCrash, LosesNoAnsweredChargeUnderPowerAtAnySyncPoint) {
  constexpr int kSyncPoints = 60;
  std::uint64_t granted = 0;
  for (int syncs = 0; syncs < kSyncPoints && !HasFailure(); ++syncs) {
    SCOPED_TRACE("the power fails at sync " + std::to_string(syncs));
    std::filesystem::remove_all(directory_);
    LoadLedger ledger;
    RunUntilPowerFails(directory_, syncs, &ledger);
    Settle(&ledger);
    EXPECT_EQ(ledger.FindOverAdmissions(), "");
    granted += ledger.granted();
  }
  EXPECT_GT(granted, 100u);
}

}  // namespace
}  // namespace zael::crash
