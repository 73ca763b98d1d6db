#include "endpoint/items/request_expressions.h"

#include <utility>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/expression/expression_binder.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kCondition = "ConditionExpression";
constexpr std::string_view kUpdate = "UpdateExpression";
constexpr std::string_view kFilter = "FilterExpression";
constexpr std::string_view kKeyCondition = "KeyConditionExpression";
constexpr std::string_view kProjection = "ProjectionExpression";

using Names = std::vector<std::string_view>;

std::string Joined(const Names& names, std::string_view between) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += between;
    text += name;
  }
  return text;
}

Names Given(const ExpressionTexts& texts) {
  Names given;
  if (texts.update.has_value()) given.push_back(kUpdate);
  if (texts.condition.has_value()) given.push_back(kCondition);
  if (texts.filter.has_value()) given.push_back(kFilter);
  if (texts.key_condition.has_value()) given.push_back(kKeyCondition);
  if (texts.projection.has_value()) given.push_back(kProjection);
  return given;
}

// Of the members that could use values, for the message.
Names UsersOfValues(const ExpressionMembers& members) {
  Names users;
  if (members.update) users.push_back(kUpdate);
  if (members.condition) users.push_back(kCondition);
  if (members.filter) users.push_back(kFilter);
  if (members.key_condition) users.push_back(kKeyCondition);
  return users;
}

bool IsGiven(const json::JsonValue& map) { return map.Is(json::JsonValue::Kind::kObject); }

ApiStatus CheckCombination(const ExpressionTexts& texts, const Names& legacy) {
  const Names given = Given(texts);
  if (!legacy.empty() && !given.empty()) {
    return ValidationError(
        Format("Can not use both expression and non-expression parameters in the same request: "
               "Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
               Joined(legacy, ", "), Joined(given, ", ")));
  }
  if (IsGiven(texts.names) && given.empty()) {
    return ValidationError("ExpressionAttributeNames can only be specified when using expressions");
  }
  const bool uses_values = texts.condition.has_value() || texts.update.has_value() ||
                           texts.filter.has_value() || texts.key_condition.has_value();
  if (IsGiven(texts.values) && !uses_values) {
    const Names users = UsersOfValues(texts.members);
    return ValidationError(
        Format("ExpressionAttributeValues can only be specified when using expressions: {} {} null",
               Joined(users, " and "), users.size() == 1 ? "is" : "are"));
  }
  return {};
}

}  // namespace

ExpressionTexts ReadExpressions(const ExpressionMembers& members, Members& request) {
  ExpressionTexts texts{.members = members};
  if (members.condition) texts.condition = request.Text(kCondition);
  if (members.update) texts.update = request.Text(kUpdate);
  if (members.filter) texts.filter = request.Text(kFilter);
  if (members.key_condition) texts.key_condition = request.Text(kKeyCondition);
  if (members.projection) texts.projection = request.Text(kProjection);
  texts.names = request.TextMap("ExpressionAttributeNames");
  if (!UsersOfValues(members).empty()) {
    texts.values = request.Attributes("ExpressionAttributeValues");
  }
  return texts;
}

ApiResult<BoundExpressions> BindExpressions(const ExpressionTexts& texts, const Names& legacy) {
  ZAEL_API_TRY(CheckCombination(texts, legacy));
  BoundExpressions bound;
  ZAEL_API_ASSIGN(ExpressionBindings bindings, ExpressionBindings::Read(texts.names, texts.values));
  if (texts.update.has_value()) {
    ZAEL_API_ASSIGN(bound.update, BindUpdate(*texts.update, bindings));
  }
  if (texts.condition.has_value()) {
    ZAEL_API_ASSIGN(bound.condition, BindCondition(kCondition, *texts.condition, bindings));
  }
  if (texts.filter.has_value()) {
    ZAEL_API_ASSIGN(bound.filter, BindCondition(kFilter, *texts.filter, bindings));
  }
  if (texts.key_condition.has_value()) {
    ZAEL_API_ASSIGN(bound.key_condition,
                    BindCondition(kKeyCondition, *texts.key_condition, bindings));
  }
  if (texts.projection.has_value()) {
    ZAEL_API_ASSIGN(bound.projection, BindProjection(*texts.projection, bindings));
  }
  ZAEL_API_TRY(bindings.CheckAllUsed());
  return bound;
}

}  // namespace zael::endpoint
