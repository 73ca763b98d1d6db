#include "dynamo/expression_text.h"

#include <algorithm>
#include <array>
#include <variant>

#include "dynamo/attribute_value.h"

namespace zael::dynamo {
namespace {

void AppendNumbered(std::string_view prefix, std::size_t number, std::string& text) {
  text += prefix;
  text += std::to_string(number);
}

std::string_view Sign(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
      return " = ";
    case CompareOp::kNotEqual:
      return " <> ";
    case CompareOp::kLess:
      return " < ";
    case CompareOp::kLessOrEqual:
      return " <= ";
    case CompareOp::kGreater:
      return " > ";
    case CompareOp::kGreaterOrEqual:
      return " >= ";
  }
  return {};
}

// Appends to one text; every method writes one production of the grammar.
class Renderer {
 public:
  Renderer(Placeholders& placeholders, std::string& text)
      : placeholders_(placeholders), text_(text) {}

  void Render(const Condition& condition) { std::visit(*this, condition.node); }

  void RenderPath(const Path& path) {
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      if (const auto* name = std::get_if<std::string>(&path.steps[i])) {
        if (i != 0) text_ += '.';
        placeholders_.AppendName(*name, text_);
      } else {
        AppendNumbered("[", std::get<std::size_t>(path.steps[i]), text_);
        text_ += ']';
      }
    }
  }

  void Render(const SetAction& action) {
    RenderPath(action.path);
    text_ += " = ";
    if (action.op == SetOp::kListAppend) text_ += "list_append(";
    std::visit(*this, action.left);
    if (action.op == SetOp::kAssign) return;
    text_ += action.op == SetOp::kPlus ? " + " : action.op == SetOp::kMinus ? " - " : ", ";
    std::visit(*this, action.right);
    if (action.op == SetOp::kListAppend) text_ += ')';
  }

  // Operands.
  void operator()(const Path& path) { RenderPath(path); }
  void operator()(const Value& value) { placeholders_.AppendValue(value, text_); }
  void operator()(const SizeOf& size) { Function("size", size.path); }
  void operator()(const IfNotExists& operand) {
    const Path* path = &operand.path;
    for (const Path& next : operand.next) {
      text_ += "if_not_exists(";
      RenderPath(*path);
      text_ += ", ";
      path = &next;
    }
    text_ += "if_not_exists(";
    RenderPath(*path);
    text_ += ", ";
    std::visit(*this, operand.fallback);
    text_.append(operand.next.size() + 1, ')');
  }

  // Conditions.
  void operator()(const Comparison& node) {
    std::visit(*this, node.left);
    text_ += Sign(node.op);
    std::visit(*this, node.right);
  }
  void operator()(const Between& node) {
    std::visit(*this, node.operand);
    text_ += " BETWEEN ";
    std::visit(*this, node.low);
    text_ += " AND ";
    std::visit(*this, node.high);
  }
  void operator()(const In& node) {
    std::visit(*this, node.operand);
    text_ += " IN (";
    for (std::size_t i = 0; i < node.candidates.size(); ++i) {
      if (i != 0) text_ += ", ";
      std::visit(*this, node.candidates[i]);
    }
    text_ += ')';
  }
  void operator()(const AttributeExists& node) { Function("attribute_exists", node.path); }
  void operator()(const AttributeNotExists& node) { Function("attribute_not_exists", node.path); }
  void operator()(const AttributeType& node) {
    Function("attribute_type", node.path, TypeValue(node.type));
  }
  void operator()(const BeginsWith& node) { Function("begins_with", node.operand, node.prefix); }
  void operator()(const Contains& node) { Function("contains", node.operand, node.member); }
  void operator()(const AllOf& node) { Join(node.parts, " AND "); }
  void operator()(const AnyOf& node) { Join(node.parts, " OR "); }
  void operator()(const Not& node) {
    text_ += "NOT (";  // a pair of its own: never doubled, whatever stands inside
    Render(*node.part);
    text_ += ')';
  }

 private:
  // The names of types are values too, and the tree holds them as plain text.
  static const Value& TypeValue(std::string_view type) {
    static const std::array<Value, 10> types = {"S",  "N", "B", "SS",   "NS",
                                                "BS", "M", "L", "BOOL", "NULL"};
    return *std::find(types.begin(), types.end(), Value(type));
  }

  // Whether the condition is several joined by a word, so that it needs parentheses inside another.
  static bool IsJoined(const Condition& condition) {
    const Conditions* parts = nullptr;
    if (const auto* all = std::get_if<AllOf>(&condition.node)) parts = &all->parts;
    if (const auto* any = std::get_if<AnyOf>(&condition.node)) parts = &any->parts;
    if (parts == nullptr) return false;
    return parts->size() > 1 || IsJoined(parts->front());
  }

  void Join(const Conditions& parts, std::string_view word) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != 0) text_ += word;
      // A lone part stands where the whole does: parentheses around it are its holder's.
      const bool enclose = parts.size() > 1 && IsJoined(parts[i]);
      if (enclose) text_ += '(';
      Render(parts[i]);
      if (enclose) text_ += ')';
    }
  }

  void Argument(const Operand& operand) { std::visit(*this, operand); }
  void Argument(const Path& path) { RenderPath(path); }
  void Argument(const Value& value) { placeholders_.AppendValue(value, text_); }

  template <typename First>
  void Function(std::string_view name, const First& first) {
    text_ += name;
    text_ += '(';
    Argument(first);
    text_ += ')';
  }
  template <typename First, typename Second>
  void Function(std::string_view name, const First& first, const Second& second) {
    text_ += name;
    text_ += '(';
    Argument(first);
    text_ += ", ";
    Argument(second);
    text_ += ')';
  }

  Placeholders& placeholders_;
  std::string& text_;
};

// One section of an update expression: the keyword, then every action of its kind.
template <typename Action>
void RenderSection(std::string_view keyword, const UpdateActions& actions,
                   Placeholders& placeholders, std::string& text) {
  bool first = true;
  Renderer renderer(placeholders, text);
  for (const UpdateAction& any : actions) {
    const auto* action = std::get_if<Action>(&any);
    if (action == nullptr) continue;
    if (first && !text.empty()) text += ' ';
    text += first ? keyword : ", ";
    first = false;
    if constexpr (std::is_same_v<Action, SetAction>) {
      renderer.Render(*action);
    } else {
      renderer.RenderPath(action->path);
      if constexpr (!std::is_same_v<Action, RemoveAction>) {
        text += ' ';
        placeholders.AppendValue(action->value, text);
      }
    }
  }
}

}  // namespace

void Placeholders::AppendName(std::string_view name, std::string& text) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  AppendNumbered("#n", static_cast<std::size_t>(found - names_.begin()), text);
  if (found == names_.end()) names_.push_back(name);
}

void Placeholders::AppendValue(const Value& value, std::string& text) {
  const auto found = std::find_if(values_.begin(), values_.end(),
                                  [&](const Value* known) { return *known == value; });
  AppendNumbered(":v", static_cast<std::size_t>(found - values_.begin()), text);
  if (found == values_.end()) values_.push_back(&value);
}

void Placeholders::Write(json::JsonWriter& writer) const {
  std::string placeholder;
  if (!names_.empty()) {
    writer.Key("ExpressionAttributeNames").BeginObject();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      placeholder.clear();
      AppendNumbered("#n", i, placeholder);
      writer.Key(placeholder).String(names_[i]);
    }
    writer.EndObject();
  }
  if (values_.empty()) return;
  writer.Key("ExpressionAttributeValues").BeginObject();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    placeholder.clear();
    AppendNumbered(":v", i, placeholder);
    writer.Key(placeholder);
    WriteValue(writer, *values_[i]);
  }
  writer.EndObject();
}

std::string ConditionText(const Condition& condition, Placeholders& placeholders) {
  std::string text;
  Renderer(placeholders, text).Render(condition);
  return text;
}

std::string UpdateText(const UpdateActions& actions, Placeholders& placeholders) {
  std::string text;
  RenderSection<SetAction>("SET ", actions, placeholders, text);
  RenderSection<RemoveAction>("REMOVE ", actions, placeholders, text);
  RenderSection<AddAction>("ADD ", actions, placeholders, text);
  RenderSection<DeleteAction>("DELETE ", actions, placeholders, text);
  return text;
}

std::string KeyConditionText(std::string_view hash_name, const Value& hash, const Condition* range,
                             Placeholders& placeholders) {
  std::string text;
  placeholders.AppendName(hash_name, text);
  text += " = ";
  placeholders.AppendValue(hash, text);
  if (range == nullptr) return text;
  text += " AND ";
  Renderer(placeholders, text).Render(*range);
  return text;
}

}  // namespace zael::dynamo
