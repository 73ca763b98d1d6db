#include "engine/table_copy.h"

#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "engine/layout.h"
#include "store/item_codec.h"
#include "store/key_codec.h"

namespace zael::engine {
namespace {

// Segments end where a key's digest says so, so that one changed row changes one segment.
constexpr std::uint64_t kRowsOfSegment = 1024;
constexpr std::size_t kFullSegmentBytes = 4 << 20;  // and then at the latest
constexpr std::size_t kBatchBytes = 64 << 10;       // small, so that writers hardly wait behind one

void AppendLength(std::string* out, std::size_t length) {
  for (; length >= 0x80; length >>= 7) out->push_back(static_cast<char>(length | 0x80));
  out->push_back(static_cast<char>(length));
}

void AppendBytes(std::string* out, std::string_view bytes) {
  AppendLength(out, bytes.size());
  out->append(bytes);
}

bool TakeBytes(std::string_view* rest, std::string_view* bytes) {
  std::size_t length = 0;
  for (int shift = 0;; shift += 7) {
    if (rest->empty() || shift > 28) return false;
    const auto byte = static_cast<unsigned char>(rest->front());
    rest->remove_prefix(1);
    length |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) break;
  }
  if (length > rest->size()) return false;
  *bytes = rest->substr(0, length);
  rest->remove_prefix(length);
  return true;
}

Error Stopped() { return Error(ErrorCode::kUnavailable, "copy table: the store is closing"); }

}  // namespace

TableSnapshot::TableSnapshot(const Rocks& rocks, const Table& table)
    : snapshot_(rocks), begin_(TablePrefix(table)), end_(store::PrefixEnd(begin_)), upper_(end_) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_.get();
  options.iterate_upper_bound = &upper_;
  options.fill_cache = false;
  // From now on the files are held, also against dropping the table.
  rows_ = rocks.Iterate(Family::kItems, options);
  rows_->Seek(begin_);
}

Status CopyOut(const Rocks& rocks, TableSnapshot& snapshot, const BackupFiles& files,
               const std::atomic<bool>& stop, BackupManifest* manifest) {
  std::string segment;
  const auto finish = [&]() -> Status {
    if (stop.load(std::memory_order_relaxed)) return Stopped();
    ZAEL_ASSIGN(const Segment written, files.PutSegment(segment));
    manifest->segments.push_back(written);
    segment.clear();
    return {};
  };
  rocksdb::Iterator& rows = snapshot.rows();
  for (; rows.Valid(); rows.Next()) {
    const std::string_view key = ToView(rows.key()).substr(kTableBytes);
    AppendBytes(&segment, key);
    AppendBytes(&segment, ToView(rows.value()));
    ++manifest->items;
    manifest->item_bytes += key.size() + rows.value().size();
    if (store::DigestOf(key).low % kRowsOfSegment == 0 || segment.size() >= kFullSegmentBytes)
      ZAEL_TRY(finish());
  }
  if (!rows.status().ok()) return rocks.ToError(rows.status(), "back up");
  if (!segment.empty()) ZAEL_TRY(finish());
  return {};
}

std::string RowLoader::PrefixOf(const Table& table) { return TablePrefix(table); }

Status RowLoader::Put(std::string_view key, std::string_view row) {
  key_.assign(prefix_).append(key);
  batch_.Put(rocks_.handle(Family::kItems), ToSlice(key_), ToSlice(row));
  return FlushWhenFull();
}

Status RowLoader::Delete(std::string_view key) {
  key_.assign(prefix_).append(key);
  batch_.Delete(rocks_.handle(Family::kItems), ToSlice(key_));
  return FlushWhenFull();
}

Status RowLoader::PutIndexEntry(std::string_view key, std::string_view value) {
  batch_.Put(rocks_.handle(Family::kIndexes), ToSlice(key), ToSlice(value));
  return FlushWhenFull();
}

Status RowLoader::FlushWhenFull() {
  if (batch_.GetDataSize() < kBatchBytes) return {};
  return Flush();
}

Status RowLoader::Flush() {
  if (batch_.Count() == 0) return {};
  ZAEL_TRY(rocks_.WriteBulk(&batch_));
  batch_.Clear();
  return {};
}

Status SegmentRows::Next(std::string_view* key, std::string_view* row) {
  if (TakeBytes(&rest_, key) && TakeBytes(&rest_, row)) return {};
  return Error(ErrorCode::kDataLoss, "read backup: a segment ends within a row");
}

Result<std::uint64_t> BuildIndexes(Rocks& rocks, const Table& table,
                                   const std::atomic<bool>& stop) {
  TableSnapshot snapshot(rocks, table);
  RowLoader loader(rocks, table);
  std::uint64_t count = 0;
  for (rocksdb::Iterator& rows = snapshot.rows(); rows.Valid(); rows.Next(), ++count) {
    if (table.spec.indexes.empty()) continue;
    if (stop.load(std::memory_order_relaxed)) return Stopped();
    const auto item = store::DecodeItem(ToView(rows.value()));
    if (!item.ok()) {
      return Error(ErrorCode::kDataLoss, Format("index item {} of table {}: {}",
                                                Shorten(ToView(rows.key()).substr(kTableBytes)),
                                                Shorten(table.spec.name), item.error().message()));
    }
    const std::string value = EncodeKeyBytes(rows.key().size() - kTableBytes);
    for (std::size_t i = 0; i < table.spec.indexes.size(); ++i) {
      if (!store::HasKey(table.spec.indexes[i].keys, *item)) continue;
      ZAEL_TRY(loader.PutIndexEntry(IndexKey(table, i, *item), value));
    }
  }
  if (!snapshot.rows().status().ok()) return rocks.ToError(snapshot.rows().status(), "restore");
  ZAEL_TRY(loader.Flush());
  return count;
}

}  // namespace zael::engine
