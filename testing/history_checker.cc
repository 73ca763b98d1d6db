#include "testing/history_checker.h"

#include <algorithm>
#include <limits>

namespace zael::testing {
namespace {

using Wide = __int128;

// What happens to the generous bucket at one moment, in the order that forgives most.
enum class StepKind {
  kNewLimit,
  kGiveBackBegins,
  kGrantBegins,
  kGrantEnds,
  kGiveBackEnds,
  kChargeBegins,
  kChargeEnds
};

struct Step {
  std::int64_t at_ms;
  StepKind kind;
  std::int64_t tokens = 0;
  std::size_t event = 0;  // which give-back, grant or charge, limit
};

// The level counts in millitokens x period, so that any refill is a whole number.
class GenerousBucket {
 public:
  explicit GenerousBucket(const Limit& limit) : limit_(limit), level_(Full()) {}

  void AdvanceTo(std::int64_t now_ms) {
    if (started_ && now_ms > now_ms_) {
      const Wide refilled = level_ + Wide(limit_.refill_amount) * 1000 * (now_ms - now_ms_);
      Clip(refilled);
    }
    now_ms_ = started_ ? std::max(now_ms, now_ms_) : now_ms;
    started_ = true;
  }

  void SetLimit(const Limit& limit) {
    const Wide old_period = PeriodMs();
    limit_ = limit;
    Wide whole = level_ / old_period;
    Wide rest = level_ % old_period;
    if (rest < 0) {
      rest += old_period;
      whole -= 1;
    }
    const Wide scaled_rest = (rest * PeriodMs() + old_period - 1) / old_period;
    for (auto& [event, owed] : owed_) owed = owed / old_period * PeriodMs();
    spilled_ = (spilled_ + old_period - 1) / old_period * PeriodMs();
    Clip(whole * PeriodMs() + scaled_rest);
  }

  void GiveBackBegins(std::size_t event, std::int64_t tokens) { pending_[event] = Scaled(tokens); }

  void GiveBackEnds(std::size_t event) {
    level_ += pending_[event];
    pending_.erase(event);
  }

  // A bucket books a charge at its own last refill, so refill that has spilled over since the last
  // grant, and what spills while the charge is under way, pays for it first: charged earlier, the
  // bucket would have had room for that refill.
  void ChargeBegins(std::size_t event, std::int64_t tokens) {
    const Wide paid = std::min(spilled_, Scaled(tokens));
    spilled_ -= paid;
    owed_[event] = Scaled(tokens) - paid;
  }

  void ChargeEnds(std::size_t event) { TakeOwed(event); }

  // What spills over from here to its end pays for a grant, as for a charge.
  void GrantBegins(std::size_t event, std::int64_t tokens) { owed_[event] = Scaled(tokens); }

  // How many millitokens were missing; the bucket then starts from what it has.
  std::int64_t GrantEnds(std::size_t event) {
    const Wide taken = TakeOwed(event);
    spilled_ = 0;
    for (auto& [give_back, pending] : pending_) {
      if (level_ >= 0) break;
      const Wide used = std::min(pending, -level_);
      level_ += used;
      pending -= used;
    }
    if (level_ >= 0 || taken == 0) return 0;
    const Wide missing = (-level_ + PeriodMs() - 1) / PeriodMs();
    return static_cast<std::int64_t>(
        std::min<Wide>(missing, std::numeric_limits<std::int64_t>::max()));
  }

 private:
  Wide PeriodMs() const { return Wide(limit_.refill_period.count()) * 1000; }
  Wide Scaled(std::int64_t tokens) const { return Wide(tokens) * 1000 * PeriodMs(); }
  Wide Full() const { return Scaled(limit_.burst); }

  Wide TakeOwed(std::size_t event) {
    const Wide owed = owed_[event];
    owed_.erase(event);
    level_ -= owed;
    return owed;
  }

  void Clip(Wide level) {
    Wide spill = std::max<Wide>(level - Full(), 0);
    level_ = level - spill;
    for (auto& [event, owed] : owed_) {
      const Wide paid = std::min(spill, owed);
      owed -= paid;
      spill -= paid;
    }
    spilled_ = std::min(spilled_ + spill, Scaled(kMaxTokens));
  }

  std::map<std::size_t, Wide> pending_;  // give-backs under way, by event
  // Grants and charges under way, those that end first before the others.
  std::map<std::size_t, Wide> owed_;
  Wide spilled_ = 0;  // refill lost above burst since the last grant
  Limit limit_;
  Wide level_;
  std::int64_t now_ms_ = 0;
  bool started_ = false;
};

}  // namespace

void HistoryChecker::SetLimit(const std::string& bucket, const Limit& limit, std::int64_t from_ms) {
  buckets_[bucket].limits.push_back({from_ms, limit});
}

void HistoryChecker::Grant(const std::string& bucket, std::int64_t tokens, std::int64_t as_of_ms,
                           std::optional<std::int64_t> until_ms) {
  buckets_[bucket].events.push_back(
      {HistoryKind::kGrant, tokens, as_of_ms, std::max(as_of_ms, until_ms.value_or(as_of_ms))});
}

void HistoryChecker::Adjust(const std::string& bucket, std::int64_t delta, std::int64_t from_ms,
                            std::int64_t until_ms) {
  if (delta == 0) return;
  const HistoryKind kind = delta > 0 ? HistoryKind::kCharge : HistoryKind::kGiveBack;
  buckets_[bucket].events.push_back({kind, delta > 0 ? delta : -delta, from_ms, until_ms});
}

void HistoryChecker::Merge(const HistoryChecker& other) {
  for (const auto& [bucket, history] : other.buckets_) {
    History& mine = buckets_[bucket];
    mine.limits.insert(mine.limits.end(), history.limits.begin(), history.limits.end());
    mine.events.insert(mine.events.end(), history.events.begin(), history.events.end());
  }
}

namespace {

std::vector<Step> StepsOf(const std::vector<HistoryEvent>& events) {
  std::vector<Step> steps;
  steps.reserve(2 * events.size());
  std::vector<HistoryEvent> taking;
  std::size_t give_backs = 0;
  for (const HistoryEvent& event : events) {
    if (event.kind != HistoryKind::kGiveBack) {
      taking.push_back(event);
      continue;
    }
    steps.push_back({event.from_ms, StepKind::kGiveBackBegins, event.tokens, give_backs});
    steps.push_back({event.until_ms, StepKind::kGiveBackEnds, event.tokens, give_backs});
    ++give_backs;
  }
  std::stable_sort(taking.begin(), taking.end(), [](const auto& left, const auto& right) {
    return left.until_ms < right.until_ms;
  });
  for (std::size_t i = 0; i < taking.size(); ++i) {
    const bool is_grant = taking[i].kind == HistoryKind::kGrant;
    const std::int64_t begin_ms = std::min(taking[i].from_ms, taking[i].until_ms);
    steps.push_back({begin_ms, is_grant ? StepKind::kGrantBegins : StepKind::kChargeBegins,
                     taking[i].tokens, i});
    steps.push_back({taking[i].until_ms, is_grant ? StepKind::kGrantEnds : StepKind::kChargeEnds,
                     taking[i].tokens, i});
  }
  return steps;
}

}  // namespace

std::vector<OverAdmission> HistoryChecker::FindOverAdmissions() const {
  std::vector<OverAdmission> found;
  for (const auto& [bucket, history] : buckets_) {
    if (history.limits.empty()) continue;
    std::vector<Step> steps = StepsOf(history.events);
    for (std::size_t i = 1; i < history.limits.size(); ++i) {
      steps.push_back({history.limits[i].from_ms, StepKind::kNewLimit, 0, i});
    }
    std::stable_sort(steps.begin(), steps.end(), [](const Step& left, const Step& right) {
      return std::pair(left.at_ms, left.kind) < std::pair(right.at_ms, right.kind);
    });
    GenerousBucket generous(history.limits.front().limit);
    for (const Step& step : steps) {
      generous.AdvanceTo(step.at_ms);
      switch (step.kind) {
        case StepKind::kNewLimit:
          generous.SetLimit(history.limits[step.event].limit);
          break;
        case StepKind::kGiveBackBegins:
          generous.GiveBackBegins(step.event, step.tokens);
          break;
        case StepKind::kGiveBackEnds:
          generous.GiveBackEnds(step.event);
          break;
        case StepKind::kChargeBegins:
          generous.ChargeBegins(step.event, step.tokens);
          break;
        case StepKind::kChargeEnds:
          generous.ChargeEnds(step.event);
          break;
        case StepKind::kGrantBegins:
          generous.GrantBegins(step.event, step.tokens);
          break;
        case StepKind::kGrantEnds:
          if (const std::int64_t missing = generous.GrantEnds(step.event); missing > 0) {
            found.push_back({bucket, step.at_ms, missing});
          }
          break;
      }
    }
  }
  return found;
}

}  // namespace zael::testing
