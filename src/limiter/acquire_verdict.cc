// How an acquire ends: what it tells the caller, and what it leaves behind.
#include <algorithm>
#include <utility>

#include "base/format.h"
#include "limiter/acquire_operation.h"
#include "records/bucket_record.h"
#include "repository/bucket_writes.h"

namespace zael::limiter {

Action AcquireOperation::Grant(const std::optional<BucketBalance>& written) {
  Conclude(/*granted=*/true);
  for (const Slot& slot : slots_) {
    std::optional<BucketState> before = slot.base.state;
    if (slot.need > 0) {
      auto after = AfterPlan(slot.plan, *slot.spec, before);
      if (written) {
        // Under the parameters that the update required.
        after = BucketState{.params = slot.spec->params, .balance = *written};
        before = after;
        before->balance.tokens_milli += slot.need_milli();
      }
      context_.memory.Put(
          slot.spec->memory(),
          {.state = after, .write_id = write_id_, .write_epoch = slot.base.write_epoch});
    }
    AddGrantedStatus(slot, before);
  }
  return Done{};
}

// The write of an earlier try turned out to have been made; others may have written since.
Action AcquireOperation::GrantFromEvidence() {
  Conclude(/*granted=*/true);
  for (const Slot& slot : slots_) {
    std::optional<BucketState> before = slot.base.state;
    if (before && slot.base.write_id == write_id_) {
      before->balance.tokens_milli += slot.need_milli();
    }
    AddGrantedStatus(slot, before);
  }
  return Done{};
}

void AcquireOperation::AddGrantedStatus(const Slot& slot,
                                        const std::optional<BucketState>& before) {
  LimitStatus& status = AddStatus(slot, before);
  status.exceeded = false;
  status.retry_after = Milliseconds(0);
  status.available = std::max(status.available, slot.need);  // the condition held
}

Action AcquireOperation::Deny(std::int64_t now_ms) {
  now_ms_ = now_ms;
  Conclude(/*granted=*/false);
  for (const Slot& slot : slots_) {
    LimitStatus& status = AddStatus(slot, slot.base.state);
    const bool never = slot.need_milli() > slot.spec->params.burst_milli;
    if (!status.exceeded || never || slot.knowledge == Knowledge::kSeen) continue;
    // Memory alone denies nothing; a condition that held proves the balance was there.
    status.exceeded = false;
    status.retry_after = Milliseconds(0);
    if (slot.held) status.available = std::max(status.available, slot.need);
  }
  return AdoptRaisedLimits();
}

// A denied bucket with old parameters would refill under them for ever.
Action AcquireOperation::AdoptRaisedLimits() {
  std::vector<TransactItem> writes;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    const bool stale = slot.base.state && slot.base.state->params != slot.spec->params;
    if (!stale || !result_.statuses[i].exceeded || TimeIsUp()) continue;
    const AdoptPlan plan = PlanAdopt(*slot.base.state, slot.Request(now_ms_));
    const BucketState after{.params = slot.spec->params, .balance = plan.result};
    repository::BucketWrite write{.id = slot.spec->id,
                                  .key = slot.spec->key,
                                  .wanted = slot.spec->params,
                                  .plan = plan,
                                  .write_id = write_id_,
                                  .write_epoch = slot.base.write_epoch};
    if (!slot.spec->never_expires) {
      write.ttl_seconds = records::BucketExpirySeconds(after, now_ms_);
    }
    writes.push_back(repository::MakeBucketWrite(context_.table, write));
    adopted_.emplace_back(i, after);
  }
  if (writes.empty()) return Done{};
  phase_ = Phase::kAdopting;
  return TransactWriteRequest{.items = std::move(writes),
                              .token = Format("{:x}-adopt", write_id_),
                              .deadline = time_.deadline};
}

// Whatever came of it, the denial stands: the next acquire tries again from what this one saw.
Action AcquireOperation::OnAdopted(const Result<TransactOutcome>& outcome) {
  if (!outcome.ok()) return Done{};
  for (std::size_t k = 0; k < adopted_.size(); ++k) {
    Slot& slot = slots_[adopted_[k].first];
    if (outcome->applied) {
      context_.memory.Put(slot.spec->memory(), {.state = adopted_[k].second,
                                                .write_id = write_id_,
                                                .write_epoch = slot.base.write_epoch});
    } else if (outcome->cancellations[k].reason == CancelReason::kConditionFailed) {
      (void)slot.See(outcome->cancellations[k].item, context_.memory);
    }
  }
  return Done{};
}

// Makes room for the statuses; who concludes adds them.
void AcquireOperation::Conclude(bool granted) {
  result_.granted = granted;
  result_.statuses.reserve(slots_.size());
  if (!granted) return;
  result_.taken.reserve(slots_.size());
  for (Slot& slot : slots_) {
    result_.taken.push_back({std::move(slot.owner), slot.spec, slot.is_own, slot.need});
  }
}

LimitStatus& AcquireOperation::AddStatus(const Slot& slot,
                                         const std::optional<BucketState>& before) {
  const Verdict verdict = Judge(before, slot.Request(now_ms_));
  LimitStatus& status = result_.statuses.emplace_back();
  status.entity_id = slot.spec->id.entity_id;
  status.resource = slot.spec->id.resource;
  status.limit = slot.spec->id.limit;
  status.available = verdict.available;
  status.requested = slot.need;
  status.exceeded = !verdict.granted;
  status.retry_after = ToWait(verdict.retry_after_ms);
  status.as_of = WallTime(Milliseconds(verdict.as_of_ms));
  return status;
}

Action AcquireOperation::FailOfStore(const Error& error) {
  const bool may_open = error.code() == ErrorCode::kUnavailable ||
                        error.code() == ErrorCode::kResourceExhausted ||
                        error.code() == ErrorCode::kDeadlineExceeded;
  return Fail(error, may_open);
}

Action AcquireOperation::Fail(const Error& error, bool may_open) {
  failure_may_open_ = may_open;
  failure_ = Error(error.code(), Format("acquire {}: {}", Who(), error.message()));
  return Done{};
}

Action AcquireOperation::GiveUp() {
  if (attempt_ == 0) {
    return Fail({ErrorCode::kDeadlineExceeded, "time ran out before anything was written"},
                /*may_open=*/true);
  }
  return Fail({ErrorCode::kAborted, Format("lost {} races in a row until time ran out", attempt_)},
              /*may_open=*/false);
}

// The store was away: an open door lets through at most what may have been charged already. After a
// mere timeout the caller has to know.
Action AcquireOperation::Undecided(std::string_view cause) {
  const bool away = lost_answer_->code() == ErrorCode::kUnavailable;
  return Fail({lost_answer_->code(),
               Format("it may have been charged ({}): {}", cause, lost_answer_->message())},
              away);
}

std::string AcquireOperation::Who() const {
  return Format("{} {}", target_.entity_id, target_.resource);
}

}  // namespace zael::limiter
