// LogSync: brings the logs of a database to the disk, beside RocksDB.
//
// RocksDB's own call ends the program when a write fails on a full disk while it runs. Every write
// reaches the operating system before it is answered, so a sync of the files says the same.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <string>

#include "base/mutex.h"

namespace zael::engine {

// Thread-safe.
class LogSync {
 public:
  LogSync(std::shared_ptr<rocksdb::FileSystem> file_system, std::string database)
      : file_system_(std::move(file_system)), database_(std::move(database)) {}

  // All that was written before. A log that is gone was synced before it left. Once it failed,
  // nobody knows what is on the disk.
  rocksdb::IOStatus Sync();

 private:
  rocksdb::IOStatus SyncFile(const std::string& name);
  rocksdb::IOStatus SyncNames();

  const std::shared_ptr<rocksdb::FileSystem> file_system_;
  const std::string database_;
  Mutex mutex_;
  std::string newest_ ZAEL_GUARDED_BY(mutex_);  // whose name is on the disk
};

}  // namespace zael::engine
