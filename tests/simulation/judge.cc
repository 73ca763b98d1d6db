#include "tests/simulation/judge.h"

#include <algorithm>
#include <set>

#include "base/format.h"

namespace zael::simulation {
namespace {

constexpr std::size_t kMaxFindings = 50;

const Limit* FindLimit(const Limits& limits, const std::string& name) {
  const auto place =
      std::find_if(limits.begin(), limits.end(), [&](const Limit& l) { return l.name == name; });
  return place == limits.end() ? nullptr : &*place;
}

bool SameLimit(const BucketImage& image, const Limit& limit) {
  return image.burst_milli == limit.burst * 1000 &&
         image.refill_amount_milli == limit.refill_amount * 1000 &&
         image.refill_period_ms == limit.refill_period.count() * 1000;
}

}  // namespace

std::string ToText(const Bookings& bookings) {
  std::string text = "{";
  for (const auto& [bucket, milli] : bookings) text += Format(" {}: {}", bucket, milli);
  return text + " }";
}

void Judge::Record(const Change& change, Call& call, std::int64_t writer_now_ms) {
  const auto bucket = BucketName(change.key);
  if (!bucket) return;
  if (IsFence(change) && !call.lost_an_answer) Find(call, "fenced off what was not lost");
  call.writes.push_back(log_.size());
  states_[*bucket].emplace_back(log_.size(),
                                change.new_item ? ReadBucketImage(*change.new_item) : std::nullopt);
  log_.push_back({change, call.intent, writer_now_ms, std::nullopt});
}

Call Judge::Begin(std::string what, int client, Intent intent, std::int64_t now_ms) {
  return Call{std::move(what), ++calls_, client, intent, now_ms, log_.size(), {}, false, false};
}

Bookings Judge::Booked(const Call& call) const { return Sum(call.writes); }

Bookings Judge::Left(const Call& call) const {
  std::vector<std::size_t> places = call.writes;
  std::erase_if(places, [&](std::size_t place) { return WasReset(place); });
  return Sum(places);
}

// Whether the bucket that was written there was reset since.
bool Judge::WasReset(std::size_t place) const {
  const auto bucket = BucketName(log_[place].change.key);
  return std::any_of(log_.begin() + static_cast<std::ptrdiff_t>(place), log_.end(),
                     [&](const AuditedWrite& write) {
                       return write.intent == Intent::kReset && !write.change.new_item &&
                              BucketName(write.change.key) == bucket;
                     });
}

Bookings Judge::Sum(const std::vector<std::size_t>& places) const {
  Bookings booked;
  std::set<std::string> made_full;
  for (const std::size_t place : places) {
    const Change& change = log_[place].change;
    if (!change.new_item) continue;
    const auto after = ReadBucketImage(*change.new_item);
    const auto before = change.old_item ? ReadBucketImage(*change.old_item) : std::nullopt;
    if (!after) continue;
    const std::string bucket = *BucketName(change.key);
    if (IsFence(change)) {
      if (!before) made_full.insert(bucket);
      continue;
    }
    std::int64_t& milli = booked[bucket];
    // A bucket made anew: what the call took before went with the one that was reset meanwhile.
    if (!before || made_full.erase(bucket) > 0) milli = 0;
    milli +=
        static_cast<std::int64_t>(after->consumed_milli - (before ? before->consumed_milli : 0));
  }
  std::erase_if(booked, [](const auto& entry) { return entry.second == 0; });
  return booked;
}

bool Judge::WasMissing(const std::string& bucket, const Call& call) const {
  const auto states = StatesDuring(bucket, call);
  return std::any_of(states.begin(), states.end(), [](const State& state) { return !state; });
}

void Judge::ExpectExactly(const Call& call, const Bookings& expected) {
  Bookings booked = Booked(call);
  Bookings missing = expected;
  for (const auto& [bucket, milli] : booked) {
    if (const auto place = missing.find(bucket); place != missing.end() && place->second == milli) {
      missing.erase(place);
    }
  }
  std::erase_if(missing, [&](const auto& entry) {
    return entry.second < 0 && booked.count(entry.first) == 0 && WasMissing(entry.first, call);
  });
  const bool extra = std::any_of(booked.begin(), booked.end(), [&](const auto& entry) {
    const auto place = expected.find(entry.first);
    return place == expected.end() || place->second != entry.second;
  });
  if (!missing.empty() || extra) {
    Find(call, "charged " + ToText(booked) + " instead of " + ToText(expected));
  }
}

void Judge::ExpectAllOrNothing(const Call& call, const Bookings& expected) {
  if (!Booked(call).empty()) ExpectExactly(call, expected);
}

void Judge::ExpectNothing(const Call& call) {
  if (!call.writes.empty()) {
    Find(call, Format("I3: wrote {} buckets, {}", call.writes.size(), ToText(Booked(call))));
  }
}

void Judge::ExpectNoCharge(const Call& call) {
  for (const std::size_t place : call.writes) {
    if (WasReset(place)) continue;
    const Change& change = log_[place].change;
    const auto before = change.old_item ? ReadBucketImage(*change.old_item) : std::nullopt;
    const auto after = change.new_item ? ReadBucketImage(*change.new_item) : std::nullopt;
    const bool adopts = before && after && !before->SameLimit(*after) &&
                        before->consumed_milli == after->consumed_milli;
    if (!adopts && !IsFence(change)) return ExpectNothing(call);
  }
}

// Whether an operator or the expiry took the bucket away since the call began.
bool Judge::WasRemoved(const std::string& bucket, const Call& call) const {
  return std::any_of(log_.begin() + static_cast<std::ptrdiff_t>(call.begin_write), log_.end(),
                     [&](const AuditedWrite& write) {
                       return !write.change.new_item && BucketName(write.change.key) == bucket;
                     });
}

void Judge::ExpectLateWrites(const Call& call, std::size_t first, bool open,
                             const Bookings& whole) {
  const auto split = call.writes.begin() + static_cast<std::ptrdiff_t>(first);
  const Bookings late = Sum({split, call.writes.end()});
  const Bookings before = Sum({call.writes.begin(), split});
  // What kept a request off may be gone with one of its buckets; it is charged to all of them.
  const bool is_loose = std::any_of(
      late.begin(), late.end(), [&](const auto& charge) { return WasRemoved(charge.first, call); });
  if (is_loose) return;
  for (const auto& [bucket, milli] : late) {
    if (!open) Find(call, "P7: charged after its answer: " + ToText(late));
    if (before.count(bucket) > 0) Find(call, "P7: charged twice, the second time late");
    const auto place = whole.find(bucket);
    if (open && place != whole.end() && place->second != milli) {
      Find(call, "late: charged " + ToText(late) + " instead of " + ToText(whole));
    }
  }
}

void Judge::Date(const Call& call, const std::vector<LimitStatus>& statuses) {
  for (const LimitStatus& status : statuses) {
    const std::string bucket = BucketName(status.entity_id, status.resource, status.limit);
    for (const std::size_t place : call.writes) {
      if (BucketName(log_[place].change.key) == bucket) {
        log_[place].as_of_ms = status.as_of.time_since_epoch().count();
      }
    }
  }
}

std::vector<Judge::State> Judge::StatesDuring(const std::string& bucket, const Call& call) const {
  const auto place = states_.find(bucket);
  if (place == states_.end()) return {State{}};
  State at_start;
  std::vector<State> states;
  for (const auto& [index, state] : place->second) {
    if (index < call.begin_write) {
      at_start = state;
    } else {
      states.push_back(state);
    }
  }
  states.insert(states.begin(), at_start);
  return states;
}

bool Judge::Explains(const LimitStatus& status, const Call& call, const Limits& limits) const {
  const Limit* limit = FindLimit(limits, status.limit);
  if (limit == nullptr) return true;
  const std::int64_t need = status.requested * 1000;
  if (need > limit->burst * 1000) return true;
  const std::string bucket = BucketName(status.entity_id, status.resource, status.limit);
  for (const State& state : StatesDuring(bucket, call)) {
    if (!state) continue;  // full
    std::int64_t balance = BalanceAt(*state, call.begin_ms);
    if (!SameLimit(*state, *limit)) {
      balance = std::min(balance - StepMilli(*state), limit->burst * 1000);
    }
    if (balance < need || balance < 0) return true;
  }
  return false;
}

void Judge::CheckWait(const LimitStatus& status, const Call& call, const Limits& limits) {
  const Limit* limit = FindLimit(limits, status.limit);
  if (limit == nullptr || !status.exceeded) return;
  if (!status.retry_after) {
    if (status.requested <= limit->burst) Find(call, "P12: never, for a request within burst");
    return;
  }
  if (status.requested > limit->burst) return Find(call, "P12: a finite wait above burst");
  const auto states =
      StatesDuring(BucketName(status.entity_id, status.resource, status.limit), call);
  const std::int64_t as_of = status.as_of.time_since_epoch().count();
  const bool plain = states.size() == 1 && states[0] && SameLimit(*states[0], *limit) &&
                     call.begin_ms >= states[0]->last_refill_ms;
  if (!plain) return;
  const std::int64_t need = std::max<std::int64_t>(0, status.requested * 1000);
  const std::int64_t wait = status.retry_after->count();
  const bool exact = BalanceAt(*states[0], as_of + wait) >= need &&
                     (wait == 0 || BalanceAt(*states[0], as_of + wait - 1) < need);
  if (!exact || wait == 0) {
    Find(call, Format("told to wait {} ms for {} of {} ({} milli at {})", wait, status.requested,
                      status.limit, BalanceAt(*states[0], as_of), as_of));
  }
}

void Judge::ExpectExplained(const Call& call, const Decision& decision, const Resolved& resolved) {
  const auto& statuses = decision.statuses();
  if (decision.primary_violation() == nullptr) Find(call, "denied without a violation");
  if (!resolved.certain) return;
  const auto limits_of = [&](const LimitStatus& status) {
    const auto place = resolved.of_entity.find(status.entity_id);
    return place == resolved.of_entity.end() ? Limits{} : place->second;
  };
  const bool explained = std::any_of(statuses.begin(), statuses.end(), [&](const LimitStatus& s) {
    return Explains(s, call, limits_of(s));
  });
  if (!explained) Find(call, "denied what the reference grants: " + decision.ToJson());
  for (const LimitStatus& status : statuses) CheckWait(status, call, limits_of(status));
}

void Judge::Find(const Call& call, const std::string& what) {
  if (findings_.size() >= kMaxFindings) return;
  findings_.push_back(Format("client {} {}: {}", call.client, call.what, what));
}

std::vector<std::string> Judge::Finish() {
  BucketAudit audit;
  for (const AuditedWrite& write : log_) audit.Observe(write);
  std::vector<std::string> all = findings_;
  all.insert(all.end(), audit.findings().begin(), audit.findings().end());
  return all;
}

}  // namespace zael::simulation
