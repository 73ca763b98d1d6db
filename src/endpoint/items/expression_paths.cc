#include "endpoint/items/expression_paths.h"

#include <algorithm>
#include <initializer_list>

#include "base/format.h"
#include "endpoint/validation.h"

namespace zael::endpoint {
namespace {

class Collector {
 public:
  explicit Collector(PathViews& paths) : paths_(paths) {}

  void operator()(const Comparison& node) { Add({&node.left, &node.right}); }
  void operator()(const Between& node) { Add({&node.operand, &node.low, &node.high}); }
  void operator()(const In& node) {
    Add({&node.operand});
    for (const Operand& candidate : node.candidates) Add({&candidate});
  }
  void operator()(const AttributeExists& node) { paths_.push_back(&node.path); }
  void operator()(const AttributeNotExists& node) { paths_.push_back(&node.path); }
  void operator()(const AttributeType& node) { paths_.push_back(&node.path); }
  void operator()(const BeginsWith& node) { Add({&node.operand, &node.prefix}); }
  void operator()(const Contains& node) { Add({&node.operand, &node.member}); }
  void operator()(const AllOf& node) { AddParts(node.parts); }
  void operator()(const AnyOf& node) { AddParts(node.parts); }
  void operator()(const Not& node) { AppendPaths(*node.part, paths_); }

  // Of the right sides of SET.
  void operator()(const Path& path) { paths_.push_back(&path); }
  void operator()(const Value&) {}
  void operator()(const IfNotExists& either) {
    paths_.push_back(&either.path);
    for (const Path& next : either.next) paths_.push_back(&next);
    if (const auto* path = std::get_if<Path>(&either.fallback)) paths_.push_back(path);
  }

 private:
  void AddParts(const Conditions& parts) {
    for (const Condition& part : parts) AppendPaths(part, paths_);
  }
  void Add(std::initializer_list<const Operand*> operands) {
    for (const Operand* operand : operands) {
      if (const auto* path = std::get_if<Path>(operand)) paths_.push_back(path);
      if (const auto* size = std::get_if<SizeOf>(operand)) paths_.push_back(&size->path);
    }
  }

  PathViews& paths_;
};

Error NoScalar(std::string_view kind, std::string_view name) {
  return {ErrorCode::kInvalidArgument,
          Format("Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                 "not allowed: {}: {}",
                 kind, name)};
}

}  // namespace

void AppendPaths(const Condition& condition, PathViews& paths) {
  std::visit(Collector(paths), condition.node);
}

void AppendPaths(const UpdateActions& actions, PathViews& paths) {
  for (const UpdateAction& action : actions) {
    paths.push_back(&std::visit([](const auto& a) -> const Path& { return a.path; }, action));
    const auto* set = std::get_if<SetAction>(&action);
    if (set == nullptr) continue;
    std::visit(Collector(paths), set->left);
    if (set->op != SetOp::kAssign) std::visit(Collector(paths), set->right);
  }
}

void AppendPaths(const std::vector<Path>& projection, PathViews& paths) {
  for (const Path& path : projection) paths.push_back(&path);
}

std::string_view AttributeOf(const Path& path) { return std::get<std::string>(path.steps.front()); }

Status CheckKeysAreScalars(const TableSpec& spec, const PathViews& paths) {
  for (const Path* path : paths) {
    if (path->steps.size() == 1) continue;
    const std::string_view name = AttributeOf(*path);
    if (IsKeyOf(spec.keys, name)) return NoScalar("Key", name);
    const bool of_index =
        std::any_of(spec.indexes.begin(), spec.indexes.end(),
                    [&](const IndexSpec& index) { return IsKeyOf(index.keys, name); });
    if (of_index) return NoScalar("IndexKey", name);
  }
  return {};
}

}  // namespace zael::endpoint
