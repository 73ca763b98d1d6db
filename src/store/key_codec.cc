#include "store/key_codec.h"

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "base/same_name.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::store {
namespace {

constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xFF';
constexpr char kEnd = '\x01';

constexpr unsigned char kNegative = 0x10;
constexpr unsigned char kZero = 0x20;
constexpr unsigned char kPositive = 0x30;
// Makes the exponent of "0.d1d2d3..." an unsigned byte: it runs from -129 to 126.
constexpr int kExponentBias = 129;
constexpr int kMaxDigits = 38;

void AppendEscaped(std::string_view bytes, std::string* out) {
  while (true) {
    const void* const zero = std::memchr(bytes.data(), 0, bytes.size());
    if (zero == nullptr || bytes.empty()) break;
    const auto clean = static_cast<std::size_t>(static_cast<const char*>(zero) - bytes.data());
    out->append(bytes.substr(0, clean));
    out->push_back(kEscape);
    out->push_back(kEscapedZero);
    bytes.remove_prefix(clean + 1);
  }
  out->append(bytes);
}

void AppendBytes(std::string_view bytes, std::string* out) {
  AppendEscaped(bytes, out);
  out->push_back(kEscape);
  out->push_back(kEnd);
}

void AppendNumber(const Number& number, std::string* out) {
  const __int128 coefficient = number.coefficient();
  if (coefficient == 0) {
    out->push_back(static_cast<char>(kZero));
    return;
  }
  const bool negative = coefficient < 0;
  auto magnitude = negative ? -static_cast<unsigned __int128>(coefficient)
                            : static_cast<unsigned __int128>(coefficient);
  std::array<unsigned char, kMaxDigits + 2> digits{};  // the last one first
  int count = 0;
  for (; magnitude != 0; magnitude /= 10)
    digits[count++] = static_cast<unsigned char>(magnitude % 10);
  const int exponent = count + number.exponent();
  const unsigned char flip = negative ? 0xFF : 0x00;
  out->push_back(static_cast<char>(negative ? kNegative : kPositive));
  out->push_back(static_cast<char>(static_cast<unsigned char>(exponent + kExponentBias) ^ flip));
  int last = 0;  // trailing zeros carry no value: one value, one encoding
  while (digits[last] == 0) ++last;
  for (int at = count - 1; at >= last; at -= 2) {
    const int pair = digits[at] * 10 + (at - 1 >= last ? digits[at - 1] : 0);
    out->push_back(static_cast<char>(static_cast<unsigned char>(pair + 1) ^ flip));
  }
  out->push_back(static_cast<char>(flip));
}

constexpr std::size_t kMaxTextBytes = 1024;

// nullptr: it is something else, or not valid.
const std::string* PlainText(const KeyAttribute& wanted, const Attribute& attribute) {
  const auto* text = attribute.value.As<std::string>();
  if (text == nullptr || text->empty() || text->size() > kMaxTextBytes) return nullptr;
  if (wanted.type != KeyType::kString || !SameName(wanted.name, attribute.name)) return nullptr;
  return std::memchr(text->data(), 0, text->size()) == nullptr ? text : nullptr;
}

Error Damaged() { return {ErrorCode::kDataLoss, "decode key: the bytes are no encoded key value"}; }

std::optional<std::string> TakeBytes(std::string_view* bytes) {
  std::string value;
  for (std::size_t at = 0; at + 1 < bytes->size(); ++at) {
    if ((*bytes)[at] != kEscape) {
      value.push_back((*bytes)[at]);
    } else if ((*bytes)[at + 1] == kEnd) {
      bytes->remove_prefix(at + 2);
      return value;
    } else if ((*bytes)[at + 1] == kEscapedZero) {
      value.push_back('\0');
      ++at;
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<Number> TakeNumber(std::string_view* bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>((*bytes)[at]); };
  if (bytes->empty()) return std::nullopt;
  const unsigned char sign = byte(0);
  if (sign == kZero) {
    bytes->remove_prefix(1);
    return Number(0);
  }
  if ((sign != kPositive && sign != kNegative) || bytes->size() < 2) return std::nullopt;
  const unsigned char flip = sign == kNegative ? 0xFF : 0x00;
  const int exponent = (byte(1) ^ flip) - kExponentBias;
  __int128 coefficient = 0;
  int digits = 0;
  for (std::size_t at = 2; at < bytes->size(); ++at) {
    const int pair = byte(at) ^ flip;
    if (pair == 0) {
      if (digits == 0) return std::nullopt;
      auto number =
          Number::FromParts(sign == kNegative ? -coefficient : coefficient, exponent - digits);
      bytes->remove_prefix(at + 1);
      return number.ok() ? std::optional<Number>(*number) : std::nullopt;
    }
    if (pair > 100 || digits + 2 > kMaxDigits) return std::nullopt;
    coefficient = coefficient * 100 + (pair - 1);
    digits += 2;
  }
  return std::nullopt;
}

std::string Encoded(const Value& value) {
  std::string out;
  AppendKeyValue(value, &out);
  return out;
}

Error Unsupported(const KeyAttribute& attribute, std::string_view rule) {
  return {ErrorCode::kInvalidArgument,
          Format("query range on {}: {}", Shorten(attribute.name), rule)};
}

Result<const Value*> RangeValue(const Operand& operand, const KeyAttribute& attribute) {
  const Value* const value = std::get_if<Value>(&operand);
  if (value == nullptr || !IsOfType(attribute.type, *value)) {
    return Unsupported(attribute, "the condition must compare with a value of the key's type");
  }
  return value;
}

bool IsAttribute(const Operand& operand, const KeyAttribute& attribute) {
  const Path* const path = std::get_if<Path>(&operand);
  if (path == nullptr || path->steps.size() != 1) return false;
  const auto* name = std::get_if<std::string>(&path->steps.front());
  return name != nullptr && *name == attribute.name;
}

Result<ByteBounds> BoundsOf(const Comparison& range, const KeyAttribute& attribute) {
  if (!IsAttribute(range.left, attribute)) {
    return Unsupported(attribute, "the left side must be the range attribute");
  }
  ZAEL_ASSIGN(const Value* value, RangeValue(range.right, attribute));
  std::string bytes = Encoded(*value);
  std::string end = PrefixEnd(bytes);
  switch (range.op) {
    case CompareOp::kEqual:
      return ByteBounds{std::move(bytes), std::move(end)};
    case CompareOp::kLess:
      return ByteBounds{"", std::move(bytes)};
    case CompareOp::kLessOrEqual:
      return ByteBounds{"", std::move(end)};
    case CompareOp::kGreater:
      return ByteBounds{std::move(end), ""};
    case CompareOp::kGreaterOrEqual:
      return ByteBounds{std::move(bytes), ""};
    case CompareOp::kNotEqual:
      break;
  }
  return Unsupported(attribute, "<> cannot select a range");
}

Result<ByteBounds> BoundsOf(const Between& range, const KeyAttribute& attribute) {
  if (!IsAttribute(range.operand, attribute)) {
    return Unsupported(attribute, "the judged operand must be the range attribute");
  }
  ZAEL_ASSIGN(const Value* low, RangeValue(range.low, attribute));
  ZAEL_ASSIGN(const Value* high, RangeValue(range.high, attribute));
  ByteBounds bounds{Encoded(*low), Encoded(*high)};
  if (bounds.lower > bounds.upper) {
    return Unsupported(attribute, "the upper bound of BETWEEN is below the lower one");
  }
  bounds.upper = PrefixEnd(bounds.upper);
  return bounds;
}

Result<ByteBounds> BoundsOf(const BeginsWith& range, const KeyAttribute& attribute) {
  if (!IsAttribute(range.operand, attribute)) {
    return Unsupported(attribute, "the judged operand must be the range attribute");
  }
  ZAEL_ASSIGN(const Value* prefix, RangeValue(range.prefix, attribute));
  if (attribute.type == KeyType::kNumber) {
    return Unsupported(attribute, "begins_with needs a string or binary key");
  }
  const auto* text = prefix->As<std::string>();
  ByteBounds bounds;
  AppendEscaped(text != nullptr ? *text : prefix->As<Binary>()->bytes, &bounds.lower);
  bounds.upper = PrefixEnd(bounds.lower);
  return bounds;
}

}  // namespace

void AppendKeyValue(const Value& value, std::string* out) {
  if (const auto* text = value.As<std::string>()) {
    AppendBytes(*text, out);
  } else if (const auto* number = value.As<Number>()) {
    AppendNumber(*number, out);
  } else {
    const auto* binary = value.As<Binary>();
    CHECK(binary != nullptr);
    AppendBytes(binary->bytes, out);
  }
}

void AppendKey(const KeySchema& schema, const Item& item, std::string* out) {
  const Value* const hash = item.Find(schema.hash.name);
  CHECK(hash != nullptr);
  AppendKeyValue(*hash, out);
  if (!schema.range.has_value()) return;
  const Value* const range = item.Find(schema.range->name);
  CHECK(range != nullptr);
  AppendKeyValue(*range, out);
}

bool AppendTextKey(const KeySchema& schema, const Key& key, std::string* out) {
  if (!schema.range.has_value() || key.size() != 2) return false;
  const Attribute* const attributes = key.begin();
  const bool in_order = SameName(attributes[0].name, schema.hash.name);
  const std::string* const hash = PlainText(schema.hash, attributes[in_order ? 0 : 1]);
  const std::string* const range = PlainText(*schema.range, attributes[in_order ? 1 : 0]);
  if (hash == nullptr || range == nullptr) return false;
  constexpr std::array<char, 2> kTextEnd = {kEscape, kEnd};
  out->append(*hash).append(kTextEnd.data(), kTextEnd.size());
  out->append(*range).append(kTextEnd.data(), kTextEnd.size());
  return true;
}

Result<Value> TakeKeyValue(KeyType type, std::string_view* bytes) {
  if (type == KeyType::kNumber) {
    const auto number = TakeNumber(bytes);
    if (!number.has_value()) return Damaged();
    return Value(*number);
  }
  auto text = TakeBytes(bytes);
  if (!text.has_value()) return Damaged();
  if (type == KeyType::kBinary) return Value(Binary{*std::move(text)});
  return Value(*std::move(text));
}

Result<Key> TakeKey(const KeySchema& schema, std::string_view* bytes) {
  Key key;
  ZAEL_ASSIGN(Value hash, TakeKeyValue(schema.hash.type, bytes));
  key.Set(schema.hash.name, std::move(hash));
  if (schema.range.has_value()) {
    ZAEL_ASSIGN(Value range, TakeKeyValue(schema.range->type, bytes));
    key.Set(schema.range->name, std::move(range));
  }
  return key;
}

std::string PrefixEnd(std::string_view prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.remove_suffix(1);
  std::string end(prefix);
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

Result<ByteBounds> RangeBounds(const Condition& range, const KeyAttribute& attribute) {
  if (const auto* comparison = std::get_if<Comparison>(&range.node)) {
    return BoundsOf(*comparison, attribute);
  }
  if (const auto* between = std::get_if<Between>(&range.node)) return BoundsOf(*between, attribute);
  if (const auto* prefix = std::get_if<BeginsWith>(&range.node))
    return BoundsOf(*prefix, attribute);
  return Unsupported(attribute, "only a comparison, BETWEEN or begins_with can select a range");
}

Key KeyOf(const KeySchema& schema, const Item& item, const KeySchema* index) {
  Key key;
  const auto take = [&](const KeyAttribute& attribute) {
    if (const Value* const value = item.Find(attribute.name)) key.Set(attribute.name, *value);
  };
  for (const KeySchema* part : {&schema, index}) {
    if (part == nullptr) continue;
    take(part->hash);
    if (part->range.has_value()) take(*part->range);
  }
  return key;
}

bool HasKey(const KeySchema& schema, const Item& item) {
  return item.Find(schema.hash.name) != nullptr &&
         (!schema.range.has_value() || item.Find(schema.range->name) != nullptr);
}

bool IsOfType(KeyType type, const Value& value) {
  switch (type) {
    case KeyType::kString:
      return value.As<std::string>() != nullptr;
    case KeyType::kNumber:
      return value.As<Number>() != nullptr;
    case KeyType::kBinary:
      return value.As<Binary>() != nullptr;
  }
  return false;
}

}  // namespace zael::store
