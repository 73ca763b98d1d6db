#include "engine/row_update.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <string_view>
#include <utility>

#include "base/same_name.h"
#include "store/evaluate.h"

namespace zael::engine {
namespace {

constexpr std::size_t kMaxAttributes = kMaxRowNumbers;
constexpr std::size_t kAbsent = kMaxAttributes;
constexpr std::size_t kMaxNameBytes = 255;  // longer ones are judged elsewhere

std::optional<std::int64_t> Whole(const Value& value) {
  const auto* number = value.As<Number>();
  if (number == nullptr || number->exponent() != 0) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(number->coefficient());
  if (whole != number->coefficient()) return std::nullopt;
  return whole;
}

// Whether an attribute can have it.
bool IsName(std::string_view name) { return !name.empty() && name.size() <= kMaxNameBytes; }

bool IsKeyOf(const KeySchema& schema, std::string_view name) {
  return schema.hash.name == name || (schema.range.has_value() && schema.range->name == name);
}

// Finds the attributes of a row by the places of their names in updates, which seldom change.
class Attributes {
 public:
  Attributes(Row* row, bool constant_names)
      : row_(*row),
        attributes_(row->item.begin()),
        count_(row->item.size()),
        constant_names_(constant_names) {}

  // kAbsent: there is none of this name. Requires: `place` < kRowGuesses.
  [[gnu::always_inline]] std::size_t Find(std::string_view name, std::size_t place) {
    const std::string_view certain = row_.certain[place];
    if (constant_names_ && certain.data() == name.data() && certain.size() == name.size())
        [[likely]] {
      const std::uint8_t guess = row_.guesses[place];
      return guess >= kFirstAbsent ? kAbsent : guess;
    }
    return Search(name, place);
  }

  [[gnu::always_inline]] std::optional<std::int64_t> Number(std::size_t attribute) {
    const std::uint64_t bit = std::uint64_t{1} << attribute;
    if ((row_.has_number & bit) == 0) {
      const auto number = Whole(attributes_[attribute].value);
      if (!number.has_value()) return std::nullopt;
      row_.numbers[attribute] = *number;
      row_.has_number |= bit;
    }
    return row_.numbers[attribute];
  }

 private:
  static constexpr std::uint8_t kFirstAbsent = 128;  // guesses from here on: of the absent names

  [[gnu::noinline]] std::size_t Search(std::string_view name, std::size_t place) {
    const std::size_t attribute = LookUp(name, place);
    row_.certain[place] = constant_names_ ? name : std::string_view();
    return attribute;
  }

  std::size_t LookUp(std::string_view name, std::size_t place) {
    std::uint8_t& guess = row_.guesses[place];
    if (guess < count_ && SameName(attributes_[guess].name, name)) return guess;
    const auto* const end = attributes_ + count_;
    const auto* const found =
        std::find_if(attributes_, end, [&](const Attribute& a) { return SameName(a.name, name); });
    if (found != end) {
      guess = static_cast<std::uint8_t>(found - attributes_);
      return guess;
    }
    auto& absent = row_.absent;
    std::size_t known = 0;
    while (known < absent.size() && absent[known] != name) ++known;
    if (known == absent.size()) {
      known = place % absent.size();
      absent[known] = name;
    }
    guess = static_cast<std::uint8_t>(kFirstAbsent + known);
    return kAbsent;
  }

  Row& row_;
  const Attribute* const attributes_;
  const std::size_t count_;
  const bool constant_names_;
};

// False also for what is not judged here.
bool Holds(const NumberCondition& condition, std::size_t place, Attributes* attributes) {
  if (!IsName(condition.name)) return false;
  const std::size_t attribute = attributes->Find(condition.name, place);
  if (condition.test != NumberTest::kCompares) [[unlikely]]
    return (attribute != kAbsent) == (condition.test == NumberTest::kExists);
  if (attribute == kAbsent) return condition.op == CompareOp::kNotEqual;
  const auto present = attributes->Number(attribute);
  return present.has_value() && store::Fulfils(condition.op, *present <=> condition.value);
}

// What becomes of which attributes.
class Planner {
 public:
  using Values = std::array<std::optional<std::int64_t>, kMaxNumberActions>;

  // False: the actions cannot be made here, or change nothing. `left_behind`: by each of them.
  bool PlanAll(const NumberUpdate& update, Attributes* attributes, Values* left_behind) {
    bool removes = false;  // only once: who removes the same twice is refused elsewhere
    for (std::size_t i = 0; i < update.actions.size(); ++i) {
      const NumberAction& action = update.actions[i];
      if (!IsName(action.name)) return false;
      const std::size_t attribute = attributes->Find(action.name, kMaxNumberConditions + i);
      if (action.change == NumberChange::kRemoves) {
        if (removes || attribute != kAbsent) return false;
        removes = true;
        (*left_behind)[i].reset();
      } else {
        if (attribute == kAbsent || !Plan(action, attribute, attributes)) return false;
        (*left_behind)[i] = values_[attribute];
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
  bool Plan(const NumberAction& action, std::size_t attribute, Attributes* attributes) {
    const auto present = attributes->Number(attribute);
    if (!present.has_value()) return false;
    std::int64_t value = action.value;
    if (action.change == NumberChange::kAdds &&
        __builtin_add_overflow(*present, action.value, &value))
      return false;
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

bool RowUpdate::Apply(const NumberUpdate& update, const TableSpec& spec, Row* row) {
  static_assert(kMaxNumberConditions + kMaxNumberActions <= kRowGuesses);
  if (row->places.size() != row->item.size() || row->item.size() >= kMaxAttributes) return false;
  Attributes attributes(row, update.constant_names);
  for (std::size_t i = 0; i < update.conditions.size(); ++i) {
    if (!Holds(update.conditions[i], i, &attributes)) return false;
  }
  Planner planner;
  if (!planner.PlanAll(update, &attributes, &left_behind_) || !planner.LeavesKeys(spec, row))
    return false;
  count_ = planner.Patches(patches_.data());
  store::PatchIntegers(row->bytes, patches(), &row->next_bytes, &row->places);
  for (const store::IntegerPatch& patch : patches()) {
    auto& value = const_cast<Attribute&>(row->item.begin()[patch.attribute]).value;
    std::get<Number>(value.data()) = Number(patch.value);
    row->numbers[patch.attribute] = patch.value;
  }
  return true;
}

void RowUpdate::Answer(NumberOutcome* outcome) const {
  outcome->applied = true;
  outcome->values = left_behind_;
}

std::optional<Item> RowUpdate::Answer(ReturnItem return_item, const Row& row) const {
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
