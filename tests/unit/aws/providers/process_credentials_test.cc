#include "aws/providers/process_credentials.h"

#include <gtest/gtest.h>

#include "scripted_credentials.h"

namespace zael::aws {
namespace {

// Answers what it is told to, and remembers what it ran.
class ScriptedRunner final : public os::ProcessRunner {
 public:
  explicit ScriptedRunner(Result<os::ProcessResult> answer) : answer_(std::move(answer)) {}

  void Run(os::ProcessRequest request,
           std::function<void(Result<os::ProcessResult>)> done) override {
    ran = std::move(request);
    done(answer_);
  }

  os::ProcessRequest ran;

 private:
  const Result<os::ProcessResult> answer_;
};

Result<CredentialsPtr> Get(Result<os::ProcessResult> answer) {
  const auto runner = std::make_shared<ScriptedRunner>(std::move(answer));
  ProcessCredentials provider({"program", "secret"}, "111111111111", runner);
  return GetNow(provider);
}

TEST(ProcessCredentials, AreWhatTheProgramPrints) {
  const auto got = Get(os::ProcessResult{
      0, R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","AccountId":"222222222222"})"});
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(**got, (Credentials{"A", "s", "", std::nullopt, "222222222222"}));
}

TEST(ProcessCredentials, TheProfileSaysTheAccountWhereTheProgramDoesNot) {
  const auto got =
      Get(os::ProcessResult{0, R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"})"});
  EXPECT_EQ((*got)->account_id, "111111111111");
}

TEST(ProcessCredentials, TheProgramGetsItsArgumentsAndAMinute) {
  const auto runner = std::make_shared<ScriptedRunner>(os::ProcessResult{});
  ProcessCredentials provider({"program", "a b"}, "", runner);
  (void)GetNow(provider);
  EXPECT_EQ(runner->ran.arguments, (std::vector<std::string>{"program", "a b"}));
  EXPECT_EQ(runner->ran.timeout, std::chrono::minutes(1));
}

TEST(ProcessCredentials, FailuresRepeatNeitherArgumentsNorOutput) {
  EXPECT_EQ(Told(Get(os::ProcessResult{2, "secret"})),
            "run credential_process 'program': it ended with code 2; run it by hand to see why");
  EXPECT_EQ(Told(Get(os::ProcessResult{0, "secret"})),
            "read answer of credential_process 'program': it is no JSON");
  EXPECT_EQ(Get(os::ProcessResult{0, "secret"}).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Told(Get(Error(ErrorCode::kDeadlineExceeded, "run 'program': late"))),
            "run 'program': late");
}

TEST(ProcessCredentials, ARealProgramIsRunEachTime) {
  const std::shared_ptr<os::ProcessRunner> runner = os::MakeProcessRunner();
  ProcessCredentials provider(
      {"sh", "-c", R"(printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s"}' "$$")"}, "",
      runner);
  const auto first = GetNow(provider);
  const auto second = GetNow(provider);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE((*first)->access_key_id, (*second)->access_key_id);
}

TEST(ProcessCredentials, NothingRunsOnceTheRunnerHasEnded) {
  std::shared_ptr<os::ProcessRunner> runner = os::MakeProcessRunner();
  ProcessCredentials provider({"true"}, "", runner);
  runner.reset();
  EXPECT_EQ(Told(GetNow(provider)), "run credential_process 'true': the caller is ending");
}

}  // namespace
}  // namespace zael::aws
