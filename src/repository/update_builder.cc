#include "repository/update_builder.h"

#include <algorithm>
#include <utility>

#include "base/same_name.h"
#include "records/attributes.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: attribute names

constexpr std::size_t kMostConditions = 10;
constexpr std::size_t kMostActions = 9;

[[gnu::always_inline]] inline bool IsName(const Path& path, std::string_view name) {
  if (path.steps.size() != 1) return false;
  const auto* step = std::get_if<std::string>(&path.steps.front());
  return step != nullptr && SameName(*step, name);
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

void SetName(std::string_view name, Path* path) {
  path->steps.clear();
  path->steps.emplace_back(std::in_place_type<std::string>, name);
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
void SetOperand(std::int64_t value, Variant* operand) {
  if (auto* place = std::get_if<Value>(operand)) return SetNumber(value, place);
  operand->template emplace<Value>(value);
}

template <typename Part>
void CutTo(std::size_t size, std::vector<Part>* parts) {
  if (parts->size() == size) return;
  parts->erase(parts->begin() + static_cast<std::ptrdiff_t>(size), parts->end());
}

}  // namespace

UpdateBuilder::UpdateBuilder(UpdateRequest& request, const std::string& table, const Key& key)
    : request_(request) {
  request_.table = table;
  if (!IsSameKey(request_.key, key)) request_.key = key;
  if (!request_.condition || !std::holds_alternative<AllOf>(request_.condition->node)) {
    request_.condition.emplace().node.emplace<AllOf>().parts.reserve(kMostConditions);
    request_.actions.reserve(kMostActions);
  }
  parts_ = &std::get<AllOf>(request_.condition->node).parts;
}

void UpdateBuilder::RequireExists() {
  CutTo(parts_made_, &parts());
  SetName(kPk, &parts().emplace_back().node.emplace<AttributeExists>().path);
  ++parts_made_;
}

void UpdateBuilder::Require(std::string_view name, CompareOp op, std::int64_t value) {
  Conditions& made = parts();
  Comparison* comparison = nullptr;
  if (parts_made_ < made.size()) {
    comparison = std::get_if<Comparison>(&made[parts_made_].node);
    const Path* path = comparison == nullptr ? nullptr : std::get_if<Path>(&comparison->left);
    if (path == nullptr || !IsName(*path, name)) {
      comparison = nullptr;
      CutTo(parts_made_, &made);
    }
  }
  if (comparison == nullptr) {
    comparison = &made.emplace_back().node.emplace<Comparison>();
    SetName(name, &comparison->left.emplace<Path>());
  }
  comparison->op = op;
  SetOperand(value, &comparison->right);
  ++parts_made_;
}

void UpdateBuilder::RequireEpoch(std::optional<std::int64_t> epoch) {
  if (epoch) return Require(kWriteEpoch, CompareOp::kEqual, *epoch);
  RequireAbsent(kWriteEpoch);
}

void UpdateBuilder::RequireAbsent(std::string_view name) {
  Conditions& made = parts();
  const auto* earlier = parts_made_ < made.size()
                            ? std::get_if<AttributeNotExists>(&made[parts_made_].node)
                            : nullptr;
  if (earlier == nullptr || !IsName(earlier->path, name)) {
    CutTo(parts_made_, &made);
    SetName(name, &made.emplace_back().node.emplace<AttributeNotExists>().path);
  }
  ++parts_made_;
}

void UpdateBuilder::RequireParams(const BucketParams& params) {
  Require(kCapacityMilli, CompareOp::kEqual, params.capacity_milli);
  Require(kBurstMilli, CompareOp::kEqual, params.burst_milli);
  Require(kRefillAmountMilli, CompareOp::kEqual, params.refill_amount_milli);
  Require(kRefillPeriodMs, CompareOp::kEqual, params.refill_period_ms);
}

template <typename Action>
Action& UpdateBuilder::Next(std::string_view name) {
  UpdateActions& actions = request_.actions;
  const std::size_t place = actions_made_++;
  if (place < actions.size()) {
    auto* earlier = std::get_if<Action>(&actions[place]);
    if (earlier != nullptr && IsName(earlier->path, name)) return *earlier;
    CutTo(place, &actions);
  }
  Action& made = std::get<Action>(actions.emplace_back(std::in_place_type<Action>));
  SetName(name, &made.path);
  return made;
}

void UpdateBuilder::Set(std::string_view name, std::int64_t value) {
  SetOperand(value, &Next<SetAction>(name).left);
}

void UpdateBuilder::SetBalance(const BucketBalance& balance) {
  Set(kTokensMilli, balance.tokens_milli);
  Set(kLastRefillMs, balance.last_refill_ms);
}

void UpdateBuilder::SetTtl(std::optional<std::int64_t> ttl_seconds) {
  if (ttl_seconds) return Set(kTtl, *ttl_seconds);
  (void)Next<RemoveAction>(kTtl);
}

void UpdateBuilder::Add(std::string_view name, std::int64_t value) {
  SetNumber(value, &Next<AddAction>(name).value);
}

void UpdateBuilder::Fence(std::int64_t write_id) {
  Require(kWriteId, CompareOp::kNotEqual, write_id);
  Set(kWriteId, write_id);
}

void UpdateBuilder::Finish() {
  CutTo(parts_made_, &parts());
  CutTo(actions_made_, &request_.actions);
}

}  // namespace zael::repository
