// Backups and point-in-time recovery: the part of the store contract that takes the past back.
//
// A backup is a table at one instant, kept until it is deleted, also when the table is gone. With
// recovery on, a table can be had as it was at any millisecond of the last days. Either comes back
// as a new table only, so that nothing is ever overwritten. Backups and restores go on after the
// call that began them; WaitForBackup and WaitForRestore wait for their end. Design: storage.md,
// recovery.md. DynamoDB's rules: dynamodb-api.md, section 6.
//
// Errors of every call, unless said otherwise: as in store.h.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zael {

inline constexpr std::size_t kMaxBackupsOfPage = 100;
inline constexpr int kMaxRecoveryDays = 35;

enum class BackupStatus { kCreating, kAvailable, kDeleted };
// kSystem: made when a table with recovery on was deleted, kept 35 days, cannot be deleted.
// kService: made by AWS Backup.
enum class BackupKind { kUser, kSystem, kService };

struct Backup {
  std::string id;    // what this store knows it by; DynamoDB: its ARN
  std::string name;  // not unique
  BackupKind kind = BackupKind::kUser;
  BackupStatus status = BackupStatus::kCreating;
  WallTime created_at{};  // the instant it shows
  std::optional<WallTime> expires_at;
  std::uint64_t size_bytes = 0;  // of its items as the store keeps them; 0 while it is being made
  // The table as it was, with the exact count of items. In a list of DynamoDB only its name and id.
  TableDescription table;
  // The changes up to here are in it and no others; absent: the store does not say.
  std::optional<ChangePosition> position;
  // Why it can be neither restored nor read, naming the file, or why its making failed; empty:
  // nothing known against it.
  std::string damage;
};

struct CreateBackupRequest {
  std::string table;
  std::string name;  // 3 to 255 of a-z A-Z 0-9 _ . -
};

struct ListBackupsRequest {
  std::string table;                                   // empty: of all tables
  std::optional<WallTime> from;                        // created then or later
  std::optional<WallTime> until;                       // created before
  std::optional<BackupKind> kind = BackupKind::kUser;  // absent: every kind
  std::size_t max_backups = kMaxBackupsOfPage;         // 1 to kMaxBackupsOfPage
  std::string start_after;                             // the `next` of the page before
};
struct BackupPage {
  std::vector<Backup> backups;  // in the order of their creation
  std::string next;             // empty: nothing more
};

struct PointInTime {
  std::string table;
  std::optional<WallTime> at;  // absent: the latest restorable time
};
struct RestoreRequest {
  std::variant<std::string, PointInTime> source;    // a backup's id, or a moment of a table
  std::string target;                               // a name that no table has
  std::optional<std::vector<std::string>> indexes;  // of the source's, those to have; absent: all
  // Of the new table; absent: the source's. DynamoDB has none.
  std::optional<std::string> notes;
};

// Whether a table's past can be restored, and which part of it.
struct RecoveryStatus {
  bool enabled = false;
  int days = 0;                      // how far back, 1 to kMaxRecoveryDays; 0 when disabled
  std::optional<WallTime> earliest;  // present when enabled
  std::optional<WallTime> latest;
  std::optional<std::uint64_t> kept_bytes;  // on the disk for it; absent: the store does not say
};
struct RecoverySetting {
  bool enabled = false;
  int days = kMaxRecoveryDays;  // meaningless when disabled
};

// Thread-safe.
class BackupAdmin {
 public:
  virtual ~BackupAdmin() = default;

  // Begins a backup of the table as it is now, whole transactions only. Errors: also
  // kResourceExhausted (too many under way).
  virtual Result<Backup> CreateBackup(const CreateBackupRequest& request) = 0;

  // Errors: kNotFound (the backup).
  virtual Result<Backup> DescribeBackup(std::string_view id) = 0;
  virtual Result<BackupPage> ListBackups(const ListBackupsRequest& request) = 0;

  // The backup as it was, with status kDeleted. Errors: kNotFound (the backup),
  // kFailedPrecondition (being restored, of the system).
  virtual Result<Backup> DeleteBackup(std::string_view id) = 0;

  // Begins to make the table `target`, which can be used once its `origin` is no longer in
  // progress. It has the source's items, keys and indexes, and no ttl, stream, tags, protection or
  // recovery. A begun restore goes on when the store is opened again. Errors: kNotFound (the
  // source), kAlreadyExists (the target), kFailedPrecondition (recovery is off; the backup is being
  // made or restored already), kInvalidArgument (also a time outside the window, an index the
  // source has not), kDataLoss naming the damaged file, before anything is made.
  virtual Result<TableDescription> Restore(const RestoreRequest& request) = 0;

  virtual Result<RecoveryStatus> DescribeRecovery(std::string_view table) = 0;

  // The window begins when recovery is switched on; switching it off forgets the past at once, and
  // fewer days forget what is older. Errors: kInvalidArgument (days).
  virtual Result<RecoveryStatus> UpdateRecovery(std::string_view table,
                                                const RecoverySetting& setting) = 0;
};

// How a wait goes on: called after each look, on the waiting thread.
using OnBackupProgress = std::function<void(const Backup& backup)>;
using OnRestoreProgress = std::function<void(const TableDescription& table)>;

struct WaitOptions {
  Clock* clock = nullptr;  // required
  Deadline deadline;       // absent: as long as it takes
  std::chrono::nanoseconds first_pause = std::chrono::milliseconds(20);  // doubled up to
  std::chrono::nanoseconds longest_pause = std::chrono::seconds(5);
};

// Until the backup is available. Errors: those of DescribeBackup, kDeadlineExceeded (it goes on),
// kUnavailable (it failed, and why).
Result<Backup> WaitForBackup(BackupAdmin& backups, std::string_view id, const WaitOptions& options,
                             const OnBackupProgress& on_progress = nullptr);

// Until the restored table can be used: also another call's restore, so a wait that was interrupted
// is taken up again by waiting. Errors: those of DescribeTable, which of a restore that failed
// tells why, once; kDeadlineExceeded (it goes on).
Result<TableDescription> WaitForRestore(TableAdmin& tables, std::string_view target,
                                        const WaitOptions& options,
                                        const OnRestoreProgress& on_progress = nullptr);

}  // namespace zael
