#include "records/fields.h"

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "records/keys.h"

namespace zael::records {
namespace {

constexpr int kMaxShownDepth = 8;

// Values that other writers put where we keep text: numbers, flags, lists, maps.
std::string ShowValue(const Value& value, int depth) {
  if (depth > kMaxShownDepth) return "...";
  if (const auto* text = value.As<std::string>()) return *text;
  if (const auto* number = value.As<Number>()) return number->ToText();
  if (const auto* flag = value.As<bool>()) return *flag ? "true" : "false";
  std::string shown;
  const auto join = [&shown](std::string_view part) {
    if (!shown.empty()) shown += ", ";
    shown += part;
  };
  if (const auto* list = value.As<List>()) {
    for (const Value& element : *list) join(ShowValue(element, depth + 1));
  } else if (const auto* map = value.As<Item>()) {
    for (const Attribute& member : *map)
      join(Format("{}={}", member.name, ShowValue(member.value, depth + 1)));
  } else if (const auto* texts = value.As<StringSet>()) {
    for (const std::string& member : texts->members) join(member);
  } else if (const auto* numbers = value.As<NumberSet>()) {
    for (const Number& member : numbers->members) join(member.ToText());
  } else if (!value.IsNull()) {
    return "(binary)";
  }
  return shown;
}

}  // namespace

const Value* FieldReader::Present(std::string_view name) const {
  const Value* value = item_.Find(name);
  return value == nullptr || value->IsNull() ? nullptr : value;
}

Error FieldReader::Malformed(std::string_view cause) const {
  return Error(ErrorCode::kDataLoss, Format("read {} {}: {}", record_, KeyText(item_), cause));
}

Result<std::string> FieldReader::Text(std::string_view name) const {
  auto text = OptionalText(name);
  if (!text.ok()) return text.error();
  if (!*text) return Malformed(Format("{} is missing", name));
  return **std::move(text);
}

Result<std::optional<std::string>> FieldReader::OptionalText(std::string_view name) const {
  const Value* value = Present(name);
  if (value == nullptr) return std::optional<std::string>();
  const auto* text = value->As<std::string>();
  if (text == nullptr) return Malformed(Format("{} is not text", name));
  return std::optional<std::string>(*text);
}

Result<std::optional<std::int64_t>> FieldReader::OptionalInteger(std::string_view name) const {
  const Value* value = Present(name);
  if (value == nullptr) return std::optional<std::int64_t>();
  const auto* number = value->As<Number>();
  const std::optional<std::int64_t> integer = number == nullptr ? std::nullopt : number->ToInt64();
  if (!integer) return Malformed(Format("{} is not a 64-bit integer", name));
  return integer;
}

Result<std::int64_t> FieldReader::Integer(std::string_view name) const {
  // The usual case by itself: every answer to an acquire is read here.
  if (const Value* value = item_.Find(name)) {
    const auto* number = value->As<Number>();
    const auto found = number == nullptr ? std::nullopt : number->ToInt64();
    if (found) return *found;
  }
  auto integer = OptionalInteger(name);
  if (!integer.ok()) return integer.error();
  if (!*integer) return Malformed(Format("{} is missing", name));
  return **integer;
}

Result<std::int64_t> FieldReader::PositiveInteger(std::string_view name) const {
  auto integer = Integer(name);
  if (integer.ok() && *integer <= 0)
    return Malformed(Format("{} is {}, not above 0", name, *integer));
  return integer;
}

Result<WallTime> FieldReader::Time(std::string_view name) const {
  auto text = Text(name);
  if (!text.ok()) return text.error();
  auto time = ParseUtcText(*text);
  if (!time.ok())
    return Malformed(Format("{} is {}, not YYYY-MM-DDTHH:MM:SSZ", name, Shorten(*text)));
  return time;
}

Result<bool> FieldReader::Flag(std::string_view name, bool fallback) const {
  const Value* value = Present(name);
  if (value == nullptr) return fallback;
  const auto* flag = value->As<bool>();
  if (flag == nullptr) return Malformed(Format("{} is not true or false", name));
  return *flag;
}

Result<Number> FieldReader::NumberOr(std::string_view name, Number fallback) const {
  const Value* value = Present(name);
  if (value == nullptr) return fallback;
  const auto* number = value->As<Number>();
  if (number == nullptr) return Malformed(Format("{} is not a number", name));
  return *number;
}

Result<std::map<std::string, std::string, std::less<>>> FieldReader::TextMap(
    std::string_view name) const {
  std::map<std::string, std::string, std::less<>> texts;
  const Value* value = Present(name);
  if (value == nullptr) return texts;
  const auto* map = value->As<Item>();
  if (map == nullptr) return Malformed(Format("{} is not a map", name));
  for (const Attribute& member : *map) texts.emplace(member.name, ShowValue(member.value, 0));
  return texts;
}

Value TextOrNull(const std::optional<std::string>& text) {
  return text ? Value(*text) : Value(Null());
}

}  // namespace zael::records
