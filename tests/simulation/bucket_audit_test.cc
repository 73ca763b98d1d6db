#include "tests/simulation/bucket_audit.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/time.h"

namespace zael::simulation {
namespace {

constexpr std::int64_t kStart = 1'000'000'000;

// 10 tokens, 1 token per second.
Item Bucket(std::int64_t tokens_milli, std::int64_t last_refill_ms, std::int64_t consumed_milli) {
  return {{"tokens_milli", tokens_milli}, {"last_refill_ms", last_refill_ms},
          {"burst_milli", 10'000},        {"refill_amount_milli", 1'000},
          {"refill_period_ms", 1'000},    {"total_consumed_milli", consumed_milli}};
}

AuditedWrite Write(std::optional<Item> before, std::optional<Item> after, std::int64_t now_ms,
                   Intent intent = Intent::kAcquire) {
  AuditedWrite write;
  write.change.key = {{"PK", "ENTITY#a"}, {"SK", "#BUCKET#api#rpm"}};
  write.change.old_item = std::move(before);
  write.change.new_item = std::move(after);
  write.intent = intent;
  write.writer_now_ms = now_ms;
  return write;
}

std::string Findings(std::initializer_list<AuditedWrite> writes) {
  BucketAudit audit;
  for (const AuditedWrite& write : writes) audit.Observe(write);
  std::string text;
  for (const std::string& finding : audit.findings()) text += finding + "\n";
  return text;
}

TEST(BucketAudit, AcceptsAnExactLife) {
  EXPECT_EQ(
      Findings(
          {Write({}, Bucket(4'000, kStart, 6'000), kStart),
           Write(Bucket(4'000, kStart, 6'000), Bucket(0, kStart + 2'000, 12'000), kStart + 2'000),
           Write(Bucket(0, kStart + 2'000, 12'000), Bucket(-500, kStart + 2'000, 12'500),
                 kStart + 2'000, Intent::kCorrection),
           Write(Bucket(-500, kStart + 2'000, 12'500), {}, kStart + 3'000, Intent::kReset),
           Write({}, Bucket(0, kStart + 3'000, 10'000), kStart + 3'000)}),
      "");
}

TEST(BucketAudit, FindsRefillThatWasCreditedTwice) {
  EXPECT_NE(
      Findings({Write(Bucket(0, kStart, 0), Bucket(1'500, kStart + 1'000, 0), kStart + 1'000)})
          .find("I2: credited more"),
      std::string::npos);
}

TEST(BucketAudit, FindsLostRefill) {
  EXPECT_NE(Findings({Write(Bucket(0, kStart, 0), Bucket(990, kStart + 1'000, 0), kStart + 1'000)})
                .find("I2: refill lost"),
            std::string::npos);
}

TEST(BucketAudit, P2_FindsARefillTimeThatMovesBackwards) {
  EXPECT_NE(Findings({Write(Bucket(5'000, kStart, 0), Bucket(4'000, kStart - 1, 1'000), kStart)})
                .find("P2"),
            std::string::npos);
}

TEST(BucketAudit, FindsABalanceAboveBurst) {
  EXPECT_NE(
      Findings({Write(Bucket(9'500, kStart, 0), Bucket(10'500, kStart + 1'000, 0), kStart + 1'000)})
          .find("I6"),
      std::string::npos);
}

TEST(BucketAudit, FindsAGrantWithoutBalance) {
  EXPECT_NE(
      Findings({Write(Bucket(500, kStart, 0), Bucket(-500, kStart, 1'000), kStart)}).find("I1"),
      std::string::npos);
}

TEST(BucketAudit, P16_FindsAnExpiryThatForgivesWhatWasTaken) {
  EXPECT_NE(Findings({Write({}, Bucket(0, kStart, 10'000), kStart),
                      Write(Bucket(0, kStart, 10'000), {}, kStart + 1'000, Intent::kExpiry),
                      Write({}, Bucket(0, kStart + 1'000, 10'000), kStart + 1'000)})
                .find("I1: over-admitted by 9000"),
            std::string::npos);
}

// 2 tokens, 2 tokens per second.
Item FastBucket(std::int64_t tokens_milli, std::int64_t last_refill_ms,
                std::int64_t consumed_milli) {
  Item item = Bucket(tokens_milli, last_refill_ms, consumed_milli);
  item.Set("burst_milli", 2'000);
  item.Set("refill_amount_milli", 2'000);
  return item;
}

// 50 tokens, 22 per day: 11 millitokens in each step of 43.2 s.
Item SlowBucket(std::int64_t tokens_milli, std::int64_t last_refill_ms,
                std::int64_t consumed_milli) {
  Item item = Bucket(tokens_milli, last_refill_ms, consumed_milli);
  item.Set("burst_milli", 50'000);
  item.Set("refill_amount_milli", 22'000);
  item.Set("refill_period_ms", 86'400'000);
  return item;
}

AuditedWrite Answered(std::optional<Item> before, std::optional<Item> after, std::int64_t now_ms,
                      std::int64_t as_of_ms) {
  AuditedWrite write = Write(std::move(before), std::move(after), now_ms);
  write.as_of_ms = as_of_ms;
  return write;
}

// A grant 3.5 s after the refill time it leaves, inside one step of the slow rate; then a client an
// hour behind adopts the fast limit, which refills from the refill time on.
std::string FindingsOfAChangeByASlowClock(std::int64_t next_grant_ms) {
  return Findings({Answered({}, SlowBucket(47'000, kStart, 3'000), kStart, kStart),
                   Answered(SlowBucket(47'000, kStart, 3'000), SlowBucket(26'000, kStart, 24'000),
                            kStart + 3'500, kStart + 3'500),
                   Answered(SlowBucket(26'000, kStart, 24'000), FastBucket(0, kStart, 26'000),
                            kStart - 3'600'000, kStart),
                   Answered(FastBucket(0, kStart, 26'000), FastBucket(0, next_grant_ms, 28'000),
                            next_grant_ms, next_grant_ms)});
}

TEST(BucketAudit, P2_AChangeByASlowClockHoldsFromTheBucketsTimeOn) {
  EXPECT_EQ(FindingsOfAChangeByASlowClock(kStart + 1'000), "");
  EXPECT_EQ(FindingsOfAChangeByASlowClock(kStart + 4'448), "");
}

TEST(BucketAudit, P2_FindsMoreThanAChangeByASlowClockAllows) {
  EXPECT_NE(FindingsOfAChangeByASlowClock(kStart + 999).find("I1: over-admitted by 2 millitokens"),
            std::string::npos);
}

Item WithEpoch(Item item, std::int64_t epoch) {
  item.Set("write_epoch", epoch);
  return item;
}

TEST(BucketAudit, P7_AFenceMovesTheEpochByOneOrMakesAFullBucket) {
  const Item one = WithEpoch(Bucket(4'000, kStart, 6'000), 1);
  EXPECT_EQ(Findings({Write({}, WithEpoch(Bucket(10'000, kStart, 0), 3), kStart),
                      Write(Bucket(4'000, kStart, 6'000), one, kStart + 5'000),
                      Write(one, WithEpoch(Bucket(4'000, kStart, 6'000), 2), kStart + 5'000)}),
            "");
}

// Written and answered a second later; a client an hour behind changes the limit in between.
TEST(BucketAudit, P7_ABucketThatAFenceMadeIsFullAtItsOwnTime) {
  const std::int64_t later = kStart + 1'000;
  const Item made = WithEpoch(SlowBucket(50'000, kStart, 0), 1);
  Item wide = WithEpoch(Bucket(0, kStart, 50'000), 1);
  wide.Set("burst_milli", 50'000);
  EXPECT_EQ(Findings({Answered({}, made, later, later),
                      Answered(made, wide, kStart - 3'600'000, kStart)}),
            "");
}

TEST(BucketAudit, P7_FindsAnEpochThatMovesOtherwise) {
  const Item three = WithEpoch(Bucket(4'000, kStart, 6'000), 3);
  for (const AuditedWrite& write :
       {Write({}, three, kStart), Write(three, WithEpoch(Bucket(3'000, kStart, 7'000), 4), kStart),
        Write(three, WithEpoch(Bucket(4'000, kStart, 6'000), 5), kStart),
        Write(three, WithEpoch(Bucket(4'000, kStart, 6'000), 2), kStart),
        Write(three, Bucket(4'000, kStart, 6'000), kStart)}) {
    EXPECT_NE(Findings({write}).find("P7: the epoch moved"), std::string::npos);
  }
}

TEST(BucketAudit, P16_OnlyAFenceMayLeaveAnExpiryThatIsNear) {
  Item before = Bucket(4'000, kStart, 6'000);
  before.Set("ttl", kStart / 1'000 + 60);
  EXPECT_EQ(Findings({Write(before, WithEpoch(before, 1), kStart)}), "");
  Item after = before;
  after.Set("write_id", 7);
  EXPECT_NE(Findings({Write(before, after, kStart)}).find("P16"), std::string::npos);
}

TEST(BucketAudit, FindsADeletionByAnAcquire) {
  EXPECT_NE(Findings({Write(Bucket(0, kStart, 0), {}, kStart)}).find("was deleted"),
            std::string::npos);
}

}  // namespace
}  // namespace zael::simulation
