// Backups: backups and point-in-time recovery of the engine's tables.
//
// A backup shows the instant of its call: a snapshot is taken there, and a worker copies its rows
// to files beside the callers. What a restore makes is seen by nobody until it is whole. Backups
// that are still being made are lost with the process; everything else goes on when the store is
// opened again. Format: docs/formats/backup.md.
#pragma once

#include <zael/backup.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/random.h"
#include "engine/backup_files.h"
#include "engine/backup_register.h"
#include "engine/backup_restore.h"
#include "engine/backup_worker.h"
#include "engine/recovery.h"
#include "engine/table_copy.h"
#include "engine/tables.h"
#include "engine/writer.h"

namespace zael::engine {

// Thread-safe.
class Backups final : public BackupAdmin {
 public:
  struct Parts {
    Core core;
    Tables& tables;
    RandomSource& random;
    std::string folder;
    std::uint64_t max_recovery_bytes;
  };
  explicit Backups(Parts parts);
  ~Backups() override { Stop(); }

  // Reads what there is and goes on with what was interrupted. Errors: those of files.h.
  Status Open();
  // Ends the worker; backups under way are finished. Harmless when repeated.
  void Stop() { worker_.Stop(); }

  // Makes bases that are due, drops what no window needs: backups of the system, bases, logs.
  Status Maintain();
  // The same on the worker.
  void MaintainSoon();

  Result<Backup> CreateBackup(const CreateBackupRequest& request) override;
  Result<Backup> DescribeBackup(std::string_view id) override;
  Result<BackupPage> ListBackups(const ListBackupsRequest& request) override;
  Result<Backup> DeleteBackup(std::string_view id) override;
  Result<TableDescription> Restore(const RestoreRequest& request) override;
  Result<RecoveryStatus> DescribeRecovery(std::string_view table) override;
  Result<RecoveryStatus> UpdateRecovery(std::string_view table,
                                        const RecoverySetting& setting) override;

 private:
  Status LoadBackups();
  void WriteBackup(const Backup& begun, TableSnapshot& snapshot, const TablePtr& table);
  // Makes backups of deleted tables and drops their rows.
  void FinishRemovals();
  Status FinishRemoval(const RemovedTable& removed);
  void ShowRemovals();
  Result<TableDescription> BeginRestore(const RestoreRequest& request, const Table& source,
                                        RestoreOrigin origin, const RestorePlan& plan);
  Result<TableDescription> RestoreBackup(const std::string& id, const RestoreRequest& request);
  Result<TableDescription> RestoreMoment(const PointInTime& moment, const RestoreRequest& request);
  bool MakeSoon(const RestoringPtr& restoring);
  Status EnableRecovery(const TablePtr& table, int days);
  Status MakeDueBases() ZAEL_REQUIRES(writing_);
  Status DropUnneeded() ZAEL_REQUIRES(writing_);

  Parts parts_;
  const BackupFiles files_;
  BackupRegister register_;
  Recovery recovery_;
  Mutex writing_;                     // one at a time writes and collects files, over its I/O
  Mutex switching_;                   // one at a time switches recovery, over its I/O
  Mutex dropping_;                    // bases stay while one is chosen for a restore
  std::atomic<bool> garbage_ = true;  // a crash may have left some
  BackupWorker worker_;
};

}  // namespace zael::engine
