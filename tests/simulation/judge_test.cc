#include "tests/simulation/judge.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace zael::simulation {
namespace {

constexpr std::int64_t kStart = 1'000'000'000;
const std::string kBucket = BucketName("a", "api", "rpm");

// 10 tokens, of which so many are taken.
Item Bucket(std::int64_t taken_milli) {
  return {{"tokens_milli", 10'000 - taken_milli},
          {"last_refill_ms", kStart},
          {"burst_milli", 10'000},
          {"refill_amount_milli", 1'000},
          {"refill_period_ms", 86'400'000},
          {"total_consumed_milli", taken_milli}};
}

class JudgeTest : public ::testing::Test {
 protected:
  Call Begin(Intent intent) { return judge_.Begin("call", 1, intent, kStart); }

  void Write(Call& call, std::optional<Item> before, std::optional<Item> after) {
    Change change;
    change.key = {{"PK", "ENTITY#a"}, {"SK", "#BUCKET#api#rpm"}};
    change.old_item = std::move(before);
    change.new_item = std::move(after);
    judge_.Record(change, call, kStart);
  }

  void Reset(std::int64_t taken_milli) {
    Call reset = Begin(Intent::kReset);
    Write(reset, Bucket(taken_milli), {});
  }

  std::string Findings() {
    std::string text;
    for (const std::string& finding : judge_.Finish()) text += finding + "\n";
    return text;
  }

  Judge judge_;
};

TEST_F(JudgeTest, P7_FindsAChargeMadeTwice) {
  Call call = Begin(Intent::kAcquire);
  Write(call, {}, Bucket(2'000));
  Write(call, Bucket(2'000), Bucket(4'000));
  judge_.ExpectExactly(call, {{kBucket, 2'000}});
  EXPECT_NE(Findings().find("instead of"), std::string::npos);
}

// The answer of the first write got lost; after the reset nothing tells that it was ever made.
TEST_F(JudgeTest, P7_AChargeAgainAfterAResetIsTheOnlyOneThatIsLeft) {
  Call call = Begin(Intent::kAcquire);
  Write(call, {}, Bucket(2'000));
  Reset(2'000);
  Write(call, {}, Bucket(2'000));
  judge_.ExpectExactly(call, {{kBucket, 2'000}});
  EXPECT_EQ(judge_.Left(call), (Bookings{{kBucket, 2'000}}));
  EXPECT_EQ(Findings(), "");
}

TEST_F(JudgeTest, P7_NothingIsLeftOfAChargeBeforeAReset) {
  Call call = Begin(Intent::kCorrection);
  Write(call, {}, Bucket(2'000));
  EXPECT_EQ(judge_.Left(call), (Bookings{{kBucket, 2'000}}));
  Reset(2'000);
  EXPECT_EQ(judge_.Booked(call), (Bookings{{kBucket, 2'000}}));
  EXPECT_EQ(judge_.Left(call), Bookings{});
}

TEST_F(JudgeTest, I3_ADenialMayFollowAChargeThatAResetTookAway) {
  Call call = Begin(Intent::kAcquire);
  Write(call, {}, Bucket(2'000));
  Reset(2'000);
  judge_.ExpectNoCharge(call);
  EXPECT_EQ(Findings(), "");
}

TEST_F(JudgeTest, I3_FindsADenialThatCharged) {
  Reset(2'000);
  Call call = Begin(Intent::kAcquire);
  Write(call, {}, Bucket(2'000));
  judge_.ExpectNoCharge(call);
  EXPECT_NE(Findings().find("I3"), std::string::npos);
}

TEST_F(JudgeTest, I3_ADenialMayFollowAFenceAfterALostAnswer) {
  for (const std::optional<Item>& before : {std::optional<Item>(), {Bucket(2'000)}}) {
    Item fenced = before.value_or(Bucket(0));
    fenced.Set("write_epoch", 1);
    Call call = Begin(Intent::kAcquire);
    call.lost_an_answer = true;
    Write(call, before, fenced);
    judge_.ExpectNoCharge(call);
    EXPECT_EQ(judge_.Booked(call), Bookings{});
  }
  EXPECT_EQ(Findings(), "");
}

TEST_F(JudgeTest, I3_FindsAFenceWithoutALostAnswer) {
  Call call = Begin(Intent::kAcquire);
  Item fenced = Bucket(2'000);
  fenced.Set("write_epoch", 1);
  Write(call, Bucket(2'000), fenced);
  judge_.ExpectNoCharge(call);
  EXPECT_NE(Findings().find("fenced off what was not lost"), std::string::npos);
}

TEST_F(JudgeTest, P7_FindsWritesThatCameLate) {
  Call call = Begin(Intent::kAcquire);
  Write(call, {}, Bucket(2'000));
  Write(call, Bucket(2'000), Bucket(4'000));
  judge_.ExpectLateWrites(call, 1, /*open=*/false, {});
  EXPECT_NE(Findings().find("P7: charged after its answer"), std::string::npos);
  EXPECT_NE(Findings().find("P7: charged twice"), std::string::npos);
}

TEST_F(JudgeTest, P7_AResetTakesWithItWhatKeptALateWriteOff) {
  Call call = Begin(Intent::kAcquire);
  Write(call, {}, Bucket(2'000));
  Reset(2'000);
  Write(call, {}, Bucket(2'000));
  judge_.ExpectLateWrites(call, 1, /*open=*/false, {});
  EXPECT_EQ(Findings(), "");
}

TEST_F(JudgeTest, P7_WhatWasLeftOpenMayBeChargedLateButNotInAnotherAmount) {
  Call call = Begin(Intent::kAcquire);
  Write(call, Bucket(1'000), Bucket(3'000));
  judge_.ExpectLateWrites(call, 0, /*open=*/true, {{kBucket, 2'000}});
  EXPECT_EQ(Findings(), "");
  judge_.ExpectLateWrites(call, 0, /*open=*/true, {{kBucket, 1'000}});
  EXPECT_NE(Findings().find("late: charged"), std::string::npos);
}

}  // namespace
}  // namespace zael::simulation
