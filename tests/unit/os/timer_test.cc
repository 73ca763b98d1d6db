#include "os/timer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <vector>

namespace zael::os {
namespace {

using std::chrono::milliseconds;

TEST(Timer, RunsATaskNotBeforeItsTime) {
  const auto timer = MakeTimerThread();
  std::promise<std::chrono::steady_clock::time_point> ran;
  const auto start = std::chrono::steady_clock::now();
  timer->RunAfter(milliseconds(5), [&] { ran.set_value(std::chrono::steady_clock::now()); });
  EXPECT_GE(ran.get_future().get() - start, milliseconds(5));
}

TEST(Timer, RunsTasksInTheOrderOfTheirTimes) {
  std::vector<int> order;
  {
    const auto timer = MakeTimerThread();
    timer->RunAfter(milliseconds(20), [&] { order.push_back(2); });
    timer->RunAfter(milliseconds(1), [&] { order.push_back(1); });
    timer->RunAfter(std::chrono::hours(1), [&] { order.push_back(3); });
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Timer, ATaskMayAskForAnother) {
  std::promise<void> done;
  const auto timer = MakeTimerThread();
  timer->RunAfter(milliseconds(0),
                  [&] { timer->RunAfter(milliseconds(0), [&] { done.set_value(); }); });
  done.get_future().get();
}

TEST(Timer, NeedsNoTask) { (void)MakeTimerThread(); }

}  // namespace
}  // namespace zael::os
