// A file system for RocksDB that loses power and fills up when a test says so. The one test file
// that lets RocksDB in.
//
// It remembers how much of every file was synced. After PowerOff nothing more is written;
// DropUnsynced then leaves on the disk what a power loss would have left.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace zael::engine {

// Thread-safe.
class FailingFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FailingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  void PowerOff() { power_off_ = true; }
  // At the sync after so many more: it does not happen any more.
  void PowerOffAtSync(int syncs) { syncs_left_ = syncs; }
  // At the write, sync, renaming or deletion after so many more.
  void PowerOffAtStep(int steps) { steps_left_ = steps; }
  bool is_off() const { return power_off_; }
  // What is written already has its place, and can be synced.
  void SetDiskFull(bool full) { disk_full_ = full; }
  // From the write after so many more.
  void SetDiskFullAt(int writes) { writes_left_ = writes; }
  // Bytes are written, but bringing them to the disk fails: with this error; with none no more.
  void SetSyncError(rocksdb::IOStatus error);
  void DropUnsynced();

  const char* Name() const override { return "FailingFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

 private:
  friend class TrackedFile;
  friend class TrackedLog;
  void CountStep();
  rocksdb::IOStatus MayWrite();
  rocksdb::IOStatus MaySync();
  void Synced(const std::string& name, std::uint64_t bytes);

  std::atomic<bool> power_off_ = false;
  std::atomic<bool> disk_full_ = false;
  std::atomic<int> writes_left_ = 1 << 30;
  std::atomic<int> syncs_left_ = 1 << 30;
  std::atomic<int> steps_left_ = 1 << 30;
  std::mutex mutex_;
  rocksdb::IOStatus sync_error_;
  std::map<std::string, std::uint64_t> synced_;  // bytes, of every file written through this
};

}  // namespace zael::engine
