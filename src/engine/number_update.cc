#include "engine/number_update.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>
#include <variant>

#include "base/same_name.h"
#include "store/evaluate.h"

namespace zael::engine {
namespace {

constexpr std::size_t kMaxAttributes = 64;
constexpr std::size_t kAbsent = kMaxAttributes;
constexpr std::size_t kMaxParts = 16;       // of a condition
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

// Finds the attributes of a row in the order in which requests name them, which seldom changes.
class NameFinder {
 public:
  explicit NameFinder(Row* row)
      : attributes_(row->item.begin()),
        count_(row->item.size()),
        guess_(row->guesses.data()),
        absent_(row->absent) {}

  const Value& ValueAt(std::size_t attribute) const { return attributes_[attribute].value; }

  // kAbsent: there is none of this name. Requires: this is at most the kRowGuesses-th call.
  [[gnu::always_inline]] std::size_t Find(const std::string& name) {
    std::uint8_t* const guess = guess_++;
    if (*guess < count_ && SameName(attributes_[*guess].name, name)) [[likely]]
      return *guess;
    return Search(name, guess);
  }

 private:
  [[gnu::noinline]] std::size_t Search(const std::string& name, std::uint8_t* guess) {
    for (const std::string& absent : absent_) {
      if (SameName(absent, name)) return kAbsent;
    }
    const auto* const end = attributes_ + count_;
    const auto* const found =
        std::find_if(attributes_, end, [&](const Attribute& a) { return SameName(a.name, name); });
    if (found == end) {
      std::swap(absent_.front(), absent_.back());
      absent_.front() = name;
      return kAbsent;
    }
    *guess = static_cast<std::uint8_t>(found - attributes_);
    return *guess;
  }

  const Attribute* const attributes_;
  const std::size_t count_;
  std::uint8_t* guess_;
  std::array<std::string, 2>& absent_;
};

// False also for what is not judged here.
bool PartHolds(const Condition& part, NameFinder* names) {
  const auto* comparison = std::get_if<Comparison>(&part.node);
  if (comparison == nullptr) [[unlikely]] {
    const auto* exists = std::get_if<AttributeExists>(&part.node);
    const auto* absent = std::get_if<AttributeNotExists>(&part.node);
    if (exists == nullptr && absent == nullptr) return false;
    const std::string* name = NameOf(exists != nullptr ? exists->path : absent->path);
    return name != nullptr && (names->Find(*name) != kAbsent) == (exists != nullptr);
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
  return !all->parts.empty() && all->parts.size() <= kMaxParts &&
         std::all_of(all->parts.begin(), all->parts.end(),
                     [&](const Condition& part) { return PartHolds(part, names); });
}

// What becomes of which attributes.
class Planner {
 public:
  // False: the actions are not of this kind, or change nothing.
  bool PlanAll(const UpdateActions& actions, NameFinder* names) {
    bool removes = false;  // only once: who removes the same twice is refused elsewhere
    for (const UpdateAction& action : actions) {
      if (const auto* add = std::get_if<AddAction>(&action)) {
        if (!Plan(add->path, &add->value, /*adds=*/true, names)) return false;
      } else if (const auto* set = std::get_if<SetAction>(&action)) {
        if (set->op != SetOp::kAssign) return false;
        if (!Plan(set->path, std::get_if<Value>(&set->left), /*adds=*/false, names)) return false;
      } else {
        const auto* removal = std::get_if<RemoveAction>(&action);
        const std::string* name = removal == nullptr ? nullptr : NameOf(removal->path);
        if (removes || name == nullptr || names->Find(*name) != kAbsent) return false;
        removes = true;
      }
    }
    return changes_;
  }

  // Looks at each attribute of a row once, until the row is encoded anew.
  bool LeavesKeys(const TableSpec& spec, Row* row) const {
    for (std::uint64_t unknown = named_ & ~row->no_keys; unknown != 0; unknown &= unknown - 1) {
      const std::string& name = row->item.begin()[std::countr_zero(unknown)].name;
      if (IsKeyOf(spec.keys, name) ||
          std::any_of(spec.indexes.begin(), spec.indexes.end(),
                      [&](const IndexSpec& index) { return IsKeyOf(index.keys, name); })) {
        return false;
      }
      row->no_keys |= unknown & -unknown;
    }
    return true;
  }

  // In ascending order; how many. Requires: there is room for as many as there were actions.
  std::size_t Patches(store::IntegerPatch* patch) const {
    std::size_t count = 0;
    for (std::uint64_t left = named_; left != 0; left &= left - 1) {
      const auto attribute = static_cast<std::size_t>(std::countr_zero(left));
      patch[count++] = {.attribute = attribute, .value = values_[attribute]};
    }
    return count;
  }

 private:
  bool Plan(const Path& path, const Value* operand, bool adds, NameFinder* names) {
    const std::string* name = NameOf(path);
    if (name == nullptr || operand == nullptr) return false;
    const std::size_t attribute = names->Find(*name);
    const auto given = Whole(*operand);
    if (attribute == kAbsent || !given.has_value()) return false;
    const auto present = Whole(names->ValueAt(attribute));
    if (!present.has_value()) return false;
    std::int64_t value = *given;
    if (adds && __builtin_add_overflow(*present, *given, &value)) return false;
    const std::uint64_t bit = std::uint64_t{1} << attribute;
    if ((named_ & bit) != 0) return false;  // named twice
    named_ |= bit;
    values_[attribute] = value;
    changes_ = changes_ || value != *present;
    return true;
  }

  std::uint64_t named_ = 0;  // bits of attributes
  bool changes_ = false;
  std::array<std::int64_t, kMaxAttributes> values_;  // of the named ones
};

}  // namespace

bool NumberUpdate::Apply(const UpdateRequest& request, const TableSpec& spec, Row* row) {
  static_assert(kMaxParts + kMaxActions <= kRowGuesses);
  if (request.return_item == ReturnItem::kOld || request.actions.size() > kMaxActions) return false;
  if (row->places.size() != row->item.size() || row->item.size() >= kMaxAttributes) return false;
  NameFinder names(row);
  Planner planner;
  if (!ConditionHolds(request.condition, &names)) return false;
  if (!planner.PlanAll(request.actions, &names) || !planner.LeavesKeys(spec, row)) return false;
  count_ = planner.Patches(patches_.data());
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
    // Filled where it stands: moving values about costs more than making them.
    const Attribute& stored = row.item.begin()[patch.attribute];
    named->AppendNull(stored.name).data().emplace<Number>(patch.value);
  }
  return named;
}

}  // namespace zael::engine
