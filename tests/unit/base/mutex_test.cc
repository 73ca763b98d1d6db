#include "base/mutex.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace zael {
namespace {

class Counter {
 public:
  void Add() {
    MutexLock lock(mutex_);
    ++count_;
    changed_.NotifyAll();
  }

  int WaitFor(int count) {
    MutexLock lock(mutex_);
    while (count_ < count) changed_.Wait(mutex_);
    return count_;
  }

  bool ChangesWithin(std::chrono::nanoseconds timeout) {
    MutexLock lock(mutex_);
    return changed_.WaitFor(mutex_, timeout);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int count_ ZAEL_GUARDED_BY(mutex_) = 0;
};

TEST(Mutex, LetsOneThreadInAtATime) {
  Counter counter;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&counter] {
      for (int n = 0; n < 1000; ++n) counter.Add();
    });
  }
  EXPECT_EQ(counter.WaitFor(4000), 4000);
  for (std::thread& thread : threads) thread.join();
}

TEST(CondVar, WaitForAnswersFalseWhenNothingHappens) {
  EXPECT_FALSE(Counter().ChangesWithin(std::chrono::nanoseconds(1)));
}

TEST(Mutex, TryLockFailsWhileHeld) {
  Mutex mutex;
  mutex.Lock();
  bool taken = false;
  std::thread([&] {
    if (mutex.TryLock()) {
      taken = true;
      mutex.Unlock();
    }
  }).join();
  mutex.Unlock();
  EXPECT_FALSE(taken);
}

}  // namespace
}  // namespace zael
