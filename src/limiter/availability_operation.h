// AvailabilityOperation: what an acquire would find, read from the store; writes nothing.
#pragma once

#include <zael/limiter.h>

#include <optional>
#include <vector>

#include "limiter/operation_context.h"
#include "limiter/stored_bucket.h"
#include "limiter/target_resolver.h"

namespace zael::limiter {

// Thread-compatible.
class AvailabilityOperation final : public Operation {
 public:
  // `target` and `needed` outlive the operation; names and amounts are valid.
  AvailabilityOperation(OperationContext& context, const TargetQuery& target, const Amounts& needed,
                        const TimeFrame& time);

  Action Start() override;
  Action Resume(Answer answer) override;

  const Status& status() const { return status_; }
  // Whole tokens by limit name, the minimum of entity and parent. Requires: status().ok().
  const Amounts& available() const { return available_; }
  // The longest wait of all buckets: debt of any of them denies. Requires: status().ok().
  std::optional<Milliseconds> wait() const { return wait_; }

 private:
  Action Resolve(std::optional<Action> step);
  Action OnRead(Result<std::vector<Item>> items);
  Action Fail(const Error& error);

  OperationContext& context_;
  const TargetQuery target_;
  const Amounts& needed_;
  const TimeFrame time_;
  TargetResolver resolver_;
  bool resolving_ = true;
  Status status_;
  Amounts available_;
  std::optional<Milliseconds> wait_{Milliseconds(0)};
};

}  // namespace zael::limiter
