#include "endpoint/items/projection.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace zael::endpoint {
namespace {

using Step = std::variant<std::string, std::size_t>;
using Paths = std::vector<const Path*>;

// By their step at `depth`: names in the order of maps, indexes in that of lists.
std::map<Step, Paths> Grouped(const Paths& paths, std::size_t depth) {
  std::map<Step, Paths> groups;
  for (const Path* path : paths) groups[path->steps[depth]].push_back(path);
  return groups;
}

std::optional<Value> ProjectValue(const Paths& paths, std::size_t depth, const Value& value);

Item ProjectMap(const Paths& paths, std::size_t depth, const Item& map) {
  Item kept;
  for (const auto& [step, group] : Grouped(paths, depth)) {
    const auto* name = std::get_if<std::string>(&step);
    const Value* const member = name == nullptr ? nullptr : map.Find(*name);
    if (member == nullptr) continue;
    if (auto value = ProjectValue(group, depth + 1, *member)) {
      kept.Append(*name, *std::move(value));
    }
  }
  return kept;
}

List ProjectList(const Paths& paths, std::size_t depth, const List& list) {
  List kept;
  for (const auto& [step, group] : Grouped(paths, depth)) {
    const auto* index = std::get_if<std::size_t>(&step);
    if (index == nullptr || *index >= list.size()) continue;
    if (auto value = ProjectValue(group, depth + 1, list[*index])) {
      kept.push_back(*std::move(value));
    }
  }
  return kept;
}

std::optional<Value> ProjectValue(const Paths& paths, std::size_t depth, const Value& value) {
  const bool whole = std::any_of(paths.begin(), paths.end(),
                                 [&](const Path* path) { return path->steps.size() == depth; });
  if (whole) return value;
  if (const auto* map = value.As<Item>()) {
    Item kept = ProjectMap(paths, depth, *map);
    if (!kept.empty()) return Value(std::move(kept));
  } else if (const auto* list = value.As<List>()) {
    List kept = ProjectList(paths, depth, *list);
    if (!kept.empty()) return Value(std::move(kept));
  }
  return std::nullopt;
}

}  // namespace

Item Project(const std::vector<Path>& paths, const Item& item) {
  Paths views;
  views.reserve(paths.size());
  for (const Path& path : paths) views.push_back(&path);
  return ProjectMap(views, 0, item);
}

}  // namespace zael::endpoint
