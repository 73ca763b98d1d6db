#include "limiter/adjust_operation.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/bucket_record.h"
#include "repository/bucket_writes.h"

namespace zael::limiter {
namespace {

constexpr int kMaxAdjustRecoveries = 5;

// From memory that may be long out of date: were the rate lower or the debt deeper than assumed,
// the bucket would expire before the debt is repaid. The refused write brings the fresh item.
Condition NotWorseThan(const BucketState& assumed) {
  return All({Equal(records::kBurstMilli, assumed.params.burst_milli),
              Equal(records::kRefillAmountMilli, assumed.params.refill_amount_milli),
              Equal(records::kRefillPeriodMs, assumed.params.refill_period_ms),
              AtLeast(records::kTokensMilli, assumed.balance.tokens_milli)});
}

}  // namespace

AdjustOperation::AdjustOperation(OperationContext& context, std::string what,
                                 std::vector<Correction> corrections, MonotonicTime deadline)
    : context_(context),
      what_(std::move(what)),
      deadline_(deadline),
      pauses_(context, deadline),
      write_id_(context.NewWriteId()) {
  CHECK(!corrections.empty());
  slots_.reserve(corrections.size());
  for (Correction& correction : corrections) {
    Slot& slot = slots_.emplace_back();
    slot.spec = correction.spec;
    slot.correction = std::move(correction);
    slot.Recall(context_.memory);
  }
}

void AdjustOperation::SetDeadline(MonotonicTime deadline) {
  deadline_ = deadline;
  pauses_ = Pauses(context_, deadline);
}

Action AdjustOperation::Start() {
  recoveries_ = 0;
  fenced_ = 0;
  all_were_missing_ = true;
  return lost_answer_ ? Recover() : Send();
}

Action AdjustOperation::Resume(Answer answer) {
  switch (phase_) {
    case Phase::kPausing:
      return lost_answer_ ? Recover() : Send();
    case Phase::kFencing:
      return OnFenced(std::get<Result<WriteOutcome>>(answer));
    case Phase::kWriting:
      break;
  }
  if (auto* outcome = std::get_if<Result<WriteOutcome>>(&answer)) {
    return OnWrite(std::move(*outcome));
  }
  return OnTransact(std::move(std::get<Result<TransactOutcome>>(answer)));
}

std::vector<AdjustOperation::Slot*> AdjustOperation::Sent() {
  std::vector<Slot*> sent;
  for (Slot& slot : slots_) {
    if (!slot.Dropped()) sent.push_back(&slot);
  }
  return sent;
}

Action AdjustOperation::Send() {
  if (pauses_.TimeIsUp()) {
    return attempt_ == 0
               ? Fail(ErrorCode::kDeadlineExceeded, "time ran out before anything was written")
               : Fail(ErrorCode::kAborted, "conflicts with other writes until time ran out");
  }
  phase_ = Phase::kWriting;
  ++attempt_;
  const std::int64_t now_ms = context_.NowMs();
  std::vector<TransactItem> writes;
  for (Slot& slot : slots_) slot.sent.reset();
  for (Slot* slot : Sent()) writes.push_back(MakeWrite(*slot, now_ms));
  if (writes.empty()) return Finish(std::nullopt);
  if (writes.size() > 1) {
    return TransactWriteRequest{.items = std::move(writes),
                                .token = Format("{:x}-{}", write_id_, attempt_),
                                .deadline = deadline_};
  }
  if (auto* put = std::get_if<PutRequest>(&writes.front())) {
    put->deadline = deadline_;
    return std::move(*put);
  }
  auto update = std::make_unique<UpdateRequest>(std::get<UpdateRequest>(std::move(writes.front())));
  update->return_item = ReturnItem::kNew;
  update->deadline = deadline_;
  return update;
}

TransactItem AdjustOperation::MakeWrite(Slot& slot, std::int64_t now_ms) {
  slot.vanished = false;
  slot.sent = {.write_id = slot.base.write_id,
               .write_epoch = slot.base.write_epoch,
               .missing = slot.missing};
  const bool expires = !slot.spec->never_expires;
  const bool charges = slot.correction.delta > 0;
  const BucketState assumed = AssumedState(slot, now_ms);
  repository::BucketAdjust adjust{.id = slot.spec->id,
                                  .key = slot.spec->key,
                                  .delta_milli = slot.delta_milli(),
                                  // A give-back only brings nearer the moment the bucket is full.
                                  .keep_ttl = expires && !charges,
                                  .write_id = write_id_,
                                  .write_epoch = slot.base.write_epoch};
  if (expires) {
    BucketState after = assumed;
    after.balance.tokens_milli -= slot.delta_milli();
    adjust.ttl_seconds = records::BucketExpirySeconds(after, now_ms);
  }
  if (slot.missing) {
    return repository::MakeAdjustCreate(context_.table, adjust, slot.spec->params, now_ms);
  }
  UpdateRequest update = repository::MakeAdjust(context_.table, adjust);
  if (expires && charges) update.condition = All({*update.condition, NotWorseThan(assumed)});
  return update;
}

// What a charge takes for granted about the bucket when it says how long the debt has to be kept:
// one burst less than is known, so that what others take meanwhile does not matter.
BucketState AdjustOperation::AssumedState(const Slot& slot, std::int64_t now_ms) const {
  BucketState state{
      .params = slot.spec->params,
      .balance = {.tokens_milli = slot.spec->params.burst_milli, .last_refill_ms = now_ms}};
  if (slot.missing) return state;
  if (slot.base.state) {
    state.params = slot.base.state->params;
    state.balance.tokens_milli = slot.base.state->balance.tokens_milli;
  }
  state.balance.tokens_milli =
      std::min<std::int64_t>(state.balance.tokens_milli, 0) - state.params.burst_milli;
  return state;
}

Action AdjustOperation::OnWrite(Result<WriteOutcome> outcome) {
  if (!outcome.ok()) return OnWriteError(outcome.error());
  if (outcome->applied) return Finish(outcome->item);
  const auto booked = SeeRefusal(*Sent().front(), outcome->item);
  if (!booked.ok()) return Fail(booked.error().code(), booked.error().message());
  if (*booked) return Finish(std::nullopt);
  return Pause();
}

Action AdjustOperation::OnTransact(Result<TransactOutcome> outcome) {
  if (!outcome.ok()) return OnWriteError(outcome.error());
  if (outcome->applied) return Finish(std::nullopt);
  const std::vector<Slot*> sent = Sent();
  CHECK(outcome->cancellations.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const TransactCancellation& cancellation = outcome->cancellations[i];
    if (cancellation.reason != CancelReason::kConditionFailed) continue;
    const auto booked = SeeRefusal(*sent[i], cancellation.item);
    if (!booked.ok()) return Fail(booked.error().code(), booked.error().message());
    if (*booked) return Finish(std::nullopt);
  }
  return Pause();
}

Result<bool> AdjustOperation::SeeRefusal(Slot& slot, const std::optional<Item>& item) {
  ZAEL_TRY(slot.See(item, context_.memory));
  slot.missing = !item.has_value();
  return slot.base.write_id == write_id_;
}

Action AdjustOperation::OnWriteError(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kAborted:
      return Pause();
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
      lost_answer_ = error;
      fenced_ = 0;
      all_were_missing_ = true;
      return Recover();
    default:
      return Fail(error.code(), error.message());
  }
}

Action AdjustOperation::Pause() {
  pauses_.CountLoss();
  const auto pause = pauses_.Next();
  if (pause.count() == 0 && !lost_answer_) return Send();
  phase_ = Phase::kPausing;
  return Backoff{pause};
}

Action AdjustOperation::Recover() {
  if (pauses_.TimeIsUp() || recoveries_ == kMaxAdjustRecoveries)
    return Undecided("it may have been booked");
  ++recoveries_;
  return Fence();
}

// Of the first written bucket that is not known to be of no use for it.
Action AdjustOperation::Fence() {
  while (fenced_ < slots_.size() && !slots_[fenced_].sent) ++fenced_;
  if (fenced_ == slots_.size()) {
    if (Sent().empty()) return Finish(std::nullopt);
    if (all_were_missing_) return BookAnew();
    return Undecided("it may have been booked, other writes came after it");
  }
  phase_ = Phase::kFencing;
  Slot& slot = slots_[fenced_];
  return MakeFence(context_, *slot.spec, *slot.sent, deadline_);
}

Action AdjustOperation::OnFenced(const Result<WriteOutcome>& outcome) {
  if (!outcome.ok()) return Pause();
  Slot& slot = slots_[fenced_];
  const auto fate = ReadFence(context_, slot, *slot.sent, write_id_, *outcome);
  if (!fate.ok()) {
    return Fail(fate.error().code(), Format("it may have been booked: {}", fate.error().message()));
  }
  slot.missing = !slot.base.state;
  if (*fate == Fate::kApplied) return Finish(std::nullopt);
  const bool gives_back = slot.correction.delta < 0;
  if (slot.vanished || (slot.missing && gives_back)) return OnVanished(slot);
  if (*fate == Fate::kNeverApplied && !slot.sent->missing) return BookAnew();
  // A missing one may have been removed with the charge in it: the others show what became of them.
  if (*fate == Fate::kUnknown) all_were_missing_ = false;
  ++fenced_;
  return Fence();
}

// What was lost will never be applied.
Action AdjustOperation::BookAnew() {
  const Error lost = *std::exchange(lost_answer_, std::nullopt);
  if (recoveries_ == kMaxAdjustRecoveries) return Fail(lost.code(), lost.message());
  return Pause();
}

// A bucket that is gone is full: what was to be given back to it is settled, once the request that
// should have done it cannot reach a bucket that is made later.
Action AdjustOperation::OnVanished(Slot& slot) {
  if (!slot.vanished) {
    slot.vanished = true;
    slot.sent = {.write_id = std::nullopt, .write_epoch = slot.sent->write_epoch, .missing = true};
    return Fence();
  }
  if (slot.base.write_epoch.value_or(0) > slot.sent->write_epoch.value_or(0)) {
    slot.settled = true;
    slot.sent.reset();
  } else {
    all_were_missing_ = false;
  }
  ++fenced_;
  return Fence();
}

Action AdjustOperation::Undecided(std::string_view cause) {
  return Fail(ErrorCode::kDeadlineExceeded, Format("{}: {}", cause, lost_answer_->message()));
}

Action AdjustOperation::Finish(const std::optional<Item>& written) {
  lost_answer_.reset();
  status_ = {};
  for (Slot* slot : Sent()) {
    if (slot->base.write_id == write_id_) continue;  // already remembered as the store showed it
    RememberedBucket after{
        .state = slot->base.state, .write_id = write_id_, .write_epoch = slot->base.write_epoch};
    if (written) {
      if (const auto shown = Remember(written); shown.ok()) after = *shown;
    } else if (slot->missing) {
      after.state = BucketState{.params = slot->spec->params,
                                .balance = {.tokens_milli = slot->spec->params.burst_milli,
                                            .last_refill_ms = context_.NowMs()}};
      after.state->balance.tokens_milli -= slot->delta_milli();
    } else if (after.state) {
      after.state->balance.tokens_milli -= slot->delta_milli();
    }
    if (after.state) context_.memory.Put(slot->spec->memory(), after);
  }
  return Done{};
}

Action AdjustOperation::Fail(ErrorCode code, const std::string& cause) {
  const records::BucketId& id = slots_.front().spec->id;
  status_ = Error(code, Format("{} {} {}: {}", what_, id.entity_id, id.resource, cause));
  return Done{};
}

}  // namespace zael::limiter
