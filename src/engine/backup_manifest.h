// BackupManifest: what a backup is: the table it shows, the instant, and the segments with its
// rows.
//
// Kept as a file of its own, an encoded item with a checksum; nothing else says that a backup
// exists. A segment is a run of rows, named by the digest of its bytes, so backups share those that
// are alike. Format: docs/formats/backup.md.
#pragma once

#include <zael/backup.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/table.h"
#include "store/digest.h"

namespace zael::engine {

struct Segment {
  store::Digest digest;
  std::uint32_t bytes = 0;
  friend auto operator<=>(const Segment&, const Segment&) = default;
};

struct BackupManifest {
  std::string name;
  BackupKind kind = BackupKind::kUser;
  WallTime at{};
  std::optional<WallTime> expires_at;
  ChangePosition position = 0;  // the last operation of the log that is in it
  TablePtr table;               // as it was
  std::uint64_t items = 0;
  std::uint64_t item_bytes = 0;  // keys and values
  std::vector<Segment> segments;

  // Of the segments, those it has twice once.
  std::uint64_t DiskBytes() const;
};

std::string EncodeManifest(const BackupManifest& manifest);

// Errors: kDataLoss.
Result<BackupManifest> DecodeManifest(std::string_view bytes);

// Of a table that is deleted: still without rows.
BackupManifest SystemBackupOf(const TablePtr& table, WallTime at);

// What callers see of it.
Backup Describe(const BackupManifest& manifest, std::string id);

}  // namespace zael::engine
