#include "engine/change_log.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "engine/change_record.h"
#include "engine/layout.h"

namespace zael::engine {
namespace {

constexpr std::size_t kMaxParked = 4;
constexpr std::chrono::minutes kMaxParkedTime{1};
constexpr std::size_t kMaxPageBytes = 4 << 20;

// Finds one table's changes in batches of the log.
class ChangeCollector : public rocksdb::WriteBatch::Handler {
 public:
  struct Wanted {
    const Table& table;
    std::uint32_t family;  // of the items
    ChangePosition after;
    WallTime since;
  };
  ChangeCollector(Wanted wanted, ChangePage* page) : wanted_(wanted), page_(*page) {}

  Status Collect(const LogBatch& batch) {
    position_ = batch.first - 1;
    record_.reset();
    const auto status = batch.operations->Iterate(this);
    if (error_.has_value()) return *error_;
    if (status.ok()) return {};
    return Error(ErrorCode::kDataLoss, status.ToString());
  }

  std::size_t bytes() const { return bytes_; }

  void LogData(const rocksdb::Slice& blob) override {
    auto record = ChangeRecordReader::Open(ToView(blob));
    if (!record.ok()) return Fail(record.error());
    record_ = *record;
    first_of_write_ = page_.changes.size();
  }
  rocksdb::Status PutCF(std::uint32_t family, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    ++position_;
    return Operation(family, ToView(key), ToView(value));
  }
  rocksdb::Status DeleteCF(std::uint32_t family, const rocksdb::Slice& key) override {
    ++position_;
    return Operation(family, ToView(key), {});
  }
  rocksdb::Status DeleteRangeCF(std::uint32_t, const rocksdb::Slice&,
                                const rocksdb::Slice&) override {
    ++position_;
    return rocksdb::Status::OK();
  }
  bool Continue() override { return !error_.has_value(); }

 private:
  void Fail(const Error& error) {
    if (!error_.has_value()) error_ = error;
  }

  // One of a record's items, or none of them: a table's own row, an index entry.
  rocksdb::Status Operation(std::uint32_t family, std::string_view key, std::string_view after) {
    if (family != wanted_.family || !record_.has_value() || record_->left() == 0)
      return rocksdb::Status::OK();
    if (key.size() > kTableBytes && TableNumberOf(key) == wanted_.table.number) {
      auto change = record_->Next(after, wanted_.table.spec.keys);
      if (!change.ok()) {
        Fail(change.error());
      } else if (change->has_value() && record_->at() >= wanted_.since) {
        page_.changes.push_back(**std::move(change));
        bytes_ += after.size();
      }
    } else if (const Status skipped = record_->Skip(after); !skipped.ok()) {
      Fail(skipped.error());
    }
    if (record_->left() == 0) EndWrite();
    return rocksdb::Status::OK();
  }

  // The changes of one write are known by the number of its last item.
  void EndWrite() {
    const auto first = page_.changes.begin() + static_cast<std::ptrdiff_t>(first_of_write_);
    if (position_ <= wanted_.after) {
      page_.changes.erase(first, page_.changes.end());
    } else {
      std::for_each(first, page_.changes.end(),
                    [this](Change& change) { change.position = position_; });
    }
  }

  const Wanted wanted_;
  ChangePage& page_;
  std::size_t bytes_ = 0;
  ChangePosition position_ = 0;
  std::optional<ChangeRecordReader> record_;
  std::size_t first_of_write_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<ChangePage> ChangeLog::ReadChanges(std::string_view table, ChangePosition after,
                                          std::size_t max_changes) {
  if (max_changes == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read changes of table {}: max_changes is 0", Shorten(table)));
  }
  ZAEL_ASSIGN(const TablePtr found, core_.catalog.Find(table));
  ZAEL_ASSIGN(const rocksdb::SequenceNumber through, core_.rocks.SyncedThrough());
  ChangePage page{.changes = {}, .next = after};
  if (after >= through) return page;
  ChangeCollector collector({.table = *found,
                             .family = core_.rocks.handle(Family::kItems)->GetID(),
                             .after = after,
                             .since = core_.clock.WallNow() - kChangesKept},
                            &page);
  auto reader = ReaderFrom(after + 1);
  while (page.changes.size() < max_changes && collector.bytes() < kMaxPageBytes) {
    ZAEL_ASSIGN(const auto batch, reader->Next(through));
    if (!batch.has_value()) break;
    const Status collected = collector.Collect(*batch);
    if (!collected.ok()) {
      return Error(collected.error().code(),
                   Format("read changes of table {} at {}: {}", Shorten(table), batch->first,
                          collected.error().message()));
    }
    page.next = batch->last;
  }
  Park(std::move(reader));
  return page;
}

Result<ChangePosition> ChangeLog::EndOfChanges(std::string_view table) {
  ZAEL_TRY(core_.catalog.Find(table));
  return core_.rocks.SyncedThrough();
}

std::unique_ptr<LogReader> ChangeLog::ReaderFrom(rocksdb::SequenceNumber next) {
  MutexLock lock(mutex_);
  const auto found = std::find_if(parked_.begin(), parked_.end(), [&](const Parked& parked) {
    return parked.reader->next() == next;
  });
  if (found == parked_.end()) return std::make_unique<LogReader>(core_.rocks, next);
  auto reader = std::move(found->reader);
  parked_.erase(found);
  return reader;
}

void ChangeLog::Park(std::unique_ptr<LogReader> reader) {
  const MonotonicTime now = core_.clock.MonotonicNow();
  MutexLock lock(mutex_);
  if (parked_.size() == kMaxParked) parked_.erase(parked_.begin());
  parked_.push_back({.reader = std::move(reader), .since = now});
}

void ChangeLog::DropIdleReaders() {
  const MonotonicTime before = core_.clock.MonotonicNow() - kMaxParkedTime;
  MutexLock lock(mutex_);
  std::erase_if(parked_, [&](const Parked& parked) { return parked.since < before; });
}

}  // namespace zael::engine
