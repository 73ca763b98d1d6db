// TablePlaneTest: the table operations over a store in memory, called as the dispatcher calls them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "endpoint/streams/stream_operations.h"
#include "endpoint/tables/table_operations.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace zael::endpoint {

class TablePlaneTest : public ::testing::Test {
 protected:
  // The body of the answer, or of the error.
  std::string Call(const std::string& operation, const std::string& request) {
    const ApiOutcome outcome = Run(operation, request);
    return outcome.ok() ? *outcome : ErrorBody(outcome.error());
  }

  // `ValidationException: the message`, or `ok`.
  std::string Refusal(const std::string& operation, const std::string& request) {
    const ApiOutcome outcome = Run(operation, request);
    if (outcome.ok()) return "ok";
    return std::string(ErrorName(outcome.error())) + ": " + outcome.error().message;
  }

  ApiOutcome Run(const std::string& operation, const std::string& request) {
    const auto document = json::JsonDocument::Parse(request);
    EXPECT_TRUE(document.ok()) << request;
    return operations_.at(operation)({.region = "eu-west-1", .host = "127.0.0.1:8000"},
                                     document->root());
  }

  // One member of the answer, as text or number or JSON kind.
  std::string Member(const std::string& body, std::initializer_list<const char*> path) {
    const auto document = json::JsonDocument::Parse(body);
    json::JsonValue value = document->root();
    for (const char* name : path) {
      value = value.Is(json::JsonValue::Kind::kArray)
                  ? value.At(static_cast<std::size_t>(std::stoi(name)))
                  : value.Find(name);
    }
    if (const auto text = value.AsString()) return std::string(*text);
    if (const auto number = value.AsInt64()) return std::to_string(*number);
    if (const auto flag = value.AsBool()) return *flag ? "true" : "false";
    return value.Is(json::JsonValue::Kind::kAbsent) ? "absent" : "present";
  }

  void MakeTable(const std::string& name, const std::string& more = "") {
    EXPECT_EQ(Refusal("CreateTable", NewTableRequest(name, more)), "ok");
  }

  static std::string NewTableRequest(const std::string& name, const std::string& more = "") {
    return R"({"TableName":")" + name +
           R"(","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)" +
           R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],)" +
           R"("BillingMode":"PAY_PER_REQUEST")" + more + "}";
  }

  static std::string Named(const std::string& name, const std::string& more = "") {
    return R"({"TableName":")" + name + "\"" + more + "}";
  }

  static std::string Arn(const std::string& name) {
    return "arn:aws:dynamodb:eu-west-1:000000000000:table/" + name;
  }

  std::shared_ptr<testing::SimulatedClock> clock_ = std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore store_{clock_};
  std::shared_ptr<TablePlane> plane_ = std::make_shared<TablePlane>(store_.stores(), clock_);
  CallerOperations operations_ = [this] {
    CallerOperations all = TableOperations(plane_);
    all.merge(StreamOperations(plane_));
    return all;
  }();
};

}  // namespace zael::endpoint
