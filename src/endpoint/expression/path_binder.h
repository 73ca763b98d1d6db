// Paths of expressions: bound to names, compared, and as DynamoDB's messages show them.
#pragma once

#include <zael/expression.h>

#include <string>
#include <string_view>
#include <vector>

#include "endpoint/expression/expression_bindings.h"
#include "endpoint/expression/expression_parser.h"

namespace zael::endpoint {

// Errors: kInvalidArgument with DynamoDB's words (reserved word, undefined name, index or depth out
// of range).
Result<Path> BindPath(const PathSyntax& syntax, ExpressionBindings& bindings);

// Refuses the first reserved word of the path, in case it has no other fault.
Status CheckWords(const PathSyntax& syntax);

// Refuses two paths of which one is the other or leads into it, or that disagree whether a place
// is a map or a list.
Status CheckApart(const std::vector<const Path*>& paths);

// [a, b, [0]]
std::string PathText(const Path& path);

}  // namespace zael::endpoint
