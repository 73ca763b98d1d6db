#include <zael/expression.h>

#include <utility>

namespace zael {
namespace {

Condition Compare(Path path, CompareOp op, Value value) {
  return {Comparison{std::move(path), op, std::move(value)}};
}

}  // namespace

Condition Exists(Path path) { return {AttributeExists{std::move(path)}}; }
Condition NotExists(Path path) { return {AttributeNotExists{std::move(path)}}; }
Condition Equal(Path path, Value value) {
  return Compare(std::move(path), CompareOp::kEqual, std::move(value));
}
Condition Unequal(Path path, Value value) {
  return Compare(std::move(path), CompareOp::kNotEqual, std::move(value));
}
Condition AtLeast(Path path, Value value) {
  return Compare(std::move(path), CompareOp::kGreaterOrEqual, std::move(value));
}
Condition AtMost(Path path, Value value) {
  return Compare(std::move(path), CompareOp::kLessOrEqual, std::move(value));
}
Condition Less(Path path, Value value) {
  return Compare(std::move(path), CompareOp::kLess, std::move(value));
}
Condition Greater(Path path, Value value) {
  return Compare(std::move(path), CompareOp::kGreater, std::move(value));
}
Condition All(Conditions parts) { return {AllOf{std::move(parts)}}; }
Condition Any(Conditions parts) { return {AnyOf{std::move(parts)}}; }
Condition Negate(Condition part) {
  return {Not{std::make_shared<const Condition>(std::move(part))}};
}

UpdateAction Assign(Path path, Value value) {
  return SetAction{.path = std::move(path), .left = std::move(value)};
}
UpdateAction AddTo(Path path, Value value) {
  return AddAction{.path = std::move(path), .value = std::move(value)};
}
UpdateAction RemoveFrom(Path path) { return RemoveAction{.path = std::move(path)}; }

}  // namespace zael
