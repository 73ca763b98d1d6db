#include "limiter/sharded_lru.h"

#include <gtest/gtest.h>

#include <thread>

namespace zael::limiter {
namespace {

TEST(ShardedLru, ForgetsTheLeastRecentlyPutFirstAndKeepsItsBound) {
  ShardedLru<int> map(3);
  for (int i = 0; i < 3; ++i) map.Put("g\n" + std::to_string(i), i);
  map.Put("g\n0", 10);
  map.Put("g\n3", 3);
  EXPECT_EQ(map.Find("g\n0"), 10);
  EXPECT_EQ(map.Find("g\n1"), std::nullopt);
  EXPECT_EQ(map.size(), 3u);
}

TEST(ShardedLru, NeverHoldsMoreThanAsked) {
  for (const std::size_t bound : {0u, 1u, 63u, 64u, 1'000u, 5'000u}) {
    ShardedLru<int> map(bound);
    for (int i = 0; i < 20'000; ++i) map.Put("g" + std::to_string(i) + "\nx", i);
    EXPECT_LE(map.size(), bound);
    EXPECT_GE(map.size(), bound * 9 / 10);
  }
}

TEST(ShardedLru, ErasesAGroupAndNothingElse) {
  ShardedLru<int> map(1'000);
  map.Put("a\n1", 1);
  map.Put("a\n2", 2);
  map.Put("ab\n1", 3);
  map.EraseGroup("a");
  EXPECT_EQ(map.Find("a\n1"), std::nullopt);
  EXPECT_EQ(map.Find("a\n2"), std::nullopt);
  EXPECT_EQ(map.Find("ab\n1"), 3);
  map.Clear();
  EXPECT_EQ(map.size(), 0u);
}

TEST(ShardedLru, TakesAHashThatTheCallerKept) {
  ShardedLru<int> map(1'000);
  const std::string key = "group\nname";
  const LruHash hash = LruHash::Of(key);
  map.Put({key, hash}, 1);
  EXPECT_EQ(map.Find(key), 1);
  map.Put(key, 2);
  EXPECT_EQ(map.Find({key, hash}), 2);
  EXPECT_EQ(map.size(), 1u);
  map.EraseGroup("group");
  EXPECT_EQ(map.Find({key, hash}), std::nullopt);
}

TEST(ShardedLru, ServesManyThreads) {
  ShardedLru<int> map(100);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&map, t] {
      for (int i = 0; i < 2'000; ++i) {
        const std::string key = "g" + std::to_string((i + t) % 150) + "\nx";
        map.Put(key, i);
        (void)map.Find(key);
        if (i % 100 == 0) map.EraseGroup("g7");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(map.size(), 100u);
}

}  // namespace
}  // namespace zael::limiter
