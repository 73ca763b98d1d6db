#include "tests/simulation/bucket_audit.h"

#include <algorithm>
#include <numeric>

#include "base/format.h"

namespace zael::simulation {
namespace {

using Int128 = __int128;

std::optional<std::int64_t> IntegerOf(const Item& item, std::string_view name) {
  const Value* value = item.Find(name);
  const Number* number = value == nullptr ? nullptr : value->As<Number>();
  return number == nullptr ? std::nullopt : number->ToInt64();
}

std::optional<Int128> WideIntegerOf(const Item& item, std::string_view name) {
  const Value* value = item.Find(name);
  const Number* number = value == nullptr ? nullptr : value->As<Number>();
  if (number == nullptr || number->exponent() < 0 || number->exponent() > 37) return std::nullopt;
  Int128 wide = number->coefficient();
  for (int i = 0; i < number->exponent(); ++i) wide *= 10;
  return wide;
}

std::int64_t EpochOf(const Item& item) { return IntegerOf(item, "write_epoch").value_or(0); }

Int128 FloorDivide(Int128 a, Int128 b) {
  const Int128 quotient = a / b;
  return quotient * b > a ? quotient - 1 : quotient;
}

std::string Describe(const BucketImage& image) {
  return Format("T={} L={} C={} B={} A={} P={}", image.tokens_milli, image.last_refill_ms,
                image.consumed_milli, image.burst_milli, image.refill_amount_milli,
                image.refill_period_ms);
}

std::string_view IntentName(Intent intent) {
  switch (intent) {
    case Intent::kAcquire:
      return "acquire";
    case Intent::kCorrection:
      return "correction";
    case Intent::kReset:
      return "reset";
    case Intent::kExpiry:
      return "expiry";
  }
  return "?";
}

constexpr std::int64_t kDaySeconds = 24 * 3600;

// In 1/period millitokens: 1 ms worth, or one whole step of refill when the parameters changed.
Int128 MostLost(const BucketImage& before, bool same_limit) {
  if (same_limit) return before.refill_amount_milli;
  return std::max<Int128>(before.refill_amount_milli,
                          Int128{StepMilli(before)} * before.refill_period_ms);
}

}  // namespace

bool BucketImage::SameLimit(const BucketImage& other) const {
  return burst_milli == other.burst_milli && refill_amount_milli == other.refill_amount_milli &&
         refill_period_ms == other.refill_period_ms;
}

std::optional<BucketImage> ReadBucketImage(const Item& item) {
  const auto tokens = IntegerOf(item, "tokens_milli");
  const auto last = IntegerOf(item, "last_refill_ms");
  const auto burst = IntegerOf(item, "burst_milli");
  const auto amount = IntegerOf(item, "refill_amount_milli");
  const auto period = IntegerOf(item, "refill_period_ms");
  const auto consumed = WideIntegerOf(item, "total_consumed_milli");
  if (!tokens || !last || !burst || !amount || !period || !consumed) return std::nullopt;
  if (*burst <= 0 || *amount <= 0 || *period <= 0) return std::nullopt;
  return BucketImage{*tokens, *last, *burst, *amount, *period, *consumed, IntegerOf(item, "ttl")};
}

std::optional<std::string> BucketName(const Key& key) {
  const Value* hash = key.Find("PK");
  const Value* range = key.Find("SK");
  const auto* pk = hash == nullptr ? nullptr : hash->As<std::string>();
  const auto* sk = range == nullptr ? nullptr : range->As<std::string>();
  if (pk == nullptr || sk == nullptr || sk->rfind("#BUCKET#", 0) != 0) return std::nullopt;
  return *pk + "|" + *sk;
}

std::string BucketName(const std::string& entity, const std::string& resource,
                       const std::string& limit) {
  return Format("ENTITY#{}|#BUCKET#{}#{}", entity, resource, limit);
}

bool IsFence(const Change& change) {
  if (!change.new_item) return false;
  const std::int64_t epoch = EpochOf(*change.new_item);
  if (!change.old_item) {
    const auto made = ReadBucketImage(*change.new_item);
    return epoch > 0 && change.new_item->Find("write_id") == nullptr && made &&
           made->tokens_milli == made->burst_milli && made->consumed_milli == 0;
  }
  Item expected = *change.old_item;
  expected.Set("write_epoch", EpochOf(expected) + 1);
  return expected == *change.new_item;
}

std::int64_t BalanceAt(const BucketImage& image, std::int64_t now_ms) {
  if (now_ms <= image.last_refill_ms) return image.tokens_milli;
  const Int128 credit =
      Int128{image.refill_amount_milli} * (now_ms - image.last_refill_ms) / image.refill_period_ms;
  return static_cast<std::int64_t>(
      std::min<Int128>(image.burst_milli, image.tokens_milli + credit));
}

std::int64_t StepMilli(const BucketImage& image) {
  return image.refill_amount_milli / std::gcd(image.refill_amount_milli, image.refill_period_ms);
}

void BucketAudit::Observe(const AuditedWrite& write) {
  const auto name = BucketName(write.change.key);
  if (!name) return;
  if (!write.change.new_item) {  // removed: only an operator's reset starts the history anew
    if (write.intent == Intent::kReset) greedy_.erase(*name);
    if (write.intent == Intent::kAcquire || write.intent == Intent::kCorrection) {
      Find(*name, &write, "was deleted by an acquire or a lease");
    }
    return;
  }
  const auto after = ReadBucketImage(*write.change.new_item);
  if (!after) return Find(*name, &write, "was written without all its attributes");
  if (write.intent == Intent::kReset || write.intent == Intent::kExpiry) {
    return Find(*name, &write, "was written by an operation that only deletes");
  }
  const std::int64_t old_epoch = write.change.old_item ? EpochOf(*write.change.old_item) : 0;
  if (EpochOf(*write.change.new_item) != old_epoch && !IsFence(write.change)) {
    Find(*name, &write, "P7: the epoch moved together with something else");
  }
  if (!write.change.old_item) {
    CheckInsert(*name, write, *after);
    return RunGreedy(*name, write, nullptr, *after);
  }
  const auto before = ReadBucketImage(*write.change.old_item);
  if (!before) return Find(*name, &write, "held an unreadable item");
  CheckStep(*name, write, *before, *after);
  RunGreedy(*name, write, &*before, *after);
}

void BucketAudit::CheckInsert(const std::string& name, const AuditedWrite& write,
                              const BucketImage& now) {
  if (now.tokens_milli + now.consumed_milli != now.burst_milli) {
    Find(name, &write, "I2: a new bucket is not burst less what was taken");
  }
  if (now.tokens_milli > now.burst_milli) Find(name, &write, "I6: a new bucket is above burst");
  if (write.intent == Intent::kAcquire && now.tokens_milli < 0) {
    Find(name, &write, "I1: an acquire created a bucket in debt");
  }
  if (now.last_refill_ms > write.writer_now_ms) Find(name, &write, "I2: created in the future");
}

void BucketAudit::CheckStep(const std::string& name, const AuditedWrite& write,
                            const BucketImage& before, const BucketImage& after) {
  if (after.last_refill_ms < before.last_refill_ms) {
    Find(name, &write, "P2: the refill time moved backwards");
  }
  if (after.last_refill_ms > std::max(before.last_refill_ms, write.writer_now_ms)) {
    Find(name, &write, "I2: the refill time is ahead of the writer's clock");
  }
  const Int128 taken = after.consumed_milli - before.consumed_milli;
  CheckCredit(name, before, after, Int128{after.tokens_milli} + taken - before.tokens_milli);
  if (write.intent != Intent::kAcquire) return;
  if (taken < 0) Find(name, &write, "P10: an acquire gave tokens back");
  if (taken > 0 && after.tokens_milli < 0)
    Find(name, &write, "I1: an acquire left a bucket in debt");
  // A fence forgives nothing and leaves the expiry as it is.
  if (!IsFence(write.change) && after.ttl_seconds &&
      *after.ttl_seconds < write.writer_now_ms / 1000 + kDaySeconds - 60) {
    Find(name, &write, "P16: expires less than a day after it was written");
  }
}

void BucketAudit::CheckCredit(const std::string& name, const BucketImage& before,
                              const BucketImage& after, Int128 credit) {
  const Int128 elapsed = std::max<Int128>(0, Int128{after.last_refill_ms} - before.last_refill_ms);
  const Int128 due = before.refill_amount_milli * elapsed;  // in 1/period millitokens
  const bool same = before.SameLimit(after);
  // A write under new parameters first refills under the old ones, then clips to the new burst.
  const std::int64_t ceiling =
      same ? after.burst_milli : std::min(before.burst_milli, after.burst_milli);
  const Int128 refilled = before.tokens_milli + credit;
  if (credit * before.refill_period_ms > due) {
    Find(name, nullptr,
         "I2: credited more than rate x elapsed: " + Describe(before) + " -> " + Describe(after));
  }
  if (credit > 0 && refilled > ceiling) {
    Find(name, nullptr, "I6: refilled above burst: " + Describe(before) + " -> " + Describe(after));
  }
  if (refilled >= ceiling) return;  // full: what was lost above it is nobody's
  if (credit < 0) {
    Find(name, nullptr, "I5: tokens vanished: " + Describe(before) + " -> " + Describe(after));
  } else if (due - credit * before.refill_period_ms >= MostLost(before, same)) {
    Find(name, nullptr,
         "I2: refill lost more than it may: " + Describe(before) + " -> " + Describe(after));
  }
}

void BucketAudit::RunGreedy(const std::string& name, const AuditedWrite& write,
                            const BucketImage* before, const BucketImage& after) {
  const std::int64_t latest = before == nullptr
                                  ? write.writer_now_ms
                                  : std::max(write.writer_now_ms, before->last_refill_ms);
  const Int128 base_consumed = before == nullptr ? 0 : before->consumed_milli;
  const Int128 taken = after.consumed_milli - base_consumed;
  const bool is_fence = IsFence(write.change);
  if (before != nullptr && is_fence) return;  // says nothing of any moment
  // Without a decision the bucket's own time is all that is certain. After a lost answer the
  // decision may name a later moment, that of the state it was found in.
  std::int64_t at = std::max(std::min(write.as_of_ms.value_or(after.last_refill_ms), latest),
                             after.last_refill_ms);
  // A correction mends what was granted before the bucket's last refill, and is booked there. A
  // fence makes the bucket before there is a decision.
  if (write.intent == Intent::kCorrection || is_fence) at = after.last_refill_ms;
  auto [place, is_new] = greedy_.try_emplace(name);
  Greedy& greedy = place->second;
  if (is_new) {
    greedy = {after, Int128{after.burst_milli} * after.refill_period_ms, at};
  }
  if (at > greedy.at_ms) {
    const Int128 full = Int128{greedy.limit.burst_milli} * greedy.limit.refill_period_ms;
    const Int128 credit = Int128{greedy.limit.refill_amount_milli} * (at - greedy.at_ms);
    greedy.level = std::min(full, greedy.level + credit);
    greedy.at_ms = at;
  }
  if (!greedy.limit.SameLimit(after)) {
    GoBack(greedy, at);
    TakeLimit(greedy, after, before == nullptr);
  }
  greedy.level -= taken * after.refill_period_ms;
  if (write.intent == Intent::kAcquire && taken > 0 && greedy.level < 0) {
    Find(name, &write,
         Format("I1: over-admitted by {} millitokens",
                static_cast<std::int64_t>(-FloorDivide(greedy.level, after.refill_period_ms))));
    greedy.level = 0;
  }
}

// A slow clock changes the rate at its own moment, which the answers to faster clocks have passed.
// What they took counts as taken at that moment: only the rate of the time between is another one.
void BucketAudit::GoBack(Greedy& greedy, std::int64_t at_ms) {
  if (at_ms >= greedy.at_ms) return;
  greedy.level -= Int128{greedy.limit.refill_amount_milli} * (greedy.at_ms - at_ms);
  greedy.at_ms = at_ms;
}

// Keeps the balance, clipped to the new burst; a full bucket that expired comes back full.
void BucketAudit::TakeLimit(Greedy& greedy, const BucketImage& limit, bool was_missing) {
  const std::int64_t old_period = greedy.limit.refill_period_ms;
  const Int128 new_full = Int128{limit.burst_milli} * limit.refill_period_ms;
  const bool was_full = greedy.level >= Int128{greedy.limit.burst_milli} * old_period;
  const Int128 whole = FloorDivide(greedy.level, old_period);
  const Int128 rest = greedy.level - whole * old_period;
  greedy.level = whole * limit.refill_period_ms +
                 (rest * limit.refill_period_ms + old_period - 1) / old_period;
  greedy.level = was_missing && was_full ? new_full : std::min(greedy.level, new_full);
  greedy.limit = limit;
}

void BucketAudit::Find(const std::string& name, const AuditedWrite* write,
                       const std::string& what) {
  if (findings_.size() >= kMaxFindings) return;
  std::string text = name + " " + what;
  if (write != nullptr) {
    text += Format(" [{} at position {}, writer's clock {}", IntentName(write->intent),
                   write->change.position, write->writer_now_ms);
    const auto describe = [&](std::string_view label, const std::optional<Item>& item) {
      const auto image = item ? ReadBucketImage(*item) : std::nullopt;
      if (image) text += Format("; {} {}", label, Describe(*image));
    };
    describe("old", write->change.old_item);
    describe("new", write->change.new_item);
    text += "]";
  }
  findings_.push_back(std::move(text));
}

}  // namespace zael::simulation
