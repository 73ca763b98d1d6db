#include "endpoint/expression/path_binder.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/format.h"
#include "base/try.h"
#include "endpoint/expression/reserved_words.h"
#include "endpoint/validation.h"

namespace zael::endpoint {
namespace {

constexpr std::size_t kMaxPathSteps = 32;

Result<std::size_t> ReadIndex(std::string_view digits) {
  std::int32_t index = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (read.ec == std::errc()) return static_cast<std::size_t>(index);
  return Invalid(Format("List index is not within the allowable range; index: [{}]", digits));
}

enum class Relation { kApart, kOverlap, kConflict };

Relation RelationOf(const Path& one, const Path& two) {
  for (std::size_t i = 0; i < one.steps.size() && i < two.steps.size(); ++i) {
    if (one.steps[i] == two.steps[i]) continue;
    return one.steps[i].index() == two.steps[i].index() ? Relation::kApart : Relation::kConflict;
  }
  return Relation::kOverlap;
}

}  // namespace

Status CheckWords(const PathSyntax& syntax) {
  for (const PathStep& step : syntax) {
    if (step.is_index || step.text.front() == '#' || !IsReservedWord(step.text)) continue;
    return Invalid(Format("Attribute name is a reserved keyword; reserved keyword: {}", step.text));
  }
  return {};
}

Result<Path> BindPath(const PathSyntax& syntax, ExpressionBindings& bindings) {
  ZAEL_TRY(CheckWords(syntax));
  if (syntax.size() > kMaxPathSteps) {
    return Invalid(
        Format("The document path has too many nesting levels; nesting levels: {}", syntax.size()));
  }
  Path path;
  path.steps.reserve(syntax.size());
  for (const PathStep& step : syntax) {
    if (step.is_index) {
      ZAEL_ASSIGN(const std::size_t index, ReadIndex(step.text));
      path.steps.emplace_back(index);
    } else if (step.text.front() == '#') {
      ZAEL_ASSIGN(const std::string_view name, bindings.Name(step.text));
      path.steps.emplace_back(std::string(name));
    } else {
      path.steps.emplace_back(std::string(step.text));
    }
  }
  return path;
}

Status CheckApart(const std::vector<const Path*>& paths) {
  for (std::size_t two = paths.size(); two-- > 0;) {
    for (std::size_t one = two; one-- > 0;) {
      const Relation relation = RelationOf(*paths[one], *paths[two]);
      if (relation == Relation::kApart) continue;
      return Invalid(
          Format("Two document paths {} with each other; must remove or rewrite one of "
                 "these paths; path one: {}, path two: {}",
                 relation == Relation::kOverlap ? "overlap" : "conflict", PathText(*paths[one]),
                 PathText(*paths[two])));
    }
  }
  return {};
}

std::string PathText(const Path& path) {
  std::string text = "[";
  for (const auto& step : path.steps) {
    if (text.size() > 1) text += ", ";
    if (const auto* name = std::get_if<std::string>(&step)) {
      text += *name;
    } else {
      text += Format("[{}]", std::get<std::size_t>(step));
    }
  }
  return text + "]";
}

}  // namespace zael::endpoint
