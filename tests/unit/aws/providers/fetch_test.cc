#include "aws/providers/fetch.h"

#include <gtest/gtest.h>

#include <future>

#include "provider_fixture.h"

namespace zael::aws {
namespace {

constexpr FetchPolicy kPatient{
    .attempts = 3, .timeout = std::chrono::minutes(1), .pause = std::chrono::milliseconds(1)};
constexpr FetchPolicy kHasty{
    .attempts = 2, .timeout = std::chrono::milliseconds(20), .pause = std::chrono::milliseconds(1)};

class FetchTest : public ::testing::Test {
 protected:
  Result<HttpResponse> Get(std::uint16_t port, const FetchPolicy& policy,
                           const std::string& target = "/x") {
    HttpRequest request;
    request.endpoint = {false, "127.0.0.1", port};
    request.method = "GET";
    request.target = target;
    request.headers = {{"Host", "h"}};
    std::promise<Result<HttpResponse>> answer;
    Fetch(loopback_.runtime(), request, policy, "somebody",
          [&answer](Result<HttpResponse> told) { answer.set_value(std::move(told)); });
    return answer.get_future().get();
  }

  LoopbackRuntime loopback_;
};

TEST_F(FetchTest, AnAnswerOfAnyStatusIsAnAnswer) {
  TableServer server;
  server.On("GET /x", Answer(200, "body"));
  EXPECT_EQ(Get(server.port(), kPatient)->body, "body");
  EXPECT_EQ(Get(server.port(), kPatient, "/y")->status, 404U);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(FetchTest, TroubleOfTheServerIsTriedAgain) {
  TableServer server;
  server.On("GET /x", {Answer(500, ""), Answer(429, ""), Answer(200, "at last")});
  EXPECT_EQ(Get(server.port(), kPatient)->body, "at last");
  EXPECT_EQ(server.requests().size(), 3U);
  server.On("GET /x", Answer(503, "down"));
  EXPECT_EQ(Get(server.port(), kPatient)->status, 503U);
  EXPECT_EQ(server.requests().size(), 6U);
}

TEST_F(FetchTest, ACutConnectionIsTriedAgain) {
  LoopbackServer server([](Peer& peer, int number) {
    peer.ReadRequest();
    if (number == 1) peer.Answer("second");
    if (number == 0) peer.ResetAtEnd();
  });
  EXPECT_EQ(Get(server.port(), kPatient)->body, "second");
}

TEST_F(FetchTest, ARefusedConnectionIsToldAfterTheLastAttempt) {
  const auto told = Get(RefusingPort(), kPatient);
  ASSERT_FALSE(told.ok());
  EXPECT_EQ(told.error().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(told.error().message().rfind("ask somebody: ", 0), 0U) << told.error().message();
}

TEST_F(FetchTest, ASilentServerEndsEachAttemptInTime) {
  const SilentServer server;
  const auto told = Get(server.port(), kHasty);
  ASSERT_FALSE(told.ok());
  EXPECT_EQ(told.error().code(), ErrorCode::kDeadlineExceeded);
}

TEST_F(FetchTest, AHugeAnswerIsNone) {
  TableServer server;
  server.On("GET /x", Answer(200, std::string(kMaxFetchedBytes + 1, 'x')));
  const auto told = Get(server.port(), kPatient);
  ASSERT_FALSE(told.ok());
  EXPECT_EQ(told.error().message(), "ask somebody: its answer is larger than 65536 bytes");
}

TEST_F(FetchTest, ARequestThatCannotBeSentIsTriedOnce) {
  const auto told = Get(1, {.attempts = 3, .pause = std::chrono::hours(1)}, "no target");
  ASSERT_FALSE(told.ok());
  EXPECT_EQ(told.error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(FetchTest, EndsWithTheTransport) {
  const SilentServer server;
  std::promise<ErrorCode> answer;
  HttpRequest request;
  request.endpoint = {false, "127.0.0.1", server.port()};
  Fetch(loopback_.runtime(), request, kPatient, "somebody",
        [&answer](const Result<HttpResponse>& told) { answer.set_value(told.error().code()); });
  loopback_.Destroy();
  EXPECT_EQ(answer.get_future().get(), ErrorCode::kUnavailable);
}

TEST(RefusedAnswer, TellsWhatTheStatusMeans) {
  EXPECT_EQ(RefusedAnswer("x", 403).code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(RefusedAnswer("x", 401).code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(RefusedAnswer("x", 404).code(), ErrorCode::kNotFound);
  EXPECT_EQ(RefusedAnswer("x", 500), Error(ErrorCode::kUnavailable, "ask x: it answered 500"));
}

}  // namespace
}  // namespace zael::aws
