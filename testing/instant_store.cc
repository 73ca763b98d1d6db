#include "testing/instant_store.h"

#include <string>

#include "base/try.h"
#include "records/attributes.h"
#include "store/evaluate.h"

namespace zael::testing {
namespace {

// What the action assigns to the refill time, if it does.
const Value* NewRefillTime(const UpdateAction& action) {
  const auto* set = std::get_if<SetAction>(&action);
  if (set == nullptr || set->op != SetOp::kAssign) return nullptr;
  if (std::get<std::string>(set->path.steps.front()) != records::kLastRefillMs) return nullptr;
  return std::get_if<Value>(&set->left);
}

}  // namespace

Result<WriteOutcome> InstantStore::Update(const UpdateRequest& request) {
  if (!shown_) {
    ZAEL_ASSIGN(shown_, below_->Get({.table = request.table, .key = request.key}));
    if (!shown_) return below_->Update(request);
  }
  for (const UpdateAction& action : request.actions) {
    if (const Value* time = NewRefillTime(action)) *shown_->Find(records::kLastRefillMs) = *time;
  }
  WriteOutcome outcome{.applied = true, .item = std::nullopt};
  if (request.return_item == ReturnItem::kNew) outcome.item = *shown_;
  if (request.return_item == ReturnItem::kUpdatedNew) {
    outcome.item = store::NamedAttributes(request.actions, *shown_);
  }
  return outcome;
}

Result<NumberOutcome> InstantStore::UpdateNumbers(const NumberUpdate& update) {
  if (!shown_) {
    ZAEL_ASSIGN(shown_, below_->Get({.table = *update.table, .key = *update.key}));
    if (!shown_) return below_->UpdateNumbers(update);
  }
  Result<NumberOutcome> outcome{NumberOutcome()};
  outcome->applied = true;
  for (std::size_t i = 0; i < update.actions.size(); ++i) {
    const NumberAction& action = update.actions[i];
    Value* shown = shown_->Find(action.name);
    if (shown == nullptr) continue;
    if (action.change == NumberChange::kSets && action.name == records::kLastRefillMs)
      *shown = action.value;
    outcome->values[i] = shown->As<Number>()->ToInt64();
  }
  return outcome;
}

}  // namespace zael::testing
