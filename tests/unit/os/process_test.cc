#include "os/process.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "os/files.h"
#include "scratch_directory.h"

namespace zael::os {
namespace {

class ProcessTest : public ::testing::Test {
 protected:
  std::future<Result<ProcessResult>> Start(ProcessRequest request) {
    auto promise = std::make_shared<std::promise<Result<ProcessResult>>>();
    runner_->Run(std::move(request), [promise](Result<ProcessResult> result) {
      promise->set_value(std::move(result));
    });
    return promise->get_future();
  }
  Result<ProcessResult> Run(ProcessRequest request) { return Start(std::move(request)).get(); }
  Result<ProcessResult> Shell(const std::string& script) {
    return Run({.arguments = {"sh", "-c", script}});
  }

  std::unique_ptr<ProcessRunner> runner_ = MakeProcessRunner();
};

TEST_F(ProcessTest, PrintsAndEndsWithACode) {
  const auto result = Shell("printf 'a\\nb'; exit 3");
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(result->output, "a\nb");
  EXPECT_EQ(result->exit_code, 3);
}

TEST_F(ProcessTest, ArgumentsArriveAsTheyAre) {
  const auto result = Run({.arguments = {"printf", "%s|%s", "a b", "$HOME;'"}});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->output, "a b|$HOME;'");
}

TEST_F(ProcessTest, HasNoInputAndItsErrorsAreDropped) {
  const auto result = Shell("cat; echo secret >&2; echo end");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->output, "end\n");
}

TEST_F(ProcessTest, LargeOutputIsReadWhileItRuns) {
  const auto result =
      Run({.arguments = {"sh", "-c", "head -c 300000 /dev/zero"}, .max_output_bytes = 300'000});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->output.size(), 300'000U);
}

TEST_F(ProcessTest, MoreOutputThanAllowedEndsIt) {
  const auto result = Run({.arguments = {"sh", "-c", "cat /dev/zero"}, .max_output_bytes = 10'000});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error(),
            Error(ErrorCode::kInvalidArgument, "run 'sh': it prints more than 10000 bytes"));
}

TEST_F(ProcessTest, TheTimeoutEndsIt) {
  const auto result =
      Run({.arguments = {"sleep", "600"}, .timeout = std::chrono::milliseconds(20)});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error(),
            Error(ErrorCode::kDeadlineExceeded, "run 'sleep': it did not end within 20 ms"));
}

TEST_F(ProcessTest, WhoEndsItEndsItsChildren) {
  const ScratchDirectory directory;
  const std::string path = directory / "pid";
  const auto result =
      Run({.arguments = {"sh", "-c", "sleep 600 & echo $! > '" + path + "'; cat /dev/zero"},
           .max_output_bytes = 1});
  ASSERT_FALSE(result.ok());
  const auto child = ReadSmallFile(path, 100);
  ASSERT_TRUE(child.ok());
  // Gone, or not yet collected by whoever inherited it.
  const std::string state_path = "/proc/" + std::to_string(std::stoi(*child)) + "/stat";
  for (;;) {
    const auto state = ReadSmallFile(state_path, 10'000);
    if (!state.ok() || state->find(") Z ") != std::string::npos) break;
    std::this_thread::yield();
  }
}

TEST_F(ProcessTest, AChildThatKeepsTheOutputOpenDelaysNothing) {
  const auto result = Shell("sleep 5 & echo done");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->output, "done\n");
}

TEST_F(ProcessTest, AClosedOutputIsNotTheEnd) {
  const auto result = Shell("echo a; exec >&-; exit 4");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->exit_code, 4);
  EXPECT_EQ(result->output, "a\n");
}

TEST_F(ProcessTest, AKilledOneIsAFailure) {
  const auto result = Shell("kill -9 $$");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error(), Error(ErrorCode::kUnavailable, "run 'sh': it was killed"));
}

TEST_F(ProcessTest, WhatCannotBeStartedIsTold) {
  EXPECT_EQ(Run({.arguments = {"/nowhere/program", "secret"}}).error(),
            Error(ErrorCode::kNotFound, "run '/nowhere/program': No such file or directory"));
  const ScratchDirectory directory;
  ASSERT_TRUE(WriteSmallFile(directory / "file", "x").ok());
  EXPECT_EQ(Run({.arguments = {directory / "file"}}).error().code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(Run({}).error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(ProcessTest, TheRunnersEndKillsWhatRuns) {
  auto first = Start({.arguments = {"sleep", "600"}});
  auto second = Start({.arguments = {"sleep", "600"}});
  runner_.reset();
  EXPECT_EQ(first.get().error(),
            Error(ErrorCode::kUnavailable, "run 'sleep': the caller is ending"));
  EXPECT_FALSE(second.get().ok());
}

TEST_F(ProcessTest, TheRunnerMayEndInsideACallback) {
  std::promise<void> ended;
  std::shared_ptr<ProcessRunner> runner = MakeProcessRunner();
  auto* plain = runner.get();
  plain->Run({.arguments = {"true"}},
             [runner = std::move(runner), &ended](const Result<ProcessResult>& result) mutable {
               EXPECT_TRUE(result.ok());
               runner.reset();
               ended.set_value();
             });
  ended.get_future().wait();
}

TEST_F(ProcessTest, ManyRunAtOnce) {
  std::vector<std::future<Result<ProcessResult>>> results;
  for (int i = 0; i < 20; ++i) {
    results.push_back(Start({.arguments = {"printf", "%s", std::to_string(i)}}));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(results[i].get()->output, std::to_string(i));
}

}  // namespace
}  // namespace zael::os
