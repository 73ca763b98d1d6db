#include "dynamo/retry.h"

#include <gtest/gtest.h>

#include <chrono>

namespace zael::dynamo {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

class Retry : public ::testing::Test {
 protected:
  RetryState State(Nature nature) { return {options_, nature, kStart + seconds(60)}; }
  std::optional<nanoseconds> Fail(RetryState& state, FailureClass failure) {
    return state.AfterFailure(failure, now_, quota_, random_);
  }

  static constexpr MonotonicTime kStart{seconds(1000)};
  MonotonicTime now_ = kStart;
  RetryOptions options_;
  RetryQuota quota_;
  SeededRandom random_{7};
};

TEST_F(Retry, P7_AWriteThatMayHaveBeenDoneIsNeverRepeated) {
  RetryState write = State(Nature::kWrite);
  EXPECT_FALSE(Fail(write, FailureClass::kUnknown));
}

TEST_F(Retry, ReadsAndWritesWithATokenAreRepeatedWhateverHappened) {
  for (const Nature nature : {Nature::kRead, Nature::kTokenWrite}) {
    RetryState state = State(nature);
    EXPECT_TRUE(Fail(state, FailureClass::kUnknown));
    EXPECT_EQ(state.attempts(), 2);
  }
}

TEST_F(Retry, WhatWasSurelyNotDoneIsRepeatedForEveryRequest) {
  for (const auto failure :
       {FailureClass::kNotSent, FailureClass::kThrottled, FailureClass::kConflict}) {
    RetryState write = State(Nature::kWrite);
    EXPECT_TRUE(Fail(write, failure));
  }
}

TEST_F(Retry, AFinalAnswerIsFinal) {
  RetryState read = State(Nature::kRead);
  EXPECT_FALSE(Fail(read, FailureClass::kFinal));
}

TEST_F(Retry, ACorrectedClockAndNewCredentialsAreTriedOnceEachWithoutPause) {
  RetryState write = State(Nature::kWrite);
  EXPECT_EQ(Fail(write, FailureClass::kSkewed), nanoseconds(0));
  EXPECT_EQ(Fail(write, FailureClass::kCredentials), nanoseconds(0));
  EXPECT_FALSE(Fail(write, FailureClass::kSkewed));
  EXPECT_FALSE(Fail(write, FailureClass::kCredentials));
}

TEST_F(Retry, PausesGrowAreJitteredAndBounded) {
  options_.max_attempts = 30;
  RetryState read{options_, Nature::kRead, kStart + std::chrono::hours(1)};
  auto ceiling = options_.first_pause;
  nanoseconds largest{0};
  for (int i = 1; i < 30; ++i) {
    const auto pause = Fail(read, FailureClass::kThrottled);
    ASSERT_TRUE(pause) << i;
    EXPECT_LE(*pause, ceiling);
    largest = std::max(largest, *pause);
    ceiling = std::min(ceiling * 2, options_.longest_pause);
  }
  EXPECT_GT(largest, options_.first_pause * 4);
  EXPECT_FALSE(Fail(read, FailureClass::kThrottled)) << "attempts are bounded";
}

TEST_F(Retry, NothingIsTriedPastTheDeadline) {
  RetryState read{options_, Nature::kRead, kStart + milliseconds(1)};
  now_ = kStart + milliseconds(1);
  EXPECT_FALSE(Fail(read, FailureClass::kThrottled));
  EXPECT_FALSE(Fail(read, FailureClass::kSkewed));
}

TEST_F(Retry, AnAttemptEndsWithItsOwnTimeOrTheDeadline) {
  const RetryState state = State(Nature::kRead);
  EXPECT_EQ(state.AttemptDeadline(kStart), kStart + options_.attempt_timeout);
  EXPECT_EQ(state.AttemptDeadline(kStart + seconds(59)), kStart + seconds(60));
}

TEST_F(Retry, AnOutageUsesTheQuotaUpAndSuccessRefillsIt) {
  options_.max_attempts = 2;
  int repeated = 0;
  for (int i = 0; i < 1000; ++i) {
    RetryState read = State(Nature::kRead);
    if (Fail(read, FailureClass::kUnknown)) ++repeated;
  }
  EXPECT_EQ(repeated, RetryQuota::kCapacity / RetryQuota::kCost);
  for (int i = 0; i < RetryQuota::kCost; ++i) State(Nature::kRead).AfterSuccess(quota_);
  RetryState read = State(Nature::kRead);
  EXPECT_TRUE(Fail(read, FailureClass::kUnknown));
}

}  // namespace
}  // namespace zael::dynamo
