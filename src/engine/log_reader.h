// LogReader: the batches of the log in the order of their sequence numbers, archived files first.
//
// What was written before the oldest kept file is passed over; a hole after that is damage. One
// batch of the log may be several writes that RocksDB put together. The change feed reads with it;
// anything else that replays the log can.
#pragma once

#include <rocksdb/transaction_log.h>

#include <memory>
#include <optional>

#include "engine/rocks.h"

namespace zael::engine {

struct LogBatch {
  rocksdb::SequenceNumber first = 0;  // of its first operation; each one takes the next number
  rocksdb::SequenceNumber last = 0;
  std::unique_ptr<rocksdb::WriteBatch> operations;
};

// Thread-compatible. Keeps a file open while it lives.
class LogReader {
 public:
  // Begins with the first batch that is not wholly before `next`.
  LogReader(const Rocks& rocks, rocksdb::SequenceNumber next) : rocks_(rocks), next_(next) {}

  // The next batch up to `through`; nothing: it was reached. Requires: `through` was written.
  // Errors: kDataLoss naming the file, kUnavailable.
  Result<std::optional<LogBatch>> Next(rocksdb::SequenceNumber through);

  // The sequence number after the last batch.
  rocksdb::SequenceNumber next() const { return next_; }

 private:
  Status Advance();
  bool MayBegin(const LogBatch& batch) const;
  Error Damaged(std::string_view cause) const;

  const Rocks& rocks_;
  rocksdb::SequenceNumber next_;
  std::unique_ptr<rocksdb::TransactionLogIterator> batches_;
};

}  // namespace zael::engine
