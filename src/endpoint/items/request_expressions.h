// RequestExpressions: the expressions of one request, or of one element of a transaction, read,
// checked against each other and bound to the store's tree.
//
// Pure functions. Facts: dynamodb-api.md 1.3, 2.3.
#pragma once

#include <zael/expression.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "endpoint/request_members.h"

namespace zael::endpoint {

// Which members an operation has.
struct ExpressionMembers {
  bool condition = false;
  bool update = false;
  bool filter = false;
  bool key_condition = false;
  bool projection = false;
};

// As the request has them. Views the request.
struct ExpressionTexts {
  ExpressionMembers members;
  std::optional<std::string> condition;
  std::optional<std::string> update;
  std::optional<std::string> filter;
  std::optional<std::string> key_condition;
  std::optional<std::string> projection;
  json::JsonValue names;
  json::JsonValue values;
};
ExpressionTexts ReadExpressions(const ExpressionMembers& members, Members& request);

struct BoundExpressions {
  std::optional<Condition> condition;
  std::optional<UpdateActions> update;
  std::optional<Condition> filter;
  std::optional<Condition> key_condition;
  std::optional<std::vector<Path>> projection;
};

// `legacy`: the names of the request's parameters that cannot stand beside expressions, in the
// order of their names. Errors: ValidationException. Requires: the request has no faults.
ApiResult<BoundExpressions> BindExpressions(const ExpressionTexts& texts,
                                            const std::vector<std::string_view>& legacy = {});

}  // namespace zael::endpoint
