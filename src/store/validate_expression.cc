// Shapes of values and expressions that are wrong whatever the store holds.

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "store/item_codec.h"
#include "store/validate.h"

namespace zael::store {
namespace {

constexpr std::size_t kMaxNameBytes = 65535;
constexpr std::size_t kMaxInCandidates = 100;
constexpr int kMaxConditionDepth = 302;  // DynamoDB's 300 operators, one inside the other
constexpr std::size_t kMaxConditionNodes = 1000;
constexpr std::size_t kMaxActions = 300;

template <typename... Args>
Error RefuseExpression(fmt::format_string<Args...> text, Args&&... args) {
  return {ErrorCode::kInvalidArgument, Format(text, std::forward<Args>(args)...)};
}

template <typename Member>
Status CheckSet(const std::vector<Member>& members) {
  if (members.empty()) return RefuseExpression("check value: a set may not be empty");
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (!(members[i - 1] < members[i])) {
      return RefuseExpression("check value: the members of a set must be sorted, each once");
    }
  }
  return {};
}

Status CheckValue(const Value& value, int depth) {
  if (depth > kMaxNesting)
    return RefuseExpression("check value: nested deeper than {} levels", kMaxNesting);
  if (value.As<Number>() != nullptr || value.As<std::string>() != nullptr) return {};
  if (const auto* list = value.As<List>()) {
    for (const Value& member : *list) ZAEL_TRY(CheckValue(member, depth + 1));
    return {};
  }
  if (const auto* map = value.As<Item>()) {
    for (const Attribute& member : *map) ZAEL_TRY(CheckValue(member.value, depth + 1));
    return {};
  }
  if (const auto* set = value.As<StringSet>()) return CheckSet(set->members);
  if (const auto* set = value.As<NumberSet>()) return CheckSet(set->members);
  if (const auto* set = value.As<BinarySet>()) return CheckSet(set->members);
  return {};
}

Status CheckPath(const Path& path) {
  if (path.steps.empty()) return RefuseExpression("check expression: a path is empty");
  if (path.steps.size() > static_cast<std::size_t>(kMaxNesting)) {
    return RefuseExpression("check expression: a path has {} steps, at most {}", path.steps.size(),
                            kMaxNesting);
  }
  const auto* first = std::get_if<std::string>(&path.steps.front());
  if (first == nullptr)
    return RefuseExpression("check expression: a path begins with an index, not a name");
  for (const auto& step : path.steps) {
    const auto* name = std::get_if<std::string>(&step);
    if (name != nullptr && (name->empty() || name->size() > kMaxNameBytes)) {
      return RefuseExpression("check expression: attribute name {} must be 1 to {} bytes",
                              Shorten(*name), kMaxNameBytes);
    }
  }
  return {};
}

Status CheckOperand(const Operand& operand) {
  if (const auto* path = std::get_if<Path>(&operand)) return CheckPath(*path);
  if (const auto* value = std::get_if<Value>(&operand)) return CheckValue(*value, 0);
  return CheckPath(std::get<SizeOf>(operand).path);
}

bool IsOrdered(const Operand& operand) {
  const auto* value = std::get_if<Value>(&operand);
  return value == nullptr || value->As<Number>() != nullptr ||
         value->As<std::string>() != nullptr || value->As<Binary>() != nullptr;
}

class ConditionChecker {
 public:
  Status Check(const Condition& condition, int depth) {
    if (depth > kMaxConditionDepth || ++nodes_ > kMaxConditionNodes) {
      return RefuseExpression("check condition: at most {} levels and {} parts", kMaxConditionDepth,
                              kMaxConditionNodes);
    }
    // The usual part, without a visit's jump.
    if (const auto* comparison = std::get_if<Comparison>(&condition.node))
      return CheckNode(*comparison, depth);
    return std::visit([this, depth](const auto& node) { return CheckNode(node, depth); },
                      condition.node);
  }

 private:
  Status CheckNode(const Comparison& c, int) {
    ZAEL_TRY(CheckOperand(c.left));
    ZAEL_TRY(CheckOperand(c.right));
    if (c.op == CompareOp::kEqual || c.op == CompareOp::kNotEqual) return {};
    return CheckOrdered({&c.left, &c.right});
  }
  Status CheckNode(const Between& c, int) {
    ZAEL_TRY(CheckOperand(c.operand));
    ZAEL_TRY(CheckOperand(c.low));
    ZAEL_TRY(CheckOperand(c.high));
    return CheckOrdered({&c.operand, &c.low, &c.high});
  }
  Status CheckNode(const In& c, int) {
    if (c.candidates.empty() || c.candidates.size() > kMaxInCandidates) {
      return RefuseExpression("check condition: IN has {} candidates, allowed are 1 to {}",
                              c.candidates.size(), kMaxInCandidates);
    }
    ZAEL_TRY(CheckOperand(c.operand));
    for (const Operand& candidate : c.candidates) ZAEL_TRY(CheckOperand(candidate));
    return {};
  }
  Status CheckNode(const AttributeExists& c, int) { return CheckPath(c.path); }
  Status CheckNode(const AttributeNotExists& c, int) { return CheckPath(c.path); }
  Status CheckNode(const AttributeType& c, int) {
    static constexpr std::string_view kTypes[] = {"S",  "N", "B", "SS",   "NS",
                                                  "BS", "M", "L", "BOOL", "NULL"};
    if (std::find(std::begin(kTypes), std::end(kTypes), c.type) == std::end(kTypes)) {
      return RefuseExpression(
          "check condition: attribute type {} is none of S, N, B, SS, NS, BS, M, L, BOOL, "
          "NULL",
          Shorten(c.type));
    }
    return CheckPath(c.path);
  }
  Status CheckNode(const BeginsWith& c, int) {
    ZAEL_TRY(CheckOperand(c.operand));
    ZAEL_TRY(CheckOperand(c.prefix));
    const auto* prefix = std::get_if<Value>(&c.prefix);
    if (prefix != nullptr && prefix->As<std::string>() == nullptr &&
        prefix->As<Binary>() == nullptr) {
      return RefuseExpression("check condition: begins_with needs a string or binary prefix");
    }
    return {};
  }
  Status CheckNode(const Contains& c, int) {
    ZAEL_TRY(CheckOperand(c.operand));
    return CheckOperand(c.member);
  }
  Status CheckNode(const AllOf& c, int depth) { return CheckParts(c.parts, depth); }
  Status CheckNode(const AnyOf& c, int depth) { return CheckParts(c.parts, depth); }
  Status CheckNode(const Not& c, int depth) {
    if (c.part == nullptr) return RefuseExpression("check condition: NOT without a condition");
    return Check(*c.part, depth + 1);
  }

  Status CheckParts(const Conditions& parts, int depth) {
    if (parts.empty())
      return RefuseExpression("check condition: AND and OR need at least one part");
    for (const Condition& part : parts) ZAEL_TRY(Check(part, depth + 1));
    return {};
  }
  static Status CheckOrdered(std::initializer_list<const Operand*> operands) {
    for (const Operand* operand : operands) {
      if (!IsOrdered(*operand)) {
        return RefuseExpression(
            "check condition: only numbers, strings and binaries have an order");
      }
    }
    return {};
  }

  std::size_t nodes_ = 0;
};

bool IsSet(const Value& value) {
  return value.As<StringSet>() != nullptr || value.As<NumberSet>() != nullptr ||
         value.As<BinarySet>() != nullptr;
}

Status CheckSetOperand(const SetOperand& operand) {
  if (const auto* path = std::get_if<Path>(&operand)) return CheckPath(*path);
  if (const auto* value = std::get_if<Value>(&operand)) return CheckValue(*value, 0);
  const auto& either = std::get<IfNotExists>(operand);
  ZAEL_TRY(CheckPath(either.path));
  for (const Path& path : either.next) ZAEL_TRY(CheckPath(path));
  if (const auto* path = std::get_if<Path>(&either.fallback)) return CheckPath(*path);
  return CheckValue(std::get<Value>(either.fallback), 0);
}

struct ActionChecker {
  Status operator()(const SetAction& action) const {
    ZAEL_TRY(CheckSetOperand(action.left));
    return action.op == SetOp::kAssign ? Status() : CheckSetOperand(action.right);
  }
  Status operator()(const RemoveAction&) const { return {}; }
  Status operator()(const AddAction& action) const {
    if (action.value.As<Number>() == nullptr && !IsSet(action.value)) {
      return RefuseExpression("check update: ADD needs a number or a set");
    }
    return CheckValue(action.value, 0);
  }
  Status operator()(const DeleteAction& action) const {
    if (!IsSet(action.value)) return RefuseExpression("check update: DELETE needs a set");
    return CheckValue(action.value, 0);
  }
};

}  // namespace

Status ValidateValues(const Item& item) {
  for (const Attribute& attribute : item) {
    if (attribute.name.empty() || attribute.name.size() > kMaxNameBytes) {
      return RefuseExpression("check item: attribute name {} must be 1 to {} bytes",
                              Shorten(attribute.name), kMaxNameBytes);
    }
    ZAEL_TRY(CheckValue(attribute.value, 0));
  }
  return {};
}

Status ValidateCondition(const Condition& condition) {
  return ConditionChecker().Check(condition, 0);
}

Status ValidateActions(const UpdateActions& actions) {
  if (actions.size() > kMaxActions) {
    return RefuseExpression("check update: {} actions, at most {}", actions.size(), kMaxActions);
  }
  for (const UpdateAction& action : actions) {
    ZAEL_TRY(std::visit([](const auto& a) { return CheckPath(a.path); }, action));
    ZAEL_TRY(std::visit(ActionChecker{}, action));
  }
  return {};
}

}  // namespace zael::store
