// NumberUpdate: an update of whole numbers of one item, told in two short lists.
//
// Every acquire is one of these, so it is made without memory of its own: table, key and names are
// not copied. It means what the UpdateRequest of the same conditions, joined by "and", and the same
// actions means (store/number_update.h makes the one of the other). The values are whole numbers,
// the names those of top-level attributes.
//
// Plain values. Thread-compatible. Design: storage.md.
#pragma once

#include <zael/clock.h>
#include <zael/expression.h>
#include <zael/value.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zael {

enum class NumberTest : std::uint8_t { kCompares, kExists, kAbsent };

struct NumberCondition {
  std::string_view name;
  std::int64_t value;  // of kCompares: the attribute stands on the left of `op`, this on the right
  NumberTest test;
  CompareOp op;
};

enum class NumberChange : std::uint8_t { kSets, kAdds, kRemoves };

struct NumberAction {
  std::string_view name;
  std::int64_t value;  // of kSets and kAdds
  NumberChange change;
};

// Up to N of them, in the object itself. Requires: no more are added than there is room for.
template <typename Part, std::size_t N>
class ShortList {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is not in the list is never read
  ShortList() {}

  void Add(const Part& part) {
    if (size_ == N) std::abort();
    parts_[size_++] = part;
  }
  std::size_t size() const { return size_; }
  const Part& operator[](std::size_t place) const { return parts_[place]; }
  const Part* begin() const { return parts_.data(); }
  const Part* end() const { return parts_.data() + size_; }
  void clear() { size_ = 0; }

 private:
  std::size_t size_ = 0;
  std::array<Part, N> parts_;
};

inline constexpr std::size_t kMaxNumberConditions = 12;
inline constexpr std::size_t kMaxNumberActions = 10;

struct NumberUpdate {
  const std::string* table = nullptr;  // both outlive it; never null when it is sent
  const Item* key = nullptr;
  ShortList<NumberCondition, kMaxNumberConditions> conditions;
  ShortList<NumberAction, kMaxNumberActions> actions;
  std::optional<MonotonicTime> deadline;
  // The sender has just looked at the clock: a store that does not wait need not look again.
  bool deadline_is_ahead = false;
  // The names are constants of the program: where one stands in memory tells which it is.
  bool constant_names = false;

  void Require(std::string_view name, CompareOp op, std::int64_t value) {
    conditions.Add({.name = name, .value = value, .test = NumberTest::kCompares, .op = op});
  }
  void RequireExists(std::string_view name) {
    conditions.Add(
        {.name = name, .value = 0, .test = NumberTest::kExists, .op = CompareOp::kEqual});
  }
  void RequireAbsent(std::string_view name) {
    conditions.Add(
        {.name = name, .value = 0, .test = NumberTest::kAbsent, .op = CompareOp::kEqual});
  }
  void Set(std::string_view name, std::int64_t value) {
    actions.Add({.name = name, .value = value, .change = NumberChange::kSets});
  }
  void Add(std::string_view name, std::int64_t value) {
    actions.Add({.name = name, .value = value, .change = NumberChange::kAdds});
  }
  void Remove(std::string_view name) {
    actions.Add({.name = name, .value = 0, .change = NumberChange::kRemoves});
  }
};

// Whether the conditions held and the update was made.
struct NumberOutcome {
  bool applied = false;
  // When applied: what each action left behind, in their order; absent when that is nothing, or no
  // whole number of 64 bits.
  std::array<std::optional<std::int64_t>, kMaxNumberActions> values;
  // When not: the item that failed a condition, absent when there is none.
  std::optional<Item> item;
};

}  // namespace zael
