#include "dynamo/request_runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "dynamo/answer_exchange.h"
#include "tests/unit/dynamo/scripted_service.h"

namespace zael::dynamo {
namespace {

Result<std::string> Echo(std::string body) { return body; }

std::shared_ptr<AnswerExchange<std::string>> MakeEcho(Nature nature = Nature::kRead,
                                                      bool of_streams = false) {
  return std::make_shared<AnswerExchange<std::string>>(
      Call{.operation = "Echo", .body = "hello", .nature = nature, .of_streams = of_streams},
      &Echo);
}

std::string HeaderOf(const ScriptedService::Asked& asked, std::string_view name) {
  for (const auto& [key, value] : asked.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(RequestRunner, SendsTheCallSignedForItsServiceAndRegion) {
  ScriptedRunner scripted;
  scripted.service->Answer("tables");
  scripted.service->Answer("streams");
  const auto echo = MakeEcho();
  scripted.runner->Run(echo, std::nullopt);
  EXPECT_EQ(*echo->TakeResult(), "tables");
  scripted.runner->Run(MakeEcho(Nature::kRead, true), std::nullopt);
  const auto asked = scripted.service->asked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].body, "hello");
  EXPECT_EQ(asked[0].endpoint.host, "tables.example");
  EXPECT_EQ(HeaderOf(asked[0], "X-Amz-Target"), "DynamoDB_20120810.Echo");
  EXPECT_EQ(HeaderOf(asked[0], "Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(HeaderOf(asked[0], "X-Amz-Date"), "20260101T000000Z");
  EXPECT_NE(HeaderOf(asked[0], "Authorization")
                .find("Credential=AKID/20260101/eu-central-1/dynamodb/aws4_request"),
            std::string::npos);
  EXPECT_EQ(asked[1].endpoint.host, "streams.example");
  EXPECT_EQ(HeaderOf(asked[1], "X-Amz-Target"), "DynamoDBStreams_20120810.Echo");
}

TEST(RequestRunner, RepeatsWhatMayBeRepeatedWithoutHoldingAThread) {
  ScriptedRunner scripted;
  scripted.service->Refuse("ThrottlingException");
  scripted.service->Lose();
  scripted.service->Answer("late");
  const auto echo = MakeEcho();
  scripted.runner->Run(echo, std::nullopt);
  EXPECT_EQ(*echo->TakeResult(), "late");
  EXPECT_EQ(scripted.service->asked().size(), 3U);
}

TEST(RequestRunner, NeverAnswersInsideStart) {
  ScriptedRunner scripted;
  for (int i = 0; i < 100; ++i) {
    scripted.service->Answer("at once");
    Mutex held_over_start;  // a caller may; an answer inside Start would wait for itself
    CondVar changed;
    int answers = 0;
    const MutexLock lock(held_over_start);
    scripted.runner->Start(MakeEcho(), std::nullopt, [&] {
      const MutexLock in_answer(held_over_start);
      ++answers;
      changed.NotifyAll();
    });
    while (answers == 0) changed.Wait(held_over_start);
    EXPECT_EQ(answers, 1);
  }
}

TEST(RequestRunner, ClosingAnswersWhatIsOpen) {
  ScriptedRunner scripted;
  const auto open = MakeEcho(Nature::kWrite);
  int answers = 0;
  scripted.runner->Start(open, std::nullopt, [&] { ++answers; });
  EXPECT_EQ(answers, 0);
  scripted.runner.reset();
  EXPECT_EQ(answers, 1);
  const auto result = open->TakeResult();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), ErrorCode::kUnavailable);
  EXPECT_NE(result.error().message().find("may have been made"), std::string::npos);
}

TEST(RequestRunner, AnswersThatComeAfterItsEndAreNotHeard) {
  class LateTransport final : public aws::Transport {
   public:
    void Send(aws::HttpRequest, MonotonicTime,
              std::function<void(aws::HttpOutcome)> done) override {
      late.push_back(std::move(done));
    }
    std::vector<std::function<void(aws::HttpOutcome)>> late;
  };
  const auto clock = std::make_shared<testing::SimulatedClock>();
  const auto transport = std::make_shared<LateTransport>();
  int answers = 0;
  {
    RequestRunner runner(
        {}, {},
        {.transport = transport,
         .timer = std::make_shared<EagerTimer>(clock),
         .credentials = std::make_shared<aws::StaticCredentials>(aws::Credentials{}),
         .clock = clock,
         .random = std::make_shared<SeededRandom>(7)});
    runner.Start(MakeEcho(), std::nullopt, [&] { ++answers; });
  }
  ASSERT_EQ(transport->late.size(), 1U);
  transport->late[0](aws::HttpResponse{.status = 200, .headers = {}, .body = "late"});
  EXPECT_EQ(answers, 1);
}

TEST(RequestRunner, WhatIsOpenIsBounded) {
  ScriptedRunner scripted;
  std::atomic<int> answers{0};
  for (std::size_t i = 0; i < RequestRunner::kMaxOpen; ++i) {
    scripted.runner->Start(MakeEcho(), std::nullopt, [&] { ++answers; });
  }
  const auto excess = MakeEcho();
  scripted.runner->Run(excess, std::nullopt);
  EXPECT_EQ(excess->TakeResult().error().code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(answers, 0);
  scripted.runner.reset();
  EXPECT_EQ(answers, static_cast<int>(RequestRunner::kMaxOpen));
}

}  // namespace
}  // namespace zael::dynamo
