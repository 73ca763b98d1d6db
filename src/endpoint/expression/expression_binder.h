// Expression binder: from the text of an expression and its placeholders to the store's tree.
//
// Parses, puts names and values in the place of placeholders, and refuses what DynamoDB refuses of
// an expression by itself, whatever table or item it is for: reserved words, unknown or misplaced
// functions, operands of a wrong type, paths that overlap. What is bound is valid for the store
// (store/validate.h). Pure functions but for the marks of use in the bindings.
// Facts: dynamodb-api.md 2.
//
// Errors of all: ValidationException `Invalid ConditionExpression: ...`.
#pragma once

#include <zael/expression.h>

#include <string_view>
#include <vector>

#include "endpoint/api_error.h"
#include "endpoint/expression/expression_bindings.h"

namespace zael::endpoint {

// `member` is ConditionExpression, FilterExpression or KeyConditionExpression, for the message.
ApiResult<Condition> BindCondition(std::string_view member, std::string_view text,
                                   ExpressionBindings& bindings);
ApiResult<UpdateActions> BindUpdate(std::string_view text, ExpressionBindings& bindings);
ApiResult<std::vector<Path>> BindProjection(std::string_view text, ExpressionBindings& bindings);

}  // namespace zael::endpoint
