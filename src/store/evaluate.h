// What conditions and update actions mean: the one evaluator under every store of ours.
//
// Conditions are judged against an item or its absence; actions make the new item from the old one.
// Both follow DynamoDB's rules. The shape of an expression (depth, operand counts, known types) is
// judged before, by validate.h; these functions do not crash on a bad shape but may answer late,
// when they come to it. Pure functions. Design: storage.md.
#pragma once

#include <zael/expression.h>
#include <zael/store.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace zael::store {

// What size() answers: bytes of a string or binary, members of anything that has members; nothing
// for the rest and for nullptr.
std::optional<std::int64_t> SizeOfValue(const Value* value);

// The value at `path`, or nullptr. `item` may be nullptr.
const Value* Resolve(const Path& path, const Item* item);

// Whether two values in this order compare as `op` says.
constexpr bool Fulfils(CompareOp op, std::strong_ordering order) {
  // Bits for less, equal and greater, in the order of CompareOp.
  constexpr std::array<unsigned, 6> kFulfilling = {0b010, 0b101, 0b001, 0b011, 0b100, 0b110};
  static_assert(static_cast<std::size_t>(CompareOp::kGreaterOrEqual) + 1 == kFulfilling.size());
  return (kFulfilling[static_cast<std::size_t>(op)] >> (1 + (order > 0) - (order < 0)) & 1) != 0;
}

// Whether `condition` holds for `item_or_null`. Errors: kInvalidArgument (unknown type name, empty
// Not).
Result<bool> Holds(const Condition& condition, const Item* item_or_null);

// The item after `actions` on `old`, or on the bare `key` where `old` is nullptr.
// Errors: kInvalidArgument (a key attribute, overlapping paths, a wrong operand type, a missing
// operand, a path through something that is no map or list, a number past 38 digits).
Result<Item> Apply(const UpdateActions& actions, const Item* old, const Key& key,
                   const KeySchema& schema);

// The same without a copy of the item. After an error `item` is of no use.
Status ApplyInPlace(const UpdateActions& actions, const KeySchema& schema, Item* item);

// What an error of Apply is about, for a protocol that has words of its own for it.
enum class Refusal {
  kAbsentOperand,  // a right side reads what the item does not have
  kWrongOperand,   // no number, list or set where one is needed
  kInvalidPath,    // through something that is no map or list
  kTooPrecise,     // a number past 38 digits
  kOutOfRange,     // a number past 1E126
  kOther,
};
Refusal RefusalOf(const Error& error);

// Of `item` what `actions` name: the answer of ReturnItem::kUpdatedNew. Requires: their paths are
// top-level.
Item NamedAttributes(const UpdateActions& actions, const Item& item);

// Whether every action only takes away: such an update of an absent item succeeds and makes
// nothing. False for no actions at all, which make an item of the bare key.
bool OnlyRemoves(const UpdateActions& actions);

}  // namespace zael::store
