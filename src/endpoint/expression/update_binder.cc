// Updates and projections. An update is judged in DynamoDB's order: words and functions, sections,
// targets, then what is assigned.

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "endpoint/expression/expression_binder.h"
#include "endpoint/expression/expression_parser.h"
#include "endpoint/expression/path_binder.h"
#include "endpoint/expression/static_type.h"
#include "endpoint/validation.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kIfNotExists = "if_not_exists";
constexpr std::string_view kListAppend = "list_append";

Error Misused(std::string_view function) {
  return Invalid(Format(
      "The function is not allowed to be used this way in an expression; function: {}", function));
}

Status CheckFunction(std::string_view name) {
  if (name == kIfNotExists || name == kListAppend) return {};
  static constexpr std::string_view kOfConditions[] = {"attribute_exists", "attribute_not_exists",
                                                       "attribute_type",   "begins_with",
                                                       "contains",         "size"};
  if (std::find(std::begin(kOfConditions), std::end(kOfConditions), name) !=
      std::end(kOfConditions)) {
    return Invalid(
        Format("The function is not allowed in an update expression; function: {}", name));
  }
  return Invalid(Format("Invalid function name; function: {}", name));
}

Status CheckOperandWords(const Syntax& operand) {
  if (operand.kind == SyntaxKind::kPath) return CheckWords(operand.path);
  if (operand.kind == SyntaxKind::kFunction) ZAEL_TRY(CheckFunction(operand.text));
  for (const Syntax& inner : operand.operands) ZAEL_TRY(CheckOperandWords(inner));
  return {};
}

Status CheckAllWords(const UpdateSyntax& update) {
  for (const ActionSyntax& action : update.actions) {
    ZAEL_TRY(CheckWords(action.target));
    if (action.left.has_value()) ZAEL_TRY(CheckOperandWords(*action.left));
    if (action.right.has_value()) ZAEL_TRY(CheckOperandWords(*action.right));
  }
  return {};
}

Status CheckSections(const std::vector<Section>& sections) {
  for (auto section = sections.begin(); section != sections.end(); ++section) {
    if (std::find(sections.begin(), section, *section) == section) continue;
    return Invalid(Format("The \"{}\" section can only be used once in an update expression;",
                          SectionName(*section)));
  }
  return {};
}

Status CheckOperandType(std::string_view name, const SetOperand& operand, std::string_view wanted) {
  const auto* value = std::get_if<Value>(&operand);
  if (value == nullptr || TypeName(*value) == wanted) return {};
  return Invalid(
      Format("Incorrect operand type for operator or function; operator or function: {}, operand "
             "type: {}",
             name, TypeName(*value)));
}

Status CheckSectionType(Section section, const Value& value) {
  const bool set = value.As<StringSet>() != nullptr || value.As<NumberSet>() != nullptr ||
                   value.As<BinarySet>() != nullptr;
  if (set || (section == Section::kAdd && value.As<Number>() != nullptr)) return {};
  const std::string_view name = SectionName(section);
  return Invalid(
      Format("Incorrect operand type for operator or function; operator: {}, operand "
             "type: {}, typeSet: ALLOWED_FOR_{}_OPERAND",
             name, LongTypeName(value), name));
}

class UpdateBinder {
 public:
  explicit UpdateBinder(ExpressionBindings& bindings) : bindings_(bindings) {}

  Result<UpdateActions> Bind(const UpdateSyntax& update) {
    ZAEL_TRY(CheckAllWords(update));
    ZAEL_TRY(CheckSections(update.sections));
    std::vector<Path> targets;
    targets.reserve(update.actions.size());
    std::vector<const Path*> views;
    views.reserve(update.actions.size());
    for (const ActionSyntax& action : update.actions) {
      ZAEL_ASSIGN(Path target, BindPath(action.target, bindings_));
      targets.push_back(std::move(target));
      views.push_back(&targets.back());
    }
    ZAEL_TRY(CheckApart(views));
    UpdateActions actions;
    actions.reserve(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
      ZAEL_ASSIGN(UpdateAction action, BindAction(update.actions[i], std::move(targets[i])));
      actions.push_back(std::move(action));
    }
    return actions;
  }

 private:
  Result<UpdateAction> BindAction(const ActionSyntax& syntax, Path target) {
    if (syntax.section == Section::kRemove) return RemoveFrom(std::move(target));
    if (syntax.section == Section::kSet) return BindSet(syntax, std::move(target));
    ZAEL_ASSIGN(const Value* value, bindings_.ValueOf(syntax.left->text));
    ZAEL_TRY(CheckSectionType(syntax.section, *value));
    if (syntax.section == Section::kAdd) return AddTo(std::move(target), *value);
    return UpdateAction(DeleteAction{.path = std::move(target), .value = *value});
  }

  Result<UpdateAction> BindSet(const ActionSyntax& syntax, Path target) {
    SetAction set{.path = std::move(target), .left = Value(), .op = syntax.op};
    if (syntax.left->kind == SyntaxKind::kFunction && syntax.left->text == kListAppend &&
        !syntax.right.has_value()) {
      ZAEL_TRY(BindListAppend(*syntax.left, set));
      return UpdateAction(std::move(set));
    }
    ZAEL_ASSIGN(set.left, BindOperand(*syntax.left));
    if (!syntax.right.has_value()) return UpdateAction(std::move(set));
    ZAEL_ASSIGN(set.right, BindOperand(*syntax.right));
    const std::string_view sign = syntax.op == SetOp::kPlus ? "+" : "-";
    ZAEL_TRY(CheckOperandType(sign, set.left, "N"));
    ZAEL_TRY(CheckOperandType(sign, set.right, "N"));
    return UpdateAction(std::move(set));
  }

  Status BindListAppend(const Syntax& call, SetAction& set) {
    set.op = SetOp::kListAppend;
    ZAEL_ASSIGN(std::vector<SetOperand> operands, BindOperands(call));
    set.left = std::move(operands[0]);
    set.right = std::move(operands[1]);
    ZAEL_TRY(CheckOperandType(kListAppend, set.left, "L"));
    return CheckOperandType(kListAppend, set.right, "L");
  }

  // Two of them.
  Result<std::vector<SetOperand>> BindOperands(const Syntax& call) {
    std::vector<SetOperand> operands;
    for (const Syntax& each : call.operands) {
      ZAEL_ASSIGN(SetOperand operand, BindOperand(each));
      operands.push_back(std::move(operand));
    }
    if (operands.size() == 2) return operands;
    return Invalid(
        Format("Incorrect number of operands for operator or function; operator or function: {}, "
               "number of operands: {}",
               call.text, operands.size()));
  }

  Result<SetOperand> BindOperand(const Syntax& syntax) {
    if (syntax.kind == SyntaxKind::kPath) {
      ZAEL_ASSIGN(Path path, BindPath(syntax.path, bindings_));
      return SetOperand(std::move(path));
    }
    if (syntax.kind == SyntaxKind::kValue) {
      ZAEL_ASSIGN(const Value* value, bindings_.ValueOf(syntax.text));
      return SetOperand(*value);
    }
    if (syntax.text != kIfNotExists) return Misused(syntax.text);
    ZAEL_ASSIGN(std::vector<SetOperand> operands, BindOperands(syntax));
    auto* path = std::get_if<Path>(&operands[0]);
    if (path == nullptr) {
      return Invalid(Format(
          "Operator or function requires a document path; operator or function: {}", kIfNotExists));
    }
    if (const auto* other = std::get_if<Path>(&operands[1]); other != nullptr && *other == *path) {
      return Invalid(
          Format("The first operand must be distinct from the remaining operands for this operator "
                 "or function; operator: {}, first operand: {}",
                 kIfNotExists, PathText(*path)));
    }
    IfNotExists either{.path = std::move(*path), .fallback = Value()};
    if (auto* inner = std::get_if<IfNotExists>(&operands[1])) {
      either.next.push_back(std::move(inner->path));
      either.next.insert(either.next.end(), std::make_move_iterator(inner->next.begin()),
                         std::make_move_iterator(inner->next.end()));
      either.fallback = std::move(inner->fallback);
    } else if (auto* other = std::get_if<Path>(&operands[1])) {
      either.fallback = std::move(*other);
    } else {
      either.fallback = std::get<Value>(std::move(operands[1]));
    }
    return SetOperand(std::move(either));
  }

  ExpressionBindings& bindings_;
};

Result<std::vector<Path>> BindPaths(std::string_view text, ExpressionBindings& bindings) {
  ZAEL_ASSIGN(const std::vector<PathSyntax> syntax, ParseProjection(text));
  std::vector<Path> paths;
  paths.reserve(syntax.size());
  std::vector<const Path*> views;
  views.reserve(syntax.size());
  for (const PathSyntax& each : syntax) {
    ZAEL_ASSIGN(Path path, BindPath(each, bindings));
    paths.push_back(std::move(path));
    views.push_back(&paths.back());
  }
  ZAEL_TRY(CheckApart(views));
  return paths;
}

template <typename T>
ApiResult<T> Named(std::string_view member, Result<T> result) {
  if (result.ok()) return *std::move(result);
  return ValidationError(Format("Invalid {}: {}", member, result.error().message()));
}

}  // namespace

ApiResult<UpdateActions> BindUpdate(std::string_view text, ExpressionBindings& bindings) {
  const auto bind = [&]() -> Result<UpdateActions> {
    ZAEL_ASSIGN(const UpdateSyntax syntax, ParseUpdate(text));
    return UpdateBinder(bindings).Bind(syntax);
  };
  return Named("UpdateExpression", bind());
}

ApiResult<std::vector<Path>> BindProjection(std::string_view text, ExpressionBindings& bindings) {
  return Named("ProjectionExpression", BindPaths(text, bindings));
}

}  // namespace zael::endpoint
