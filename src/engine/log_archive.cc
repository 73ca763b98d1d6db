#include "engine/log_archive.h"

#include <optional>

#include "base/format.h"
#include "base/try.h"
#include "engine/change_record.h"
#include "engine/log_merge.h"
#include "engine/log_reader.h"

namespace zael::engine {
namespace {

// The first time that a batch tells.
class TimeFinder : public rocksdb::WriteBatch::Handler {
 public:
  void LogData(const rocksdb::Slice& blob) override {
    if (const auto record = ChangeRecordReader::Open(ToView(blob)); record.ok()) at_ = record->at();
  }
  rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteRangeCF(std::uint32_t, const rocksdb::Slice&,
                                const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  bool Continue() override { return !at_.has_value(); }
  std::optional<WallTime> at() const { return at_; }

 private:
  std::optional<WallTime> at_;
};

// The first time told in the log from `from` to `end`; nothing: none is.
Result<std::optional<WallTime>> FirstTime(const Rocks& rocks, rocksdb::SequenceNumber from,
                                          rocksdb::SequenceNumber end) {
  LogReader reader(rocks, from);
  TimeFinder finder;
  while (!finder.at().has_value() && reader.next() < end) {
    ZAEL_ASSIGN(const auto batch, reader.Next(end - 1));
    if (!batch.has_value()) break;
    (void)batch->operations->Iterate(&finder).ok();
  }
  return finder.at();
}

// No position is after the last one.
rocksdb::SequenceNumber NextAfter(ChangePosition position) {
  return position == kNothingNeeded ? position : position + 1;
}

Result<rocksdb::VectorLogPtr> LogsOf(const Rocks& rocks) {
  rocksdb::VectorLogPtr logs;
  const auto status = rocks.db().GetSortedWalFiles(logs);
  if (status.ok()) return logs;
  const Error error = rocks.ToError(status, "list the logs of");
  if (!status.IsCorruption()) return error;
  return Error(error.code(), Format("{}: {}", error.message(),
                                    FindDamagedLog(*rocks.db().GetEnv(), rocks.db().GetName())));
}

}  // namespace

Status PruneLogs(const Rocks& rocks, ChangePosition needed_after, WallTime older_than) {
  ZAEL_ASSIGN(const auto logs, LogsOf(rocks));
  std::size_t old = 0;  // so many of the first ones may go
  for (std::size_t next = 1; next < logs.size(); ++next) {
    if (logs[next - 1]->Type() != rocksdb::kArchivedLogFile) break;
    const auto start = logs[next]->StartSequence();
    if (start > NextAfter(needed_after) || start <= logs[next - 1]->StartSequence()) break;
    const auto end = next + 1 < logs.size() ? logs[next + 1]->StartSequence()
                                            : rocks.db().GetLatestSequenceNumber() + 1;
    ZAEL_ASSIGN(const auto at, FirstTime(rocks, start, end));
    if (!at.has_value()) continue;  // the next one with a time tells
    if (*at >= older_than) break;
    old = next;
  }
  for (std::size_t i = 0; i < old; ++i) {
    const auto status = rocks.db().DeleteFile(logs[i]->PathName());
    if (!status.ok()) return rocks.ToError(status, "remove a log of");
  }
  return {};
}

Result<std::uint64_t> LogBytesAfter(const Rocks& rocks, ChangePosition position) {
  ZAEL_ASSIGN(const auto logs, LogsOf(rocks));
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const bool passed = i + 1 < logs.size() && logs[i + 1]->StartSequence() <= NextAfter(position);
    if (!passed) bytes += logs[i]->SizeFileBytes();
  }
  return bytes;
}

Status CheckLogsAfter(const Rocks& rocks, ChangePosition position, ChangePosition through) {
  if (through <= position) return {};
  ZAEL_ASSIGN(const auto logs, LogsOf(rocks));
  if (!logs.empty() && logs.front()->StartSequence() <= position + 1) return {};
  return rocks.ToError(rocksdb::Status::Corruption(Format(
                           "the log with operation {} is missing, it begins with {}", position + 1,
                           logs.empty() ? std::string("none") : logs.front()->PathName())),
                       "read");
}

}  // namespace zael::engine
