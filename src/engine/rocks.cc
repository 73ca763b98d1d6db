#include "engine/rocks.h"

#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/try.h"
#include "engine/log_merge.h"

namespace zael::engine {
namespace {

constexpr std::size_t kWriteBufferBytes = 64 << 20;
constexpr std::size_t kBlockCacheBytes = 64 << 20;
constexpr std::uint64_t kMaxLogBytes = 256 << 20;
constexpr int kMaxOpenFiles = 512;

rocksdb::DBOptions MakeDbOptions(bool create, rocksdb::Env* env) {
  rocksdb::DBOptions options;
  options.create_if_missing = create;
  options.create_missing_column_families = create;
  options.paranoid_checks = true;
  // Stopping silently at the first damaged record (the default) would drop answered writes after
  // it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.max_total_wal_size = kMaxLogBytes;
  // The log is the change feed.
  options.WAL_ttl_seconds = std::chrono::seconds(kLogKept).count();
  options.WAL_size_limit_MB = 0;
  options.max_open_files = kMaxOpenFiles;
  options.max_background_jobs = 2;
  options.avoid_unnecessary_blocking_io = true;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1 << 20;
  options.max_manifest_file_size = 16 << 20;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  if (env != nullptr) options.env = env;
  return options;
}

rocksdb::ColumnFamilyOptions MakeFamilyOptions(Family family,
                                               const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // Only whole keys are looked up by point; the others are walked.
  if (family == Family::kItems) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = family == Family::kMeta ? 1 << 20 : kWriteBufferBytes;
  options.compression = rocksdb::kNoCompression;  // processor time is what an acquire is made of
  return options;
}

// Notices what RocksDB's log has become, of which RocksDB itself does not keep count.
class LogErrors : public rocksdb::EventListener {
 public:
  LogErrors(bool syncs_writes, std::shared_ptr<LogState> state)
      : syncs_writes_(syncs_writes), state_(std::move(state)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override {
    using Reason = rocksdb::BackgroundErrorReason;
    if (reason == Reason::kWriteCallback) state_->append_failed = true;
    // A log that cannot be begun for want of space: RocksDB would give up, in case the one before
    // it were not written. It is: every write has reached it before it is answered.
    if (reason == Reason::kMemTable && error->IsNoSpace()) {
      *error = rocksdb::Status(*error, rocksdb::Status::kHardError);
    }
  }

  // RocksDB does not go on by itself once there is space: Rocks::Resume looks at the log first.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status error,
                            bool* auto_recovery) override {
    error.PermitUncheckedError();
    *auto_recovery = false;
  }

  // Otherwise a write is answered before its log is synced, and has reached the tables.
  bool ShouldBeNotifiedOnFileIO() override { return syncs_writes_; }
  void OnIOError(const rocksdb::IOErrorInfo& info) override {
    const bool sync = info.operation == rocksdb::FileOperationType::kSync ||
                      info.operation == rocksdb::FileOperationType::kFsync;
    if (sync && info.file_path.ends_with(".log")) state_->sync_failed = true;
  }

 private:
  const bool syncs_writes_;
  const std::shared_ptr<LogState> state_;
};

bool Says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

ErrorCode CodeOf(const rocksdb::Status& status, const std::string& text) {
  if (status.IsCorruption()) return ErrorCode::kDataLoss;
  if (Says(text, "Permission denied") || Says(text, "Read-only file system") ||
      Says(text, "Operation not permitted")) {
    return ErrorCode::kPermissionDenied;
  }
  if (status.IsIOError() || status.IsBusy() || status.IsTimedOut() ||
      status.IsShutdownInProgress() || status.IsAborted() || status.IsIncomplete() ||
      status.IsTryAgain()) {
    return ErrorCode::kUnavailable;
  }
  return ErrorCode::kInternal;
}

// RocksDB blames its list of files for a file in it that does not open: the name of that file.
std::string UnreadableFile(const std::string& path, rocksdb::Env* env) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  std::vector<std::string> names;
  (void)options.env->GetChildren(path, &names).ok();
  for (const std::string& name : names) {
    if (!name.ends_with(".sst")) continue;
    if (!rocksdb::SstFileReader(options).Open(path + "/" + name).ok()) return name;
  }
  return "";
}

}  // namespace

Rocks::Rocks(const RocksOptions& options)
    : path_(options.path),
      log_sync_(
          options.file_system != nullptr ? options.file_system : rocksdb::FileSystem::Default(),
          options.path) {
  if (options.file_system != nullptr) env_ = rocksdb::NewCompositeEnv(options.file_system);
  write_options_.sync = options.durability == Durability::kPower;
}

Result<std::unique_ptr<Rocks>> Rocks::Open(const RocksOptions& options) {
  std::unique_ptr<Rocks> rocks(new Rocks(options));
  ZAEL_TRY(rocks->OpenDatabase(options.create));
  return rocks;
}

Status Rocks::OpenDatabase(bool create) {
  rocksdb::Env* const env = env_ != nullptr ? env_.get() : rocksdb::Env::Default();
  if (!create) {
    // Recovery keeps the logs of a killed process for the feed, but brings only what it reads from
    // them to the disk. What goes wrong here, opening says.
    (void)log_sync_.Sync().ok();
    const auto merged = MergeSmallLogs(*env, path_);
    if (!merged.ok()) return ToError(merged, "open");
  }
  const auto cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, MakeFamilyOptions(Family::kMeta, cache)},
      {"items", MakeFamilyOptions(Family::kItems, cache)},
      {"indexes", MakeFamilyOptions(Family::kIndexes, cache)}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  auto options = MakeDbOptions(create, env_.get());
  options.listeners.push_back(std::make_shared<LogErrors>(write_options_.sync, log_));
  const auto status = rocksdb::DB::Open(options, path_, families, &handles, &db);
  if (status.IsInvalidArgument()) {
    const auto code = Says(status.ToString(), "does not exist") ? ErrorCode::kDataLoss
                                                                : ErrorCode::kFailedPrecondition;
    return Error(code, Format("open {}: the database in it is missing or not ours: {}", path_,
                              status.ToString()));
  }
  if (status.IsCorruption()) {
    const Error damage = ToError(status, "open");
    const std::string file = UnreadableFile(path_, env_.get());
    if (file.empty() || Says(damage.message(), file)) return damage;
    return Error(damage.code(), Format("{}: {}", damage.message(), file));
  }
  if (!status.ok()) return ToError(status, "open");
  db_.reset(db);
  for (std::size_t i = 0; i < kFamilies; ++i) handles_[i] = handles[i];
  return {};
}

Rocks::~Rocks() {
  if (db_ == nullptr) return;
  // The answers were given; what the log holds is on its way to the disk whatever happens here.
  (void)SyncLog();
  for (auto* handle : handles_) {
    if (handle != nullptr) (void)db_->DestroyColumnFamilyHandle(handle);
  }
  (void)db_->Close();
}

Result<bool> Rocks::Get(Family family, std::string_view key, rocksdb::PinnableSlice* value,
                        const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  const auto status = db_->Get(options, handle(family), ToSlice(key), value);
  if (status.ok()) return true;
  if (status.IsNotFound()) return false;
  return ToError(status, "read");
}

Status Rocks::Resume() {
  MutexLock lock(resuming_);
  if (!stalled_.load(std::memory_order_relaxed)) return {};
  if (log_->sync_failed) return MustBeReopened("its log could not be synced");
  const bool append_failed = log_->append_failed.exchange(false);
  if (append_failed && HoldsNothing()) {
    log_->append_failed = true;
    return MustBeReopened("its log could not be written");
  }
  const auto status = db_->Resume();
  if (!status.ok() && append_failed) log_->append_failed = true;
  if (status.severity() >= rocksdb::Status::kFatalError) return MustBeReopened(status.ToString());
  if (!status.ok()) return ToError(status, "write");
  stalled_.store(false, std::memory_order_release);
  return {};
}

// Whether no write has happened since the tables were last written: then RocksDB goes on in the log
// it has, where another one begins otherwise.
bool Rocks::HoldsNothing() const {
  return std::all_of(handles_.begin(), handles_.end(), [this](auto* handle) {
    std::uint64_t entries = 0;
    return db_->GetIntProperty(handle, rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                               &entries) &&
           entries == 0;
  });
}

Error Rocks::MustBeReopened(std::string_view cause) const {
  return Error(ErrorCode::kUnavailable,
               Format("write {}: its disk failed or was full: close it and open it again ({})",
                      path_, cause));
}

Status Rocks::Write(rocksdb::WriteBatch* batch) {
  if (stalled_.load(std::memory_order_relaxed)) [[unlikely]]
    ZAEL_TRY(Resume());
  const auto status = db_->Write(write_options_, batch);
  if (!status.ok()) [[unlikely]] {
    stalled_.store(true, std::memory_order_relaxed);
    return ToError(status, "write");
  }
  if (!unsynced_.load(std::memory_order_relaxed)) unsynced_.store(true, std::memory_order_relaxed);
  return {};
}

Status Rocks::SyncLog() {
  if (!unsynced_.exchange(false, std::memory_order_acq_rel)) return {};
  const auto status = SyncWal();
  if (status.ok()) return {};
  return ToError(status, "sync");
}

rocksdb::Status Rocks::SyncWal() {
  const rocksdb::Status status = log_sync_.Sync();
  if (status.ok()) return status;
  log_->sync_failed = true;
  stalled_.store(true, std::memory_order_relaxed);
  return status;
}

Result<rocksdb::SequenceNumber> Rocks::SyncedThrough() {
  const rocksdb::SequenceNumber latest = db_->GetLatestSequenceNumber();
  const rocksdb::SequenceNumber before = synced_.load(std::memory_order_relaxed);
  if (stalled() || before >= latest) return before;
  // Not SyncLog: another thread may have begun it and not be done.
  const auto status = SyncWal();
  if (!status.ok()) return ToError(status, "sync");
  for (auto known = before; known < latest;) {
    if (synced_.compare_exchange_weak(known, latest, std::memory_order_relaxed)) break;
  }
  return latest;
}

std::unique_ptr<rocksdb::Iterator> Rocks::Iterate(Family family,
                                                  const rocksdb::ReadOptions& options) const {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, handle(family)));
}

Status Rocks::DropRange(Family family, std::string_view begin, std::string_view end) {
  const auto first = ToSlice(begin), last = ToSlice(end);
  // Frees the disk at once; what it leaves at the edges is covered by the tombstone.
  auto status = rocksdb::DeleteFilesInRange(db_.get(), handle(family), &first, &last, false);
  if (!status.ok()) return ToError(status, "trim");
  rocksdb::WriteBatch batch;
  status = batch.DeleteRange(handle(family), first, last);
  if (!status.ok()) return ToError(status, "trim");
  return Write(&batch);
}

Error Rocks::ToError(const rocksdb::Status& status, std::string_view action) const {
  const std::string text = status.ToString();
  const ErrorCode code = CodeOf(status, text);
  if (status.IsNoSpace()) {
    return Error(code,
                 Format("{} {}: no space left on its device: free some space, then try again ({})",
                        action, path_, text));
  }
  if (code == ErrorCode::kDataLoss) {
    return Error(code, Format("{} {}: a stored file is damaged: {}", action, path_, text));
  }
  return Error(code, Format("{} {}: {}", action, path_, text));
}

}  // namespace zael::engine
