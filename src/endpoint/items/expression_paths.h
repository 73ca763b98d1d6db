// Expression paths: which paths an expression reads or writes, for the rules that depend on the
// table. Pure functions.
#pragma once

#include <zael/store.h>

#include <optional>
#include <string_view>
#include <vector>

namespace zael::endpoint {

// They live as long as what they are of.
using PathViews = std::vector<const Path*>;

void AppendPaths(const Condition& condition, PathViews& paths);
void AppendPaths(const UpdateActions& actions, PathViews& paths);  // targets and right sides
void AppendPaths(const std::vector<Path>& projection, PathViews& paths);

// Of what there is: `PathsOf(bound.condition, bound.projection)`.
template <typename... Expressions>
PathViews PathsOf(const std::optional<Expressions>&... expressions) {
  PathViews paths;
  const auto append = [&](const auto& expression) {
    if (expression.has_value()) AppendPaths(*expression, paths);
  };
  (append(expressions), ...);
  return paths;
}

// The top-level attribute a path is of.
std::string_view AttributeOf(const Path& path);

// Refuses a path into a key of the table or of an index, which hold nothing inside.
// Errors: kInvalidArgument with DynamoDB's words.
Status CheckKeysAreScalars(const TableSpec& spec, const PathViews& paths);

}  // namespace zael::endpoint
