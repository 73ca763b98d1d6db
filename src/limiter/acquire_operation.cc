#include "limiter/acquire_operation.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "base/try.h"
#include "records/bucket_record.h"

namespace zael::limiter {
namespace {

// How many lost answers an acquire looks into, of its writes and their fences, before it gives up.
constexpr int kMaxRecoveries = 5;

}  // namespace

AcquireOperation::AcquireOperation(OperationContext& context, const TargetQuery& target,
                                   const Amounts& amounts, const TimeFrame& time,
                                   const LeasedBuckets* leased)
    : context_(context),
      target_(target),
      amounts_(amounts),
      time_(time),
      leased_(leased),
      resolver_(context, target, time),
      pauses_(context, time.deadline),
      write_id_(context.NewWriteId()) {}

Action AcquireOperation::Start() { return Resolve(resolver_.Start(/*bypass_cache=*/false)); }

Action AcquireOperation::Resume(Answer answer) {
  waited_ = true;
  switch (phase_) {
    case Phase::kResolving:
      return Resolve(resolver_.Resume(std::move(answer)));
    case Phase::kReading:
      return OnRead(std::move(std::get<Result<std::vector<Item>>>(answer)));
    case Phase::kPausing:
      return lost_answer_ ? Recover() : Plan();
    case Phase::kWriting:
      if (const auto* numbers = std::get_if<Result<NumberOutcome>>(&answer)) {
        return OnNumbers(*numbers);
      }
      if (const auto* outcome = std::get_if<Result<WriteOutcome>>(&answer)) {
        return OnWrite(*outcome);
      }
      return OnTransact(std::get<Result<TransactOutcome>>(answer));
    case Phase::kFencing:
      return OnFenced(std::get<Result<WriteOutcome>>(answer));
    case Phase::kAdopting:
      return OnAdopted(std::get<Result<TransactOutcome>>(answer));
  }
  return Done{};
}

void AcquireOperation::TakeBack(Action&& performed) {
  if (phase_ != Phase::kWriting) return;
  auto* transaction = std::get_if<TransactWriteRequest>(&performed);
  if (transaction == nullptr) return;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (auto* update = std::get_if<UpdateRequest>(&transaction->items[i])) {
      repository::ReuseBucketWrite(slots_[i].plan, std::move(*update));
    }
  }
}

// --- Which buckets -------------------------------------------------------------------------------

Action AcquireOperation::Resolve(std::optional<Action> step) {
  phase_ = Phase::kResolving;
  if (step) return std::move(*step);
  if (!resolver_.status().ok()) return FailOfStore(resolver_.status().error());
  if (const Status made = MakeSlots(); !made.ok()) {
    // A name the cache does not know may have been configured by another process meanwhile.
    if (resolver_.targets().from_cache && !resolved_anew_) {
      resolved_anew_ = true;
      return Resolve(resolver_.Start(/*bypass_cache=*/true));
    }
    return Fail(made.error(), /*may_open=*/false);
  }
  return Read();
}

Status AcquireOperation::MakeSlots() {
  const Targets& targets = resolver_.targets();
  slots_.clear();
  slots_.reserve(targets.own->buckets.size() +
                 (targets.parent ? targets.parent->buckets.size() : 0));
  AddSlots(targets.own, /*is_own=*/true);
  if (targets.parent) AddSlots(targets.parent, /*is_own=*/false);
  if (leased_ != nullptr) AddLeasedSlots();
  for (const auto& [name, amount] : amounts_) {
    const bool known = std::any_of(slots_.begin(), slots_.end(), [&, &wanted = name](auto& slot) {
      return slot.is_own && slot.spec->id.limit == wanted;
    });
    if (!known) return ValidateKnown(*targets.own, amounts_);
  }
  return {};
}

void AcquireOperation::AddSlots(const SharedLimits& limits, bool is_own) {
  for (const BucketSpec& spec : limits->buckets) {
    Slot& slot = slots_.emplace_back();
    slot.spec = &spec;
    slot.owner = limits;
    slot.is_own = is_own;
    if (const auto amount = amounts_.find(spec.id.limit); amount != amounts_.end()) {
      slot.need = amount->second;
    }
    slot.Recall(context_.memory);
  }
}

void AcquireOperation::AddLeasedSlots() {
  for (const LeasedBucket& leased : *leased_) {
    const auto amount = amounts_.find(leased.spec->id.limit);
    if (amount == amounts_.end()) continue;
    const bool present = std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
      return slot.spec->memory_key == leased.spec->memory_key;
    });
    if (present) continue;
    Slot& slot = slots_.emplace_back();
    slot.spec = leased.spec;
    slot.owner = leased.owner;
    slot.is_own = leased.is_own;
    slot.need = amount->second;
    slot.Recall(context_.memory);
  }
}

Action AcquireOperation::Read() {
  BatchGetRequest request{.table = context_.table, .deadline = time_.deadline};
  for (const Slot& slot : slots_) {
    if (slot.knowledge == Knowledge::kNone) request.keys.push_back(slot.spec->key);
  }
  if (request.keys.empty()) return Plan();
  if (TimeIsUp()) return GiveUp();
  phase_ = Phase::kReading;
  return request;
}

Action AcquireOperation::OnRead(Result<std::vector<Item>> items) {
  if (!items.ok()) return FailOfStore(items.error());
  for (Slot& slot : slots_) {
    if (slot.knowledge != Knowledge::kNone) continue;
    const Status seen = slot.See(TakeItemOf(*slot.spec, *items), context_.memory);
    if (!seen.ok()) return Fail(seen.error(), /*may_open=*/false);
  }
  return Plan();
}

// --- What to write -------------------------------------------------------------------------------

Action AcquireOperation::Plan() {
  now_ms_ = context_.NowMs();
  if (resolver_.targets().from_cache && !resolved_anew_ && ShowsOtherParameters()) {
    resolved_anew_ = true;
    return Resolve(resolver_.Start(/*bypass_cache=*/true));
  }
  if (IsDenied(now_ms_)) return Deny(now_ms_);
  if (TimeIsUp()) return GiveUp();
  if (!paused_) {
    paused_ = true;
    if (const auto pause = pauses_.Next(); pause.count() > 0) {
      phase_ = Phase::kPausing;
      return Backoff{pause};
    }
  }
  return Send();
}

// The clock is not asked again before anything was waited for.
bool AcquireOperation::TimeIsUp() const {
  return waited_ ? pauses_.TimeIsUp() : time_.started >= time_.deadline;
}

// Only of buckets this acquire takes from: what it merely checks is never rewritten, and would
// send every acquire to the configuration again.
bool AcquireOperation::ShowsOtherParameters() const {
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return slot.need > 0 && slot.base.state && slot.base.state->params != slot.spec->params;
  });
}

bool AcquireOperation::IsDenied(std::int64_t now_ms) const {
  return std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
    if (slot.need_milli() > slot.spec->params.burst_milli) return true;
    return slot.knowledge == Knowledge::kSeen &&
           !Judge(slot.base.state, slot.Request(now_ms)).granted;
  });
}

Action AcquireOperation::Send() {
  phase_ = Phase::kWriting;
  ++attempt_;
  if (slots_.size() == 1) return SendOne(slots_.front());
  std::vector<TransactItem> writes;
  writes.reserve(slots_.size());
  for (Slot& slot : slots_) {
    writes.push_back(repository::MakeBucketWrite(context_.table, PlanSlot(slot)));
  }
  return Transaction(std::move(writes));
}

Action AcquireOperation::SendOne(Slot& slot) {
  const repository::BucketWrite write = PlanSlot(slot);
  if (repository::MakeBucketUpdate(context_.table, write, &update_)) {
    update_.deadline = time_.deadline;
    update_.deadline_is_ahead = true;  // Plan has seen to it
    return Action(std::in_place_type<PendingNumbers>, &update_);
  }
  std::vector<TransactItem> writes;
  writes.push_back(repository::MakeBucketWrite(context_.table, write));
  if (auto* put = std::get_if<PutRequest>(&writes.front())) {
    put->deadline = time_.deadline;
    return std::move(*put);
  }
  return Transaction(std::move(writes));
}

Action AcquireOperation::Transaction(std::vector<TransactItem> writes) const {
  return TransactWriteRequest{.items = std::move(writes),
                              .token = Format("{:x}-{}", write_id_, attempt_),
                              .deadline = time_.deadline};
}

repository::BucketWrite AcquireOperation::PlanSlot(Slot& slot) {
  slot.plan = PlanWrite(slot.base.state, slot.Request(now_ms_));
  slot.sent.reset();
  if (!std::holds_alternative<CheckPlan>(slot.plan)) {
    slot.sent = {.write_id = slot.base.write_id,
                 .write_epoch = slot.base.write_epoch,
                 .missing = std::holds_alternative<CreatePlan>(slot.plan)};
  }
  slot.held = false;
  repository::BucketWrite write{.id = slot.spec->id,
                                .key = slot.spec->key,
                                .wanted = slot.spec->params,
                                .plan = slot.plan,
                                .need_milli = slot.need_milli(),
                                .write_id = write_id_,
                                .write_epoch = slot.base.write_epoch};
  if (!slot.spec->never_expires && slot.need > 0) {
    auto after = AfterPlan(slot.plan, *slot.spec, slot.base.state);
    // All that the condition of an Add makes sure of: others may have taken since.
    if (std::holds_alternative<AddPlan>(slot.plan)) after->balance.tokens_milli = 0;
    write.ttl_seconds = records::BucketExpirySeconds(*after, now_ms_);
  }
  return write;
}

// --- How it went ---------------------------------------------------------------------------------

Action AcquireOperation::OnNumbers(const Result<NumberOutcome>& outcome) {
  if (!outcome.ok()) return OnWriteError(outcome.error());
  if (!outcome->applied) return OnRefused(outcome->item);
  return Grant(repository::BalanceLeftBehind(update_, *outcome));
}

Action AcquireOperation::OnWrite(const Result<WriteOutcome>& outcome) {
  if (!outcome.ok()) return OnWriteError(outcome.error());
  if (!outcome->applied) return OnRefused(outcome->item);
  if (!outcome->item) return Grant(std::nullopt);
  // Just written by our own update: well-formed.
  const auto shown = records::DecodeBalance(*outcome->item);
  return shown.ok() ? Grant(*shown) : Grant(std::nullopt);
}

Action AcquireOperation::OnRefused(const std::optional<Item>& item) {
  Slot& slot = slots_.front();
  const Status seen = slot.See(item, context_.memory);
  if (!seen.ok()) return Fail(seen.error(), /*may_open=*/false);
  // An earlier try of this acquire, whose answer got lost, is what is standing in the way.
  if (slot.base.write_id == write_id_) return GrantFromEvidence();
  return LoseRace();
}

Action AcquireOperation::OnTransact(const Result<TransactOutcome>& outcome) {
  if (!outcome.ok()) return OnWriteError(outcome.error());
  bool applied = outcome->applied;
  if (!applied) {
    const Status seen = SeeCancellations(*outcome, applied);
    if (!seen.ok()) return Fail(seen.error(), /*may_open=*/false);
  }
  if (outcome->applied) return Grant(std::nullopt);
  return applied ? GrantFromEvidence() : LoseRace();
}

Status AcquireOperation::SeeCancellations(const TransactOutcome& outcome, bool& applied) {
  CHECK(outcome.cancellations.size() == slots_.size());
  bool failed = false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const TransactCancellation& cancellation = outcome.cancellations[i];
    if (cancellation.reason != CancelReason::kConditionFailed) continue;
    failed = true;
    ZAEL_TRY(slots_[i].See(cancellation.item, context_.memory));
    applied = applied || slots_[i].base.write_id == write_id_;
  }
  for (std::size_t i = 0; i < slots_.size() && failed; ++i) {
    slots_[i].held = outcome.cancellations[i].reason == CancelReason::kNone;
  }
  return {};
}

Action AcquireOperation::OnWriteError(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kAborted:
      return LoseRace();
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
      lost_answer_ = error;
      fenced_ = 0;
      all_were_missing_ = true;
      return Recover();
    default:
      return FailOfStore(error);
  }
}

Action AcquireOperation::LoseRace() {
  pauses_.CountLoss();
  paused_ = false;
  return Plan();
}

// --- When the answer got lost --------------------------------------------------------------------

Action AcquireOperation::Recover() {
  if (TimeIsUp() || recoveries_ == kMaxRecoveries) return Undecided("no answer");
  ++recoveries_;
  return Fence();
}

// Of the first written bucket that is not known to be of no use for it.
Action AcquireOperation::Fence() {
  while (fenced_ < slots_.size() && !slots_[fenced_].sent) ++fenced_;
  if (fenced_ == slots_.size()) {
    return all_were_missing_ ? PlanAnew() : Undecided("other writes came after it");
  }
  phase_ = Phase::kFencing;
  Slot& slot = slots_[fenced_];
  return MakeFence(context_, *slot.spec, *slot.sent, time_.deadline);
}

Action AcquireOperation::OnFenced(const Result<WriteOutcome>& outcome) {
  if (!outcome.ok()) {
    pauses_.CountLoss();
    phase_ = Phase::kPausing;
    return Backoff{pauses_.Next()};
  }
  Slot& slot = slots_[fenced_];
  const auto fate = ReadFence(context_, slot, *slot.sent, write_id_, *outcome);
  if (!fate.ok()) {
    return Fail(
        {fate.error().code(), Format("it may have been charged: {}", fate.error().message())},
        /*may_open=*/false);
  }
  switch (*fate) {
    case Fate::kApplied:
      return GrantFromEvidence();
    case Fate::kNeverApplied:
      // A bucket that is missing may have been removed with the charge in it; what else was charged
      // with it shows in the others.
      if (!slot.sent->missing) return PlanAnew();
      break;
    case Fate::kUnknown:
      all_were_missing_ = false;
      break;
  }
  ++fenced_;
  return Fence();
}

// What was lost will never be applied.
Action AcquireOperation::PlanAnew() {
  pauses_.CountLoss();
  const Error lost = *std::exchange(lost_answer_, std::nullopt);
  if (recoveries_ == kMaxRecoveries) return FailOfStore(lost);
  paused_ = false;
  return Plan();
}

}  // namespace zael::limiter
