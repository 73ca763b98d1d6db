#include "store/item_codec.h"

#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "base/try.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace zael::store {
namespace {

enum Tag : unsigned char {
  kNull = 0,
  kFalse = 1,
  kTrue = 2,
  kInteger = 3,
  kDecimal = 4,
  kString = 5,
  kBinary = 6,
  kList = 7,
  kMap = 8,
  kStringSet = 9,
  kNumberSet = 10,
  kBinarySet = 11,
};

// Name byte 0: the name is spelled out; n: entry n - 1. Part of the format: entries are only ever
// added at the end.
constexpr std::array<std::string_view, 49> kNames = {
    "PK",
    "SK",
    "GSI1PK",
    "GSI1SK",
    "GSI2PK",
    "GSI2SK",
    "entity_id",
    "resource",
    "limit_name",
    "tokens_milli",
    "last_refill_ms",
    "capacity_milli",
    "burst_milli",
    "refill_amount_milli",
    "refill_period_ms",
    "total_consumed_milli",
    "ttl",
    "write_id",
    "name",
    "parent_id",
    "cascade",
    "metadata",
    "created_at",
    "capacity",
    "burst",
    "refill_amount",
    "refill_period_seconds",
    "config_version",
    "on_unavailable",
    "resources",
    "schema_version",
    "lambda_version",
    "client_min_version",
    "updated_at",
    "updated_by",
    "event_id",
    "timestamp",
    "action",
    "principal",
    "details",
    "window",
    "window_start",
    "total_events",
    "rpm",
    "tpm",
    "rps",
    "rph",
    "rpd",
    "tpd",
};

constexpr std::size_t NameHash(std::string_view name) {
  // Length, ends and middle tell the names apart well enough; a table of this size has short
  // probes.
  return (name.size() * 67 + static_cast<unsigned char>(name.front()) * 5 +
          static_cast<unsigned char>(name.back()) * 31 +
          static_cast<unsigned char>(name[name.size() / 2]) * 13) %
         256;
}

// Open addressing; 0 is empty.
constexpr std::array<unsigned char, 256> MakeNameTable() {
  std::array<unsigned char, 256> table{};
  for (std::size_t entry = 0; entry < kNames.size(); ++entry) {
    std::size_t at = NameHash(kNames[entry]);
    while (table[at] != 0) at = (at + 1) % table.size();
    table[at] = static_cast<unsigned char>(entry + 1);
  }
  return table;
}
constexpr auto kNameTable = MakeNameTable();

unsigned char NameByte(std::string_view name) {
  if (name.empty()) return 0;
  for (std::size_t at = NameHash(name); kNameTable[at] != 0; at = (at + 1) % kNameTable.size()) {
    if (kNames[kNameTable[at] - 1] == name) return kNameTable[at];
  }
  return 0;
}

std::uint32_t Checksum(std::string_view body) {
  return static_cast<std::uint32_t>(XXH3_64bits(body.data(), body.size()));
}

std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// The attributes of a map at the deepest level stand one below it, and the top level is 1.
constexpr int kMaxDepth = kMaxNesting + 2;

// Collects on the stack what is short: growing a string byte by byte costs more than the rest.
class Writer {
 public:
  explicit Writer(std::string* out, std::vector<ValuePlace>* places = nullptr)
      : out_(*out), places_(places) {}
  ~Writer() { Flush(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void Attributes(const Item& item, int depth) {
    CHECK(depth <= kMaxDepth);
    Varint(item.size());
    for (const Attribute& attribute : item) {
      const unsigned char name = NameByte(attribute.name);
      Byte(name);
      if (name == 0) Bytes(attribute.name);
      const std::size_t begin = Written();
      WriteValue(attribute.value, depth);
      if (depth == 1 && places_ != nullptr) {
        places_->push_back({.begin = static_cast<std::uint32_t>(begin),
                            .end = static_cast<std::uint32_t>(Written())});
      }
    }
  }

 private:
  void WriteValue(const Value& value, int depth) {
    // Nearly every value is one of these; a visit's jump costs as much as writing it.
    if (const auto* number = value.As<Number>()) return Write(*number, depth);
    if (const auto* text = value.As<std::string>()) return Write(*text, depth);
    std::visit([this, depth](const auto& v) { Write(v, depth); }, value.data());
  }
  void Write(const Null&, int) { Byte(kNull); }
  void Write(bool value, int) { Byte(value ? kTrue : kFalse); }
  void Write(const Number& value, int) {
    if (const auto integer = value.ToInt64()) {
      Reserve(kMaxIntegerBytes);
      char* const at = collected_.data() + count_;
      count_ += static_cast<std::size_t>(PutInteger(*integer, at) - at);
      return;
    }
    Byte(kDecimal);
    Varint(ZigZag(value.exponent()));
    const auto coefficient = static_cast<unsigned __int128>(value.coefficient());
    const auto sign = static_cast<unsigned __int128>(value.coefficient() >> 127);
    const unsigned __int128 zigzag = (coefficient << 1) ^ sign;
    Varint(static_cast<std::uint64_t>(zigzag));
    Varint(static_cast<std::uint64_t>(zigzag >> 64));
  }
  void Write(const std::string& value, int) {
    Byte(kString);
    Bytes(value);
  }
  void Write(const Binary& value, int) {
    Byte(kBinary);
    Bytes(value.bytes);
  }
  void Write(const List& value, int depth) {
    CHECK(depth <= kMaxDepth);
    Byte(kList);
    Varint(value.size());
    for (const Value& member : value) WriteValue(member, depth + 1);
  }
  void Write(const Item& value, int depth) {
    Byte(kMap);
    Attributes(value, depth + 1);
  }
  void Write(const StringSet& value, int) {
    Byte(kStringSet);
    Varint(value.members.size());
    for (const std::string& member : value.members) Bytes(member);
  }
  void Write(const NumberSet& value, int depth) {
    Byte(kNumberSet);
    Varint(value.members.size());
    for (const Number& member : value.members) Write(member, depth);
  }
  void Write(const BinarySet& value, int) {
    Byte(kBinarySet);
    Varint(value.members.size());
    for (const Binary& member : value.members) Bytes(member.bytes);
  }

  void Byte(unsigned char byte) {
    Reserve(1);
    collected_[count_++] = static_cast<char>(byte);
  }
  void Varint(std::uint64_t value) {
    Reserve(10);
    for (; value >= 0x80; value >>= 7) collected_[count_++] = static_cast<char>(value | 0x80);
    collected_[count_++] = static_cast<char>(value);
  }
  void Bytes(std::string_view bytes) {
    Varint(bytes.size());
    if (bytes.size() > collected_.size()) {
      Flush();
      out_.append(bytes);
      return;
    }
    Reserve(bytes.size());
    std::memcpy(collected_.data() + count_, bytes.data(), bytes.size());
    count_ += bytes.size();
  }
  std::size_t Written() const { return out_.size() + count_; }
  void Reserve(std::size_t bytes) {
    if (collected_.size() - count_ < bytes) Flush();
  }
  void Flush() {
    out_.append(collected_.data(), count_);
    count_ = 0;
  }

  std::array<char, 512> collected_;
  std::size_t count_ = 0;
  std::string& out_;
  std::vector<ValuePlace>* places_;
};

// Every method answers false on bytes that no writer made; then the rest is of no interest.
class Reader {
 public:
  explicit Reader(std::string_view body) : at_(body.data()), end_(body.data() + body.size()) {}

  bool AtEnd() const { return at_ == end_; }

  bool Attributes(Item* item, int depth) {
    std::uint64_t count = 0;
    // An attribute takes two bytes or more: damaged counts cannot make us reserve much.
    if (depth > kMaxDepth || !Varint(&count) || count > Remaining() / 2) return false;
    item->Reserve(count);
    std::string_view previous;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string_view name;
      if (!Name(&name) || (i != 0 && previous >= name)) return false;
      previous = name;
      // Filled where it stands: moving values about costs more than reading them.
      if (!ReadValue(&item->AppendNull(name), depth)) return false;
    }
    return true;
  }

 private:
  std::size_t Remaining() const { return static_cast<std::size_t>(end_ - at_); }

  bool Name(std::string_view* name) {
    if (AtEnd()) return false;
    const auto byte = static_cast<unsigned char>(*at_++);
    if (byte == 0) return Bytes(name) && !name->empty();
    if (byte > kNames.size()) return false;
    *name = kNames[byte - 1];
    return true;
  }

  bool ReadValue(Value* value, int depth) {
    if (AtEnd()) return false;
    const auto tag = static_cast<unsigned char>(*at_++);
    switch (tag) {
      case kNull:
        return true;
      case kFalse:
      case kTrue:
        value->data() = tag == kTrue;
        return true;
      case kInteger:
      case kDecimal:
        return ReadNumber(tag, &value->data().emplace<Number>());
      case kString:
        return OwnedBytes(&value->data().emplace<std::string>());
      case kBinary:
        return OwnedBytes(&value->data().emplace<Binary>().bytes);
      case kList:
        return ReadList(&value->data().emplace<List>(), depth);
      case kMap:
        return Attributes(&value->data().emplace<Item>(), depth + 1);
      case kStringSet:
        return ReadSet(&value->data().emplace<StringSet>().members,
                       [this](std::string* member) { return OwnedBytes(member); });
      case kNumberSet:
        return ReadSet(&value->data().emplace<NumberSet>().members, [this](Number* member) {
          return !AtEnd() && ReadNumber(static_cast<unsigned char>(*at_++), member);
        });
      case kBinarySet:
        return ReadSet(&value->data().emplace<BinarySet>().members,
                       [this](Binary* member) { return OwnedBytes(&member->bytes); });
      default:
        return false;
    }
  }

  bool ReadNumber(unsigned char tag, Number* number) {
    std::uint64_t low = 0;
    if (!Varint(&low)) return false;
    if (tag == kInteger) {
      *number = Number(UnZigZag(low));
      return true;
    }
    if (tag != kDecimal) return false;
    const std::int64_t exponent = UnZigZag(low);
    std::uint64_t high = 0;
    if (exponent < -1000 || exponent > 1000 || !Varint(&low) || !Varint(&high)) return false;
    const auto zigzag = (static_cast<unsigned __int128>(high) << 64) | low;
    const auto half = static_cast<__int128>(zigzag >> 1);
    auto made = Number::FromParts((zigzag & 1) != 0 ? ~half : half, static_cast<int>(exponent));
    if (!made.ok()) return false;
    *number = *made;
    return true;
  }

  bool ReadList(List* list, int depth) {
    std::uint64_t count = 0;
    if (depth > kMaxDepth || !Varint(&count) || count > Remaining()) return false;
    list->resize(count);
    for (Value& member : *list) {
      if (!ReadValue(&member, depth + 1)) return false;
    }
    return true;
  }

  template <typename Member, typename ReadMember>
  bool ReadSet(std::vector<Member>* members, ReadMember read) {
    std::uint64_t count = 0;
    if (!Varint(&count) || count == 0 || count > Remaining()) return false;
    members->reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      Member member{};
      if (!read(&member) || (i != 0 && !(members->back() < member))) return false;
      members->push_back(std::move(member));
    }
    return true;
  }

  bool Varint(std::uint64_t* value) {
    std::uint64_t result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) return false;
      const auto byte = static_cast<unsigned char>(*at_++);
      if (shift == 63 && byte > 1) return false;
      result |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) {
        *value = result;
        return true;
      }
    }
    return false;
  }

  bool Bytes(std::string_view* bytes) {
    std::uint64_t size = 0;
    if (!Varint(&size) || size > Remaining()) return false;
    *bytes = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  bool OwnedBytes(std::string* bytes) {
    std::string_view view;
    if (!Bytes(&view)) return false;
    bytes->assign(view);
    return true;
  }

  const char* at_;
  const char* end_;
};

void Seal(std::string* out, std::size_t start) {
  const std::string_view body = std::string_view(*out).substr(start + kItemHeaderBytes);
  const std::uint32_t checksum = Checksum(body);
  (*out)[start] = static_cast<char>(kItemFormatVersion);
  for (std::size_t i = 0; i < 4; ++i) {
    (*out)[start + 1 + i] = static_cast<char>(checksum >> (8 * i));  // little endian
  }
}

Error Damaged(std::string_view cause) {
  return {ErrorCode::kDataLoss, Format("decode item: {}", cause)};
}

}  // namespace

void EncodeItem(const Item& item, std::string* out) {
  const std::size_t start = out->size();
  out->append(kItemHeaderBytes, '\0');
  Writer(out).Attributes(item, 1);
  Seal(out, start);
}

void EncodeItem(const Item& item, std::string* out, std::vector<ValuePlace>* places) {
  out->assign(kItemHeaderBytes, '\0');
  places->clear();
  Writer(out, places).Attributes(item, 1);
  Seal(out, 0);
}

Result<Item> DecodeItem(std::string_view bytes) {
  if (bytes.size() < kItemHeaderBytes) return Damaged("cut off inside the header");
  const auto version = static_cast<unsigned char>(bytes.front());
  if (version != kItemFormatVersion) {
    return Damaged(Format("format version {}, this release reads {}", version, kItemFormatVersion));
  }
  std::uint32_t stored = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    stored |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[1 + i])) << (8 * i);
  }
  const std::string_view body = bytes.substr(kItemHeaderBytes);
  if (stored != Checksum(body)) return Damaged("the checksum does not match the bytes");
  Result<Item> item{Item()};
  Reader reader(body);
  if (!reader.Attributes(&*item, 1) || !reader.AtEnd()) {
    return Damaged("the checksum is right but the bytes are no item");
  }
  return item;
}

char* PutInteger(std::int64_t value, char* at) {
  *at++ = static_cast<char>(kInteger);
  std::uint64_t rest = ZigZag(value);
  for (; rest >= 0x80; rest >>= 7) *at++ = static_cast<char>(rest | 0x80);
  *at++ = static_cast<char>(rest);
  return at;
}

void SealItem(std::string* bytes) { Seal(bytes, 0); }

std::string SealItemBody(std::string_view body) {
  std::string bytes(kItemHeaderBytes, '\0');
  bytes.append(body);
  Seal(&bytes, 0);
  return bytes;
}

}  // namespace zael::store
