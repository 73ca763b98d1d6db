#include "store/number_update.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/same_name.h"
#include "base/try.h"

namespace zael {

Result<NumberOutcome> ItemStore::UpdateNumbers(const NumberUpdate& update) {
  UpdateRequest request = store::AsUpdate(update);
  request.return_item = ReturnItem::kUpdatedNew;
  ZAEL_ASSIGN(auto outcome, Update(request));
  return store::OutcomeOf(update, std::move(outcome));
}

namespace store {
namespace {

// nullptr: the path leads into an attribute.
const std::string* TopLevelName(const Path& path) {
  if (path.steps.size() != 1) return nullptr;
  return std::get_if<std::string>(&path.steps.front());
}

bool IsName(const Path& path, std::string_view name) {
  const std::string* known = TopLevelName(path);
  return known != nullptr && SameName(*known, name);
}

void SetName(std::string_view name, Path* path) {
  path->steps.clear();
  path->steps.emplace_back(std::in_place_type<std::string>, name);
}

std::optional<std::int64_t> WholeNumber(const Value* value) {
  const auto* number = value == nullptr ? nullptr : value->As<Number>();
  return number == nullptr ? std::nullopt : number->ToInt64();
}

// In the place of the number that stands there, if one does.
void SetNumber(std::int64_t value, Value* place) {
  if (auto* number = std::get_if<Number>(&place->data())) {
    *number = Number(value);
  } else {
    *place = Value(value);
  }
}

template <typename Variant>
void PutNumber(std::int64_t value, Variant* operand) {
  if (auto* place = std::get_if<Value>(operand)) return SetNumber(value, place);
  operand->template emplace<Value>(value);
}

// Cheaper than copying, and a bucket in demand is asked for again and again.
bool IsSameKey(const Key& left, const Key& right) {
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(),
                                                   [](const Attribute& a, const Attribute& b) {
                                                     const auto* text = a.value.As<std::string>();
                                                     const auto* other = b.value.As<std::string>();
                                                     return text != nullptr && other != nullptr &&
                                                            SameName(*text, *other) &&
                                                            SameName(a.name, b.name);
                                                   });
}

// The alternative in the variant, of this name: the one that stands there, or made anew.
template <typename Part, typename Variant, typename PathOf>
Part& Reuse(std::string_view name, Variant* place, PathOf path_of) {
  auto* earlier = std::get_if<Part>(place);
  if (earlier != nullptr) {
    const Path* path = path_of(*earlier);
    if (path != nullptr && IsName(*path, name)) return *earlier;
  }
  return place->template emplace<Part>();
}

template <typename Part>
const Path* OwnPath(const Part& part) {
  return &part.path;
}

const Path* LeftPath(const Comparison& comparison) { return std::get_if<Path>(&comparison.left); }

template <typename Part>
void WriteNamed(std::string_view name, Condition* condition) {
  Part& part = Reuse<Part>(name, &condition->node, OwnPath<Part>);
  if (part.path.steps.empty()) SetName(name, &part.path);
}

void WriteCondition(const NumberCondition& condition, Condition* place) {
  if (condition.test == NumberTest::kExists)
    return WriteNamed<AttributeExists>(condition.name, place);
  if (condition.test == NumberTest::kAbsent)
    return WriteNamed<AttributeNotExists>(condition.name, place);
  auto& comparison = Reuse<Comparison>(condition.name, &place->node, LeftPath);
  if (!std::holds_alternative<Path>(comparison.left) || LeftPath(comparison)->steps.empty())
    SetName(condition.name, &comparison.left.emplace<Path>());
  comparison.op = condition.op;
  PutNumber(condition.value, &comparison.right);
}

void WriteAction(const NumberAction& action, UpdateAction* place) {
  const auto named = [&]<typename Action>(std::type_identity<Action>) -> Action& {
    Action& made = Reuse<Action>(action.name, place, OwnPath<Action>);
    if (made.path.steps.empty()) SetName(action.name, &made.path);
    return made;
  };
  switch (action.change) {
    case NumberChange::kSets: {
      auto& set = named(std::type_identity<SetAction>());
      set.op = SetOp::kAssign;
      return PutNumber(action.value, &set.left);
    }
    case NumberChange::kAdds:
      return SetNumber(action.value, &named(std::type_identity<AddAction>()).value);
    case NumberChange::kRemoves:
      (void)named(std::type_identity<RemoveAction>());
  }
}

// Whether it was one of these; appended to the update.
bool ReadCondition(const Condition& condition, NumberUpdate* update) {
  if (const auto* comparison = std::get_if<Comparison>(&condition.node)) {
    const Path* path = LeftPath(*comparison);
    const std::string* name = path == nullptr ? nullptr : TopLevelName(*path);
    const auto value = WholeNumber(std::get_if<Value>(&comparison->right));
    if (name == nullptr || !value.has_value()) return false;
    update->Require(*name, comparison->op, *value);
    return true;
  }
  const auto* exists = std::get_if<AttributeExists>(&condition.node);
  const auto* absent = std::get_if<AttributeNotExists>(&condition.node);
  if (exists == nullptr && absent == nullptr) return false;
  const std::string* name = TopLevelName(exists != nullptr ? exists->path : absent->path);
  if (name == nullptr) return false;
  exists != nullptr ? update->RequireExists(*name) : update->RequireAbsent(*name);
  return true;
}

bool ReadAction(const UpdateAction& action, NumberUpdate* update) {
  if (const auto* set = std::get_if<SetAction>(&action)) {
    const std::string* name = TopLevelName(set->path);
    const auto value = WholeNumber(std::get_if<Value>(&set->left));
    if (name == nullptr || !value.has_value() || set->op != SetOp::kAssign) return false;
    update->Set(*name, *value);
    return true;
  }
  if (const auto* add = std::get_if<AddAction>(&action)) {
    const std::string* name = TopLevelName(add->path);
    const auto value = WholeNumber(&add->value);
    if (name == nullptr || !value.has_value()) return false;
    update->Add(*name, *value);
    return true;
  }
  const auto* remove = std::get_if<RemoveAction>(&action);
  const std::string* name = remove == nullptr ? nullptr : TopLevelName(remove->path);
  if (name == nullptr) return false;
  update->Remove(*name);
  return true;
}

bool ReadConditions(const std::optional<Condition>& condition, NumberUpdate* update) {
  if (!condition.has_value()) return true;
  const auto* all = std::get_if<AllOf>(&condition->node);
  if (all == nullptr) return ReadCondition(*condition, update);
  return !all->parts.empty() && all->parts.size() <= kMaxNumberConditions &&
         std::all_of(all->parts.begin(), all->parts.end(),
                     [&](const Condition& part) { return ReadCondition(part, update); });
}

}  // namespace

void WriteAsUpdate(const NumberUpdate& update, UpdateRequest* request) {
  request->table = *update.table;
  if (!IsSameKey(request->key, *update.key)) request->key = *update.key;
  request->deadline = update.deadline;
  if (update.conditions.size() == 0) {
    request->condition.reset();
  } else {
    if (!request->condition) request->condition.emplace();
    if (!std::holds_alternative<AllOf>(request->condition->node))
      request->condition->node.emplace<AllOf>();
    Conditions& parts = std::get<AllOf>(request->condition->node).parts;
    parts.resize(update.conditions.size());
    for (std::size_t i = 0; i < parts.size(); ++i) WriteCondition(update.conditions[i], &parts[i]);
  }
  request->actions.resize(update.actions.size());
  for (std::size_t i = 0; i < update.actions.size(); ++i)
    WriteAction(update.actions[i], &request->actions[i]);
}

UpdateRequest AsUpdate(const NumberUpdate& update) {
  UpdateRequest request;
  WriteAsUpdate(update, &request);
  return request;
}

std::optional<NumberUpdate> AsNumberUpdate(const UpdateRequest& request) {
  std::optional<NumberUpdate> update(std::in_place);
  update->table = &request.table;
  update->key = &request.key;
  update->deadline = request.deadline;
  const bool fits = request.actions.size() <= kMaxNumberActions &&
                    ReadConditions(request.condition, &*update) &&
                    std::all_of(request.actions.begin(), request.actions.end(),
                                [&](const auto& action) { return ReadAction(action, &*update); });
  if (!fits) update.reset();
  return update;
}

NumberOutcome OutcomeOf(const NumberUpdate& update, WriteOutcome&& outcome) {
  NumberOutcome numbers;
  numbers.applied = outcome.applied;
  if (!outcome.applied) {
    numbers.item = std::move(outcome.item);
    return numbers;
  }
  for (std::size_t i = 0; i < update.actions.size() && outcome.item.has_value(); ++i) {
    numbers.values[i] = WholeNumber(outcome.item->Find(update.actions[i].name));
  }
  return numbers;
}

}  // namespace store
}  // namespace zael
