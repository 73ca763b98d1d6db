#include "dynamo/request_cycle.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/crc32.h"
#include "testing/simulated_clock.h"

namespace zael::dynamo {
namespace {

using aws::HttpOutcome;
using aws::HttpResponse;
using aws::TransportFailure;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Counts down: `parts` answers of kMore, then kDone.
class CountingExchange final : public Exchange {
 public:
  explicit CountingExchange(Nature nature) { call_.nature = nature; }

  const Call& call() const override { return call_; }
  Reading Read(std::string body) override {
    if (body == "?") return Reading::kUnreadable;
    if (body == "nothing") return Reading::kNothing;
    if (body == "more") return Reading::kMore;
    result = "done";
    return Reading::kDone;
  }
  bool ReadRefusal(const ServiceError& refusal) override {
    if (refusal.code != "ConditionalCheckFailedException") return false;
    result = "lost condition";
    return true;
  }
  void Fail(Error error) override {
    result = ErrorCodeName(error.code());
    message = error.message();
  }

  std::string result, message;

 private:
  Call call_{.operation = "UpdateItem", .body = "{}"};
};

class RequestCycleTest : public ::testing::Test {
 protected:
  // Plays the answers, one for each attempt, and answers how the exchange ended.
  std::string Play(Nature nature, std::vector<HttpOutcome> answers, Deadline deadline = {}) {
    CountingExchange exchange(nature);
    RequestCycle cycle({options_, clock_, random_, quota_, server_clock_}, exchange, deadline);
    std::deque<HttpOutcome> left(answers.begin(), answers.end());
    sends_.clear();
    pauses_.clear();
    CycleStep step = cycle.Start();
    while (!std::holds_alternative<Finished>(step)) {
      if (std::holds_alternative<GetCredentials>(step)) {
        step = cycle.OnCredentials(NextCredentials());
      } else if (const auto* pause = std::get_if<Pause>(&step)) {
        pauses_.push_back(pause->duration);
        clock_.Advance(std::chrono::ceil<milliseconds>(pause->duration));
        step = cycle.OnPaused();
      } else {
        sends_.push_back(std::get<SendCall>(step));
        if (left.empty()) return "one attempt too many";
        clock_.Advance(answer_takes_);
        HttpOutcome answer = std::move(left.front());
        left.pop_front();
        step = cycle.OnOutcome(std::move(answer));
      }
    }
    EXPECT_TRUE(left.empty()) << left.size() << " answers were not asked for";
    message_ = exchange.message;
    return exchange.result;
  }

  Result<aws::CredentialsPtr> NextCredentials() {
    if (credentials_.empty()) return std::make_shared<const aws::Credentials>();
    auto next = std::move(credentials_.front());
    credentials_.pop_front();
    return next;
  }

  static aws::CredentialsPtr Keys(std::string id) {
    return std::make_shared<const aws::Credentials>(
        aws::Credentials{.access_key_id = std::move(id), .secret_access_key = "secret"});
  }
  static HttpResponse Ok(std::string body = "{}") {
    return {.status = 200, .body = std::move(body)};
  }
  static HttpResponse Refused(const std::string& code, unsigned status = 400) {
    return {.status = status, .headers = {}, .body = R"({"__type":"a#)" + code + "\"}"};
  }
  static TransportFailure Lost(ErrorCode code = ErrorCode::kUnavailable) {
    return {.error = Error(code, "connection cut"), .may_have_arrived = true};
  }
  static TransportFailure NotSent() {
    return {.error = Error(ErrorCode::kUnavailable, "refused"), .may_have_arrived = false};
  }

  testing::SimulatedClock clock_;
  SeededRandom random_{7};
  RetryOptions options_;
  RetryQuota quota_;
  ServerClock server_clock_;
  milliseconds answer_takes_{1};
  std::deque<Result<aws::CredentialsPtr>> credentials_;
  std::vector<SendCall> sends_;
  std::vector<std::chrono::nanoseconds> pauses_;
  std::string message_;
};

TEST_F(RequestCycleTest, AnAnswerIsOneAttempt) {
  EXPECT_EQ(Play(Nature::kWrite, {Ok()}), "done");
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(RequestCycleTest, P7_ALostAnswerOfAWriteIsNeverSentAgain) {
  EXPECT_EQ(Play(Nature::kWrite, {Lost()}), "unavailable");
  EXPECT_EQ(message_, "UpdateItem: connection cut; the write may have been made");
  EXPECT_EQ(Play(Nature::kWrite, {Lost(ErrorCode::kDeadlineExceeded)}), "deadline_exceeded");
  EXPECT_EQ(Play(Nature::kWrite, {Refused("InternalServerError", 500)}), "unavailable");
  EXPECT_EQ(Play(Nature::kWrite, {Ok("?")}), "unavailable");
  HttpResponse corrupt = Ok();
  corrupt.headers = {{"X-Amz-Crc32", "1"}};
  EXPECT_EQ(Play(Nature::kWrite, {corrupt}), "unavailable");
}

TEST_F(RequestCycleTest, ReadsAndTokenWritesAreSentAgainWhateverWasLost) {
  for (const Nature nature : {Nature::kRead, Nature::kTokenWrite}) {
    HttpResponse corrupt = Ok();
    corrupt.headers = {{"x-amz-crc32", "x"}};
    EXPECT_EQ(Play(nature, {Lost(), Refused("", 503), Ok("?"), corrupt, Ok()}), "done");
    EXPECT_EQ(sends_.size(), 5U);
  }
}

TEST_F(RequestCycleTest, AnAnswerWithItsChecksumIsTaken) {
  HttpResponse intact = Ok();
  intact.headers = {{"x-amz-crc32", std::to_string(Crc32(intact.body))}};
  EXPECT_EQ(Play(Nature::kWrite, {intact}), "done");
}

TEST_F(RequestCycleTest, WhatSurelyWasNotDoneIsSentAgain) {
  EXPECT_EQ(Play(Nature::kWrite, {NotSent(), Refused("ThrottlingException"),
                                  Refused("TransactionConflictException"), Ok()}),
            "done");
  EXPECT_EQ(pauses_.size(), 3U);
}

TEST_F(RequestCycleTest, P7_OnceLostAWriteNeverFailsAsIfItHadNotBeenMade) {
  options_.max_attempts = 2;
  EXPECT_EQ(Play(Nature::kTokenWrite, {Lost(), Refused("ThrottlingException")}), "unavailable");
  EXPECT_EQ(Play(Nature::kTokenWrite, {Lost(), Refused("ValidationException")}), "unavailable");
  EXPECT_EQ(Play(Nature::kTokenWrite,
                 {Lost(ErrorCode::kDeadlineExceeded), Refused("AccessDeniedException")}),
            "deadline_exceeded");
  EXPECT_NE(message_.find("may have been made"), std::string::npos);
  EXPECT_EQ(Play(Nature::kRead, {Lost(), Refused("ThrottlingException")}), "resource_exhausted");
}

TEST_F(RequestCycleTest, P7_ARefusalIsNoResultWhileAnEarlierAttemptMayStillArrive) {
  EXPECT_EQ(Play(Nature::kTokenWrite, {Lost(), Refused("ConditionalCheckFailedException")}),
            "unavailable");
  EXPECT_NE(message_.find("may have been made"), std::string::npos);
  EXPECT_EQ(Play(Nature::kTokenWrite, {Lost(), Ok()}), "done");
}

TEST_F(RequestCycleTest, ALostConditionIsAResult) {
  EXPECT_EQ(Play(Nature::kWrite, {Refused("ConditionalCheckFailedException")}), "lost condition");
}

TEST_F(RequestCycleTest, P17_ARefusalKeepsItsMeaning) {
  EXPECT_EQ(Play(Nature::kWrite, {Refused("ValidationException")}), "invalid_argument");
  EXPECT_EQ(Play(Nature::kWrite, {Refused("AccessDeniedException")}), "permission_denied");
  EXPECT_EQ(Play(Nature::kWrite, {Refused("ResourceNotFoundException")}), "not_found");
}

TEST_F(RequestCycleTest, AttemptsAreBounded) {
  options_.max_attempts = 3;
  EXPECT_EQ(Play(Nature::kWrite, {Refused("ThrottlingException"), Refused("ThrottlingException"),
                                  Refused("ThrottlingException")}),
            "resource_exhausted");
  EXPECT_EQ(Play(Nature::kWrite,
                 {Refused("TransactionConflictException"), Refused("TransactionConflictException"),
                  Refused("TransactionConflictException")}),
            "aborted");
}

TEST_F(RequestCycleTest, TheDeadlineEndsEverything) {
  const MonotonicTime start = clock_.MonotonicNow();
  EXPECT_EQ(Play(Nature::kWrite, {}, start), "deadline_exceeded") << "nothing was sent";
  EXPECT_TRUE(sends_.empty());
  EXPECT_EQ(message_.find("may have been made"), std::string::npos);
  answer_takes_ = milliseconds(60);
  EXPECT_EQ(Play(Nature::kRead, {Lost(ErrorCode::kDeadlineExceeded)}, start + milliseconds(50)),
            "deadline_exceeded");
  ASSERT_EQ(sends_.size(), 1U);
  EXPECT_EQ(sends_[0].deadline, start + milliseconds(50));
}

TEST_F(RequestCycleTest, AWrongClockIsCorrectedOnceForTheWholeClient) {
  const WallTime now = clock_.WallNow();
  HttpResponse late = {.status = 400,
                       .headers = {{"date", "Sun, 06 Nov 1994 08:49:37 GMT"}},
                       .body = R"({"__type":"a#InvalidSignatureException",)"
                               R"("message":"Signature expired: 2026 is now earlier"})"};
  EXPECT_EQ(Play(Nature::kWrite, {late, Ok()}), "done");
  EXPECT_TRUE(pauses_.empty());
  ASSERT_EQ(sends_.size(), 2U);
  EXPECT_EQ(sends_[0].signing_time, now);
  EXPECT_EQ(sends_[1].signing_time, WallTime(seconds(784111777)));
  EXPECT_EQ(Play(Nature::kWrite, {Ok()}), "done");
  EXPECT_LT(sends_[0].signing_time, WallTime(seconds(784111800))) << "the next request knows";
  EXPECT_EQ(Play(Nature::kWrite, {late}), "permission_denied") << "nothing new: no second try";
  late.headers.clear();
  EXPECT_EQ(Play(Nature::kWrite, {late}), "permission_denied") << "no Date, no correction";
}

TEST_F(RequestCycleTest, ExpiredCredentialsAreReplacedOnce) {
  credentials_ = {Keys("old"), Keys("new")};
  EXPECT_EQ(Play(Nature::kWrite, {Refused("ExpiredTokenException"), Ok()}), "done");
  ASSERT_EQ(sends_.size(), 2U);
  EXPECT_EQ(sends_[1].credentials->access_key_id, "new");
  credentials_ = {Keys("old"), Keys("old")};
  EXPECT_EQ(Play(Nature::kWrite, {Refused("ExpiredTokenException")}), "permission_denied");
}

TEST_F(RequestCycleTest, P17_TimeThatRunsOutOverExpiredCredentialsIsAnOutage) {
  answer_takes_ = milliseconds(60);
  for (const Nature nature : {Nature::kRead, Nature::kWrite}) {
    credentials_ = {Keys("old"), Keys("new")};
    const Deadline deadline = clock_.MonotonicNow() + milliseconds(50);
    EXPECT_EQ(Play(nature, {Refused("ExpiredTokenException")}, deadline), "deadline_exceeded");
    EXPECT_EQ(sends_.size(), 1U);
  }
}

TEST_F(RequestCycleTest, P17_TheLastAttemptIsNotLostToExpiredCredentials) {
  options_.max_attempts = 2;
  const HttpResponse expired = Refused("ExpiredTokenException");
  credentials_ = {Keys("old"), Keys("old"), Keys("new")};
  EXPECT_EQ(Play(Nature::kRead, {Lost(), expired, Ok()}), "done");
  credentials_ = {Keys("old"), Keys("old"), Keys("new")};
  EXPECT_EQ(Play(Nature::kRead, {Lost(), expired, Lost()}), "unavailable");
  credentials_ = {Keys("old"), Keys("old"), Keys("old")};
  EXPECT_EQ(Play(Nature::kRead, {Lost(), expired}), "permission_denied") << "nothing new";
}

TEST_F(RequestCycleTest, WithoutCredentialsNothingIsSent) {
  credentials_ = {Error(ErrorCode::kNotFound, "no credentials")};
  EXPECT_EQ(Play(Nature::kWrite, {}), "permission_denied") << "not_found means the table";
  credentials_ = {Error(ErrorCode::kInvalidArgument, "profile x is not in the file")};
  EXPECT_EQ(Play(Nature::kWrite, {}), "invalid_argument");
  credentials_ = {Error(ErrorCode::kUnavailable, "no answer"), Keys("late")};
  EXPECT_EQ(Play(Nature::kWrite, {Ok()}), "done") << "that may pass";
}

TEST_F(RequestCycleTest, P6_PartsAreAskedForUntilAllCame) {
  options_.max_attempts = 4;
  EXPECT_EQ(Play(Nature::kRead,
                 {Ok("more"), Ok("nothing"), Ok("more"), Ok("nothing"), Ok("nothing"), Ok()}),
            "done");
  EXPECT_EQ(pauses_.size(), 5U);
  EXPECT_EQ(Play(Nature::kRead, std::vector<HttpOutcome>(4, Ok("nothing"))), "resource_exhausted");
}

}  // namespace
}  // namespace zael::dynamo
