// ExpressionParser: the grammar of DynamoDB's expressions, from a text to a tree of its words.
//
// Knows only the grammar: names and values stay placeholders, any function may stand anywhere.
// What a tree means, and whether it means anything, is the binder's (expression_binder.h). Trees
// view the text they were parsed from. Pure functions. Facts: dynamodb-api.md 2.1.
//
// Errors of all: kInvalidArgument with DynamoDB's words, without the `Invalid ...Expression: `.
#pragma once

#include <zael/expression.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace zael::endpoint {

inline constexpr std::size_t kMaxExpressionBytes = 4096;
inline constexpr std::size_t kMaxOperators = 300;

struct PathStep {
  std::string_view text;  // a word, #name or digits
  bool is_index = false;
};
using PathSyntax = std::vector<PathStep>;

enum class SyntaxKind { kPath, kValue, kFunction, kCompare, kBetween, kIn, kAnd, kOr, kNot };

struct Syntax {
  SyntaxKind kind = SyntaxKind::kPath;
  std::string_view text;                  // of a function its name, of a value its placeholder
  PathSyntax path;                        // of kPath
  CompareOp compare = CompareOp::kEqual;  // of kCompare
  std::vector<Syntax> operands;           // in the text's order
  bool enclosed = false;                  // in parentheses
};

enum class Section { kSet, kRemove, kAdd, kDelete };
std::string_view SectionName(Section section);

struct ActionSyntax {
  Section section = Section::kSet;
  PathSyntax target;
  std::optional<Syntax> left;  // of SET, ADD and DELETE
  SetOp op = SetOp::kAssign;   // kPlus, kMinus with `right`; the grammar knows no kListAppend
  std::optional<Syntax> right;
};
struct UpdateSyntax {
  std::vector<Section> sections;  // as they begin
  std::vector<ActionSyntax> actions;
};

Result<Syntax> ParseCondition(std::string_view expression);
Result<UpdateSyntax> ParseUpdate(std::string_view expression);
Result<std::vector<PathSyntax>> ParseProjection(std::string_view expression);

// = <> < ...
std::string_view CompareSign(CompareOp op);

}  // namespace zael::endpoint
