// AdjustOperation: signed corrections of buckets, never denied, all in one atomic write.
//
// The charge of an adjust, and the give-backs of release and rollback. Needs no state of the
// bucket: one write and no read. A missing bucket is a full one: a give-back to it is dropped, a
// charge makes it. The nonce stays the same for the life of the operation, so running it again
// after a lost answer books once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limiter/lost_write.h"
#include "limiter/operation_context.h"
#include "limiter/stored_bucket.h"

namespace zael::limiter {

struct Correction {
  SharedLimits owner;  // keeps `spec` alive
  const BucketSpec* spec = nullptr;
  std::int64_t delta = 0;  // whole tokens: > 0 charges, < 0 gives back; not 0
};

// Thread-compatible.
class AdjustOperation final : public Operation {
 public:
  // `what` begins messages: "adjust", "roll back". Requires: at least one correction, buckets once.
  AdjustOperation(OperationContext& context, std::string what, std::vector<Correction> corrections,
                  MonotonicTime deadline);

  // Start again after a result whose outcome is unknown first makes sure of what the last run did.
  Action Start() override;
  Action Resume(Answer answer) override;
  void SetDeadline(MonotonicTime deadline);

  const Status& status() const { return status_; }
  // After an error: whether the corrections may nevertheless have been booked.
  bool outcome_unknown() const { return lost_answer_.has_value(); }

 private:
  enum class Phase { kPausing, kWriting, kFencing };

  struct Slot : StoredBucket {
    Correction correction;
    std::optional<LostWrite> sent;  // by the last write
    bool missing = false;
    bool vanished = false;  // since what was to be given back to it was sent
    bool settled = false;   // vanished, and what was sent cannot reach the bucket made since

    std::int64_t delta_milli() const { return correction.delta * kMillitokensPerToken; }
    bool Dropped() const { return settled || (missing && correction.delta < 0); }
  };

  Action Send();
  TransactItem MakeWrite(Slot& slot, std::int64_t now_ms);
  BucketState AssumedState(const Slot& slot, std::int64_t now_ms) const;
  Action OnWrite(Result<WriteOutcome> outcome);
  Action OnTransact(Result<TransactOutcome> outcome);
  Action OnWriteError(const Error& error);
  // Whether the item shows that the write was made before. Errors: kDataLoss.
  Result<bool> SeeRefusal(Slot& slot, const std::optional<Item>& item);
  Action Pause();
  Action Recover();
  Action Fence();
  Action OnFenced(const Result<WriteOutcome>& outcome);
  Action OnVanished(Slot& slot);
  Action BookAnew();
  Action Undecided(std::string_view cause);
  Action Finish(const std::optional<Item>& written);
  Action Fail(ErrorCode code, const std::string& cause);
  std::vector<Slot*> Sent();

  OperationContext& context_;
  const std::string what_;
  std::vector<Slot> slots_;
  MonotonicTime deadline_;
  Pauses pauses_;
  const std::int64_t write_id_;
  Phase phase_ = Phase::kWriting;
  int attempt_ = 0;
  int recoveries_ = 0;
  std::size_t fenced_ = 0;        // the slot whose fence is on its way
  bool all_were_missing_ = true;  // of the slots before it
  std::optional<Error> lost_answer_;
  Status status_;
};

}  // namespace zael::limiter
