#include "engine/log_replay.h"

#include <optional>

#include "base/format.h"
#include "base/try.h"
#include "engine/change_record.h"
#include "engine/layout.h"
#include "engine/log_reader.h"

namespace zael::engine {
namespace {

class Replay : public rocksdb::WriteBatch::Handler {
 public:
  Replay(const ReplayRange& range, std::uint32_t items_family, RowLoader* loader)
      : range_(range), family_(items_family), loader_(*loader) {}

  // Whether there may be more.
  Result<bool> Apply(const LogBatch& batch) {
    position_ = batch.first - 1;
    record_.reset();
    const auto status = batch.operations->Iterate(this);
    ZAEL_TRY(failure_);
    if (ended_) return false;
    if (status.ok()) return true;
    return Error(ErrorCode::kDataLoss, status.ToString());
  }

  void LogData(const rocksdb::Slice& blob) override {
    auto record = ChangeRecordReader::Open(ToView(blob));
    if (!record.ok()) {
      failure_ = record.error();
      return;
    }
    if (record->at() > range_.until) ended_ = true;
    record_ = *record;
  }
  rocksdb::Status PutCF(std::uint32_t family, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    ++position_;
    Operation(family, ToView(key), ToView(value));
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t family, const rocksdb::Slice& key) override {
    ++position_;
    Operation(family, ToView(key), {});
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteRangeCF(std::uint32_t, const rocksdb::Slice&,
                                const rocksdb::Slice&) override {
    ++position_;
    return rocksdb::Status::OK();
  }
  bool Continue() override { return !ended_ && failure_.ok(); }

 private:
  void Operation(std::uint32_t family, std::string_view key, std::string_view row) {
    if (family != family_ || !record_.has_value() || record_->left() == 0) return;
    failure_ = record_->Skip(row);
    if (!failure_.ok() || position_ <= range_.after || key.size() <= kTableBytes ||
        TableNumberOf(key) != range_.table) {
      return;
    }
    const std::string_view own_key = key.substr(kTableBytes);
    failure_ = row.empty() ? loader_.Delete(own_key) : loader_.Put(own_key, row);
  }

  const ReplayRange& range_;
  const std::uint32_t family_;
  RowLoader& loader_;
  ChangePosition position_ = 0;
  std::optional<ChangeRecordReader> record_;
  bool ended_ = false;
  Status failure_;
};

}  // namespace

Status ReplayLog(const Rocks& rocks, const ReplayRange& range, const std::atomic<bool>& stop,
                 RowLoader* loader) {
  LogReader reader(rocks, range.after + 1);
  Replay replay(range, rocks.handle(Family::kItems)->GetID(), loader);
  for (;;) {
    if (stop.load(std::memory_order_relaxed))
      return Error(ErrorCode::kUnavailable, "replay the log: the store is closing");
    ZAEL_ASSIGN(const auto batch, reader.Next(range.through));
    if (!batch.has_value()) return {};
    const auto more = replay.Apply(*batch);
    if (!more.ok()) {
      return Error(more.error().code(),
                   Format("replay the log at {}: {}", batch->first, more.error().message()));
    }
    if (!*more) return {};
  }
}

}  // namespace zael::engine
