// The calls a simulated client makes, and what each of them must have done to the store.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "tests/simulation/world.h"

namespace zael::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConfigCacheTtl{60'000};

std::int64_t NowMs(Clock& clock) { return clock.WallNow().time_since_epoch().count(); }

// The errors after which nothing may have happened. A deadline leaves it open, and so does an
// outage whose own words say so: then the answer of a write is what got lost.
bool SaysNothingHappened(const Error& error) {
  return error.code() != ErrorCode::kDeadlineExceeded &&
         error.message().find("may have been") == std::string::npos;
}

bool IsAllowed(ErrorCode code) {
  switch (code) {
    case ErrorCode::kAborted:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
      return true;
    default:
      return false;
  }
}

std::string Describe(const AcquireRequest& request) {
  std::string text = Format("acquire {} {}", request.entity_id, request.resource);
  for (const auto& [name, amount] : request.consume) text += Format(" {}={}", name, amount);
  for (const Limit& limit : request.override_limits) text += " override " + limit.ToText();
  return text;
}

}  // namespace

// Runs `body` as `call`; a client that dies in it leaves its effects to be all or nothing.
template <typename Body>
void World::Perform(Client& client, Call& call, Body body) {
  const std::size_t depth = stack_.size();
  stack_.push_back(&call);
  try {
    body();
  } catch (const ClientCrash&) {
    CHECK(client.dead);
  }
  CHECK(stack_.size() == depth + 1);
  stack_.pop_back();
}

AcquireRequest World::MakeRequest() {
  AcquireRequest request{.entity_id = RandomEntity(), .resource = OneOf(kResources)};
  Limits known = LimitsFor(request.entity_id, request.resource);
  if (overrides_ && Chance(60)) {
    request.override_limits = MakeLimits();
    known = request.override_limits;
  } else if (Chance(200)) {
    request.fallback_limits = MakeLimits();
    if (known.empty()) known = request.fallback_limits;
  }
  const std::uint64_t wanted = 1 + Below(3);
  for (std::uint64_t i = 0; i < wanted; ++i) {
    const bool guess = known.empty() || Chance(20);
    const std::string name = guess ? OneOf(kLimitNames) : OneOf(known).name;
    const std::int64_t most = Chance(60) ? 1'100 : Chance(300) ? 20 : 3;
    request.consume[name] = Chance(80) ? 0 : 1 + static_cast<std::int64_t>(Below(most));
  }
  if (Chance(100)) request.on_unavailable = OnUnavailable::kAllow;
  return request;
}

// What the request takes when it is granted. Whether the parent has a limit of that name is known
// for certain only while no configuration change is recent; else what was booked decides.
Bookings World::WholeOf(const AcquireRequest& request, const Call& call) {
  Bookings whole;
  const Resolved resolved = Resolve(request, call);
  const Bookings booked = judge_.Booked(call);
  for (const auto& [name, amount] : request.consume) {
    if (amount == 0) continue;
    whole[BucketName(request.entity_id, request.resource, name)] = amount * 1000;
    const auto parent = resolved.of_entity.find("team");
    if (request.entity_id == "team" || parent == resolved.of_entity.end()) continue;
    const std::string bucket = BucketName("team", request.resource, name);
    const bool has_limit =
        std::any_of(parent->second.begin(), parent->second.end(),
                    [&, &wanted = name](const Limit& limit) { return limit.name == wanted; });
    if (resolved.certain ? has_limit : booked.count(bucket) > 0) whole[bucket] = amount * 1000;
  }
  return whole;
}

Resolved World::Resolve(const AcquireRequest& request, const Call& call) {
  Resolved resolved;
  const std::int64_t begin_true_ms =
      call.begin_ms - (NowMs(*clients_[call.client]->clock) - clock_->NowMs());
  resolved.certain =
      changing_ == 0 &&
      (config_changed_ms_ == 0 || config_changed_ms_ + kConfigCacheTtl.count() < begin_true_ms);
  std::vector<std::string> entities = {request.entity_id};
  if (request.entity_id.rfind("child", 0) == 0) entities.push_back("team");
  for (const std::string& entity : entities) {
    Limits limits = request.override_limits;
    if (limits.empty()) limits = LimitsFor(entity, request.resource);
    if (limits.empty()) limits = request.fallback_limits;
    resolved.of_entity[entity] = limits;
  }
  return resolved;
}

void World::JudgeDecision(const Call& call, const Decision& decision,
                          const AcquireRequest& request) {
  judge_.Date(call, decision.statuses());
  if (!decision.granted()) {
    ++seen_["denied"];
    judge_.ExpectNoCharge(call);
    return judge_.ExpectExplained(call, decision, Resolve(request, call));
  }
  ++seen_["granted"];
  Bookings expected;
  Amounts own;
  for (const LimitStatus& status : decision.statuses()) {
    if (status.exceeded) judge_.Find(call, "granted with an exceeded limit");
    if (status.available < status.requested) {
      judge_.Find(call, Format("granted {} of {} available", status.requested, status.available));
    }
    if (status.entity_id == request.entity_id) own[status.limit] = status.requested;
    if (status.requested == 0) continue;
    expected[BucketName(status.entity_id, status.resource, status.limit)] = status.requested * 1000;
  }
  for (const auto& [name, amount] : request.consume) {
    if (own.count(name) == 0 || own[name] != amount) {
      judge_.Find(call, "P11: granted without a status of " + name);
    }
  }
  judge_.ExpectExactly(call, expected);
}

void World::JudgeError(const Call& call, const Error& error, const Bookings& whole) {
  ++seen_[Format("error {}", ErrorCodeName(error.code()))];
  if (SaysNothingHappened(error)) {
    if (const Bookings left = judge_.Left(call); !left.empty()) {
      judge_.Find(call, Format("P7: answered {} ({}) but charged {}", ErrorCodeName(error.code()),
                               error.message(), ToText(left)));
    }
  } else {
    MayBeBooked(call, whole);
  }
}

void World::Acquire(Client& client) {
  const AcquireRequest request = MakeRequest();
  Call call = judge_.Begin(Describe(request), client.id, Intent::kAcquire, NowMs(*client.clock));
  std::optional<Result<Decision>> answer;
  Perform(client, call, [&] { answer = client.limiter->Acquire(request); });
  if (!answer) return MayBeBooked(call, WholeOf(request, call));
  if (!answer->ok()) {
    const Error& error = answer->error();
    JudgeError(call, error, WholeOf(request, call));
    const bool may_be_unknown = error.code() == ErrorCode::kInvalidArgument;
    if (!may_be_unknown && !IsAllowed(error.code())) judge_.Find(call, error.message());
    return;
  }
  Decision& decision = **answer;
  if (!decision.granted()) return JudgeDecision(call, decision, request);
  Lease lease = decision.TakeLease();
  if (lease.degraded()) {
    ++seen_["granted degraded"];
    if (request.on_unavailable != OnUnavailable::kAllow) judge_.Find(call, "opened unasked");
    return MayBeBooked(call, WholeOf(request, call));
  }
  JudgeDecision(call, decision, request);
  HeldLease held{std::move(lease), request.entity_id, request.resource, {}, judge_.Booked(call)};
  held.may_open = request.on_unavailable == OnUnavailable::kAllow;
  for (const LimitStatus& status : decision.statuses()) {
    held.charged.emplace_back(status.entity_id, status.limit);
  }
  if (client.dead || Chance(150)) return;  // the lease is dropped, and kept so
  client.leases.push_back(std::move(held));
}

// What the deltas come to on every bucket of the lease. The parent gives back at most what the
// lease took from it, which is less when it got the limit later; after an unknown outcome only the
// store can say how much.
Bookings World::BookingsOf(const HeldLease& held, const Amounts& deltas, const Call& call) {
  Bookings bookings;
  const Bookings booked_now = judge_.Booked(call);
  for (const auto& [entity, name] : held.charged) {
    const auto place = deltas.find(name);
    if (place == deltas.end() || place->second == 0) continue;
    const std::string bucket = BucketName(entity, held.resource, name);
    std::int64_t milli = place->second * 1000;
    if (entity != held.entity && milli < 0) {
      const auto taken = held.booked.find(bucket);
      const auto now = booked_now.find(bucket);
      const std::int64_t most = taken == held.booked.end() ? 0 : taken->second;
      milli = std::max(milli, -std::max<std::int64_t>(most, 0));
      if (held.uncertain) milli = now == booked_now.end() ? 0 : now->second;
    }
    if (milli != 0) bookings[bucket] = milli;
  }
  return bookings;
}

// A bucket that was missing meanwhile took its charges with it.
void World::SeeMissing(HeldLease& held, const Call& call) {
  for (const auto& [entity, name] : held.charged) {
    if (judge_.WasMissing(BucketName(entity, held.resource, name), call)) held.uncertain = true;
  }
}

// Books what the call did into the lease and compares the lease's own view.
void World::Settle(HeldLease& held, const Call& call, bool certain) {
  for (const auto& [bucket, milli] : judge_.Booked(call)) held.booked[bucket] += milli;
  SeeMissing(held, call);
  if (!certain) held.uncertain = true;
  if (held.uncertain || held.ended) return;
  for (const auto& [name, amount] : held.lease.consumed()) {
    const std::int64_t booked = held.booked[BucketName(held.entity, held.resource, name)];
    if (booked != amount * 1000) {
      judge_.Find(call,
                  Format("the lease holds {} of {} but {} milli are booked", amount, name, booked));
    }
  }
}

Amounts World::MakeCorrection(const HeldLease& held, bool only_back) {
  Amounts amounts;
  const Amounts consumed = held.lease.consumed();
  for (const auto& [entity, name] : held.charged) {
    if (entity != held.entity || Chance(300)) continue;
    const auto place = consumed.find(name);
    const std::int64_t holds = place == consumed.end() ? 0 : place->second;
    const std::int64_t back =
        static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(holds) + 1));
    if (only_back) {
      amounts[name] = back;
    } else {
      amounts[name] = Chance(500) ? -back : static_cast<std::int64_t>(Below(30));
    }
  }
  return amounts;
}

void World::Correct(Client& client, HeldLease& held) {
  const bool release = Chance(300);
  const Amounts amounts = MakeCorrection(held, release);
  if (amounts.empty()) return;
  Amounts deltas = amounts;
  if (release) {
    for (auto& [name, amount] : deltas) amount = -amount;
  }
  std::string what = release ? "release" : "adjust";
  for (const auto& [name, delta] : deltas) what += Format(" {}={}", name, delta);
  Call call = judge_.Begin(what, client.id, Intent::kCorrection, NowMs(*client.clock));
  std::optional<Status> answer;
  Perform(client, call,
          [&] { answer = release ? held.lease.Release(amounts) : held.lease.Adjust(amounts); });
  const Bookings whole = BookingsOf(held, deltas, call);
  if (!answer) return MayBeBooked(call, whole);
  ++seen_["corrected"];
  if (answer->ok()) {
    judge_.ExpectExactly(call, whole);
  } else {
    JudgeError(call, answer->error(), whole);
    if (!IsAllowed(answer->error().code())) judge_.Find(call, answer->error().message());
  }
  Settle(held, call, answer->ok() || SaysNothingHappened(answer->error()));
}

void World::ConsumeMore(Client& client, HeldLease& held) {
  Amounts amounts;
  for (const auto& [entity, name] : held.charged) {
    if (entity == held.entity && Chance(600)) amounts[name] = static_cast<std::int64_t>(Below(4));
  }
  if (amounts.empty()) return;
  std::string what = Format("consume {} {}", held.entity, held.resource);
  for (const auto& [name, amount] : amounts) what += Format(" {}={}", name, amount);
  Call call = judge_.Begin(what, client.id, Intent::kAcquire, NowMs(*client.clock));
  std::optional<Result<Decision>> answer;
  Perform(client, call, [&] { answer = held.lease.Consume(amounts); });
  Bookings whole = BookingsOf(held, amounts, call);
  // The parent may have got a limit since the lease was made.
  for (const auto& [bucket, milli] : judge_.Booked(call)) {
    if (config_changes_ && bucket.rfind("ENTITY#team", 0) == 0) whole[bucket] = milli;
  }
  if (!answer) return MayBeBooked(call, whole);
  if (!answer->ok()) {
    JudgeError(call, answer->error(), whole);
    // Without limits on any level there is nothing to consume from.
    const bool is_clean = answer->error().code() == ErrorCode::kInvalidArgument && config_changes_;
    if (!is_clean && !IsAllowed(answer->error().code()))
      judge_.Find(call, answer->error().message());
    return Settle(held, call, SaysNothingHappened(answer->error()));
  }
  Decision& decision = **answer;
  judge_.Date(call, decision.statuses());
  if (decision.granted() && held.may_open && decision.statuses().empty()) {
    ++seen_["consumed degraded"];
    MayBeBooked(call, whole);
    return Settle(held, call, false);
  }
  if (decision.granted()) {
    ++seen_["consumed"];
    judge_.ExpectExactly(call, whole);
    for (const LimitStatus& status : decision.statuses()) {
      const std::pair<std::string, std::string> bucket(status.entity_id, status.limit);
      const auto known = std::find(held.charged.begin(), held.charged.end(), bucket);
      if (known == held.charged.end()) held.charged.push_back(bucket);
    }
  } else {
    ++seen_["consume denied"];
    judge_.ExpectNoCharge(call);
  }
  Settle(held, call, true);
}

void World::Rollback(Client& client, HeldLease& held) {
  Call call = judge_.Begin(Format("rollback {} {}", held.entity, held.resource), client.id,
                           Intent::kCorrection, NowMs(*client.clock));
  call.lost_an_answer = !held.rollbacks.empty();
  std::optional<Status> answer;
  Perform(client, call, [&] { answer = held.lease.Rollback(); });
  if (!answer) return LeaveOpen(call, {});
  if (answer->ok()) {
    for (const std::size_t failed : held.rollbacks) {
      const auto open = open_.find(failed);
      if (open == open_.end()) continue;
      // What came late has to be in the sum; what comes from now on is too much.
      for (const auto& [bucket, milli] : judge_.Booked(open->second.first)) {
        held.booked[bucket] += milli;
      }
      open_.erase(open);
    }
    ++seen_[held.rolling_back ? "rolled back at last" : "rolled back"];
    held.ended = true;
    Settle(held, call, true);
    if (held.uncertain) return;
    for (const auto& [bucket, milli] : held.booked) {
      if (milli != 0) judge_.Find(call, Format("I5: {} milli of {} are left", milli, bucket));
    }
    return;
  }
  ++seen_[Format("rollback {}", ErrorCodeName(answer->error().code()))];
  if (!IsAllowed(answer->error().code())) judge_.Find(call, answer->error().message());
  if (SaysNothingHappened(answer->error()) && !judge_.Left(call).empty()) {
    judge_.Find(call, "P7: a rollback that says it did nothing gave back");
  }
  held.rolling_back = true;
  SeeMissing(held, call);
  if (SaysNothingHappened(answer->error())) return;
  held.rollbacks.push_back(call.id);
  LeaveOpen(call, {});
}

void World::Commit(Client& client, HeldLease& held) {
  Call call = judge_.Begin("commit", client.id, Intent::kCorrection, NowMs(*client.clock));
  Perform(client, call, [&] {
    const Status done = held.lease.Commit();
    if (!done.ok()) judge_.Find(call, done.error().message());
  });
  judge_.ExpectNothing(call);
  held.ended = true;
  ++seen_["committed"];
}

void World::ChangeConfiguration(Client& client) {
  Configuration& configuration = client.repository->configuration();
  const std::string entity = RandomEntity();
  const std::string resource = OneOf(kResources);
  const std::uint64_t dice = Below(8);
  Call call = judge_.Begin(Format("configuration change {}", dice), client.id, Intent::kCorrection,
                           NowMs(*client.clock));
  call.changes_configuration = true;
  ++seen_["configuration change"];
  ++changing_;
  Perform(client, call, [&] {
    Status done;
    switch (dice) {
      case 0:
        done = configuration.SetSystemDefaults({.limits = MakeLimits()});
        break;
      case 1:
        done = configuration.SetResourceDefaults(resource, MakeLimits());
        break;
      case 2:
        done = configuration.SetLimits(entity, kDefaultResource, MakeLimits());
        break;
      case 3:
        done = configuration.SetLimits(entity, resource, MakeLimits());
        break;
      case 4:
        done = configuration.DeleteSystemDefaults();
        break;
      case 5:
        done = configuration.DeleteResourceDefaults(resource);
        break;
      case 6:
        done = configuration.DeleteLimits(entity, kDefaultResource);
        break;
      default:
        done = configuration.DeleteLimits(entity, resource);
        break;
    }
    if (!done.ok() && !IsAllowed(done.error().code()) &&
        done.error().code() != ErrorCode::kNotFound) {
      judge_.Find(call, done.error().message());
    }
  });
  judge_.ExpectNothing(call);
  --changing_;
  config_changed_ms_ = clock_->NowMs();
  limits_.clear();
}

void World::ResetBuckets(Client& client) {
  Call call = judge_.Begin("reset", client.id, Intent::kReset, NowMs(*client.clock));
  ++seen_["reset"];
  Perform(client, call, [&] {
    const auto done = client.repository->buckets().Reset(RandomEntity(), {});
    if (!done.ok() && !IsAllowed(done.error().code())) judge_.Find(call, done.error().message());
  });
}

}  // namespace zael::simulation
