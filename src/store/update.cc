// Update actions in two steps: every right side is computed from the item as it was, then all are
// written. Nested paths are written in ascending order, so that several values set past the end of
// a list are appended by index, and removed in descending order, so that indexes keep their old
// meaning.

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "store/evaluate.h"

namespace zael::store {
namespace {

// RefusalOf knows the errors by these.
constexpr std::string_view kAbsent = "which the item does not have";
constexpr std::string_view kWrongOperand = "an operand for ";
constexpr std::string_view kNoContainer = "leads through something that is no map or list";
constexpr std::string_view kTooPrecise = "the result needs more than";  // number.cc's
constexpr std::string_view kOutOfRange = "the magnitude is outside";    // number.cc's

Error Refuse(std::string cause) {
  return {ErrorCode::kInvalidArgument, "apply update: " + std::move(cause)};
}

std::string PathText(const Path& path) {
  std::string text;
  for (const auto& step : path.steps) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      text += (text.empty() ? "" : ".") + *name;
    } else {
      text += Format("[{}]", std::get<std::size_t>(step));
    }
  }
  return Shorten(text);
}

const Path& PathOf(const UpdateAction& action) {
  // By hand: a visit's jump is most of what a small update costs.
  if (const auto* set = std::get_if<SetAction>(&action)) return set->path;
  if (const auto* add = std::get_if<AddAction>(&action)) return add->path;
  if (const auto* remove = std::get_if<RemoveAction>(&action)) return remove->path;
  return std::get<DeleteAction>(action).path;
}

bool IsPrefix(const Path& shorter, const Path& longer) {
  return std::equal(shorter.steps.begin(), shorter.steps.end(), longer.steps.begin());
}

Status CheckPaths(const UpdateActions& actions, const KeySchema& schema) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const Path& path = PathOf(actions[i]);
    const auto* name = path.steps.empty() ? nullptr : std::get_if<std::string>(&path.steps.front());
    if (name == nullptr) return Refuse("a path must begin with an attribute name");
    if (*name == schema.hash.name || (schema.range.has_value() && *name == schema.range->name)) {
      return Refuse(Format("attribute {} is part of the key and cannot change", Shorten(*name)));
    }
    for (std::size_t j = 0; j < i; ++j) {
      const Path& other = PathOf(actions[j]);
      // By name first, which nearly always decides.
      if (*name != std::get<std::string>(other.steps.front())) continue;
      const bool overlap =
          path.steps.size() < other.steps.size() ? IsPrefix(path, other) : IsPrefix(other, path);
      if (overlap) {
        return Refuse(Format("paths {} and {} overlap", PathText(other), PathText(path)));
      }
    }
  }
  return {};
}

Result<const Value*> RequireValue(const Path& path, const Item& old) {
  if (const Value* const found = Resolve(path, &old)) return found;
  return Refuse(Format("the right side reads {}, {}", PathText(path), kAbsent));
}

Result<const Value*> OperandOf(const SetOperand& operand, const Item& old) {
  if (const auto* value = std::get_if<Value>(&operand)) return value;
  if (const auto* path = std::get_if<Path>(&operand)) return RequireValue(*path, old);
  const auto& either = std::get<IfNotExists>(operand);
  if (const Value* const found = Resolve(either.path, &old)) return found;
  for (const Path& path : either.next) {
    if (const Value* const found = Resolve(path, &old)) return found;
  }
  if (const auto* value = std::get_if<Value>(&either.fallback)) return value;
  return RequireValue(std::get<Path>(either.fallback), old);
}

Error WrongType(const Path& path, std::string_view wanted) {
  return Refuse(Format("{}{} is no {}", kWrongOperand, PathText(path), wanted));
}

Result<Value> Arithmetic(const Path& path, const Value& left, SetOp op, const Value& right) {
  const Number* const a = left.As<Number>();
  const Number* const b = right.As<Number>();
  if (a == nullptr || b == nullptr) return WrongType(path, "number");
  ZAEL_ASSIGN(Number sum, op == SetOp::kPlus ? Number::Add(*a, *b) : Number::Subtract(*a, *b));
  return Value(sum);
}

Result<Value> NewValue(const SetAction& set, const Item& old) {
  ZAEL_ASSIGN(const Value* left, OperandOf(set.left, old));
  if (set.op == SetOp::kAssign) return *left;
  ZAEL_ASSIGN(const Value* right, OperandOf(set.right, old));
  if (set.op != SetOp::kListAppend) return Arithmetic(set.path, *left, set.op, *right);
  const List* const head = left->As<List>();
  const List* const tail = right->As<List>();
  if (head == nullptr || tail == nullptr) return WrongType(set.path, "list");
  List joined = *head;
  joined.insert(joined.end(), tail->begin(), tail->end());
  return Value(std::move(joined));
}

template <typename Set>
Result<Value> Union(const Path& path, const Value* present, const Set& added) {
  if (present == nullptr) return Value(added);
  const Set* const set = present->As<Set>();
  if (set == nullptr) return WrongType(path, "set of the same type");
  Set joined;
  std::set_union(set->members.begin(), set->members.end(), added.members.begin(),
                 added.members.end(), std::back_inserter(joined.members));
  return Value(std::move(joined));
}

Result<Value> NewValue(const AddAction& add, const Item& old) {
  const Value* const present = Resolve(add.path, &old);
  if (add.value.As<Number>() != nullptr) {
    if (present == nullptr) return add.value;
    return Arithmetic(add.path, *present, SetOp::kPlus, add.value);
  }
  if (const auto* set = add.value.As<StringSet>()) return Union(add.path, present, *set);
  if (const auto* set = add.value.As<NumberSet>()) return Union(add.path, present, *set);
  if (const auto* set = add.value.As<BinarySet>()) return Union(add.path, present, *set);
  return WrongType(add.path, "number or set");
}

template <typename Set>
Result<std::optional<Value>> Difference(const Path& path, const Value& present, const Set& taken) {
  const Set* const set = present.As<Set>();
  if (set == nullptr) return WrongType(path, "set of the same type");
  Set rest;
  std::set_difference(set->members.begin(), set->members.end(), taken.members.begin(),
                      taken.members.end(), std::back_inserter(rest.members));
  if (rest.members.empty()) return std::optional<Value>();
  return std::optional<Value>(std::move(rest));
}

// Absent: the attribute goes.
Result<std::optional<Value>> NewValue(const DeleteAction& action, const Item& old) {
  const Value* const present = Resolve(action.path, &old);
  const auto remaining = [&](const auto& set) -> Result<std::optional<Value>> {
    if (present == nullptr) return std::optional<Value>();
    return Difference(action.path, *present, set);
  };
  if (const auto* set = action.value.As<StringSet>()) return remaining(*set);
  if (const auto* set = action.value.As<NumberSet>()) return remaining(*set);
  if (const auto* set = action.value.As<BinarySet>()) return remaining(*set);
  return WrongType(action.path, "set");
}

struct Write {
  const Path* path;
  std::optional<Value> value;  // absent: remove
};

Result<Write> Plan(const UpdateAction& action, const Item& old) {
  Write write{&PathOf(action), std::nullopt};
  if (const auto* set = std::get_if<SetAction>(&action)) {
    ZAEL_ASSIGN(write.value, NewValue(*set, old));
  } else if (const auto* add = std::get_if<AddAction>(&action)) {
    ZAEL_ASSIGN(write.value, NewValue(*add, old));
  } else if (const auto* taken = std::get_if<DeleteAction>(&action)) {
    ZAEL_ASSIGN(write.value, NewValue(*taken, old));
  }
  return write;
}

Error InvalidPath(const Path& path) {
  return Refuse(Format("path {} {}", PathText(path), kNoContainer));
}

// The map or list that holds the last step; absent when the path leads nowhere.
Value* Parent(const Path& path, Item& item) {
  Value* value = item.Find(std::get<std::string>(path.steps.front()));
  for (std::size_t step = 1; value != nullptr && step + 1 < path.steps.size(); ++step) {
    if (const auto* name = std::get_if<std::string>(&path.steps[step])) {
      Item* const map = std::get_if<Item>(&value->data());
      value = map == nullptr ? nullptr : map->Find(*name);
    } else {
      List* const list = std::get_if<List>(&value->data());
      const std::size_t index = std::get<std::size_t>(path.steps[step]);
      value = list == nullptr || index >= list->size() ? nullptr : &(*list)[index];
    }
  }
  return value;
}

Status Perform(Write write, Item& item) {
  const Path& path = *write.path;
  if (path.steps.size() == 1) {
    const std::string& name = std::get<std::string>(path.steps.front());
    if (write.value.has_value()) {
      item.Set(name, *std::move(write.value));
    } else {
      item.Erase(name);
    }
    return {};
  }
  Value* const parent = Parent(path, item);
  if (parent == nullptr) return InvalidPath(path);
  if (const auto* name = std::get_if<std::string>(&path.steps.back())) {
    Item* const map = std::get_if<Item>(&parent->data());
    if (map == nullptr) return InvalidPath(path);
    if (write.value.has_value()) {
      map->Set(*name, *std::move(write.value));
    } else {
      map->Erase(*name);
    }
    return {};
  }
  List* const list = std::get_if<List>(&parent->data());
  if (list == nullptr) return InvalidPath(path);
  const std::size_t index = std::get<std::size_t>(path.steps.back());
  if (!write.value.has_value()) {
    if (index < list->size()) list->erase(list->begin() + static_cast<std::ptrdiff_t>(index));
  } else if (index < list->size()) {
    (*list)[index] = *std::move(write.value);
  } else {
    list->push_back(*std::move(write.value));
  }
  return {};
}

// Whether the action reads nothing of the item but the attribute it writes.
bool StandsAlone(const UpdateAction& action) {
  if (PathOf(action).steps.size() != 1) return false;
  const auto* set = std::get_if<SetAction>(&action);
  return set == nullptr || (set->op == SetOp::kAssign && std::holds_alternative<Value>(set->left));
}

// Requires: StandsAlone.
Status PerformAlone(const UpdateAction& action, Item& item) {
  Value* const present = item.Find(std::get<std::string>(PathOf(action).steps.front()));
  auto* const number = present == nullptr ? nullptr : std::get_if<Number>(&present->data());
  if (number != nullptr) {
    if (const auto* add = std::get_if<AddAction>(&action)) {
      if (const auto* added = add->value.As<Number>()) {
        ZAEL_ASSIGN(*number, Number::Add(*number, *added));
        return {};
      }
    } else if (const auto* set = std::get_if<SetAction>(&action)) {
      if (const auto* assigned = std::get<Value>(set->left).As<Number>()) {
        *number = *assigned;
        return {};
      }
    }
  }
  ZAEL_ASSIGN(Write write, Plan(action, item));
  return Perform(std::move(write), item);
}

}  // namespace

Status ApplyInPlace(const UpdateActions& actions, const KeySchema& schema, Item* item) {
  ZAEL_TRY(CheckPaths(actions, schema));
  if (std::all_of(actions.begin(), actions.end(), StandsAlone)) {
    for (const UpdateAction& action : actions) ZAEL_TRY(PerformAlone(action, *item));
    return {};
  }
  std::vector<Write> writes;
  writes.reserve(actions.size());
  bool nested = false;
  for (const UpdateAction& action : actions) {
    ZAEL_ASSIGN(Write write, Plan(action, *item));
    nested = nested || write.path->steps.size() > 1;
    writes.push_back(std::move(write));
  }
  if (nested) {
    std::sort(writes.begin(), writes.end(), [](const Write& a, const Write& b) {
      if (a.value.has_value() != b.value.has_value()) return a.value.has_value();
      return a.value.has_value() ? a.path->steps < b.path->steps : b.path->steps < a.path->steps;
    });
  }
  for (Write& write : writes) ZAEL_TRY(Perform(std::move(write), *item));
  return {};
}

Result<Item> Apply(const UpdateActions& actions, const Item* old, const Key& key,
                   const KeySchema& schema) {
  Item item = old == nullptr ? key : *old;
  ZAEL_TRY(ApplyInPlace(actions, schema, &item));
  return item;
}

Refusal RefusalOf(const Error& error) {
  const auto says = [&](std::string_view phrase) {
    return error.message().find(phrase) != std::string::npos;
  };
  if (error.code() != ErrorCode::kInvalidArgument) return Refusal::kOther;
  if (says(kAbsent)) return Refusal::kAbsentOperand;
  if (says(kWrongOperand)) return Refusal::kWrongOperand;
  if (says(kNoContainer)) return Refusal::kInvalidPath;
  if (says(kTooPrecise)) return Refusal::kTooPrecise;
  if (says(kOutOfRange)) return Refusal::kOutOfRange;
  return Refusal::kOther;
}

Item NamedAttributes(const UpdateActions& actions, const Item& item) {
  const auto is_named = [&](const Attribute& attribute) {
    return std::any_of(actions.begin(), actions.end(), [&](const UpdateAction& action) {
      return std::get<std::string>(PathOf(action).steps.front()) == attribute.name;
    });
  };
  Item named;
  named.Reserve(actions.size());
  for (const Attribute& attribute : item) {
    if (!is_named(attribute)) continue;
    named.Append(attribute.name, Value());
    // Filled where it stands: moving values about costs more than copying them.
    Value& copy = const_cast<Attribute*>(named.end() - 1)->value;
    if (const auto* number = attribute.value.As<Number>()) {
      copy.data().emplace<Number>(*number);
    } else {
      copy = attribute.value;
    }
  }
  return named;
}

bool OnlyRemoves(const UpdateActions& actions) {
  return !actions.empty() && std::all_of(actions.begin(), actions.end(), [](const UpdateAction& a) {
    return std::holds_alternative<RemoveAction>(a) || std::holds_alternative<DeleteAction>(a);
  });
}

}  // namespace zael::store
