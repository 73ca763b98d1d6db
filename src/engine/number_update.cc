#include "engine/number_update.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "store/evaluate.h"

namespace zael::engine {
namespace {

constexpr std::size_t kMaxAttributes = 64;
constexpr std::size_t kAbsent = kMaxAttributes;
constexpr std::size_t kMaxNameBytes = 255;  // longer ones are judged elsewhere

std::optional<std::int64_t> Whole(const Value& value) {
  const auto* number = value.As<Number>();
  if (number == nullptr || number->exponent() != 0) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(number->coefficient());
  if (whole != number->coefficient()) return std::nullopt;
  return whole;
}

// nullptr: the path leads into an attribute, or has a name that no attribute can have.
const std::string* NameOf(const Path& path) {
  if (path.steps.size() != 1) return nullptr;
  const auto* name = std::get_if<std::string>(&path.steps.front());
  return name == nullptr || name->empty() || name->size() > kMaxNameBytes ? nullptr : name;
}

bool IsKeyOf(const KeySchema& schema, std::string_view name) {
  return schema.hash.name == name || (schema.range.has_value() && schema.range->name == name);
}

}  // namespace

// Finds the attributes of a row in the order in which requests name them, which seldom changes.
class NameFinder {
 public:
  explicit NameFinder(Row* row)
      : row_(*row), attributes_(row->item.begin()), count_(row->item.size()) {}

  const Value& ValueAt(std::size_t attribute) const { return attributes_[attribute].value; }

  // kAbsent: there is none of this name.
  std::size_t Find(const std::string& name) {
    std::uint8_t& guess = row_.guesses[std::min(asked_++, kRowGuesses - 1)];
    if (guess < count_ && attributes_[guess].name == name) return guess;
    const auto* const end = attributes_ + count_;
    const auto* const found =
        std::find_if(attributes_, end, [&](const Attribute& a) { return a.name == name; });
    if (found == end) return kAbsent;
    guess = static_cast<std::uint8_t>(found - attributes_);
    return guess;
  }

 private:
  Row& row_;
  const Attribute* const attributes_;
  const std::size_t count_;
  std::size_t asked_ = 0;
};

namespace {

// False also for what is not judged here.
bool PartHolds(const Condition& part, NameFinder* names) {
  const auto* comparison = std::get_if<Comparison>(&part.node);
  if (comparison == nullptr) {
    const auto* exists = std::get_if<AttributeExists>(&part.node);
    const std::string* name = exists == nullptr ? nullptr : NameOf(exists->path);
    return name != nullptr && names->Find(*name) != kAbsent;
  }
  const auto* path = std::get_if<Path>(&comparison->left);
  const std::string* name = path == nullptr ? nullptr : NameOf(*path);
  const auto* value = std::get_if<Value>(&comparison->right);
  if (name == nullptr || value == nullptr) return false;
  const auto wanted = Whole(*value);
  if (!wanted.has_value()) return false;
  const std::size_t attribute = names->Find(*name);
  if (attribute == kAbsent) return comparison->op == CompareOp::kNotEqual;
  const auto present = Whole(names->ValueAt(attribute));
  return present.has_value() && store::Fulfils(comparison->op, *present <=> *wanted);
}

bool ConditionHolds(const std::optional<Condition>& condition, NameFinder* names) {
  if (!condition.has_value()) return true;
  const auto* all = std::get_if<AllOf>(&condition->node);
  if (all == nullptr) return PartHolds(*condition, names);
  return !all->parts.empty() && all->parts.size() < kRowGuesses &&
         std::all_of(all->parts.begin(), all->parts.end(),
                     [&](const Condition& part) { return PartHolds(part, names); });
}

}  // namespace

bool NumberUpdate::Plan(std::size_t attribute, std::int64_t value) {
  std::size_t at = count_++;
  for (; at > 0 && patches_[at - 1].attribute >= attribute; --at) {
    if (patches_[at - 1].attribute == attribute) return false;  // named twice
    patches_[at] = patches_[at - 1];
  }
  patches_[at] = {.attribute = attribute, .value = value};
  return true;
}

bool NumberUpdate::PlanAll(const UpdateActions& actions, NameFinder* names) {
  bool removes = false;  // only once: who removes the same twice is refused elsewhere
  for (const UpdateAction& action : actions) {
    const auto* set = std::get_if<SetAction>(&action);
    const auto* add = std::get_if<AddAction>(&action);
    if (set == nullptr && add == nullptr) {
      const auto* removal = std::get_if<RemoveAction>(&action);
      const std::string* name = removal == nullptr ? nullptr : NameOf(removal->path);
      if (removes || name == nullptr || names->Find(*name) != kAbsent) return false;
      removes = true;
      continue;
    }
    const std::string* name = NameOf(set != nullptr ? set->path : add->path);
    const Value* operand = add != nullptr              ? &add->value
                           : set->op == SetOp::kAssign ? std::get_if<Value>(&set->left)
                                                       : nullptr;
    if (name == nullptr || operand == nullptr) return false;
    const std::size_t attribute = names->Find(*name);
    const auto given = Whole(*operand);
    if (attribute == kAbsent || !given.has_value()) return false;
    const auto present = Whole(names->ValueAt(attribute));
    if (!present.has_value()) return false;
    std::int64_t value = *given;
    if (add != nullptr && __builtin_add_overflow(*present, *given, &value)) return false;
    changes_ = changes_ || value != *present;
    if (!Plan(attribute, value)) return false;
  }
  return changes_;
}

// Looks at each attribute of a row once, until the row is encoded anew.
bool NumberUpdate::LeavesKeys(const TableSpec& spec, Row* row) const {
  for (const store::IntegerPatch& patch : patches()) {
    const std::uint64_t bit = std::uint64_t{1} << patch.attribute;
    if ((row->no_keys & bit) != 0) continue;
    const std::string& name = row->item.begin()[patch.attribute].name;
    if (IsKeyOf(spec.keys, name) ||
        std::any_of(spec.indexes.begin(), spec.indexes.end(),
                    [&](const IndexSpec& index) { return IsKeyOf(index.keys, name); })) {
      return false;
    }
    row->no_keys |= bit;
  }
  return true;
}

bool NumberUpdate::Apply(const UpdateRequest& request, const TableSpec& spec, Row* row) {
  if (request.return_item == ReturnItem::kOld || request.actions.size() > kMaxActions) return false;
  if (row->places.size() != row->item.size() || row->item.size() >= kMaxAttributes) return false;
  NameFinder names(row);
  if (!ConditionHolds(request.condition, &names) || !PlanAll(request.actions, &names)) return false;
  if (!LeavesKeys(spec, row)) return false;
  store::PatchIntegers(row->bytes, patches(), &row->next_bytes, &row->places);
  for (const store::IntegerPatch& patch : patches()) {
    auto& value = const_cast<Attribute&>(row->item.begin()[patch.attribute]).value;
    std::get<Number>(value.data()) = Number(patch.value);
  }
  return true;
}

std::optional<Item> NumberUpdate::Answer(ReturnItem return_item, const Row& row) const {
  if (return_item == ReturnItem::kNone) return std::nullopt;
  if (return_item == ReturnItem::kNew) return row.item;
  std::optional<Item> named(std::in_place);
  named->Reserve(count_);
  for (const store::IntegerPatch& patch : patches()) {
    named->Append(row.item.begin()[patch.attribute].name, Value());
    // Filled where it stands: moving values about costs more than making them.
    const_cast<Attribute*>(named->end() - 1)->value.data().emplace<Number>(patch.value);
  }
  return named;
}

}  // namespace zael::engine
