// Backups at random moments while eight threads acquire as fast as they are answered: each,
// restored, is the history at one instant, and so is every moment of the table's past. The history
// is the change feed. What acquires wait is printed. ZAEL_STORM_BACKUPS and ZAEL_STORM_MOMENTS say
// how many (default 5 and 5), ZAEL_STORM_ENTITIES how many entities have buckets before (default
// 200).
#include <gtest/gtest.h>
#include <stdlib.h>
#include <zael/backup.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "repository/version.h"

namespace zael {
namespace {

using std::chrono::milliseconds;
using Rows = std::map<std::string, Item>;  // by PK and SK

constexpr int kThreads = 8;
const std::string kTable = "ZAEL-limiter";  // NOLINT: what a test may throw ends it

template <typename T>
T Must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  ADD_FAILURE() << result.error().message();
  return T();
}

int Setting(const char* name, int otherwise) {
  const char* text = ::getenv(name);
  return text == nullptr ? otherwise : std::stoi(text);
}

std::string NameOf(const Item& item) {
  return *item.Find("PK")->As<std::string>() + "|" + *item.Find("SK")->As<std::string>();
}

void Apply(const Change& change, Rows* rows) {
  if (change.new_item.has_value()) {
    (*rows)[NameOf(change.key)] = *change.new_item;
  } else {
    rows->erase(NameOf(change.key));
  }
}

class BackupStorm : public ::testing::Test {
 protected:
  BackupStorm() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zael-storm-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    engine_ = Must(engine::Engine::Open({.directory = directory_ + "/store", .clock = clock_}));
    stores_ = engine_->stores();
    EXPECT_TRUE(repository::InitializeTable(stores_, {.name = "limiter"}, *clock_).ok());
    repository_ = Must(Repository::Over(stores_, {.clock = clock_}));
    limiter_ = std::make_unique<RateLimiter>(repository_);
  }
  ~BackupStorm() override {
    limiter_.reset();
    repository_.reset();
    stores_ = {};
    engine_.reset();
    std::filesystem::remove_all(directory_);
  }

  Status Acquire(int entity) {
    const auto decision =
        limiter_->Acquire({.entity_id = "e" + std::to_string(entity),
                           .resource = "api",
                           .consume = {{"rpm", 1}},
                           .override_limits = {Limit::PerMinute("rpm", 1'000'000'000)}});
    if (!decision.ok()) return decision.error();
    return {};
  }

  // Every acquire's time, longest first.
  using Times = std::vector<std::chrono::nanoseconds>;
  void StartThreads(int entities) {
    times_.assign(kThreads, {});
    stop_ = false;
    for (int t = 0; t < kThreads; ++t) {
      threads_.emplace_back([this, t, entities] {
        std::mt19937 random(static_cast<unsigned>(t));
        while (!stop_) {
          const auto begin = clock_->MonotonicNow();
          const Status done = Acquire(static_cast<int>(random() % static_cast<unsigned>(entities)));
          times_[static_cast<std::size_t>(t)].push_back(clock_->MonotonicNow() - begin);
          if (!done.ok()) ADD_FAILURE() << done.error().message();
        }
      });
    }
  }
  Times StopThreads() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    Times all;
    for (const auto& times : times_) all.insert(all.end(), times.begin(), times.end());
    std::sort(all.rbegin(), all.rend());
    return all;
  }
  static void Report(const char* when, const Times& times, std::chrono::nanoseconds took) {
    const auto ms = [](std::chrono::nanoseconds time) {
      return std::chrono::duration<double, std::milli>(time).count();
    };
    const auto over = std::count_if(times.begin(), times.end(), [](std::chrono::nanoseconds time) {
      return time > milliseconds(20);
    });
    std::cout << when << ": " << times.size() << " acquires, "
              << static_cast<double>(times.size()) / (ms(took) / 1000) << "/s, longest "
              << ms(times.front()) << " ms, one in 10,000 over " << ms(times[times.size() / 10'000])
              << " ms, over 20 ms: " << over << std::endl;
  }

  void Sleep(std::chrono::nanoseconds time) { clock_->SleepFor(time); }

  Rows RowsOf(const std::string& table) {
    Rows rows;
    QueryRequest request{.table = table};
    for (bool more = true; more;) {
      QueryPage page = Must(stores_.items->Query(request));
      for (Item& item : page.items) rows.emplace(NameOf(item), std::move(item));
      more = page.next.has_value();
      request.start_after = std::move(page.next);
    }
    return rows;
  }

  Rows Restored(const RestoreRequest& request) {
    (void)Must(stores_.backups->Restore(request));
    (void)Must(WaitForRestore(*stores_.tables, request.target, {.clock = clock_.get()}));
    Rows rows = RowsOf(request.target);
    EXPECT_TRUE(stores_.tables->DeleteTable(request.target).ok());
    return rows;
  }

  // Goes through the history once, and compares on the way.
  void CompareWithHistory(std::vector<Backup> backups, std::vector<WallTime> moments);

  std::string directory_;
  const std::shared_ptr<Clock> clock_ = MakeSystemClock();
  std::shared_ptr<engine::Engine> engine_;
  Stores stores_;
  std::shared_ptr<Repository> repository_;
  std::unique_ptr<RateLimiter> limiter_;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
  std::vector<Times> times_;
};

void BackupStorm::CompareWithHistory(std::vector<Backup> backups, std::vector<WallTime> moments) {
  std::sort(moments.begin(), moments.end());
  std::size_t backup = 0, moment = 0;
  Rows rows;
  int restored = 0;
  const auto compare = [&](const RestoreRequest& request) {
    ++restored;
    const Rows found = Restored(request);
    EXPECT_TRUE(found == rows) << found.size() << " rows, the history has " << rows.size();
  };
  const auto compare_before = [&](const Change* next) {
    while (backup < backups.size() &&
           (next == nullptr || next->position > *backups[backup].position)) {
      compare({.source = backups[backup++].id, .target = "Restored"});
    }
    while (moment < moments.size() && (next == nullptr || next->at > moments[moment])) {
      compare({.source = PointInTime{kTable, moments[moment++]}, .target = "Restored"});
    }
  };
  for (ChangePosition after = 0;;) {
    const ChangePage page = Must(stores_.changes->ReadChanges(kTable, after, 1000));
    if (page.changes.empty()) break;
    for (const Change& change : page.changes) {
      compare_before(&change);
      Apply(change, &rows);
    }
    after = page.next;
  }
  compare_before(nullptr);
  EXPECT_EQ(static_cast<std::size_t>(restored), backups.size() + moments.size());
  EXPECT_TRUE(rows == RowsOf(kTable)) << "the feed is the whole history";
}

TEST_F(BackupStorm, EveryBackupAndEveryMomentIsTheHistoryAtOneInstant) {
  const int count = Setting("ZAEL_STORM_BACKUPS", 5);
  const int moment_count = Setting("ZAEL_STORM_MOMENTS", 5);
  const int entities = Setting("ZAEL_STORM_ENTITIES", 200);
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int entity = 0; entity < entities; ++entity) ASSERT_TRUE(Acquire(entity).ok());
  const RecoveryStatus window = Must(stores_.backups->UpdateRecovery(kTable, {.enabled = true}));
  const WallTime first = *window.earliest;

  auto begin = clock_->MonotonicNow();
  StartThreads(entities);
  Sleep(milliseconds(20 * count));
  Report("alone", StopThreads(), clock_->MonotonicNow() - begin);

  std::vector<Backup> backups;
  begin = clock_->MonotonicNow();
  StartThreads(entities);
  for (int i = 0; i < count; ++i) {
    Sleep(milliseconds(random() % 40));
    const Backup begun = Must(stores_.backups->CreateBackup({.table = kTable, .name = "storm"}));
    backups.push_back(Must(WaitForBackup(*stores_.backups, begun.id, {.clock = clock_.get()})));
  }
  const Times times = StopThreads();
  Report("with backups", times, clock_->MonotonicNow() - begin);
  ASSERT_FALSE(times.empty());

  std::vector<WallTime> moments;
  const auto span = (clock_->WallNow() - first).count();
  for (int i = 0; i < moment_count; ++i)
    moments.push_back(first + milliseconds(static_cast<std::int64_t>(random()) % (span + 1)));
  CompareWithHistory(std::move(backups), std::move(moments));
}

}  // namespace
}  // namespace zael
