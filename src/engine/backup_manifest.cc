#include "engine/backup_manifest.h"

#include <cstring>
#include <set>
#include <utility>

#include "base/time.h"
#include "base/try.h"
#include "store/item_codec.h"

namespace zael::engine {
namespace {

constexpr int kManifestVersion = 1;
constexpr std::size_t kSegmentBytes = 8 + 8 + 4;

void AppendSegment(const Segment& segment, std::string* out) {
  char bytes[kSegmentBytes];
  std::memcpy(bytes, &segment.digest.high, 8);
  std::memcpy(bytes + 8, &segment.digest.low, 8);
  std::memcpy(bytes + 16, &segment.bytes, 4);
  out->append(bytes, sizeof bytes);
}

Segment SegmentAt(const char* bytes) {
  Segment segment;
  std::memcpy(&segment.digest.high, bytes, 8);
  std::memcpy(&segment.digest.low, bytes + 8, 8);
  std::memcpy(&segment.bytes, bytes + 16, 4);
  return segment;
}

Error NotUnderstood(const char* what) {
  return Error(ErrorCode::kDataLoss, std::string("its ") + what + " cannot be understood");
}

Result<std::int64_t> IntegerOf(const Item& item, const char* name) {
  const Value* value = item.Find(name);
  const Number* number = value == nullptr ? nullptr : value->As<Number>();
  const auto integer = number == nullptr ? std::nullopt : number->ToInt64();
  if (!integer.has_value()) return NotUnderstood(name);
  return *integer;
}

template <typename T>
Result<const T*> MemberOf(const Item& item, const char* name) {
  const Value* value = item.Find(name);
  const T* member = value == nullptr ? nullptr : value->As<T>();
  if (member == nullptr) return NotUnderstood(name);
  return member;
}

}  // namespace

std::uint64_t BackupManifest::DiskBytes() const {
  std::uint64_t bytes = 0;
  for (const Segment& segment : std::set<Segment>(segments.begin(), segments.end())) {
    bytes += segment.bytes;
  }
  return bytes;
}

std::string EncodeManifest(const BackupManifest& manifest) {
  std::string segments;
  segments.reserve(manifest.segments.size() * kSegmentBytes);
  for (const Segment& segment : manifest.segments) AppendSegment(segment, &segments);
  Item item{{"at_ms", ToEpochMs(manifest.at)},
            {"item_bytes", static_cast<std::int64_t>(manifest.item_bytes)},
            {"items", static_cast<std::int64_t>(manifest.items)},
            {"kind", static_cast<int>(manifest.kind)},
            {"name", manifest.name},
            {"position", static_cast<std::int64_t>(manifest.position)},
            {"segments", Binary{std::move(segments)}},
            {"table", Binary{EncodeTable(*manifest.table)}},
            {"version", kManifestVersion}};
  if (manifest.expires_at.has_value()) item.Set("expires_at_ms", ToEpochMs(*manifest.expires_at));
  std::string bytes;
  store::EncodeItem(item, &bytes);
  return bytes;
}

Result<BackupManifest> DecodeManifest(std::string_view bytes) {
  ZAEL_ASSIGN(const Item item, store::DecodeItem(bytes));
  BackupManifest manifest;
  ZAEL_ASSIGN(const auto version, IntegerOf(item, "version"));
  if (version != kManifestVersion) return NotUnderstood("version");
  ZAEL_ASSIGN(const auto at_ms, IntegerOf(item, "at_ms"));
  ZAEL_ASSIGN(const auto items, IntegerOf(item, "items"));
  ZAEL_ASSIGN(const auto item_bytes, IntegerOf(item, "item_bytes"));
  ZAEL_ASSIGN(const auto position, IntegerOf(item, "position"));
  ZAEL_ASSIGN(const auto kind, IntegerOf(item, "kind"));
  ZAEL_ASSIGN(const auto* name, MemberOf<std::string>(item, "name"));
  ZAEL_ASSIGN(const auto* table, MemberOf<Binary>(item, "table"));
  ZAEL_ASSIGN(const auto* segments, MemberOf<Binary>(item, "segments"));
  if (segments->bytes.size() % kSegmentBytes != 0) return NotUnderstood("segments");
  if (kind < 0 || kind > static_cast<std::int64_t>(BackupKind::kService))
    return NotUnderstood("kind");
  if (item.Find("expires_at_ms") != nullptr) {
    ZAEL_ASSIGN(const auto expires_ms, IntegerOf(item, "expires_at_ms"));
    manifest.expires_at = FromEpochMs(expires_ms);
  }
  manifest.name = *name;
  manifest.kind = static_cast<BackupKind>(kind);
  manifest.at = FromEpochMs(at_ms);
  manifest.position = static_cast<ChangePosition>(position);
  manifest.items = static_cast<std::uint64_t>(items);
  manifest.item_bytes = static_cast<std::uint64_t>(item_bytes);
  ZAEL_ASSIGN(manifest.table, DecodeTable(table->bytes, *name));
  for (std::size_t at = 0; at < segments->bytes.size(); at += kSegmentBytes) {
    manifest.segments.push_back(SegmentAt(segments->bytes.data() + at));
  }
  return manifest;
}

BackupManifest SystemBackupOf(const TablePtr& table, WallTime at) {
  BackupManifest manifest;
  manifest.name = table->spec.name + "$DeletedTableBackup";
  manifest.kind = BackupKind::kSystem;
  manifest.at = at;
  manifest.expires_at = at + std::chrono::hours(24 * kMaxRecoveryDays);
  manifest.table = table;
  return manifest;
}

Backup Describe(const BackupManifest& manifest, std::string id) {
  Backup backup{.id = std::move(id),
                .name = manifest.name,
                .kind = manifest.kind,
                .status = BackupStatus::kAvailable,
                .created_at = manifest.at,
                .expires_at = manifest.expires_at,
                .size_bytes = manifest.item_bytes,
                .table = manifest.table->Describe(),
                .position = manifest.position};
  backup.table.item_count = manifest.items;
  return backup;
}

}  // namespace zael::engine
