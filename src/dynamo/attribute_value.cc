#include "dynamo/attribute_value.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/format.h"
#include "base/try.h"
#include "dynamo/number_text.h"

namespace zael::dynamo {
namespace {

using json::JsonMember;
using json::JsonValue;
using json::JsonWriter;
using Kind = JsonValue::Kind;

// Lists and maps a value may stand in: the value itself is the last of DynamoDB's 32 levels.
constexpr int kMaxNesting = 31;
constexpr std::string_view kInvalidValues = "One or more parameter values were invalid: ";

Error Refuse(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Error RefuseValues(std::string_view what) { return Refuse(Format("{}{}", kInvalidValues, what)); }

struct WriteType {
  JsonWriter& writer;

  void operator()(const Null&) const { writer.Key("NULL").Bool(true); }
  void operator()(bool v) const { writer.Key("BOOL").Bool(v); }
  void operator()(const Number& v) const { writer.Key("N").String(v.ToText()); }
  void operator()(const std::string& v) const { writer.Key("S").String(v); }
  void operator()(const Binary& v) const { writer.Key("B").String(EncodeBase64(v.bytes)); }
  void operator()(const List& v) const {
    writer.Key("L").BeginArray();
    for (const Value& element : v) WriteValue(writer, element);
    writer.EndArray();
  }
  void operator()(const Item& v) const {
    writer.Key("M");
    WriteItem(writer, v);
  }
  void operator()(const StringSet& v) const {
    writer.Key("SS").BeginArray();
    for (const std::string& member : v.members) writer.String(member);
    writer.EndArray();
  }
  void operator()(const NumberSet& v) const {
    writer.Key("NS").BeginArray();
    for (const Number& member : v.members) writer.String(member.ToText());
    writer.EndArray();
  }
  void operator()(const BinarySet& v) const {
    writer.Key("BS").BeginArray();
    for (const Binary& member : v.members) writer.String(EncodeBase64(member.bytes));
    writer.EndArray();
  }
};

// --- shapes: the texts of SerializationException ---

Error WrongScalar(const JsonValue& value, std::string_view wanted, std::string_view java_class) {
  switch (value.kind()) {
    case Kind::kObject:
      return Refuse("Start of structure or map found where not expected");
    case Kind::kArray:
      return Refuse(Format("Unrecognized collection type class {}", java_class));
    case Kind::kBool:
      return Refuse(
          Format("{}_VALUE cannot be converted to {}", *value.AsBool() ? "TRUE" : "FALSE", wanted));
    case Kind::kNumber:
      return Refuse(Format("{}_VALUE cannot be converted to {}",
                           value.AsInt64() ? "NUMBER" : "DECIMAL", wanted));
    default:
      return Refuse(Format("STRING_VALUE cannot be converted to {}", wanted));
  }
}

Result<std::string_view> ShapeString(const JsonValue& value) {
  if (const auto text = value.AsString()) return *text;
  return WrongScalar(value, "String", "java.lang.String");
}

Result<bool> ShapeBool(const JsonValue& value) {
  if (const auto flag = value.AsBool()) return *flag;
  return WrongScalar(value, "Boolean", "java.lang.Boolean");
}

Result<std::string> ShapeBinary(const JsonValue& value) {
  if (const auto text = value.AsString()) return DecodeBase64(*text);
  if (value.Is(Kind::kObject) || value.Is(Kind::kArray)) {
    return WrongScalar(value, "", "java.nio.ByteBuffer");
  }
  return Refuse("only base-64-encoded strings are convertible to bytes");
}

Status ShapeArray(const JsonValue& value) {
  if (value.Is(Kind::kArray)) return {};
  return Refuse(value.Is(Kind::kObject) ? "Start of structure or map found where not expected"
                                        : "Unexpected field type");
}

Status ShapeObject(const JsonValue& value, std::string_view java_type) {
  if (value.Is(Kind::kObject)) return {};
  if (value.Is(Kind::kArray)) return Refuse(Format("Unrecognized collection type {}", java_type));
  return Refuse("Unexpected field type");
}

Status ShapeStructure(const JsonValue& value) {
  return ShapeObject(value, "class com.amazonaws.dynamodb.v20120810.AttributeValue");
}

Status ShapeMap(const JsonValue& value) {
  return ShapeObject(value,
                     "java.util.Map<java.lang.String, "
                     "com.amazonaws.dynamodb.v20120810.AttributeValue>");
}

enum class Type {
  kString,
  kNumber,
  kBinary,
  kStrings,
  kNumbers,
  kBinaries,
  kMap,
  kList,
  kBool,
  kNull
};
constexpr std::array<std::pair<std::string_view, Type>, 10> kTypes{{{"S", Type::kString},
                                                                    {"N", Type::kNumber},
                                                                    {"B", Type::kBinary},
                                                                    {"SS", Type::kStrings},
                                                                    {"NS", Type::kNumbers},
                                                                    {"BS", Type::kBinaries},
                                                                    {"M", Type::kMap},
                                                                    {"L", Type::kList},
                                                                    {"BOOL", Type::kBool},
                                                                    {"NULL", Type::kNull}}};

std::optional<Type> TypeNamed(std::string_view name) {
  for (const auto& [known, type] : kTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

Status CheckShape(Type type, const JsonValue& content) {
  switch (type) {
    case Type::kString:
    case Type::kNumber:
      ZAEL_TRY(ShapeString(content));
      return {};
    case Type::kBinary:
      ZAEL_TRY(ShapeBinary(content));
      return {};
    case Type::kBool:
    case Type::kNull:
      ZAEL_TRY(ShapeBool(content));
      return {};
    case Type::kMap:
      return CheckItemShape(content);
    case Type::kStrings:
    case Type::kNumbers:
    case Type::kBinaries:
    case Type::kList:
      break;
  }
  ZAEL_TRY(ShapeArray(content));
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (type == Type::kList) {
      ZAEL_TRY(CheckValueShape(content.At(i)));
    } else if (type == Type::kBinaries) {
      ZAEL_TRY(ShapeBinary(content.At(i)));
    } else {
      ZAEL_TRY(ShapeString(content.At(i)));
    }
  }
  return {};
}

// --- meaning: the texts of ValidationException ---

Result<Value> Read(const JsonValue& value, int depth);

std::string Listed(const JsonValue& array) {
  std::string text;
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i != 0) text += ", ";
    text += array.At(i).AsString().value_or("");
  }
  return text;
}

// Sorts; false when two are equal.
template <typename Member>
bool SortDistinct(std::vector<Member>& members) {
  std::sort(members.begin(), members.end());
  return std::adjacent_find(members.begin(), members.end()) == members.end();
}

Result<Value> ReadStrings(const JsonValue& array) {
  ZAEL_TRY(ShapeArray(array));
  if (array.size() == 0) return RefuseValues("An string set  may not be empty");
  StringSet set;
  set.members.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    ZAEL_ASSIGN(const std::string_view member, ShapeString(array.At(i)));
    set.members.emplace_back(member);
  }
  if (!SortDistinct(set.members)) {
    return RefuseValues(Format("Input collection [{}] contains duplicates.", Listed(array)));
  }
  return Value(std::move(set));
}

Result<Value> ReadNumbers(const JsonValue& array) {
  ZAEL_TRY(ShapeArray(array));
  if (array.size() == 0) return RefuseValues("An number set  may not be empty");
  NumberSet set;
  set.members.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    ZAEL_ASSIGN(const std::string_view text, ShapeString(array.At(i)));
    ZAEL_ASSIGN(const Number number, ReadNumber(text));
    set.members.push_back(number);
  }
  if (!SortDistinct(set.members)) return Refuse("Input collection contains duplicates");
  return Value(std::move(set));
}

Result<Value> ReadBinaries(const JsonValue& array) {
  ZAEL_TRY(ShapeArray(array));
  if (array.size() == 0) return RefuseValues("Binary sets should not be empty");
  BinarySet set;
  set.members.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    ZAEL_ASSIGN(std::string bytes, ShapeBinary(array.At(i)));
    set.members.push_back({std::move(bytes)});
  }
  if (!SortDistinct(set.members)) {
    return RefuseValues(
        Format("Input collection [{}]of type BS contains duplicates.", Listed(array)));
  }
  return Value(std::move(set));
}

Result<Value> ReadList(const JsonValue& array, int depth) {
  ZAEL_TRY(ShapeArray(array));
  List list;
  list.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    ZAEL_ASSIGN(Value element, Read(array.At(i), depth + 1));
    list.push_back(std::move(element));
  }
  return Value(std::move(list));
}

Result<Item> ReadMembers(const JsonValue& object, int depth) {
  ZAEL_TRY(ShapeMap(object));
  std::vector<JsonMember> members;  // DynamoDB answers in no order; an Item is sorted
  members.reserve(object.size());
  for (std::size_t i = 0; i < object.size(); ++i) members.push_back(object.Member(i));
  std::sort(members.begin(), members.end(),
            [](const JsonMember& a, const JsonMember& b) { return a.name < b.name; });
  Item item;
  item.Reserve(members.size());
  for (const JsonMember& member : members) {
    ZAEL_ASSIGN(Value value, Read(member.value, depth));
    item.Append(std::string(member.name), std::move(value));
  }
  return item;
}

Result<Value> ReadNull(const JsonValue& content) {
  ZAEL_ASSIGN(const bool flag, ShapeBool(content));
  if (!flag) return RefuseValues("Null attribute value types must have the value of true");
  return Value(Null{});
}

Result<Value> ReadTyped(Type type, const JsonValue& content, int depth) {
  switch (type) {
    case Type::kString: {
      ZAEL_ASSIGN(const std::string_view text, ShapeString(content));
      return Value(text);
    }
    case Type::kNumber: {
      ZAEL_ASSIGN(const std::string_view text, ShapeString(content));
      ZAEL_ASSIGN(const Number number, ReadNumber(text));
      return Value(number);
    }
    case Type::kBinary: {
      ZAEL_ASSIGN(std::string bytes, ShapeBinary(content));
      return Value(Binary{std::move(bytes)});
    }
    case Type::kBool: {
      ZAEL_ASSIGN(const bool flag, ShapeBool(content));
      return Value(flag);
    }
    case Type::kMap: {
      ZAEL_ASSIGN(Item map, ReadMembers(content, depth + 1));
      return Value(std::move(map));
    }
    case Type::kNull:
      return ReadNull(content);
    case Type::kStrings:
      return ReadStrings(content);
    case Type::kNumbers:
      return ReadNumbers(content);
    case Type::kBinaries:
      return ReadBinaries(content);
    case Type::kList:
      return ReadList(content, depth);
  }
  return Refuse("Unexpected field type");
}

Result<Value> Read(const JsonValue& value, int depth) {
  if (depth > kMaxNesting) {
    return Refuse(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
        "beyond supported limit");
  }
  if (!value.Is(Kind::kNull)) ZAEL_TRY(ShapeStructure(value));
  std::optional<Type> type;
  JsonValue content;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const JsonMember member = value.Member(i);
    const std::optional<Type> named = TypeNamed(member.name);
    if (!named || member.value.Is(Kind::kNull)) continue;  // null is as good as absent
    if (type) {
      return Refuse(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
          "the supported datatypes");
    }
    type = named;
    content = member.value;
  }
  if (!type) {
    return Refuse(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  return ReadTyped(*type, content, depth);
}

}  // namespace

void WriteValue(JsonWriter& writer, const Value& value) {
  writer.BeginObject();
  std::visit(WriteType{writer}, value.data());
  writer.EndObject();
}

void WriteItem(JsonWriter& writer, const Item& item) {
  writer.BeginObject();
  for (const Attribute& attribute : item) {
    writer.Key(attribute.name);
    WriteValue(writer, attribute.value);
  }
  writer.EndObject();
}

Status CheckValueShape(const JsonValue& value) {
  if (value.Is(Kind::kNull)) return {};
  ZAEL_TRY(ShapeStructure(value));
  for (std::size_t i = 0; i < value.size(); ++i) {
    const JsonMember member = value.Member(i);
    const std::optional<Type> type = TypeNamed(member.name);
    if (type && !member.value.Is(Kind::kNull)) ZAEL_TRY(CheckShape(*type, member.value));
  }
  return {};
}

Status CheckItemShape(const JsonValue& item) {
  ZAEL_TRY(ShapeMap(item));
  for (std::size_t i = 0; i < item.size(); ++i) ZAEL_TRY(CheckValueShape(item.Member(i).value));
  return {};
}

Result<Value> ReadValue(const JsonValue& value) { return Read(value, 0); }

Result<Item> ReadItem(const JsonValue& item) { return ReadMembers(item, 0); }

}  // namespace zael::dynamo
