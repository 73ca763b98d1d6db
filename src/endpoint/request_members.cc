#include "endpoint/request_members.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "dynamo/attribute_value.h"

namespace zael::endpoint {
namespace {

using Kind = json::JsonValue::Kind;

constexpr std::size_t kMaxViolations = 10;  // shown; DynamoDB stops there too
constexpr std::string_view kNotExpected = "Start of structure or map found where not expected";

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

// TableName -> tableName, as paths spell members.
std::string LowerCamel(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

std::string Joined(const std::vector<std::string_view>& choices) {
  std::string text;
  for (const std::string_view choice : choices) {
    if (!text.empty()) text += ", ";
    text += choice;
  }
  return text;
}

std::string WrongTypeText(const json::JsonValue& value, std::string_view wanted) {
  switch (value.kind()) {
    case Kind::kString:
      return Format("STRING_VALUE cannot be converted to {}", wanted);
    case Kind::kNumber:
      return Format("NUMBER_VALUE cannot be converted to {}", wanted);
    case Kind::kBool:
      return Format("{} cannot be converted to {}", *value.AsBool() ? "TRUE_VALUE" : "FALSE_VALUE",
                    wanted);
    default:
      return std::string(kNotExpected);
  }
}

}  // namespace

void RequestFaults::WrongType(std::string message) {
  if (!wrong_type_.has_value()) wrong_type_ = std::move(message);
}

void RequestFaults::Violates(std::string_view path, std::string_view value, std::string clause) {
  if (++violation_count_ > kMaxViolations) return;
  violations_.push_back(
      Format("Value {} at '{}' failed to satisfy constraint: {}", value, path, clause));
}

ApiStatus RequestFaults::Check() const {
  if (wrong_type_.has_value()) return SerializationError(*wrong_type_);
  if (violations_.empty()) return {};
  std::string message = Format("{} validation error{} detected: ", violations_.size(),
                               violations_.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < violations_.size(); ++i) {
    if (i > 0) message += "; ";
    message += violations_[i];
  }
  return ValidationError(std::move(message));
}

Members::Members(json::JsonValue structure, RequestFaults& faults, std::string path)
    : structure_(structure), faults_(faults), path_(std::move(path)) {
  if (structure_.Is(Kind::kObject)) return;
  faults_.WrongType("Unexpected field type");
  structure_ = {};
}

std::string Members::Path(std::string_view name) const {
  return path_.empty() ? LowerCamel(name) : Format("{}.{}", path_, LowerCamel(name));
}

bool Members::Has(std::string_view name) const {
  const Kind kind = structure_.Find(name).kind();
  return kind != Kind::kAbsent && kind != Kind::kNull;
}

bool Members::Missing(std::string_view name, Presence presence) {
  if (Has(name)) return false;
  if (presence == Presence::kRequired) {
    faults_.Violates(Path(name), "null", "Member must not be null");
  }
  return true;
}

std::optional<std::string> Members::ReadText(const json::JsonValue& value, const std::string& path,
                                             const TextRule& rule) {
  const auto text = value.AsString();
  if (!text.has_value()) {
    faults_.WrongType(WrongTypeText(value, "String"));
    return std::nullopt;
  }
  const auto violates = [&](std::string clause) {
    faults_.Violates(path, Format("'{}'", *text), std::move(clause));
  };
  if (text->size() < rule.min_size) {
    violates(Format("Member must have length greater than or equal to {}", rule.min_size));
  }
  if (text->size() > rule.max_size) {
    violates(Format("Member must have length less than or equal to {}", rule.max_size));
  }
  if (rule.name_pattern &&
      (text->empty() || !std::all_of(text->begin(), text->end(), IsNameByte))) {
    violates("Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
  if (!rule.choices.empty() &&
      std::find(rule.choices.begin(), rule.choices.end(), *text) == rule.choices.end()) {
    violates(Format("Member must satisfy enum value set: [{}]", Joined(rule.choices)));
  }
  return std::string(*text);
}

std::optional<std::string> Members::Text(std::string_view name, const TextRule& rule) {
  if (Missing(name, rule.presence)) return std::nullopt;
  return ReadText(structure_.Find(name), Path(name), rule);
}

std::optional<std::int64_t> Members::Integer(std::string_view name, const IntegerRule& rule) {
  if (Missing(name, rule.presence)) return std::nullopt;
  const json::JsonValue value = structure_.Find(name);
  std::optional<std::int64_t> number = value.AsInt64();
  if (!number.has_value() && value.Is(Kind::kNumber)) {
    number = static_cast<std::int64_t>(std::clamp(*value.AsDouble(), -9e18, 9e18));
  }
  if (!number.has_value()) {
    faults_.WrongType(WrongTypeText(value, rule.type_name));
    return std::nullopt;
  }
  const auto violates = [&](std::string_view relation, std::int64_t bound) {
    faults_.Violates(Path(name), Format("'{}'", *number),
                     Format("Member must have value {} than or equal to {}", relation, bound));
  };
  if (*number < rule.min) violates("greater", rule.min);
  if (*number > rule.max) violates("less", rule.max);
  return number;
}

std::optional<bool> Members::Flag(std::string_view name, Presence presence) {
  if (Missing(name, presence)) return std::nullopt;
  const json::JsonValue value = structure_.Find(name);
  if (!value.AsBool().has_value()) faults_.WrongType(WrongTypeText(value, "Boolean"));
  return value.AsBool();
}

std::optional<Members> Members::Structure(std::string_view name, Presence presence) {
  if (Missing(name, presence)) return std::nullopt;
  return Members(structure_.Find(name), faults_, Path(name));
}

json::JsonValue Members::Attributes(std::string_view name, Presence presence) {
  if (Missing(name, presence)) return {};
  const json::JsonValue value = structure_.Find(name);
  if (const Status shape = dynamo::CheckItemShape(value); !shape.ok()) {
    faults_.WrongType(shape.error().message());
    return {};
  }
  return value;
}

json::JsonValue Members::TextMap(std::string_view name) {
  const json::JsonValue map = Map(name, Presence::kOptional);
  for (std::size_t i = 0; i < map.size(); ++i) {
    const json::JsonValue value = map.Member(i).value;
    if (!value.Is(Kind::kString)) faults_.WrongType(WrongTypeText(value, "String"));
  }
  return map;
}

json::JsonValue Members::Map(std::string_view name, Presence presence, std::size_t min_size) {
  if (Missing(name, presence)) return {};
  const json::JsonValue value = structure_.Find(name);
  if (!value.Is(Kind::kObject)) {
    faults_.WrongType("Unexpected field type");
    return {};
  }
  if (value.size() < min_size) {
    faults_.Violates(Path(name), "'{}'",
                     Format("Member must have length greater than or equal to {}", min_size));
  }
  return value;
}

std::optional<json::JsonValue> Members::Elements(std::string_view name, const ListRule& rule) {
  if (Missing(name, rule.presence)) return std::nullopt;
  const json::JsonValue value = structure_.Find(name);
  if (!value.Is(Kind::kArray)) {
    faults_.WrongType(value.Is(Kind::kObject) ? std::string(kNotExpected)
                                              : std::string("Unexpected field type"));
    return std::nullopt;
  }
  // The elements are not repeated: what AWS shows of them is an address in its memory.
  const std::string_view shown = value.size() == 0 ? "'[]'" : "'[...]'";
  if (value.size() < rule.min_size) {
    faults_.Violates(Path(name), shown,
                     Format("Member must have length greater than or equal to {}", rule.min_size));
  }
  if (value.size() > rule.max_size) {
    faults_.Violates(Path(name), shown,
                     Format("Member must have length less than or equal to {}", rule.max_size));
  }
  return value;
}

std::optional<std::vector<Members>> Members::Structures(std::string_view name,
                                                        const ListRule& rule) {
  const auto elements = Elements(name, rule);
  if (!elements.has_value()) return std::nullopt;
  std::vector<Members> structures;
  structures.reserve(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    structures.emplace_back(elements->At(i), faults_, Format("{}.{}.member", Path(name), i + 1));
  }
  return structures;
}

std::optional<std::vector<std::string>> Members::Texts(std::string_view name, const ListRule& list,
                                                       const TextRule& each) {
  const auto elements = Elements(name, list);
  if (!elements.has_value()) return std::nullopt;
  std::vector<std::string> texts;
  texts.reserve(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const auto text = ReadText(elements->At(i), Format("{}.{}.member", Path(name), i + 1), each);
    texts.push_back(text.value_or(std::string()));
  }
  return texts;
}

}  // namespace zael::endpoint
