// Conditions: each part is judged where it stands in the text, its operands before itself.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "endpoint/expression/expression_binder.h"
#include "endpoint/expression/expression_parser.h"
#include "endpoint/expression/path_binder.h"
#include "endpoint/expression/static_type.h"
#include "endpoint/validation.h"
#include "store/evaluate.h"

namespace zael::endpoint {
namespace {

constexpr std::size_t kMaxInCandidates = 100;

enum class Function {
  kAttributeExists,
  kAttributeNotExists,
  kAttributeType,
  kBeginsWith,
  kContains,
  kSize
};
struct FunctionSpec {
  std::string_view name;
  Function function;
  std::size_t operands;
};
constexpr std::array<FunctionSpec, 6> kFunctions{
    {{"attribute_exists", Function::kAttributeExists, 1},
     {"attribute_not_exists", Function::kAttributeNotExists, 1},
     {"attribute_type", Function::kAttributeType, 2},
     {"begins_with", Function::kBeginsWith, 2},
     {"contains", Function::kContains, 2},
     {"size", Function::kSize, 1}}};

Result<FunctionSpec> FunctionNamed(std::string_view name) {
  for (const FunctionSpec& spec : kFunctions) {
    if (spec.name == name) return spec;
  }
  if (name == "if_not_exists" || name == "list_append") {
    return Invalid(
        Format("The function is not allowed in a condition expression; function: {}", name));
  }
  return Invalid(Format("Invalid function name; function: {}", name));
}

Error Misused(std::string_view function) {
  return Invalid(Format(
      "The function is not allowed to be used this way in an expression; function: {}", function));
}

Error WrongType(std::string_view function, std::string_view type) {
  return Invalid(
      Format("Incorrect operand type for operator or function; operator or function: {}, operand "
             "type: {}",
             function, type));
}

Status CheckDistinct(std::string_view name, const std::vector<Operand>& operands) {
  const auto* first = std::get_if<Path>(&operands.front());
  if (first == nullptr) return {};
  const bool again = std::any_of(operands.begin() + 1, operands.end(), [&](const Operand& operand) {
    const auto* path = std::get_if<Path>(&operand);
    return path != nullptr && *path == *first;
  });
  if (!again) return {};
  return Invalid(
      Format("The first operand must be distinct from the remaining operands for this operator or "
             "function; operator: {}, first operand: {}",
             name, PathText(*first)));
}

Status CheckOrdered(std::string_view name, const std::vector<Operand>& operands) {
  for (const Operand& operand : operands) {
    const std::string_view type = TypeOf(operand);
    if (!type.empty() && !IsOrderedType(type)) return WrongType(name, type);
  }
  return {};
}

// Both of one type that has an order.
bool IsAbove(const Value& low, const Value& high) {
  const Condition above{Comparison{low, CompareOp::kGreater, high}};
  const auto holds = store::Holds(above, nullptr);
  return holds.ok() && *holds;
}

Status CheckBounds(const Operand& low, const Operand& high) {
  const auto* low_value = std::get_if<Value>(&low);
  const auto* high_value = std::get_if<Value>(&high);
  if (low_value == nullptr || high_value == nullptr) return {};
  const auto refuse = [&](std::string_view rule) {
    return Invalid(
        Format("The BETWEEN operator requires {}; lower bound operand: AttributeValue: "
               "{}, upper bound operand: AttributeValue: {}",
               rule, ShownValue(*low_value), ShownValue(*high_value)));
  };
  if (TypeName(*low_value) != TypeName(*high_value)) {
    return refuse("same data type for lower and upper bounds");
  }
  if (IsAbove(*low_value, *high_value)) {
    return refuse("upper bound to be greater than or equal to lower bound");
  }
  return {};
}

Condition Constant(bool holds) {
  return {Comparison{Value(true), CompareOp::kEqual, Value(holds)}};
}

class ConditionBinder {
 public:
  explicit ConditionBinder(ExpressionBindings& bindings) : bindings_(bindings) {}

  Result<Condition> Bind(const Syntax& syntax) {
    switch (syntax.kind) {
      case SyntaxKind::kCompare:
        return BindCompare(syntax);
      case SyntaxKind::kBetween:
        return BindBetween(syntax);
      case SyntaxKind::kIn:
        return BindIn(syntax);
      case SyntaxKind::kAnd:
      case SyntaxKind::kOr:
        return BindParts(syntax);
      case SyntaxKind::kNot: {
        ZAEL_ASSIGN(Condition part, Bind(syntax.operands.front()));
        return Negate(std::move(part));
      }
      case SyntaxKind::kFunction:
        return BindFunction(syntax);
      case SyntaxKind::kPath:
      case SyntaxKind::kValue:
        break;
    }
    return Invalid("Syntax error");  // the parser makes no such tree
  }

 private:
  Result<Condition> BindParts(const Syntax& syntax) {
    Conditions parts;
    parts.reserve(syntax.operands.size());
    for (const Syntax& operand : syntax.operands) {
      ZAEL_ASSIGN(Condition part, Bind(operand));
      parts.push_back(std::move(part));
    }
    return syntax.kind == SyntaxKind::kAnd ? All(std::move(parts)) : Any(std::move(parts));
  }

  Result<Condition> BindCompare(const Syntax& syntax) {
    ZAEL_ASSIGN(std::vector<Operand> operands, BindOperands(syntax));
    const std::string_view sign = CompareSign(syntax.compare);
    const bool ordered =
        syntax.compare != CompareOp::kEqual && syntax.compare != CompareOp::kNotEqual;
    if (ordered) ZAEL_TRY(CheckOrdered(sign, operands));
    ZAEL_TRY(CheckDistinct(sign, operands));
    return Condition{Comparison{std::move(operands[0]), syntax.compare, std::move(operands[1])}};
  }

  Result<Condition> BindBetween(const Syntax& syntax) {
    ZAEL_ASSIGN(std::vector<Operand> operands, BindOperands(syntax));
    ZAEL_TRY(CheckOrdered("BETWEEN", operands));
    ZAEL_TRY(CheckBounds(operands[1], operands[2]));
    ZAEL_TRY(CheckDistinct("BETWEEN", operands));
    return Condition{
        Between{std::move(operands[0]), std::move(operands[1]), std::move(operands[2])}};
  }

  Result<Condition> BindIn(const Syntax& syntax) {
    if (syntax.operands.size() - 1 > kMaxInCandidates) {
      return Invalid(
          Format("The IN operator is provided with too many operands; number of operands: {}",
                 syntax.operands.size() - 1));
    }
    ZAEL_ASSIGN(std::vector<Operand> operands, BindOperands(syntax));
    ZAEL_TRY(CheckDistinct("IN", operands));
    In in{std::move(operands.front()), {}};
    in.candidates.assign(std::make_move_iterator(operands.begin() + 1),
                         std::make_move_iterator(operands.end()));
    return Condition{std::move(in)};
  }

  Result<Condition> BindFunction(const Syntax& syntax) {
    ZAEL_ASSIGN(const FunctionSpec spec, FunctionNamed(syntax.text));
    if (spec.function == Function::kSize) return Misused(spec.name);
    ZAEL_ASSIGN(std::vector<Operand> operands, BindCall(syntax, spec));
    switch (spec.function) {
      case Function::kAttributeExists:
      case Function::kAttributeNotExists:
        return BindExistence(spec, std::move(operands.front()));
      case Function::kAttributeType:
        return BindAttributeType(operands);
      case Function::kBeginsWith:
        ZAEL_TRY(CheckTexts(spec.name, operands));
        ZAEL_TRY(CheckDistinct(spec.name, operands));
        return Condition{BeginsWith{std::move(operands[0]), std::move(operands[1])}};
      default:
        ZAEL_TRY(CheckDistinct(spec.name, operands));
        return Condition{Contains{std::move(operands[0]), std::move(operands[1])}};
    }
  }

  Result<std::vector<Operand>> BindCall(const Syntax& call, const FunctionSpec& spec) {
    ZAEL_ASSIGN(std::vector<Operand> operands, BindOperands(call));
    if (operands.size() == spec.operands) return operands;
    return Invalid(
        Format("Incorrect number of operands for operator or function; operator or function: {}, "
               "number of operands: {}",
               spec.name, operands.size()));
  }

  static Result<Condition> BindExistence(const FunctionSpec& spec, Operand operand) {
    auto* path = std::get_if<Path>(&operand);
    if (path == nullptr) {
      return Invalid(Format(
          "Operator or function requires a document path; operator or function: {}", spec.name));
    }
    return spec.function == Function::kAttributeExists ? Exists(std::move(*path))
                                                       : NotExists(std::move(*path));
  }

  static Result<Condition> BindAttributeType(const std::vector<Operand>& operands) {
    static constexpr std::array<std::string_view, 10> kTypes = {"N", "BS", "L",  "B",  "NULL",
                                                                "M", "S",  "SS", "NS", "BOOL"};
    const auto* type = std::get_if<Value>(&operands[1]);
    const auto* name = type == nullptr ? nullptr : type->As<std::string>();
    if (name == nullptr) {
      const std::string_view found = TypeOf(operands[1]);
      return WrongType("attribute_type", found.empty() ? "PATH" : found);
    }
    if (std::find(kTypes.begin(), kTypes.end(), *name) == kTypes.end()) {
      return Invalid(
          Format("Invalid attribute type name found; type: {}, valid types: "
                 "{{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}",
                 *name));
    }
    if (const auto* path = std::get_if<Path>(&operands[0])) {
      return Condition{AttributeType{*path, *name}};
    }
    return Constant(TypeOf(operands[0]) == *name);
  }

  static Status CheckTexts(std::string_view function, const std::vector<Operand>& operands) {
    for (const Operand& operand : operands) {
      const std::string_view type = TypeOf(operand);
      if (!type.empty() && type != "S" && type != "B") return WrongType(function, type);
    }
    return {};
  }

  Result<std::vector<Operand>> BindOperands(const Syntax& syntax) {
    std::vector<Operand> operands;
    operands.reserve(syntax.operands.size());
    for (const Syntax& each : syntax.operands) {
      ZAEL_ASSIGN(Operand operand, BindOperand(each));
      operands.push_back(std::move(operand));
    }
    return operands;
  }

  Result<Operand> BindOperand(const Syntax& syntax) {
    if (syntax.kind == SyntaxKind::kPath) {
      ZAEL_ASSIGN(Path path, BindPath(syntax.path, bindings_));
      return Operand(std::move(path));
    }
    if (syntax.kind == SyntaxKind::kValue) {
      ZAEL_ASSIGN(const Value* value, bindings_.ValueOf(syntax.text));
      return Operand(*value);
    }
    ZAEL_ASSIGN(const FunctionSpec spec, FunctionNamed(syntax.text));
    if (spec.function != Function::kSize) return Misused(spec.name);
    ZAEL_ASSIGN(std::vector<Operand> operands, BindCall(syntax, spec));
    if (auto* path = std::get_if<Path>(&operands.front())) return Operand(SizeOf{*path});
    const auto* value = std::get_if<Value>(&operands.front());
    const auto size = value == nullptr ? std::nullopt : store::SizeOfValue(value);
    if (!size.has_value()) return WrongType(spec.name, TypeOf(operands.front()));
    return Operand(Value(*size));
  }

  ExpressionBindings& bindings_;
};

}  // namespace

ApiResult<Condition> BindCondition(std::string_view member, std::string_view text,
                                   ExpressionBindings& bindings) {
  const auto bind = [&]() -> Result<Condition> {
    ZAEL_ASSIGN(const Syntax syntax, ParseCondition(text));
    return ConditionBinder(bindings).Bind(syntax);
  };
  Result<Condition> condition = bind();
  if (condition.ok()) return *std::move(condition);
  return ValidationError(Format("Invalid {}: {}", member, condition.error().message()));
}

}  // namespace zael::endpoint
