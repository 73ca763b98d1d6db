#include "endpoint/items/key_condition.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/expression/expression_parser.h"
#include "endpoint/validation.h"
#include "store/key_codec.h"

namespace zael::endpoint {
namespace {

ApiError InvalidOperator(std::string_view name) {
  return ValidationError(Format("Invalid operator used in KeyConditionExpression: {}", name));
}

ApiError InvalidCondition(std::string_view cause) {
  return ValidationError(Format("Invalid condition in KeyConditionExpression: {}", cause));
}

std::string_view NameOf(const Path& path) { return std::get<std::string>(path.steps.front()); }

CompareOp Turned(CompareOp op) {
  switch (op) {
    case CompareOp::kLess:
      return CompareOp::kGreater;
    case CompareOp::kLessOrEqual:
      return CompareOp::kGreaterOrEqual;
    case CompareOp::kGreater:
      return CompareOp::kLess;
    case CompareOp::kGreaterOrEqual:
      return CompareOp::kLessOrEqual;
    default:
      return op;
  }
}

// How many of the operands are paths. Errors: a size() among them.
ApiResult<std::size_t> CountPaths(std::initializer_list<const Operand*> operands) {
  std::size_t paths = 0;
  for (const Operand* operand : operands) {
    if (std::holds_alternative<SizeOf>(*operand)) {
      return ValidationError("KeyConditionExpressions cannot contain nested operations");
    }
    if (std::holds_alternative<Path>(*operand)) ++paths;
  }
  return paths;
}

ApiStatus CheckOnePath(std::initializer_list<const Operand*> operands) {
  ZAEL_API_ASSIGN(const std::size_t paths, CountPaths(operands));
  if (paths == 0) return InvalidCondition("No key attribute specified");
  if (paths > 1) return InvalidCondition("Multiple attribute names used in one condition");
  return {};
}

// Takes a condition apart at its ANDs.
class PartReader {
 public:
  ApiStatus Read(const Condition& condition) { return std::visit(*this, condition.node); }
  std::vector<KeyPart> Take() { return std::move(parts_); }

  ApiStatus operator()(const AllOf& node) {
    for (const Condition& part : node.parts) ZAEL_API_TRY(Read(part));
    return {};
  }
  ApiStatus operator()(const Comparison& node) {
    if (node.op == CompareOp::kNotEqual) return InvalidOperator("<>");
    ZAEL_API_TRY(CheckOnePath({&node.left, &node.right}));
    if (const auto* path = std::get_if<Path>(&node.left)) {
      parts_.push_back({*path, {node}});
    } else {
      const Path& right = std::get<Path>(node.right);
      parts_.push_back({right, {Comparison{right, Turned(node.op), node.left}}});
    }
    return {};
  }
  ApiStatus operator()(const Between& node) {
    ZAEL_API_TRY(CheckOnePath({&node.operand, &node.low, &node.high}));
    return Leading("BETWEEN operator", node.operand, {node});
  }
  ApiStatus operator()(const BeginsWith& node) {
    ZAEL_API_TRY(CheckOnePath({&node.operand, &node.prefix}));
    return Leading("begins_with function", node.operand, {node});
  }
  ApiStatus operator()(const AnyOf&) { return InvalidOperator("OR"); }
  ApiStatus operator()(const Not&) { return InvalidOperator("NOT"); }
  ApiStatus operator()(const In&) { return InvalidOperator("IN"); }
  ApiStatus operator()(const AttributeExists&) { return InvalidOperator("attribute_exists"); }
  ApiStatus operator()(const AttributeNotExists&) {
    return InvalidOperator("attribute_not_exists");
  }
  ApiStatus operator()(const AttributeType&) { return InvalidOperator("attribute_type"); }
  ApiStatus operator()(const Contains&) { return InvalidOperator("contains"); }

 private:
  ApiStatus Leading(std::string_view what, const Operand& operand, Condition condition) {
    const auto* path = std::get_if<Path>(&operand);
    if (path == nullptr) {
      return InvalidCondition(Format("{} must have the key attribute as its first operand", what));
    }
    parts_.push_back({*path, std::move(condition)});
    return {};
  }

  std::vector<KeyPart> parts_;
};

// The values of a part: one, or two of Between.
std::vector<const Value*> ValuesOf(const Condition& condition) {
  const auto value = [](const Operand& operand) { return std::get_if<Value>(&operand); };
  if (const auto* between = std::get_if<Between>(&condition.node)) {
    return {value(between->low), value(between->high)};
  }
  if (const auto* prefix = std::get_if<BeginsWith>(&condition.node)) {
    return {value(prefix->prefix)};
  }
  return {value(std::get<Comparison>(condition.node).right)};
}

ApiStatus CheckValues(const KeyPart& part, const KeyAttribute& attribute) {
  for (const Value* value : ValuesOf(part.condition)) {
    if (!store::IsOfType(attribute.type, *value)) {
      return ValidationError(
          "One or more parameter values were invalid: Condition parameter type does not match "
          "schema type");
    }
    const auto* text = value->As<std::string>();
    const auto* binary = value->As<Binary>();
    const bool empty_text = text != nullptr && text->empty();
    if (!empty_text && (binary == nullptr || !binary->bytes.empty())) continue;
    return ValidationError(
        Format("One or more parameter values are not valid. The AttributeValue for a key attribute "
               "cannot contain an empty {} value. Key: {}",
               empty_text ? "string" : "binary", attribute.name));
  }
  return {};
}

const KeyPart* PartNamed(const std::vector<KeyPart>& parts, std::string_view name) {
  for (const KeyPart& part : parts) {
    if (NameOf(part.path) == name) return &part;
  }
  return nullptr;
}

}  // namespace

ApiResult<std::vector<KeyPart>> ReadKeyParts(const Condition& condition) {
  PartReader reader;
  ZAEL_API_TRY(reader.Read(condition));
  std::vector<KeyPart> parts = reader.Take();
  for (const KeyPart& part : parts) {
    if (PartNamed(parts, NameOf(part.path)) != &part) {
      return ValidationError("KeyConditionExpressions must only contain one condition per key");
    }
  }
  if (parts.size() > 2) return ValidationError("Conditions can be of length 1 or 2 only");
  return parts;
}

ApiResult<KeyRange> FitKeyParts(const std::vector<KeyPart>& parts, const KeySchema& schema) {
  for (const KeyPart& part : parts) {
    if (part.path.steps.size() == 1) continue;
    if (!IsKeyOf(schema, NameOf(part.path))) {
      return ValidationError("KeyConditionExpressions cannot have conditions on nested attributes");
    }
    return ValidationError(
        Format("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
               "allowed: Key: {}",
               NameOf(part.path)));
  }
  const auto missed = [](std::string_view name) {
    return ValidationError(Format("Query condition missed key schema element: {}", name));
  };
  const KeyPart* const hash = PartNamed(parts, schema.hash.name);
  if (hash == nullptr) return missed(schema.hash.name);
  const KeyPart* const range =
      schema.range.has_value() ? PartNamed(parts, schema.range->name) : nullptr;
  if (parts.size() == 2 && range == nullptr) {
    if (schema.range.has_value()) return missed(schema.range->name);
    return ValidationError("Query key condition not supported");
  }
  ZAEL_API_TRY(CheckValues(*hash, schema.hash));
  if (range != nullptr) ZAEL_API_TRY(CheckValues(*range, *schema.range));
  const auto* equal = std::get_if<Comparison>(&hash->condition.node);
  if (equal == nullptr || equal->op != CompareOp::kEqual) {
    return ValidationError("Query key condition not supported");
  }
  KeyRange fitted{.hash = std::get<Value>(equal->right), .range = std::nullopt};
  if (range != nullptr) fitted.range = range->condition;
  return fitted;
}

}  // namespace zael::endpoint
