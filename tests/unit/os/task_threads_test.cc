#include "os/task_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <utility>
#include <vector>

namespace zael::os {
namespace {

TEST(TaskThreads, OneThreadRunsTasksInTheirOrder) {
  std::vector<int> order;
  {
    TaskThreads threads(1);
    for (int i = 0; i < 100; ++i) threads.Run([&order, i] { order.push_back(i); });
  }
  ASSERT_EQ(order.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(TaskThreads, ATaskThatWaitsForAnotherGetsAThreadBesideIt) {
  std::promise<void> second_ran;
  std::promise<void> first_done;
  TaskThreads threads(2);
  threads.Run([&] {
    second_ran.get_future().get();
    first_done.set_value();
  });
  threads.Run([&] { second_ran.set_value(); });
  first_done.get_future().get();
}

TEST(TaskThreads, WhatATaskAddsIsRunBeforeTheEnd) {
  std::atomic<int> ran{0};
  {
    TaskThreads threads(3);
    for (int i = 0; i < 50; ++i) {
      threads.Run([&] {
        threads.Run([&ran] { ++ran; });
        ++ran;
      });
    }
  }
  EXPECT_EQ(ran, 100);
}

TEST(TaskThreads, MayBeEndedByOneOfTheirTasks) {
  auto threads = std::make_unique<TaskThreads>(2);
  auto ended = std::make_shared<std::promise<void>>();
  TaskThreads& begun = *threads;
  auto held = std::make_shared<std::unique_ptr<TaskThreads>>(std::move(threads));
  begun.Run([held, ended] {
    held->reset();
    ended->set_value();
  });
  held.reset();
  ended->get_future().get();
}

}  // namespace
}  // namespace zael::os
