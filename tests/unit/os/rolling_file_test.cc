#include "os/rolling_file.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "os/files.h"
#include "scratch_directory.h"

namespace zael::os {
namespace {

constexpr std::size_t kBytes = 1'000;

TEST(RollingFile, KeepsLinesInOrderAlsoOfAnEarlierProcess) {
  const ScratchDirectory directory;
  const std::string path = directory / "log";
  RollingFile::Open(path, kBytes)->Append("one");
  RollingFile::Open(path, kBytes)->Append("two");
  EXPECT_EQ(*ReadSmallFile(path, kBytes), "one\ntwo\n");
}

TEST(RollingFile, NeverTakesMoreThanTwiceItsBound) {
  const ScratchDirectory directory;
  const std::string path = directory / "log";
  auto file = RollingFile::Open(path, kBytes);
  for (int i = 0; i < 500; ++i) file->Append("line " + std::to_string(i));
  EXPECT_LE(ReadSmallFile(path, 10 * kBytes)->size(), kBytes);
  EXPECT_LE(ReadSmallFile(path + ".1", 10 * kBytes)->size(), kBytes);
  EXPECT_EQ(*LastLines(path, kBytes, 3), "line 497\nline 498\nline 499\n");
  EXPECT_GT(LastLines(path, kBytes, 1'000)->size(), kBytes) << "the older half is read too";
}

TEST(RollingFile, CutsALineLongerThanAQuarterOfTheBound) {
  const ScratchDirectory directory;
  const std::string path = directory / "log";
  RollingFile::Open(path, kBytes)->Append(std::string(5 * kBytes, 'x'));
  EXPECT_EQ(*ReadSmallFile(path, kBytes), std::string(kBytes / 4, 'x') + "\n");
}

TEST(RollingFile, GoesOnWithoutItsDirectory) {
  auto directory = std::make_unique<ScratchDirectory>();
  auto file = RollingFile::Open(*directory / "log", kBytes);
  directory.reset();
  for (int i = 0; i < 500; ++i) file->Append("line");
  EXPECT_EQ(RollingFile::Open("/nowhere/log", kBytes).error().code(), ErrorCode::kNotFound);
}

TEST(RollingFile, TakesWholeLinesFromManyThreads) {
  const ScratchDirectory directory;
  const std::string path = directory / "log";
  auto file = RollingFile::Open(path, 1'000'000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&file] {
      for (int i = 0; i < 200; ++i) file->Append("0123456789");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string expected;
  for (int i = 0; i < 800; ++i) expected += "0123456789\n";
  EXPECT_EQ(*ReadSmallFile(path, 1'000'000), expected);
}

TEST(LastLines, OfNoLogAreNotFound) {
  const ScratchDirectory directory;
  EXPECT_EQ(LastLines(directory / "log", kBytes, 5).error().code(), ErrorCode::kNotFound);
  RollingFile::Open(directory / "log", kBytes)->Append("one");
  EXPECT_EQ(*LastLines(directory / "log", kBytes, 0), "");
  EXPECT_EQ(*LastLines(directory / "log", kBytes, 5), "one\n");
}

}  // namespace
}  // namespace zael::os
