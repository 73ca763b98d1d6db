#include "tests/integration/differential/random_expressions.h"

#include <utility>

#include "base/format.h"

namespace zael::differential {
namespace {

const std::vector<std::string> kNames = {"a", "b", "c", "m", "li", "st", "n", "s", "deep_1"};
const std::vector<std::string> kOddNames = {"status", "with.dot", "with space", "set", "size"};
const std::vector<std::string> kNumbers = {
    "0",    "1",   "2",           "3",
    "-1",   "10",  "2.5",         "-0.5",
    "12",   "1E3", "100",         "0.01",
    "1e-7", "5.0", "99999999999", "123456789012345678901234567890123456"};
const std::vector<std::string> kTexts = {"", "x", "xy", "y", "xyz", "a b", "\xC3\xA9", "Z", "10"};
const std::vector<std::string> kBinaries = {"AA==", "AQI=", "AQ==", "/w==", "AQID"};
const std::vector<std::string> kComparators = {"=", "<>", "<", "<=", ">", ">="};

std::string Quoted(std::string_view type, std::string_view text) {
  return Format(R"({{"{}":"{}"}})", type, text);
}

}  // namespace

std::string RandomExpressions::AttributeValue(int depth) {
  switch (Below(depth > 0 ? 24 : 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return Quoted("N", Pick(kNumbers));
    case 5:
    case 6:
    case 7:
    case 8:
      return Quoted("S", Pick(kTexts));
    case 9:
      return Quoted("B", Pick(kBinaries));
    case 10:
      return Chance(50) ? R"({"BOOL":true})" : R"({"BOOL":false})";
    case 11:
      return R"({"NULL":true})";
    case 12:
      return Chance(50) ? R"({"SS":["x"]})" : R"({"SS":["y","x","10"]})";
    case 13:
      return Chance(50) ? R"({"NS":["1"]})" : R"({"NS":["3","2.5","1"]})";
    case 14:
      return Chance(50) ? R"({"BS":["AQ=="]})" : R"({"BS":["AQI=","AQ=="]})";
    case 15: {
      static const std::vector<std::string> kWrong = {
          R"({"SS":[]})",         R"({"N":"abc"})",    R"({"NS":["1","1.0"]})", R"({})",
          R"({"N":"1","S":"x"})", R"({"NULL":false})", R"({"N":"1e200"})",      R"({"N":""})",
          R"({"SS":["x","x"]})",  R"({"N":"1e-140"})"};
      return Chance(25) ? Pick(kWrong) : Quoted("N", "7");
    }
    case 16:
    case 17:
    case 18:
    case 19: {
      std::string list = R"({"L":[)";
      for (std::size_t i = 0, size = Below(4); i < size; ++i) {
        list += (i == 0 ? "" : ",") + AttributeValue(depth - 1);
      }
      return list + "]}";
    }
    default: {
      std::string map = R"({"M":{)";
      std::string_view between;
      for (const char* name : {"a", "b", "n"}) {
        if (Chance(50)) continue;
        map += Format(R"({}"{}":{})", between, name, AttributeValue(depth - 1));
        between = ",";
      }
      return map + "}}";
    }
  }
}

std::string RandomExpressions::KeyValue(KeyType type) {
  if (Chance(2)) return AttributeValue(1);
  switch (type) {
    case KeyType::kNumber:
      return Quoted("N", Pick<std::string>({"1", "2", "3", "-1", "2.5", "10", "1.0"}));
    case KeyType::kBinary:
      return Quoted("B", Pick<std::string>({"AQ==", "AQI=", "/w=="}));
    case KeyType::kString:
      break;
  }
  return Quoted("S", Pick<std::string>({"x", "y", "xy", "x\xC3\xA9"}));
}

std::string RandomExpressions::Key(const KeySchema& schema) {
  std::string key = Format(R"({{"{}":{})", schema.hash.name, KeyValue(schema.hash.type));
  if (schema.range.has_value() && !Chance(1)) {
    key += Format(R"(,"{}":{})", schema.range->name, KeyValue(schema.range->type));
  }
  if (Chance(1)) key += R"(,"extra":{"N":"1"})";
  return key + "}";
}

std::string RandomExpressions::ItemAt(std::string key, const TableSpec& spec) {
  std::string item = std::move(key);
  item.pop_back();
  std::map<std::string, KeyType> index_keys;
  for (const IndexSpec& index : spec.indexes) {
    index_keys.emplace(index.keys.hash.name, index.keys.hash.type);
    if (index.keys.range.has_value()) {
      index_keys.emplace(index.keys.range->name, index.keys.range->type);
    }
  }
  index_keys.erase(spec.keys.hash.name);
  if (spec.keys.range.has_value()) index_keys.erase(spec.keys.range->name);
  for (const auto& [name, type] : index_keys) {
    if (Chance(70)) item += Format(R"(,"{}":{})", name, KeyValue(type));
  }
  for (const std::string& name : kNames) {
    if (Chance(40)) item += Format(R"(,"{}":{})", name, AttributeValue(2));
  }
  if (Chance(20)) item += R"(,"status":{"S":"x"})";
  return item + "}";
}

void RandomExpressions::Begin(const TableSpec& spec) {
  spec_ = &spec;
  names_.clear();
  values_.clear();
}

std::string RandomExpressions::Name() {
  if (Chance(3)) return Pick(kOddNames);
  const std::string name = Chance(8) ? Pick(kOddNames) : Pick(kNames);
  const bool plain =
      name.find_first_of(". ") == std::string::npos && name != "status" && name != "set";
  if (plain && Chance(75)) return name;
  if (Chance(1)) return "#undefined";
  return names_.emplace(name, Format("#n{}", names_.size())).first->second;
}

std::string RandomExpressions::TopLevelName() {
  if (!Chance(6)) return Name();
  std::vector<std::string> keys = {spec_->keys.hash.name};
  if (spec_->keys.range.has_value()) keys.push_back(spec_->keys.range->name);
  for (const IndexSpec& index : spec_->indexes) {
    keys.push_back(index.keys.hash.name);
    if (index.keys.range.has_value()) keys.push_back(index.keys.range->name);
  }
  return Pick(keys);
}

std::string RandomExpressions::Path() {
  std::string path = TopLevelName();
  while (Chance(20)) {
    path += Chance(50) ? Format("[{}]", Below(4)) : "." + Name();
  }
  return path;
}

std::string RandomExpressions::ValuePlaceholder(const std::string& value) {
  if (Chance(1)) return ":undefined";
  return values_.emplace(value, Format(":v{}", values_.size())).first->second;
}

std::string RandomExpressions::AnyValue() { return ValuePlaceholder(AttributeValue(1)); }

std::string RandomExpressions::Operand() {
  if (Chance(5)) return "(" + Operand() + ")";
  if (Chance(50)) return AnyValue();
  return Chance(12) ? "size(" + Path() + ")" : Path();
}

std::string RandomExpressions::Comparator() { return Pick(kComparators); }

std::string RandomExpressions::Term() {
  switch (Below(13)) {
    case 0:
      return "attribute_exists(" + Path() + ")";
    case 1:
      return "attribute_not_exists(" + Path() + ")";
    case 2:
      return "attribute_type(" + Path() + ", " +
             ValuePlaceholder(
                 Quoted("S", Pick<std::string>({"S", "N", "L", "M", "SS", "BOOL", "NULL", "X"}))) +
             ")";
    case 3:
      return "begins_with(" + Operand() + ", " + ValuePlaceholder(Quoted("S", "x")) + ")";
    case 4:
      return "contains(" + Operand() + ", " + Operand() + ")";
    case 5:
      return Operand() + " BETWEEN " + Operand() + " AND " + Operand();
    case 6:
      return Path() + " IN (" + Operand() + ", " + Operand() + ")";
    default:
      return Path() + " " + Comparator() + " " + Operand();
  }
}

std::string RandomExpressions::Condition(int depth) {
  std::string text;
  if (depth > 0 && Chance(45)) {
    const std::string joined =
        Condition(depth - 1) + (Chance(50) ? " AND " : " OR ") + Condition(depth - 1);
    text = Chance(50) ? "(" + joined + ")" : joined;
  } else {
    text = Term();
  }
  if (Chance(12)) text = "NOT " + text;
  return depth == 2 ? Damaged(std::move(text)) : text;
}

std::string RandomExpressions::RightOperand() {
  if (Chance(45)) return ValuePlaceholder(Quoted("N", Pick(kNumbers)));
  if (Chance(30))
    return "if_not_exists(" + Path() + ", " + (Chance(70) ? AnyValue() : Path()) + ")";
  return Chance(10) ? AnyValue() : Path();
}

std::string RandomExpressions::RightSide() {
  if (Chance(15)) {
    const std::string list = ValuePlaceholder(R"({"L":[{"N":"1"},{"S":"x"}]})");
    return "list_append(" + (Chance(50) ? Path() + ", " + list : list + ", " + Path()) + ")";
  }
  if (Chance(45)) return AnyValue();
  if (Chance(40)) return RightOperand() + (Chance(50) ? " + " : " - ") + RightOperand();
  return RightOperand();
}

std::string RandomExpressions::Update() {
  std::string text;
  const auto add = [&](unsigned percent, const std::string& section, const auto& action) {
    if (!Chance(percent)) return;
    text += (text.empty() ? "" : " ") + section + " " + action();
    while (Chance(35)) text += ", " + action();
  };
  add(75, "SET", [&] { return Path() + " = " + RightSide(); });
  add(25, "REMOVE", [&] { return Path(); });
  add(20, "ADD", [&] {
    return Path() + " " + (Chance(60) ? ValuePlaceholder(Quoted("N", Pick(kNumbers))) : AnyValue());
  });
  add(12, "DELETE", [&] { return Path() + " " + ValuePlaceholder(R"({"SS":["x","q"]})"); });
  if (text.empty()) text = "REMOVE " + Path();
  return Damaged(std::move(text));
}

std::string RandomExpressions::Projection() {
  std::string text = Path();
  while (Chance(60)) text += ", " + Path();
  return Damaged(std::move(text));
}

std::string RandomExpressions::KeyCondition(const KeySchema& schema) {
  const std::string hash = schema.hash.name + " = " + ValuePlaceholder(KeyValue(schema.hash.type));
  if (!schema.range.has_value() || Chance(40)) return Damaged(hash);
  const std::string& name = schema.range->name;
  const KeyType type = schema.range->type;
  std::string range;
  switch (Below(4)) {
    case 0:
      range = name + " BETWEEN " + ValuePlaceholder(KeyValue(type)) + " AND " +
              ValuePlaceholder(KeyValue(type));
      break;
    case 1:
      range = "begins_with(" + name + ", " + ValuePlaceholder(KeyValue(type)) + ")";
      break;
    default:
      range = name + " " + Comparator() + " " + ValuePlaceholder(KeyValue(type));
  }
  return Damaged(Chance(80) ? hash + " AND " + range : range + " AND " + hash);
}

std::string RandomExpressions::Placeholders() {
  std::string text;
  if (Chance(2)) names_.emplace("unused", "#unused");
  if (Chance(2)) values_.emplace(R"({"N":"77"})", ":unused");
  std::string_view between;
  const auto write = [&](std::string_view member, const auto& bindings, bool quote) {
    if (bindings.empty()) return;
    text += Format(R"(,"{}":{{)", member);
    between = "";
    for (const auto& [value, placeholder] : bindings) {
      text += Format(R"({}"{}":{})", between, placeholder, quote ? "\"" + value + "\"" : value);
      between = ",";
    }
    text += "}";
  };
  write("ExpressionAttributeNames", names_, true);
  write("ExpressionAttributeValues", values_, false);
  return text;
}

std::string RandomExpressions::Damaged(std::string text) {
  if (!Chance(7)) return text;
  static const std::vector<std::string> kRubbish = {
      "(", ")", ",", " AND ", "=", "#", "[", ".", "'", " NOT ", "foo(a)", "status", "+", "1"};
  const std::size_t at = Below(text.size());
  if (Chance(50)) return text.erase(at, 1 + Below(3));
  return text.insert(at, Pick(kRubbish));
}

}  // namespace zael::differential
