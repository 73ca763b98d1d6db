#include "engine/backup_files.h"

#include <set>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "os/files.h"

namespace zael::engine {
namespace {

constexpr std::string_view kSegments = "segments";
constexpr std::string_view kHalfWritten = ".new";  // as WriteSmallFile leaves it
constexpr std::size_t kMaxManifestBytes = 256 << 20;

Error Damaged(const std::string& path, std::string_view cause) {
  return Error(ErrorCode::kDataLoss, Format("read backup: file {} is damaged: {}", path, cause));
}

// What a missing file is here: damage.
template <typename T>
Result<T> NamedInBackup(Result<T> read, const std::string& path) {
  if (read.ok()) return read;
  if (read.error().code() == ErrorCode::kNotFound) return Damaged(path, "it is missing");
  if (read.error().code() == ErrorCode::kInvalidArgument) return Damaged(path, "it is too long");
  return read;
}

Result<std::vector<std::string>> ListOrNone(const std::string& path) {
  auto names = os::ListDirectory(path);
  if (!names.ok() && names.error().code() == ErrorCode::kNotFound)
    return std::vector<std::string>();
  return names;
}

// Removes what a crash left half written, and the shelf when it is empty.
Status TidyShelf(const std::string& shelf) {
  ZAEL_ASSIGN(const auto names, ListOrNone(shelf));
  for (const std::string& name : names) {
    if (name.ends_with(kHalfWritten)) ZAEL_TRY(os::RemoveFile(shelf + "/" + name));
  }
  return os::RemoveEmptyDirectory(shelf);
}

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

Result<std::vector<std::string>> BackupFiles::Manifests(std::string_view group) const {
  std::vector<std::string> paths;
  ZAEL_ASSIGN(const auto shelves, ListOrNone(Format("{}/{}", root_, group)));
  for (const std::string& shelf : shelves) {
    ZAEL_ASSIGN(const auto names, ListOrNone(Format("{}/{}/{}", root_, group, shelf)));
    for (const std::string& name : names) {
      if (!name.ends_with(kHalfWritten)) paths.push_back(Format("{}/{}/{}", group, shelf, name));
    }
  }
  return paths;
}

Result<BackupManifest> BackupFiles::ReadManifest(const std::string& path) const {
  const std::string file = Format("{}/{}", root_, path);
  ZAEL_ASSIGN(const std::string bytes,
              NamedInBackup(os::ReadSmallFile(file, kMaxManifestBytes), file));
  auto manifest = DecodeManifest(bytes);
  if (!manifest.ok()) return Damaged(file, manifest.error().message());
  return manifest;
}

Status BackupFiles::SaveManifest(const std::string& path, const BackupManifest& manifest) const {
  const std::string file = Format("{}/{}", root_, path);
  ZAEL_TRY(os::MakeDirectories(FolderOf(file)));
  return os::WriteSmallFile(file, EncodeManifest(manifest));
}

Status BackupFiles::RemoveManifest(const std::string& path) const {
  return os::RemoveFile(Format("{}/{}", root_, path));
}

std::string BackupFiles::SegmentPath(const Segment& segment) const {
  return Format("{}/{}/{}", root_, kSegments, store::ToText(segment.digest));
}

Result<Segment> BackupFiles::PutSegment(const std::string& rows) const {
  const Segment segment{.digest = store::DigestOf(rows),
                        .bytes = static_cast<std::uint32_t>(rows.size())};
  const std::string path = SegmentPath(segment);
  const auto present = os::ReadSmallFile(path, rows.size());
  if (present.ok() && *present == rows) return segment;
  ZAEL_TRY(os::MakeDirectories(FolderOf(path)));
  ZAEL_TRY(os::WriteSmallFile(path, rows));
  return segment;
}

Result<std::string> BackupFiles::ReadSegment(const Segment& segment) const {
  const std::string path = SegmentPath(segment);
  ZAEL_ASSIGN(std::string rows, NamedInBackup(os::ReadSmallFile(path, segment.bytes), path));
  if (rows.size() != segment.bytes) {
    return Damaged(path, Format("it has {} bytes of {}", rows.size(), segment.bytes));
  }
  if (store::DigestOf(rows) != segment.digest) return Damaged(path, "its checksum is wrong");
  return rows;
}

Status BackupFiles::Verify(const BackupManifest& manifest) const {
  for (const Segment& segment : manifest.segments) ZAEL_TRY(ReadSegment(segment));
  return {};
}

Status BackupFiles::CollectGarbage() const {
  std::set<std::string> named;
  for (const std::string_view group : {kBackupShelves, kBaseShelves}) {
    ZAEL_ASSIGN(const auto shelves, ListOrNone(Format("{}/{}", root_, group)));
    for (const std::string& shelf : shelves) {
      ZAEL_TRY(TidyShelf(Format("{}/{}/{}", root_, group, shelf)));
    }
    ZAEL_ASSIGN(const auto paths, Manifests(group));
    for (const std::string& path : paths) {
      ZAEL_ASSIGN(const BackupManifest manifest, ReadManifest(path));
      for (const Segment& segment : manifest.segments) named.insert(store::ToText(segment.digest));
    }
  }
  ZAEL_ASSIGN(const auto files, ListOrNone(Format("{}/{}", root_, kSegments)));
  for (const std::string& file : files) {
    if (!named.contains(file)) ZAEL_TRY(os::RemoveFile(Format("{}/{}/{}", root_, kSegments, file)));
  }
  return {};
}

}  // namespace zael::engine
