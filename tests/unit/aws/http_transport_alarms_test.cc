#include "aws/http_transport_alarms.h"

#include <gtest/gtest.h>

#include <vector>

namespace zael::aws {
namespace {

MonotonicTime At(int ms) { return MonotonicTime(std::chrono::milliseconds(ms)); }

class Recorder final : public Alarm {
 public:
  Recorder(int name, std::vector<int>* rang) : name_(name), rang_(rang) {}
  std::function<void()> then = [] {};

 private:
  void Ring() override {
    rang_->push_back(name_);
    then();
  }
  const int name_;
  std::vector<int>* const rang_;
};

class AlarmsTest : public ::testing::Test {
 protected:
  std::vector<int> rang_;
  std::vector<MonotonicTime> moved_;
  Alarms alarms_{[this](MonotonicTime when) { moved_.push_back(when); }};
  Recorder one_{1, &rang_};
  Recorder two_{2, &rang_};
  Recorder three_{3, &rang_};
};

TEST_F(AlarmsTest, RingInOrderWhenTheirTimeHasCome) {
  alarms_.Set(two_, At(20));
  alarms_.Set(three_, At(30));
  alarms_.Set(one_, At(10));
  alarms_.TimerRang(At(20));
  EXPECT_EQ(rang_, (std::vector<int>{1, 2}));
  alarms_.TimerRang(At(30));
  EXPECT_EQ(rang_, (std::vector<int>{1, 2, 3}));
  EXPECT_TRUE(alarms_.empty());
}

TEST_F(AlarmsTest, MoveTheTimerOnlyForward) {
  alarms_.Set(two_, At(20));
  alarms_.Set(three_, At(30));
  alarms_.Clear(two_);
  alarms_.Set(two_, At(25));
  EXPECT_EQ(moved_, std::vector<MonotonicTime>{At(20)});
  alarms_.Set(one_, At(10));
  EXPECT_EQ(moved_, (std::vector<MonotonicTime>{At(20), At(10)}));
  alarms_.TimerRang(At(10));
  EXPECT_EQ(moved_.back(), At(25));
}

TEST_F(AlarmsTest, ManyThatAreClearedCostOneMove) {
  for (int i = 0; i < 1'000; ++i) {
    alarms_.Set(one_, At(5'000 + i));
    alarms_.Clear(one_);
  }
  EXPECT_EQ(moved_.size(), 1u);
  alarms_.TimerRang(At(5'000));
  EXPECT_EQ(rang_, std::vector<int>{});
  EXPECT_EQ(moved_.size(), 1u);  // nothing left to wait for
  alarms_.Set(one_, At(9'000));
  EXPECT_EQ(moved_.back(), At(9'000));
}

TEST_F(AlarmsTest, SetAgainRingsOnce) {
  alarms_.Set(one_, At(10));
  alarms_.Set(one_, At(20));
  alarms_.TimerRang(At(10));
  EXPECT_EQ(rang_, std::vector<int>{});
  alarms_.TimerRang(At(20));
  alarms_.TimerRang(At(30));
  EXPECT_EQ(rang_, std::vector<int>{1});
}

TEST_F(AlarmsTest, MaySetAndClearOthersWhileRinging) {
  one_.then = [this] {
    alarms_.Clear(two_);
    alarms_.Set(one_, At(40));
    alarms_.Set(three_, At(5));  // due already: rings in this round
  };
  alarms_.Set(one_, At(10));
  alarms_.Set(two_, At(10));
  alarms_.TimerRang(At(10));
  EXPECT_EQ(rang_, (std::vector<int>{1, 3}));
  EXPECT_EQ(moved_.back(), At(40));
}

}  // namespace
}  // namespace zael::aws
