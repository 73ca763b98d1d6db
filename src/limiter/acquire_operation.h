// AcquireOperation: one acquire from the configuration to the verdict, as a state machine.
//
//   resolve -> (read unknown buckets) -> plan -> write -> granted
//                                        ^  |      | condition failed, conflict: see, maybe pause
//                                        |  |      | answer lost: fence it off (lost_write.h)
//                                        +--|------+
//                                           +-> denied, by a state seen in this operation only
//
// Nothing follows a lost answer but a grant that is proven, a new plan once the fence held, or the
// error that says it may have been charged.
// A write that fails shows the fresh item, so a denial costs one write and no read. Design:
// semantics.md, section 4.
#pragma once

#include <zael/decision.h>
#include <zael/limiter.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "limiter/lost_write.h"
#include "limiter/operation_context.h"
#include "limiter/stored_bucket.h"
#include "limiter/target_resolver.h"
#include "repository/bucket_writes.h"

namespace zael::limiter {

struct AcquireResult {
  bool granted = false;
  std::vector<LimitStatus> statuses;
  LeasedBuckets taken;  // every bucket looked at, in the order of the statuses; held = requested
};

// Thread-compatible.
class AcquireOperation final : public Operation {
 public:
  // `target` and `amounts` outlive the operation; names and amounts are valid. `leased`: buckets of
  // a lease that is to grow; they may be taken from even when the configuration dropped them.
  AcquireOperation(OperationContext& context, const TargetQuery& target, const Amounts& amounts,
                   const TimeFrame& time, const LeasedBuckets* leased = nullptr);

  Action Start() override;
  Action Resume(Answer answer) override;
  void TakeBack(Action&& performed) override;

  // Both require that it is done. `failure`: nullptr when there is a result.
  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }
  AcquireResult& result() { return result_; }
  // Whether the failure may be answered with an open door: the store was away, throttled or late.
  bool failure_may_open() const { return failure_may_open_; }

 private:
  enum class Phase { kResolving, kReading, kPausing, kWriting, kFencing, kAdopting };

  struct Slot : StoredBucket {
    SharedLimits owner;
    bool is_own = true;
    std::int64_t need = 0;
    WritePlan plan = NeverPlan{};
    std::optional<LostWrite> sent;  // by the last write, unless it only checks this bucket
    bool held = false;              // its condition held in a transaction that failed

    std::int64_t need_milli() const { return need * kMillitokensPerToken; }
    BucketRequest Request(std::int64_t now_ms) const {
      return {.wanted = spec->params, .need_milli = need_milli(), .now_ms = now_ms};
    }
  };

  Action Resolve(std::optional<Action> step);
  Status MakeSlots();
  void AddSlots(const SharedLimits& limits, bool is_own);
  void AddLeasedSlots();
  Action Read();
  Action OnRead(Result<std::vector<Item>> items);

  Action Plan();
  bool TimeIsUp() const;
  bool ShowsOtherParameters() const;
  bool IsDenied(std::int64_t now_ms) const;
  Action Send();
  Action SendOne(Slot& slot);
  Action Transaction(std::vector<TransactItem> writes) const;
  repository::BucketWrite PlanSlot(Slot& slot);
  Action OnNumbers(const Result<NumberOutcome>& outcome);
  Action OnWrite(const Result<WriteOutcome>& outcome);
  Action OnRefused(const std::optional<Item>& item);
  Action OnTransact(const Result<TransactOutcome>& outcome);
  Status SeeCancellations(const TransactOutcome& outcome, bool& applied);
  Action OnWriteError(const Error& error);
  Action LoseRace();
  Action Recover();
  Action Fence();
  Action OnFenced(const Result<WriteOutcome>& outcome);
  Action PlanAnew();

  Action Grant(const std::optional<BucketBalance>& written);
  Action GrantFromEvidence();
  Action Deny(std::int64_t now_ms);
  Action AdoptRaisedLimits();
  Action OnAdopted(const Result<TransactOutcome>& outcome);
  void Conclude(bool granted);
  void AddGrantedStatus(const Slot& slot, const std::optional<BucketState>& before);
  LimitStatus& AddStatus(const Slot& slot, const std::optional<BucketState>& before);
  Action Fail(const Error& error, bool may_open);
  Action FailOfStore(const Error& error);
  Action GiveUp();
  Action Undecided(std::string_view cause);
  std::string Who() const;

  OperationContext& context_;
  const TargetQuery target_;
  const Amounts& amounts_;
  const TimeFrame time_;
  const LeasedBuckets* const leased_;
  TargetResolver resolver_;
  Pauses pauses_;

  Phase phase_ = Phase::kResolving;
  bool resolved_anew_ = false;
  SmallVector<Slot, 2> slots_;
  NumberUpdate update_;  // of the only slot, while it is on its way
  const std::int64_t write_id_;
  bool waited_ = false;  // since time_.started
  int attempt_ = 0;      // part of the token: another plan is another transaction
  std::int64_t now_ms_ = 0;
  bool paused_ = true;
  std::optional<Error> lost_answer_;  // why the outcome of the last write is unknown
  int recoveries_ = 0;
  std::size_t fenced_ = 0;                                    // the slot whose fence is on its way
  bool all_were_missing_ = true;                              // of the slots before it
  std::vector<std::pair<std::size_t, BucketState>> adopted_;  // slots and their new states

  AcquireResult result_;
  std::optional<Error> failure_;
  bool failure_may_open_ = false;
};

}  // namespace zael::limiter
