// TargetResolver: every bucket an acquire has to look at: the entity's and, with cascade, its
// parent's.
//
// Adds to LimitResolver what one call brings along: fallback limits where no level has any, or
// override limits instead of the configuration, for the entity and the parent alike.
#pragma once

#include <zael/limiter.h>

#include <optional>
#include <string_view>

#include "limiter/limit_resolver.h"

namespace zael::limiter {

// Refers to the caller's request, which outlives the operation.
struct TargetQuery {
  std::string_view entity_id;
  std::string_view resource;
  const Limits& fallback_limits;
  const Limits& override_limits;
};

struct Targets {
  SharedLimits own;
  SharedLimits parent;      // null without cascade
  bool from_cache = false;  // something of it may have been changed elsewhere since
};

// Names, amounts and lists of a request. Errors: kInvalidArgument.
Status ValidateTarget(const TargetQuery& query);
// Every amount names a limit of the entity. Errors: kInvalidArgument naming the known ones.
Status ValidateKnown(const ResolvedLimits& limits, const Amounts& amounts);

// Part of an operation, as LimitResolver. Thread-compatible.
class TargetResolver {
 public:
  TargetResolver(OperationContext& context, const TargetQuery& query, const TimeFrame& time)
      : context_(context), query_(query), time_(time) {}

  std::optional<Action> Start(bool bypass_cache);
  std::optional<Action> Resume(Answer answer);

  const Status& status() const { return status_; }
  const Targets& targets() const { return targets_; }  // Requires: status().ok()

 private:
  std::optional<Action> Begin(std::string_view entity_id);
  std::optional<Action> Advance();
  std::optional<Action> Add(SharedLimits stored, bool from_cache);
  SharedLimits Choose(SharedLimits stored) const;

  OperationContext& context_;
  const TargetQuery query_;
  const TimeFrame time_;
  bool bypass_cache_ = false;
  std::optional<LimitResolver> resolver_;
  Status status_;
  Targets targets_;
};

}  // namespace zael::limiter
