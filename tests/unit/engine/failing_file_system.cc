#include "tests/unit/engine/failing_file_system.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace zael::engine {

class TrackedFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  TrackedFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string name,
              FailingFileSystem& system)
      : FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), system_(system) {}

  using FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    if (auto status = system_.MayWrite(); !status.ok()) return status;
    auto status = FSWritableFileOwnerWrapper::Append(data, options, context);
    if (status.ok()) bytes_ += data.size();
    return status;
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo&,
                           rocksdb::IODebugContext* context) override {
    return Append(data, options, context);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    if (auto status = system_.MaySync(); !status.ok()) return status;
    system_.Synced(name_, bytes_);
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* context) override {
    return Sync(options, context);
  }
  rocksdb::IOStatus RangeSync(std::uint64_t, std::uint64_t, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();  // promises nothing
  }

 private:
  const std::string name_;
  FailingFileSystem& system_;
  std::atomic<std::uint64_t> bytes_ = 0;
};

// A file that is there already, opened to be synced.
class TrackedLog : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  TrackedLog(std::unique_ptr<rocksdb::FSRandomRWFile> file, std::string name,
             FailingFileSystem& system)
      : FSRandomRWFileOwnerWrapper(std::move(file)), name_(std::move(name)), system_(system) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    std::error_code gone;
    const auto bytes = std::filesystem::file_size(name_, gone);
    if (auto status = system_.MaySync(); !status.ok()) return status;
    if (!gone) system_.Synced(name_, bytes);
    return rocksdb::IOStatus::OK();
  }

 private:
  const std::string name_;
  FailingFileSystem& system_;
};

void FailingFileSystem::CountStep() {
  if (steps_left_.fetch_sub(1) <= 0) power_off_ = true;
}

rocksdb::IOStatus FailingFileSystem::MayWrite() {
  CountStep();
  if (power_off_) return rocksdb::IOStatus::IOError("the power is off");
  if (writes_left_.fetch_sub(1) <= 0) disk_full_ = true;
  if (disk_full_) return rocksdb::IOStatus::NoSpace("No space left on device");
  return rocksdb::IOStatus::OK();
}

rocksdb::IOStatus FailingFileSystem::MaySync() {
  if (syncs_left_.fetch_sub(1) <= 0) power_off_ = true;
  {
    const std::lock_guard lock(mutex_);
    if (!sync_error_.ok()) return sync_error_;
  }
  CountStep();
  return power_off_ ? rocksdb::IOStatus::IOError("the power is off") : rocksdb::IOStatus::OK();
}

void FailingFileSystem::SetSyncError(rocksdb::IOStatus error) {
  const std::lock_guard lock(mutex_);
  sync_error_ = std::move(error);
}

void FailingFileSystem::Synced(const std::string& name, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  synced_[name] = bytes;
}

rocksdb::IOStatus FailingFileSystem::NewWritableFile(const std::string& name,
                                                     const rocksdb::FileOptions& options,
                                                     std::unique_ptr<rocksdb::FSWritableFile>* file,
                                                     rocksdb::IODebugContext* context) {
  if (auto status = MayWrite(); !status.ok()) return status;
  auto status = FileSystemWrapper::NewWritableFile(name, options, file, context);
  if (!status.ok()) return status;
  Synced(name, 0);
  *file = std::make_unique<TrackedFile>(std::move(*file), name, *this);
  return status;
}

rocksdb::IOStatus FailingFileSystem::NewRandomRWFile(const std::string& name,
                                                     const rocksdb::FileOptions& options,
                                                     std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                                     rocksdb::IODebugContext* context) {
  auto status = FileSystemWrapper::NewRandomRWFile(name, options, file, context);
  if (status.ok()) *file = std::make_unique<TrackedLog>(std::move(*file), name, *this);
  return status;
}

rocksdb::IOStatus FailingFileSystem::RenameFile(const std::string& from, const std::string& to,
                                                const rocksdb::IOOptions& options,
                                                rocksdb::IODebugContext* context) {
  CountStep();
  if (power_off_) return MayWrite();
  auto status = FileSystemWrapper::RenameFile(from, to, options, context);
  const std::lock_guard lock(mutex_);
  if (auto file = synced_.extract(from); status.ok() && !file.empty()) synced_[to] = file.mapped();
  return status;
}

rocksdb::IOStatus FailingFileSystem::DeleteFile(const std::string& name,
                                                const rocksdb::IOOptions& options,
                                                rocksdb::IODebugContext* context) {
  CountStep();
  if (power_off_) return MayWrite();
  const std::lock_guard lock(mutex_);
  synced_.erase(name);
  return FileSystemWrapper::DeleteFile(name, options, context);
}

void FailingFileSystem::DropUnsynced() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, bytes] : synced_) {
    std::error_code ignored;
    if (std::filesystem::file_size(name, ignored) > bytes && !ignored) {
      std::filesystem::resize_file(name, bytes, ignored);
    }
    // Nothing says that the name of a file never synced reached the disk.
    if (bytes == 0) std::filesystem::remove(name, ignored);
  }
}

}  // namespace zael::engine
