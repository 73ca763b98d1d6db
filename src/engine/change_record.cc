#include "engine/change_record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/format.h"
#include "base/time.h"
#include "base/try.h"
#include "store/item_codec.h"

namespace zael::engine {
namespace {

constexpr char kRecordVersion = 2;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kHeaderBytes = 1 + kTimeBytes;

constexpr unsigned char kStreamed = 1;
constexpr unsigned char kHasOld = 2;  // the old image follows
constexpr unsigned char kByExpiry = 4;
constexpr unsigned char kKnownFlags = kStreamed | kHasOld | kByExpiry;

constexpr std::size_t kMaxLengthBytes = 10;

char* PutLength(std::size_t length, char* at) {
  for (; length >= 0x80; length >>= 7) *at++ = static_cast<char>(length | 0x80);
  *at++ = static_cast<char>(length);
  return at;
}

bool TakeByte(std::string_view* rest, unsigned char* byte) {
  if (rest->empty()) return false;
  *byte = static_cast<unsigned char>(rest->front());
  rest->remove_prefix(1);
  return true;
}

bool TakeLength(std::string_view* rest, std::size_t* length) {
  *length = 0;
  unsigned char byte = 0x80;
  for (int shift = 0; (byte & 0x80) != 0; shift += 7) {
    if (shift > 28 || !TakeByte(rest, &byte)) return false;
    *length |= static_cast<std::size_t>(byte & 0x7f) << shift;
  }
  return true;
}

bool TakeBytes(std::string_view* rest, std::string_view* bytes) {
  std::size_t length = 0;
  if (!TakeLength(rest, &length) || length > rest->size()) return false;
  *bytes = rest->substr(0, length);
  rest->remove_prefix(length);
  return true;
}

Error Damaged(const char* what) {
  return Error(ErrorCode::kDataLoss, Format("read change record: {}", what));
}

// The stored item without what is computed from the rest of it.
std::string_view BodyOf(std::string_view stored) {
  return stored.size() < store::kItemHeaderBytes ? std::string_view()
                                                 : stored.substr(store::kItemHeaderBytes);
}

std::uint64_t WordAt(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// By words of eight bytes: on every write's way.
std::size_t CommonPrefix(std::string_view left, std::string_view right) {
  const std::size_t limit = std::min(left.size(), right.size());
  std::size_t same = 0;
  for (; same + 8 <= limit; same += 8) {
    const std::uint64_t differ = WordAt(left.data() + same) ^ WordAt(right.data() + same);
    if (differ != 0) return same + static_cast<std::size_t>(std::countr_zero(differ)) / 8;
  }
  while (same < limit && left[same] == right[same]) ++same;
  return same;
}

std::size_t CommonSuffix(std::string_view left, std::string_view right) {
  const std::size_t limit = std::min(left.size(), right.size());
  std::size_t same = 0;
  while (same < limit && left[left.size() - 1 - same] == right[right.size() - 1 - same]) ++same;
  return same;
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

// One change of a record, its old image in parts.
struct ChangeRecordReader::Entry {
  unsigned char flags = 0;
  std::size_t prefix = 0;
  std::size_t suffix = 0;
  std::string_view own;

  bool has_old() const { return (flags & kHasOld) != 0; }
  bool streamed() const { return (flags & kStreamed) != 0; }
  std::string OldBody(std::string_view new_body) const {
    std::string body;
    body.reserve(prefix + own.size() + suffix);
    body.append(new_body.substr(0, prefix)).append(own);
    return body.append(new_body.substr(new_body.size() - suffix));
  }
};

ChangeRecordBuilder::ChangeRecordBuilder(WallTime at, std::size_t changes, std::string* out)
    : out_(out) {
  std::array<char, kHeaderBytes + kMaxLengthBytes> header;
  const auto ms = static_cast<std::uint64_t>(ToEpochMs(at));
  header[0] = kRecordVersion;
  for (std::size_t i = 0; i < kTimeBytes; ++i) header[1 + i] = static_cast<char>(ms >> (8 * i));
  char* const end = PutLength(changes, header.data() + kHeaderBytes);
  out_->assign(header.data(), end);
}

void ChangeRecordBuilder::Add(const ItemChange& change) {
  const bool has_old = change.streamed && !change.before.empty();
  // Collected here: growing the record byte by byte costs more than making it.
  std::array<char, 1 + 3 * kMaxLengthBytes> head;
  char* at = head.data();
  *at++ = static_cast<char>((change.streamed ? kStreamed : 0) | (has_old ? kHasOld : 0) |
                            (change.by_expiry ? kByExpiry : 0));
  std::string_view own;
  if (has_old) {
    // How the old body is made of the new one: so many bytes of its beginning, bytes of its own, so
    // many bytes of its end.
    const std::string_view before = BodyOf(change.before), after = BodyOf(change.after);
    const std::size_t prefix = CommonPrefix(before, after);
    const std::size_t suffix = CommonSuffix(before.substr(prefix), after.substr(prefix));
    own = before.substr(prefix, before.size() - prefix - suffix);
    at = PutLength(own.size(), PutLength(suffix, PutLength(prefix, at)));
  }
  out_->append(head.data(), at).append(own);
}

Result<ChangeRecordReader> ChangeRecordReader::Open(std::string_view record) {
  if (record.size() < kHeaderBytes) return Damaged("it is cut off");
  if (record.front() != kRecordVersion) return Damaged("its version is unknown");
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < kTimeBytes; ++i) {
    ms |= static_cast<std::uint64_t>(static_cast<unsigned char>(record[1 + i])) << (8 * i);
  }
  std::string_view rest = record.substr(kHeaderBytes);
  std::size_t changes = 0;
  if (!TakeLength(&rest, &changes)) return Damaged("it is cut off");
  return ChangeRecordReader(FromEpochMs(static_cast<std::int64_t>(ms)), changes, rest);
}

Result<ChangeRecordReader::Entry> ChangeRecordReader::TakeEntry(std::string_view after) {
  Entry entry;
  --left_;
  if (!TakeByte(&rest_, &entry.flags)) return Damaged("a change is cut off");
  if ((entry.flags & ~kKnownFlags) != 0) return Damaged("a change is of an unknown kind");
  if (!entry.has_old()) return entry;
  if (!TakeLength(&rest_, &entry.prefix) || !TakeLength(&rest_, &entry.suffix) ||
      !TakeBytes(&rest_, &entry.own)) {
    return Damaged("an old image is cut off");
  }
  if (entry.prefix + entry.suffix > BodyOf(after).size())
    return Damaged("an old image does not fit the new one");
  return entry;
}

Status ChangeRecordReader::Skip(std::string_view after) {
  ZAEL_TRY(TakeEntry(after));
  return {};
}

Result<std::optional<Change>> ChangeRecordReader::Next(std::string_view after,
                                                       const KeySchema& keys) {
  ZAEL_ASSIGN(const Entry entry, TakeEntry(after));
  if (!entry.streamed()) return std::optional<Change>();
  if (after.empty() && !entry.has_old()) return Damaged("a change has no image");
  Change change;
  change.at = at_;
  change.by_expiry = (entry.flags & kByExpiry) != 0;
  if (!after.empty()) {
    ZAEL_ASSIGN(change.new_item, store::DecodeItem(after));
  }
  if (entry.has_old()) {
    ZAEL_ASSIGN(change.old_item,
                store::DecodeItem(store::SealItemBody(entry.OldBody(BodyOf(after)))));
  }
  change.kind = !change.old_item.has_value()   ? ChangeKind::kInsert
                : !change.new_item.has_value() ? ChangeKind::kRemove
                                               : ChangeKind::kModify;
  ZAEL_TRY(SetKey(keys, &change));
  return std::optional<Change>(std::move(change));
}

}  // namespace zael::engine
