#include "engine/log_reader.h"

#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "engine/log_merge.h"

namespace zael::engine {
Result<std::optional<LogBatch>> LogReader::Next(rocksdb::SequenceNumber through) {
  while (next_ <= through) {
    ZAEL_TRY(Advance());
    rocksdb::BatchResult result = batches_->GetBatch();
    LogBatch batch{.first = result.sequence,
                   .last = result.sequence + result.writeBatchPtr->Count() - 1,
                   .operations = std::move(result.writeBatchPtr)};
    // RocksDB begins a log after recovery with a batch of nothing.
    if (batch.operations->Count() == 0 || batch.last < next_) continue;
    if (batch.first > next_ && !MayBegin(batch)) return Damaged("operations are missing");
    next_ = batch.last + 1;
    return std::optional<LogBatch>(std::move(batch));
  }
  return std::optional<LogBatch>();
}

// Leaves `batches_` valid.
Status LogReader::Advance() {
  if (batches_ != nullptr) {
    batches_->Next();
    if (batches_->Valid()) return {};
    batches_.reset();  // at the end of the files it knew of, or at a hole
  }
  const auto status = rocks_.db().GetUpdatesSince(next_, &batches_);
  if (status.ok() && batches_->Valid()) return {};
  const auto cause = status.ok() ? batches_->status() : status;
  batches_.reset();
  return Damaged(cause.ok() ? "it ends too early" : cause.ToString());
}

// Whether what is missing before the batch was never promised to be there.
bool LogReader::MayBegin(const LogBatch& batch) const {
  rocksdb::VectorLogPtr files;
  return rocks_.db().GetSortedWalFiles(files).ok() && !files.empty() &&
         files.front()->StartSequence() >= batch.first;
}

Error LogReader::Damaged(std::string_view cause) const {
  std::string file;
  rocksdb::VectorLogPtr files;
  if (rocks_.db().GetSortedWalFiles(files).ok()) {
    for (const auto& candidate : files) {
      if (candidate->StartSequence() <= next_) file = candidate->PathName();
    }
  } else {
    file = FindDamagedLog(*rocks_.db().GetEnv(), rocks_.db().GetName());
  }
  return rocks_.ToError(
      rocksdb::Status::Corruption(Format("log {} at operation {}: {}", file, next_, cause)),
      "read");
}

}  // namespace zael::engine
