#include "engine/log_sync.h"

#include <algorithm>
#include <vector>

namespace zael::engine {

rocksdb::IOStatus LogSync::Sync() {
  MutexLock lock(mutex_);
  std::vector<std::string> names;
  auto status = file_system_->GetChildren(database_, rocksdb::IOOptions(), &names, nullptr);
  if (!status.ok()) return status;
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".log"); });
  for (const std::string& name : names) {
    if (status = SyncFile(name); !status.ok()) return status;
  }
  // Their names have at least six digits, so the newest is the last unless there are a million.
  const auto newest = std::max_element(names.begin(), names.end());
  if (newest == names.end() || *newest == newest_) return status;
  status = SyncNames();
  if (status.ok()) newest_ = *newest;
  return status;
}

rocksdb::IOStatus LogSync::SyncFile(const std::string& name) {
  const rocksdb::IOOptions options;
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  const auto opened =
      file_system_->NewRandomRWFile(database_ + "/" + name, rocksdb::FileOptions(), &file, nullptr);
  if (opened.IsPathNotFound()) return rocksdb::IOStatus::OK();
  if (!opened.ok()) return opened;
  const auto synced = file->Sync(options, nullptr);
  const auto closed = file->Close(options, nullptr);
  return synced.ok() ? closed : synced;
}

rocksdb::IOStatus LogSync::SyncNames() {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  const auto opened =
      file_system_->NewDirectory(database_, rocksdb::IOOptions(), &directory, nullptr);
  if (!opened.ok()) return opened;
  return directory->FsyncWithDirOptions(rocksdb::IOOptions(), nullptr, rocksdb::DirFsyncOptions());
}

}  // namespace zael::engine
