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
  kGrant,
  kGiveBackEnds,
  kChargeBegins,
  kChargeEnds
};

struct Step {
  std::int64_t at_ms;
  StepKind kind;
  std::int64_t tokens = 0;
  std::size_t event = 0;  // which give-back, charge or limit
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
    for (auto& [event, charge] : charges_) charge = charge / old_period * PeriodMs();
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
    charges_[event] = Scaled(tokens) - paid;
  }

  void ChargeEnds(std::size_t event) {
    level_ -= charges_[event];
    charges_.erase(event);
  }

  // How many millitokens were missing; the bucket then starts from what it has.
  std::int64_t Grant(std::int64_t tokens) {
    level_ -= Scaled(tokens);
    spilled_ = 0;
    for (auto& [event, pending] : pending_) {
      if (level_ >= 0) break;
      const Wide used = std::min(pending, -level_);
      level_ += used;
      pending -= used;
    }
    if (level_ >= 0 || tokens == 0) return 0;
    const Wide missing = (-level_ + PeriodMs() - 1) / PeriodMs();
    return static_cast<std::int64_t>(
        std::min<Wide>(missing, std::numeric_limits<std::int64_t>::max()));
  }

 private:
  Wide PeriodMs() const { return Wide(limit_.refill_period.count()) * 1000; }
  Wide Scaled(std::int64_t tokens) const { return Wide(tokens) * 1000 * PeriodMs(); }
  Wide Full() const { return Scaled(limit_.burst); }

  void Clip(Wide level) {
    Wide spill = std::max<Wide>(level - Full(), 0);
    level_ = level - spill;
    for (auto& [event, charge] : charges_) {
      const Wide paid = std::min(spill, charge);
      charge -= paid;
      spill -= paid;
    }
    spilled_ = std::min(spilled_ + spill, Scaled(kMaxTokens));
  }

  std::map<std::size_t, Wide> pending_;  // give-backs under way, by event
  std::map<std::size_t, Wide>
      charges_;       // charges under way, those that end first before the others
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

void HistoryChecker::Grant(const std::string& bucket, std::int64_t tokens, std::int64_t as_of_ms) {
  buckets_[bucket].events.push_back({HistoryKind::kGrant, tokens, as_of_ms, as_of_ms});
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
  steps.reserve(events.size());
  std::vector<HistoryEvent> charges;
  std::size_t give_backs = 0;
  for (const HistoryEvent& event : events) {
    switch (event.kind) {
      case HistoryKind::kGrant:
        steps.push_back({event.from_ms, StepKind::kGrant, event.tokens});
        break;
      case HistoryKind::kCharge:
        charges.push_back(event);
        break;
      case HistoryKind::kGiveBack:
        steps.push_back({event.from_ms, StepKind::kGiveBackBegins, event.tokens, give_backs});
        steps.push_back({event.until_ms, StepKind::kGiveBackEnds, event.tokens, give_backs});
        ++give_backs;
        break;
    }
  }
  std::stable_sort(charges.begin(), charges.end(), [](const auto& left, const auto& right) {
    return left.until_ms < right.until_ms;
  });
  for (std::size_t i = 0; i < charges.size(); ++i) {
    const std::int64_t begin_ms = std::min(charges[i].from_ms, charges[i].until_ms);
    steps.push_back({begin_ms, StepKind::kChargeBegins, charges[i].tokens, i});
    steps.push_back({charges[i].until_ms, StepKind::kChargeEnds, charges[i].tokens, i});
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
        case StepKind::kGrant:
          if (const std::int64_t missing = generous.Grant(step.tokens); missing > 0) {
            found.push_back({bucket, step.at_ms, missing});
          }
          break;
      }
    }
  }
  return found;
}

}  // namespace zael::testing
