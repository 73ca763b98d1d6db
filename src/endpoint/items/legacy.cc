#include "endpoint/items/legacy.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/format.h"
#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/expression/static_type.h"
#include "endpoint/validation.h"

namespace zael::endpoint {
namespace {

using json::JsonMember;
using json::JsonValue;
using Kind = JsonValue::Kind;

// How many values an operator takes.
struct OperatorSpec {
  std::string_view name;
  std::size_t min_values;
  std::size_t max_values;
};
constexpr std::array<OperatorSpec, 13> kOperators{{{"EQ", 1, 1},
                                                   {"NE", 1, 1},
                                                   {"IN", 1, 100},
                                                   {"LE", 1, 1},
                                                   {"LT", 1, 1},
                                                   {"GE", 1, 1},
                                                   {"GT", 1, 1},
                                                   {"BETWEEN", 2, 2},
                                                   {"NOT_NULL", 0, 0},
                                                   {"NULL", 0, 0},
                                                   {"CONTAINS", 1, 1},
                                                   {"NOT_CONTAINS", 1, 1},
                                                   {"BEGINS_WITH", 1, 1}}};

const OperatorSpec* OperatorNamed(std::string_view name) {
  const auto* found = std::find_if(kOperators.begin(), kOperators.end(),
                                   [&](const OperatorSpec& spec) { return spec.name == name; });
  return found == kOperators.end() ? nullptr : found;
}

ApiError RefuseLegacy(std::string_view what) {
  return ValidationError(Format("{}{}", kInvalidValues, what));
}

ApiResult<Value> ReadOne(const JsonValue& value) {
  Result<Value> read = dynamo::ReadValue(value);
  if (!read.ok()) return ValidationError(read.error().message());
  return *std::move(read);
}

ApiStatus CheckOperand(std::string_view name, const Value& value) {
  const std::string_view type = TypeName(value);
  const bool ordered =
      name == "LE" || name == "LT" || name == "GE" || name == "GT" || name == "BETWEEN";
  const bool wrong =
      (ordered && !IsOrderedType(type)) || (name == "BEGINS_WITH" && type != "S" && type != "B");
  if (!wrong) return {};
  return RefuseLegacy(
      Format("ComparisonOperator {} is not valid for {} AttributeValue type", name, type));
}

Condition Compared(std::string_view attribute, CompareOp op, Value value) {
  return {Comparison{Path(attribute), op, std::move(value)}};
}

Condition Made(std::string_view name, std::string_view attribute, std::vector<Value> values) {
  if (name == "NOT_NULL") return Exists(attribute);
  if (name == "NULL") return NotExists(attribute);
  if (name == "IN") {
    return {In{Path(attribute), std::vector<Operand>(values.begin(), values.end())}};
  }
  if (name == "BETWEEN") return {Between{Path(attribute), values[0], values[1]}};
  if (name == "CONTAINS") return {Contains{Path(attribute), values[0]}};
  if (name == "BEGINS_WITH") return {BeginsWith{Path(attribute), values[0]}};
  if (name == "NOT_CONTAINS") {
    return All({Exists(attribute), Negate({Contains{Path(attribute), values[0]}})});
  }
  const CompareOp op = name == "EQ"   ? CompareOp::kEqual
                       : name == "NE" ? CompareOp::kNotEqual
                       : name == "LE" ? CompareOp::kLessOrEqual
                       : name == "LT" ? CompareOp::kLess
                       : name == "GE" ? CompareOp::kGreaterOrEqual
                                      : CompareOp::kGreater;
  return Compared(attribute, op, std::move(values[0]));
}

ApiResult<Condition> ReadComparison(std::string_view attribute, std::string_view name,
                                    const JsonValue& list) {
  const OperatorSpec* const spec = OperatorNamed(name);
  if (spec == nullptr) return RefuseLegacy(Format("Unsupported ComparisonOperator: {}", name));
  if (list.size() < spec->min_values || list.size() > spec->max_values) {
    return RefuseLegacy(
        Format("Invalid number of argument(s) for the {} ComparisonOperator", name));
  }
  std::vector<Value> values;
  for (std::size_t i = 0; i < list.size(); ++i) {
    ZAEL_API_ASSIGN(Value value, ReadOne(list.At(i)));
    ZAEL_API_TRY(CheckOperand(name, value));
    values.push_back(std::move(value));
  }
  return Made(name, attribute, std::move(values));
}

ApiResult<Condition> ReadExpected(std::string_view attribute, const JsonValue& expected) {
  const JsonValue value = expected.Find("Value");
  const std::optional<bool> exists = expected.Find("Exists").AsBool();
  if (const auto name = expected.Find("ComparisonOperator").AsString()) {
    if (exists.has_value()) {
      return RefuseLegacy(Format(
          "Exists and ComparisonOperator cannot be used together for Attribute: {}", attribute));
    }
    if (value.Is(Kind::kObject)) {
      return RefuseLegacy(Format(
          "Value and ComparisonOperator cannot be used together for Attribute: {}", attribute));
    }
    return ReadComparison(attribute, *name, expected.Find("AttributeValueList"));
  }
  if (!exists.value_or(true)) {
    if (value.Is(Kind::kObject)) {
      return RefuseLegacy(
          Format("Value cannot be used when Exists is set to false for Attribute: {}", attribute));
    }
    return NotExists(attribute);
  }
  if (!value.Is(Kind::kObject)) {
    return RefuseLegacy(Format("Value must be provided when Exists is {} for Attribute: {}",
                               exists.has_value() ? "true" : "null", attribute));
  }
  ZAEL_API_ASSIGN(Value wanted, ReadOne(value));
  return Equal(attribute, std::move(wanted));
}

ApiResult<Condition> ReadCondition(std::string_view attribute, const JsonValue& condition) {
  const auto name = condition.Find("ComparisonOperator").AsString();
  return ReadComparison(attribute, name.value_or(""), condition.Find("AttributeValueList"));
}

// One condition for each member, joined.
template <typename Read>
ApiResult<Condition> ReadJoined(const JsonValue& map, bool any_suffices, const Read& read) {
  Conditions parts;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const JsonMember member = map.Member(i);
    ZAEL_API_ASSIGN(Condition part, read(member.name, member.value));
    parts.push_back(std::move(part));
  }
  return any_suffices ? Any(std::move(parts)) : All(std::move(parts));
}

ApiResult<UpdateAction> ReadUpdate(std::string_view attribute, const JsonValue& update) {
  const std::string_view action = update.Find("Action").AsString().value_or("PUT");
  const JsonValue given = update.Find("Value");
  if (action != "PUT" && action != "ADD" && action != "DELETE") {
    return ValidationError(
        Format("1 validation error detected: Value '{}' at 'attributeUpdates.{}.member.action' "
               "failed to satisfy constraint: Member must satisfy enum value set: "
               "[ADD, PUT, DELETE]",
               action, attribute));
  }
  if (!given.Is(Kind::kObject)) {
    if (action == "DELETE") return RemoveFrom(attribute);
    return RefuseLegacy(
        Format("Only DELETE action is allowed when no attribute value is specified"));
  }
  ZAEL_API_ASSIGN(Value value, ReadOne(given));
  const bool set = value.As<StringSet>() != nullptr || value.As<NumberSet>() != nullptr ||
                   value.As<BinarySet>() != nullptr;
  if (action == "PUT") return Assign(attribute, std::move(value));
  if (action == "DELETE") {
    if (set) return UpdateAction(DeleteAction{attribute, std::move(value)});
  } else if (set || value.As<Number>() != nullptr) {
    return AddTo(attribute, std::move(value));
  } else if (value.As<List>() != nullptr) {
    return UpdateAction(SetAction{.path = attribute,
                                  .left = IfNotExists{attribute, Value(List{})},
                                  .op = SetOp::kListAppend,
                                  .right = std::move(value)});
  }
  return RefuseLegacy(
      Format("{} action is not supported for the type {}", action, LongTypeName(value)));
}

ApiResult<UpdateActions> ReadUpdates(const JsonValue& map) {
  UpdateActions actions;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const JsonMember member = map.Member(i);
    ZAEL_API_ASSIGN(UpdateAction action, ReadUpdate(member.name, member.value));
    actions.push_back(std::move(action));
  }
  return actions;
}

}  // namespace

bool LegacyTexts::Has(std::string_view name) const {
  return std::find(given.begin(), given.end(), name) != given.end();
}

LegacyTexts ReadLegacy(const LegacyMembers& members, Members& request) {
  LegacyTexts texts{.members = members};
  const auto note = [&](std::string_view name) {
    if (request.Has(name)) texts.given.push_back(name);
  };
  const auto map = [&](bool wanted, std::string_view name) {
    if (!wanted) return JsonValue();
    note(name);
    return request.Map(name, Presence::kOptional);
  };
  texts.attribute_updates = map(members.attribute_updates, "AttributeUpdates");
  if (members.attributes_to_get) {
    note("AttributesToGet");
    texts.attributes_to_get =
        request.Texts("AttributesToGet", {.min_size = 1}).value_or(std::vector<std::string>());
  }
  if (members.expected || members.key_conditions || !members.filter.empty()) {
    note("ConditionalOperator");
    texts.any_suffices = request.Text("ConditionalOperator", {.choices = {"OR", "AND"}}) == "OR";
  }
  texts.expected = map(members.expected, "Expected");
  texts.key_conditions = map(members.key_conditions, "KeyConditions");
  texts.filter = map(!members.filter.empty(), members.filter);
  return texts;
}

ApiStatus BindLegacy(const LegacyTexts& texts, BoundExpressions& bound) {
  if (texts.given.empty()) return {};
  const auto given = [](const JsonValue& map) { return map.size() > 0; };
  if (texts.Has("ConditionalOperator") && !given(texts.expected) && !given(texts.filter)) {
    return ValidationError("ConditionalOperator cannot be used without Filter or Expected");
  }
  if (!texts.attributes_to_get.empty()) {
    bound.projection.emplace();
    for (const std::string& name : texts.attributes_to_get) {
      const Path path(name);
      if (std::find(bound.projection->begin(), bound.projection->end(), path) !=
          bound.projection->end()) {
        return RefuseLegacy(Format("Duplicate value in attribute name: {}", name));
      }
      bound.projection->push_back(path);
    }
  }
  if (given(texts.expected)) {
    ZAEL_API_ASSIGN(bound.condition, ReadJoined(texts.expected, texts.any_suffices, ReadExpected));
  }
  if (given(texts.attribute_updates)) {
    ZAEL_API_ASSIGN(bound.update, ReadUpdates(texts.attribute_updates));
  }
  if (given(texts.key_conditions)) {
    ZAEL_API_ASSIGN(bound.key_condition, ReadJoined(texts.key_conditions, false, ReadCondition));
  }
  if (given(texts.filter)) {
    ZAEL_API_ASSIGN(bound.filter, ReadJoined(texts.filter, texts.any_suffices, ReadCondition));
  }
  return {};
}

}  // namespace zael::endpoint
