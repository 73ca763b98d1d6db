// BackupFiles: the folder with the backups of a store: manifests, and the segments they share.
//
// tables/TABLE/ID      the manifest of a backup
// bases/NUMBER/POSITION  that of a table's state from which its past is replayed (Recovery)
// segments/DIGEST      rows
// A manifest is written when all its segments are on the disk, and removed before they are: at any
// moment what has a manifest is whole. Segments without one are garbage. Format:
// docs/formats/backup.md.
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/backup_manifest.h"

namespace zael::engine {

inline constexpr std::string_view kBackupShelves = "tables";
inline constexpr std::string_view kBaseShelves = "bases";
inline constexpr std::size_t kMaxSegmentBytes = 8 << 20;

// Thread-compatible: one thread at a time writes and collects; others may read what has a manifest
// that nobody removes. Paths are relative to the folder.
class BackupFiles {
 public:
  explicit BackupFiles(std::string root) : root_(std::move(root)) {}

  // The manifests of all shelves of a group, as paths, sorted. Errors: those of files.h.
  Result<std::vector<std::string>> Manifests(std::string_view group) const;

  // Errors: kDataLoss naming the file (damaged, missing), those of files.h.
  Result<BackupManifest> ReadManifest(const std::string& path) const;
  Status SaveManifest(const std::string& path, const BackupManifest& manifest) const;
  Status RemoveManifest(const std::string& path) const;

  // Writes the rows, unless they are there: then they are compared, and mended if need be.
  Result<Segment> PutSegment(const std::string& rows) const;
  // Errors: kDataLoss naming the file (damaged, cut off, missing).
  Result<std::string> ReadSegment(const Segment& segment) const;
  // Reads every segment. Errors: as ReadSegment.
  Status Verify(const BackupManifest& manifest) const;

  // Removes the segments that no manifest names, none while a manifest cannot be read, and empty
  // shelves.
  Status CollectGarbage() const;

 private:
  std::string SegmentPath(const Segment& segment) const;

  const std::string root_;
};

}  // namespace zael::engine
