// Expressions: conditions and update actions as a typed tree.
//
// The engine evaluates the tree; a client renders it once into placeholders; an endpoint parses
// strings into it. Build trees with the functions below: `All({Exists("PK"),
// AtLeast("tokens_milli", 500)})`. Plain values. Thread-compatible. Design: storage.md; meaning:
// DynamoDB condition and update expressions.
#pragma once

#include <zael/value.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zael {

// An attribute, or a place inside one: names step into maps, indexes into lists. The first step is
// a name.
struct Path {
  std::vector<std::variant<std::string, std::size_t>> steps;

  Path() = default;
  Path(std::string_view name) : steps{std::string(name)} {}  // NOLINT: names are paths
  Path(const char* name) : steps{std::string(name)} {}       // NOLINT
  Path(std::string name) : steps{std::move(name)} {}         // NOLINT
  friend bool operator==(const Path&, const Path&) = default;
};

struct SizeOf {
  Path path;
};

// What stands on a side of a comparison.
using Operand = std::variant<Path, Value, SizeOf>;

enum class CompareOp { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct Condition;
using Conditions = std::vector<Condition>;

struct Comparison {
  Operand left;
  CompareOp op;
  Operand right;
};
struct Between {
  Operand operand, low, high;  // inclusive
};
struct In {
  Operand operand;
  std::vector<Operand> candidates;
};
struct AttributeExists {
  Path path;
};
struct AttributeNotExists {
  Path path;
};
struct AttributeType {
  Path path;
  std::string type;  // S, N, B, SS, NS, BS, M, L, BOOL, NULL
};
struct BeginsWith {
  Operand operand, prefix;
};
struct Contains {
  Operand operand, member;
};
struct AllOf {
  Conditions parts;
};
struct AnyOf {
  Conditions parts;
};
struct Not {
  std::shared_ptr<const Condition> part;
};

// A comparison with an absent attribute or between different types is false (NotEqual: true), as in
// DynamoDB.
struct Condition {
  std::variant<Comparison, Between, In, AttributeExists, AttributeNotExists, AttributeType,
               BeginsWith, Contains, AllOf, AnyOf, Not>
      node;
};

Condition Exists(Path path);
Condition NotExists(Path path);
Condition Equal(Path path, Value value);
Condition Unequal(Path path, Value value);
Condition AtLeast(Path path, Value value);
Condition AtMost(Path path, Value value);
Condition Less(Path path, Value value);
Condition Greater(Path path, Value value);
Condition All(Conditions parts);
Condition Any(Conditions parts);
Condition Negate(Condition part);

// The right side of SET. The value of the first path that the item has, of `path` and then each of
// `next`; when it has none, `fallback`, which may be a path that it must have.
struct IfNotExists {
  Path path;
  std::variant<Path, Value> fallback;
  std::vector<Path> next = {};
};
using SetOperand = std::variant<Path, Value, IfNotExists>;
enum class SetOp { kAssign, kPlus, kMinus, kListAppend };
struct SetAction {
  Path path;
  SetOperand left;
  SetOp op = SetOp::kAssign;
  SetOperand right = Value();  // unused by kAssign
};
struct RemoveAction {
  Path path;
};
struct AddAction {
  Path path;
  Value value;  // number (absent counts as 0) or set (union)
};
struct DeleteAction {
  Path path;
  Value value;  // set (difference; an emptied set disappears)
};
using UpdateAction = std::variant<SetAction, RemoveAction, AddAction, DeleteAction>;

// Every right side reads the item as it was before the update. Paths must not overlap.
using UpdateActions = std::vector<UpdateAction>;

UpdateAction Assign(Path path, Value value);
UpdateAction AddTo(Path path, Value value);
UpdateAction RemoveFrom(Path path);

}  // namespace zael
