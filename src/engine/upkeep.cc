#include "engine/upkeep.h"

#include <utility>
#include <vector>

#include "base/try.h"
#include "engine/layout.h"
#include "store/item_codec.h"

namespace zael::engine {
namespace {

constexpr std::size_t kRowsPerStep = 500;
constexpr std::chrono::milliseconds kPause{
    5};  // between steps: a sweep takes a small share of a core

}  // namespace

void Upkeep::Start(bool sync_log, std::chrono::milliseconds sweep_interval) {
  if (sync_log) syncer_ = std::thread([this] { SyncLoop(); });
  if (sweep_interval.count() > 0) {
    sweeper_ = std::thread([this, sweep_interval] { SweepLoop(sweep_interval); });
  }
}

void Upkeep::Stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  stopped_.NotifyAll();
  if (syncer_.joinable()) syncer_.join();
  if (sweeper_.joinable()) sweeper_.join();
}

bool Upkeep::WaitOrStop(std::chrono::nanoseconds duration) {
  MutexLock lock(mutex_);
  while (!stop_) {
    if (!stopped_.WaitFor(mutex_, duration)) break;
  }
  return stop_;
}

void Upkeep::SyncLoop() {
  while (!WaitOrStop(kSyncInterval)) (void)parts_.core.rocks.SyncLog();
}

void Upkeep::SweepLoop(std::chrono::milliseconds interval) {
  while (!WaitOrStop(interval)) {
    (void)Expire(kPause);
    parts_.changes.DropIdleReaders();
    (void)parts_.core.catalog.StoreCounts();
  }
}

Result<std::size_t> Upkeep::ExpireNow() { return Expire(std::chrono::milliseconds(0)); }

Result<std::size_t> Upkeep::Expire(std::chrono::milliseconds pause) {
  std::size_t removed = 0;
  for (const TablePtr& table : parts_.core.catalog.All()) {
    if (!table->spec.ttl_attribute.has_value()) continue;
    for (std::string row_key = TablePrefix(*table); !row_key.empty();) {
      ZAEL_ASSIGN(const std::size_t some, ExpireSome(table, &row_key));
      removed += some;
      if (pause.count() > 0 && WaitOrStop(pause)) return removed;
    }
  }
  return removed;
}

Result<std::size_t> Upkeep::ExpireSome(const TablePtr& table, std::string* row_key) {
  std::vector<std::string> candidates;
  {
    const std::string end = store::PrefixEnd(TablePrefix(*table));
    const rocksdb::Slice upper = ToSlice(end);
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper;
    options.fill_cache = false;
    const auto rows = parts_.core.rocks.Iterate(Family::kItems, options);
    const WallTime now = parts_.core.clock.WallNow();
    std::size_t seen = 0;
    for (rows->Seek(ToSlice(*row_key)); rows->Valid() && seen < kRowsPerStep;
         rows->Next(), ++seen) {
      // One that cannot be read stays for whoever asks for it, and is reported to them.
      const auto item = store::DecodeItem(ToView(rows->value()));
      if (item.ok() && IsExpired(*table, *item, now)) candidates.emplace_back(ToView(rows->key()));
    }
    if (!rows->status().ok()) return parts_.core.rocks.ToError(rows->status(), "read");
    *row_key = rows->Valid() ? std::string(ToView(rows->key())) : std::string();
  }
  std::size_t removed = 0;
  for (const std::string& candidate : candidates) {
    ZAEL_ASSIGN(const bool expired, parts_.writer.Expire(table, candidate));
    removed += expired ? 1 : 0;
  }
  return removed;
}

}  // namespace zael::engine
