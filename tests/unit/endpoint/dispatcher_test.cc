#include "endpoint/dispatcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/crc32.h"
#include "base/format.h"
#include "dynamo/http_date.h"
#include "signed_request.h"
#include "testing/simulated_clock.h"

namespace zael::endpoint {
namespace {

class Dispatching : public ::testing::Test {
 protected:
  static ServiceOperations Echoes() {
    ServiceOperations operations;
    operations.items["GetItem"] = [](const json::JsonValue& request) -> ApiOutcome {
      if (!request.Is(json::JsonValue::Kind::kObject)) return SerializationError("no object");
      return Format(R"({{"members":{}}})", request.size());
    };
    operations.tables["ListTables"] = [](const Caller& caller, const json::JsonValue&) {
      return ApiOutcome(Format(R"({{"region":"{}"}})", caller.region));
    };
    operations.streams["ListStreams"] = [](const Caller&, const json::JsonValue&) {
      return ApiOutcome(LimitExceeded("too many"));
    };
    return operations;
  }

  HttpRequest Call(const std::string& target, const std::string& body = "{}") {
    return SignedRequest({.target = target, .body = body}, clock_.WallNow());
  }

  static std::string Header(const HttpResponse& response, std::string_view name) {
    for (const auto& [header, value] : response.headers) {
      if (header == name) return value;
    }
    return "";
  }

  testing::SimulatedClock clock_;
  SeededRandom random_{1};
  Authenticator authenticator_{{{"AKID", "secret"}}, "local", clock_};
  std::vector<std::string> log_;
  Dispatcher dispatcher_{{.operations = Echoes(),
                          .authenticator = authenticator_,
                          .region = "local",
                          .random = random_,
                          .clock = clock_,
                          .on_handled = [this](const Handled& handled) {
                            log_.push_back(
                                Format("{} {} {}", handled.target, handled.status, handled.error));
                          }}};
};

TEST_F(Dispatching, ACallGoesToTheOperationItsTargetNames) {
  const HttpResponse item = dispatcher_.Handle(Call("DynamoDB_20120810.GetItem", R"({"a":1})"));
  EXPECT_EQ(item.status, 200);
  EXPECT_EQ(item.body, R"({"members":1})");
  EXPECT_EQ(Header(item, "Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(dispatcher_.Handle(Call("DynamoDB_20120810.ListTables")).body,
            R"({"region":"eu-west-1"})");
}

TEST_F(Dispatching, AnErrorOfAnOperationIsItsStatusAndBody) {
  const HttpResponse response = dispatcher_.Handle(Call("DynamoDBStreams_20120810.ListStreams"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, ErrorBody(LimitExceeded("too many")));
}

TEST_F(Dispatching, EveryAnswerHasAnIdOfItsOwnAndTheChecksumOfItsBody) {
  const HttpResponse one = dispatcher_.Handle(Call("DynamoDB_20120810.GetItem"));
  const HttpResponse two = dispatcher_.Explain(HttpProblem::kFailed);
  for (const HttpResponse& response : {one, two}) {
    EXPECT_EQ(Header(response, "Date"), dynamo::ToHttpDate(clock_.WallNow()));
    const std::string id = Header(response, "x-amzn-RequestId");
    EXPECT_EQ(id.size(), 52U);
    EXPECT_TRUE(std::all_of(id.begin(), id.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    })) << id;
    EXPECT_EQ(Header(response, "x-amz-crc32"), Format("{}", Crc32(response.body)));
  }
  EXPECT_NE(Header(one, "x-amzn-RequestId"), Header(two, "x-amzn-RequestId"));
}

TEST_F(Dispatching, UnknownTargetsAreUnknownOperations) {
  for (const std::string target : {"DynamoDB_20120810.Nothing", "DynamoDB_20111205.GetItem",
                                   "GetItem", "", "DynamoDB_20120810.ListStreams"}) {
    const HttpResponse response = dispatcher_.Handle(Call(target));
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_EQ(response.body, ErrorBody(UnknownOperation())) << target;
  }
}

TEST_F(Dispatching, JsonIsCheckedBeforeTheTargetAndTheTargetBeforeTheSignature) {
  HttpRequest request = Call("DynamoDB_20120810.Nothing", "{");
  EXPECT_EQ(dispatcher_.Handle(request).body, ErrorBody(SerializationError({})));
  request = Call("DynamoDB_20120810.Nothing");
  std::erase_if(request.headers, [](const auto& one) { return one.first == "Authorization"; });
  EXPECT_EQ(dispatcher_.Handle(request).body, ErrorBody(UnknownOperation()));
  request = Call("DynamoDB_20120810.GetItem", "[]");
  std::erase_if(request.headers, [](const auto& one) { return one.first == "Authorization"; });
  EXPECT_NE(dispatcher_.Handle(request).body.find("MissingAuthenticationToken"), std::string::npos);
}

TEST_F(Dispatching, APlainGetSaysTheServiceIsHealthy) {
  HttpRequest probe;
  probe.method = "GET";
  for (const char* path : {"/", "/healthy"}) {
    probe.target = path;
    const HttpResponse response = dispatcher_.Handle(probe);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "healthy: dynamodb.local.amazonaws.com ");
  }
}

TEST_F(Dispatching, WhatIsNoCallIsNotFound) {
  HttpRequest request = Call("DynamoDB_20120810.GetItem");
  request.method = "PUT";
  EXPECT_EQ(dispatcher_.Handle(request).status, 404);
  request = Call("DynamoDB_20120810.GetItem");
  request.target = "/elsewhere";
  EXPECT_EQ(dispatcher_.Handle(request).status, 404);
  request = Call("DynamoDB_20120810.GetItem");
  request.headers[0].second = "text/plain";  // what a web page may send without asking
  EXPECT_EQ(dispatcher_.Handle(request).status, 404);
  EXPECT_EQ(dispatcher_.Handle(request).body, "<UnknownOperationException/>\n");
}

TEST_F(Dispatching, OptionsAnswersNoWebPage) {
  HttpRequest preflight = Call("DynamoDB_20120810.GetItem");
  preflight.method = "OPTIONS";
  preflight.headers.emplace_back("Origin", "http://example.com");
  const HttpResponse response = dispatcher_.Handle(preflight);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(Header(response, "Access-Control-Allow-Origin"), "");
}

TEST_F(Dispatching, EveryCallIsToldToTheLogWithoutWhatItSent) {
  dispatcher_.Handle(Call("DynamoDB_20120810.GetItem"));
  dispatcher_.Handle(Call("DynamoDBStreams_20120810.ListStreams"));
  dispatcher_.Handle(Call("two\nlines"));
  dispatcher_.Explain(HttpProblem::kBodyTooLarge);
  EXPECT_EQ(log_, (std::vector<std::string>{
                      "DynamoDB_20120810.GetItem 200 ",
                      "DynamoDBStreams_20120810.ListStreams 400 LimitExceededException",
                      "? 400 UnknownOperationException", " 413 RequestEntityTooLarge"}));
}

TEST_F(Dispatching, ProblemsOfTheTransportHaveStatusesThatClientsKnow) {
  EXPECT_EQ(dispatcher_.Explain(HttpProblem::kMalformed).status, 400U);
  EXPECT_EQ(dispatcher_.Explain(HttpProblem::kHeaderTooLarge).status, 431U);
  EXPECT_EQ(dispatcher_.Explain(HttpProblem::kBodyTooLarge).status, 413U);
  EXPECT_EQ(dispatcher_.Explain(HttpProblem::kOverloaded).status, 503U);
  EXPECT_EQ(dispatcher_.Explain(HttpProblem::kFailed).body, ErrorBody(InternalServerError()));
}

}  // namespace
}  // namespace zael::endpoint
