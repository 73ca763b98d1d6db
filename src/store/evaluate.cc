#include "store/evaluate.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::store {
namespace {

template <typename... Ts>
struct Overload : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overload(Ts...) -> Overload<Ts...>;

// `scratch` keeps a computed value alive.
const Value* ValueOf(const Operand& operand, const Item* item, Value& scratch) {
  if (const auto* path = std::get_if<Path>(&operand)) return Resolve(*path, item);
  if (const auto* value = std::get_if<Value>(&operand)) return value;
  const auto size = SizeOfValue(Resolve(std::get<SizeOf>(operand).path, item));
  if (!size.has_value()) return nullptr;
  scratch = Value(*size);
  return &scratch;
}

// Of two values with an order between them: numbers, strings, binaries of one type.
std::optional<std::strong_ordering> Order(const Value* left, const Value* right) {
  if (left == nullptr || right == nullptr) return std::nullopt;
  if (left->data().index() != right->data().index()) return std::nullopt;
  if (const auto* number = left->As<Number>()) return *number <=> *right->As<Number>();
  if (const auto* text = left->As<std::string>()) {
    return text->compare(*right->As<std::string>()) <=> 0;
  }
  if (const auto* binary = left->As<Binary>()) {
    return binary->bytes.compare(right->As<Binary>()->bytes) <=> 0;
  }
  return std::nullopt;
}

bool AreEqual(const Value& left, const Value& right) {
  const auto* number = left.As<Number>();
  const auto* other = right.As<Number>();
  return number != nullptr && other != nullptr ? *number == *other : left == right;
}

bool Compare(const Value* left, CompareOp op, const Value* right) {
  const bool both = left != nullptr && right != nullptr;
  switch (op) {
    case CompareOp::kEqual:
      return both && AreEqual(*left, *right);
    case CompareOp::kNotEqual:
      return !both || !AreEqual(*left, *right);
    default:
      break;
  }
  const auto order = Order(left, right);
  return order.has_value() && Fulfils(op, *order);
}

Result<std::size_t> TypeIndex(std::string_view type) {
  // In the order of Value::Data.
  static constexpr std::string_view kTypes[] = {"NULL", "BOOL", "N",  "S",  "B",
                                                "L",    "M",    "SS", "NS", "BS"};
  static_assert(std::size(kTypes) == std::variant_size_v<Value::Data>);
  for (std::size_t index = 0; index < std::size(kTypes); ++index) {
    if (kTypes[index] == type) return index;
  }
  return Error(ErrorCode::kInvalidArgument,
               Format("evaluate condition: attribute type {} is none of S, N, B, SS, NS, BS, M, L, "
                      "BOOL, NULL",
                      Shorten(type)));
}

bool StartsWith(const Value* value, const Value* prefix) {
  if (value == nullptr || prefix == nullptr) return false;
  if (const auto* text = value->As<std::string>()) {
    const auto* wanted = prefix->As<std::string>();
    return wanted != nullptr && text->starts_with(*wanted);
  }
  if (const auto* binary = value->As<Binary>()) {
    const auto* wanted = prefix->As<Binary>();
    return wanted != nullptr && binary->bytes.starts_with(wanted->bytes);
  }
  return false;
}

template <typename Set, typename Member>
bool SetContains(const Value& whole, const Value& member) {
  const Set* const set = whole.As<Set>();
  const Member* const wanted = member.As<Member>();
  return set != nullptr && wanted != nullptr &&
         std::binary_search(set->members.begin(), set->members.end(), *wanted);
}

bool ContainsMember(const Value* whole, const Value* member) {
  if (whole == nullptr || member == nullptr) return false;
  if (const auto* text = whole->As<std::string>()) {
    const auto* part = member->As<std::string>();
    return part != nullptr && text->find(*part) != std::string::npos;
  }
  if (const auto* binary = whole->As<Binary>()) {
    const auto* part = member->As<Binary>();
    return part != nullptr && binary->bytes.find(part->bytes) != std::string::npos;
  }
  if (const auto* list = whole->As<List>()) {
    return std::find(list->begin(), list->end(), *member) != list->end();
  }
  return SetContains<StringSet, std::string>(*whole, *member) ||
         SetContains<NumberSet, Number>(*whole, *member) ||
         SetContains<BinarySet, Binary>(*whole, *member);
}

struct Evaluator {
  const Item* item;

  Result<bool> operator()(const Comparison& c) const {
    const auto* path = std::get_if<Path>(&c.left);
    const auto* value = std::get_if<Value>(&c.right);
    if (path != nullptr && value != nullptr) return Compare(Resolve(*path, item), c.op, value);
    Value left, right;
    return Compare(ValueOf(c.left, item, left), c.op, ValueOf(c.right, item, right));
  }
  Result<bool> operator()(const Between& c) const {
    Value value, low, high;
    const Value* const judged = ValueOf(c.operand, item, value);
    return Compare(judged, CompareOp::kGreaterOrEqual, ValueOf(c.low, item, low)) &&
           Compare(judged, CompareOp::kLessOrEqual, ValueOf(c.high, item, high));
  }
  Result<bool> operator()(const In& c) const {
    Value value, candidate;
    const Value* const judged = ValueOf(c.operand, item, value);
    return std::any_of(c.candidates.begin(), c.candidates.end(), [&](const Operand& operand) {
      return Compare(judged, CompareOp::kEqual, ValueOf(operand, item, candidate));
    });
  }
  Result<bool> operator()(const AttributeExists& c) const {
    return Resolve(c.path, item) != nullptr;
  }
  Result<bool> operator()(const AttributeNotExists& c) const {
    return Resolve(c.path, item) == nullptr;
  }
  Result<bool> operator()(const AttributeType& c) const {
    ZAEL_ASSIGN(const std::size_t type, TypeIndex(c.type));
    const Value* const value = Resolve(c.path, item);
    return value != nullptr && value->data().index() == type;
  }
  Result<bool> operator()(const BeginsWith& c) const {
    Value value, prefix;
    return StartsWith(ValueOf(c.operand, item, value), ValueOf(c.prefix, item, prefix));
  }
  Result<bool> operator()(const Contains& c) const {
    Value value, member;
    return ContainsMember(ValueOf(c.operand, item, value), ValueOf(c.member, item, member));
  }
  Result<bool> operator()(const AllOf& c) const {
    for (const Condition& part : c.parts) {
      auto holds = Holds(part, item);
      if (!holds.ok() || !*holds) return holds;
    }
    return true;
  }
  Result<bool> operator()(const AnyOf& c) const {
    for (const Condition& part : c.parts) {
      auto holds = Holds(part, item);
      if (!holds.ok() || *holds) return holds;
    }
    return false;
  }
  Result<bool> operator()(const Not& c) const {
    if (c.part == nullptr) {
      return Error(ErrorCode::kInvalidArgument, "evaluate condition: NOT without a condition");
    }
    ZAEL_ASSIGN(const bool holds, Holds(*c.part, item));
    return !holds;
  }
};

}  // namespace

std::optional<std::int64_t> SizeOfValue(const Value* value) {
  if (value == nullptr) return std::nullopt;
  const auto size = [](const auto& container) -> std::optional<std::int64_t> {
    return static_cast<std::int64_t>(container.size());
  };
  return std::visit(
      Overload{[](const Null&) -> std::optional<std::int64_t> { return std::nullopt; },
               [](const bool&) -> std::optional<std::int64_t> { return std::nullopt; },
               [](const Number&) -> std::optional<std::int64_t> { return std::nullopt; },
               [&](const std::string& v) { return size(v); },
               [&](const Binary& v) { return size(v.bytes); },
               [&](const List& v) { return size(v); }, [&](const Item& v) { return size(v); },
               [&](const StringSet& v) { return size(v.members); },
               [&](const NumberSet& v) { return size(v.members); },
               [&](const BinarySet& v) { return size(v.members); }},
      value->data());
}

const Value* Resolve(const Path& path, const Item* item) {
  if (item == nullptr || path.steps.empty()) return nullptr;
  const auto* name = std::get_if<std::string>(&path.steps.front());
  const Value* value = name == nullptr ? nullptr : item->Find(*name);
  for (std::size_t step = 1; value != nullptr && step < path.steps.size(); ++step) {
    if (const auto* member = std::get_if<std::string>(&path.steps[step])) {
      const Item* const map = value->As<Item>();
      value = map == nullptr ? nullptr : map->Find(*member);
    } else {
      const List* const list = value->As<List>();
      const std::size_t index = std::get<std::size_t>(path.steps[step]);
      value = list == nullptr || index >= list->size() ? nullptr : &(*list)[index];
    }
  }
  return value;
}

Result<bool> Holds(const Condition& condition, const Item* item_or_null) {
  const Evaluator evaluator{item_or_null};
  // The usual part of a condition, without a visit's jump.
  if (const auto* comparison = std::get_if<Comparison>(&condition.node))
    return evaluator(*comparison);
  return std::visit(evaluator, condition.node);
}

}  // namespace zael::store
