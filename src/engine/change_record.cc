#include "engine/change_record.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/time.h"
#include "base/try.h"
#include "store/item_codec.h"

namespace zael::engine {
namespace {

constexpr char kRecordVersion = 1;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kHeaderBytes = 1 + kTimeBytes;

// What follows a change's first byte, in this order.
constexpr unsigned char kHasNew = 1;
constexpr unsigned char kHasOld = 2;
constexpr unsigned char kByExpiry = 4;
constexpr unsigned char kKnownFlags = kHasNew | kHasOld | kByExpiry;

void AppendLength(std::string* out, std::size_t length) {
  for (; length >= 0x80; length >>= 7) out->push_back(static_cast<char>(length | 0x80));
  out->push_back(static_cast<char>(length));
}

void AppendBytes(std::string* out, std::string_view bytes) {
  AppendLength(out, bytes.size());
  out->append(bytes);
}

class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  bool TakeByte(unsigned char* byte) {
    if (rest_.empty()) return false;
    *byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeLength(std::size_t* length) {
    *length = 0;
    unsigned char byte = 0x80;
    for (int shift = 0; (byte & 0x80) != 0; shift += 7) {
      if (shift > 28 || !TakeByte(&byte)) return false;
      *length |= static_cast<std::size_t>(byte & 0x7f) << shift;
    }
    return true;
  }
  bool TakeBytes(std::string_view* bytes) {
    std::size_t length = 0;
    if (!TakeLength(&length) || length > rest_.size()) return false;
    *bytes = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Error Damaged(const char* what) {
  return Error(ErrorCode::kDataLoss, Format("read change record: {}", what));
}

Result<Change> DecodeChange(Cursor* cursor, unsigned char flags) {
  if ((flags & ~kKnownFlags) != 0) return Damaged("a change is of an unknown kind");
  Change change;
  change.by_expiry = (flags & kByExpiry) != 0;
  std::string_view bytes;
  if ((flags & kHasNew) != 0) {
    if (!cursor->TakeBytes(&bytes)) return Damaged("a new image is cut off");
    ZAEL_ASSIGN(change.new_item, store::DecodeItem(bytes));
  }
  if ((flags & kHasOld) != 0) {
    if (!cursor->TakeBytes(&bytes)) return Damaged("an old image is cut off");
    ZAEL_ASSIGN(change.old_item, store::DecodeItem(bytes));
  }
  if (!change.old_item.has_value() && !change.new_item.has_value())
    return Damaged("a change has no image");
  change.kind = !change.old_item.has_value()   ? ChangeKind::kInsert
                : !change.new_item.has_value() ? ChangeKind::kRemove
                                               : ChangeKind::kModify;
  return change;
}

Status SetKey(const KeySchema& keys, Change* change) {
  const Item& image = change->new_item.has_value() ? *change->new_item : *change->old_item;
  for (const auto* attribute : {&keys.hash, keys.range.has_value() ? &*keys.range : nullptr}) {
    if (attribute == nullptr) continue;
    const Value* value = image.Find(attribute->name);
    if (value == nullptr) return Damaged("an image has no key");
    change->key.Set(attribute->name, *value);
  }
  return {};
}

}  // namespace

ChangeRecordBuilder::ChangeRecordBuilder(WallTime at, std::string* out) : out_(out) {
  out_->clear();
  out_->push_back(kRecordVersion);
  const auto ms = static_cast<std::uint64_t>(ToEpochMs(at));
  for (std::size_t i = 0; i < kTimeBytes; ++i) out_->push_back(static_cast<char>(ms >> (8 * i)));
}

void ChangeRecordBuilder::Add(const ItemChange& change) {
  unsigned char flags = change.by_expiry ? kByExpiry : 0;
  if (!change.after.empty()) flags |= kHasNew;
  if (!change.before.empty()) flags |= kHasOld;
  out_->push_back(static_cast<char>(flags));
  if (!change.after.empty()) AppendBytes(out_, change.after);
  if (!change.before.empty()) AppendBytes(out_, change.before);
}

Result<WallTime> ChangeRecordTime(std::string_view record) {
  if (record.size() < kHeaderBytes) return Damaged("it is cut off");
  if (record.front() != kRecordVersion) return Damaged("its version is unknown");
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < kTimeBytes; ++i) {
    ms |= static_cast<std::uint64_t>(static_cast<unsigned char>(record[1 + i])) << (8 * i);
  }
  return FromEpochMs(static_cast<std::int64_t>(ms));
}

Result<std::vector<Change>> DecodeChangeRecord(std::string_view record, ChangePosition position,
                                               const KeySchema& keys) {
  ZAEL_ASSIGN(const WallTime at, ChangeRecordTime(record));
  Cursor cursor(record.substr(kHeaderBytes));
  std::vector<Change> changes;
  while (!cursor.done()) {
    unsigned char flags = 0;
    (void)cursor.TakeByte(&flags);
    ZAEL_ASSIGN(Change change, DecodeChange(&cursor, flags));
    ZAEL_TRY(SetKey(keys, &change));
    change.position = position;
    change.at = at;
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace zael::engine
