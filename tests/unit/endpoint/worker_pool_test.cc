#include "endpoint/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace zael::endpoint {
namespace {

TEST(WorkerPool, RunsWhatItIsGiven) {
  std::promise<int> done;
  WorkerPool pool(2, 8);
  ASSERT_TRUE(pool.Submit([&] { done.set_value(7); }));
  EXPECT_EQ(done.get_future().get(), 7);
}

TEST(WorkerPool, RefusesWhatItsQueueCannotHold) {
  std::promise<void> started, release;
  auto released = release.get_future().share();
  WorkerPool pool(1, 1);
  ASSERT_TRUE(pool.Submit([&] {
    started.set_value();
    released.wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.Submit([] {}));
  EXPECT_FALSE(pool.Submit([] {}));
  release.set_value();
}

TEST(WorkerPool, StopWaitsForWhatRunsAndDropsTheRest) {
  std::promise<void> started, release;
  auto released = release.get_future().share();
  std::atomic<int> finished = 0;
  WorkerPool pool(1, 8);
  ASSERT_TRUE(pool.Submit([&] {
    started.set_value();
    released.wait();
    ++finished;
  }));
  started.get_future().wait();
  auto queued = std::make_shared<int>(100);
  const std::weak_ptr<int> dropped = queued;
  ASSERT_TRUE(pool.Submit([&finished, queued] { finished += *queued; }));
  queued.reset();
  auto stopped = std::async(std::launch::async, [&] { pool.Stop(); });
  while (!dropped.expired()) {
  }
  release.set_value();
  stopped.get();
  EXPECT_EQ(finished, 1);
}

}  // namespace
}  // namespace zael::endpoint
