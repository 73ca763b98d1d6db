#include "endpoint/expression/expression_bindings.h"

#include <gtest/gtest.h>

namespace zael::endpoint {
namespace {

using json::JsonDocument;

ApiResult<ExpressionBindings> Read(const std::string& names, const std::string& values) {
  const auto names_document = JsonDocument::Parse(names);
  const auto values_document = JsonDocument::Parse(values);
  return ExpressionBindings::Read(names_document->root(), values_document->root());
}

std::string Fault(const std::string& names, const std::string& values) {
  const auto read = Read(names, values);
  return read.ok() ? "" : read.error().message;
}

TEST(ExpressionBindings, AnswerNamesAndValues) {
  auto bindings = Read(R"({"#n":"name with.dot"})", R"({":v":{"N":"1.50"}})");
  ASSERT_TRUE(bindings.ok());
  EXPECT_EQ(*bindings->Name("#n"), "name with.dot");
  EXPECT_EQ(**bindings->ValueOf(":v"), Value(*Number::Parse("1.5")));
  EXPECT_FALSE(bindings->Name("#m").ok());
  EXPECT_FALSE(bindings->ValueOf(":w").ok());
}

TEST(ExpressionBindings, TellWhatNoExpressionUsed) {
  auto bindings = Read(R"({"#a":"x","#b":"y","#c":"z"})", R"({":v":{"N":"1"}})");
  ASSERT_TRUE(bindings.ok());
  ASSERT_TRUE(bindings->Name("#b").ok());
  EXPECT_EQ(bindings->CheckAllUsed().error().message,
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}");
  ASSERT_TRUE(bindings->Name("#a").ok() && bindings->Name("#c").ok());
  EXPECT_EQ(bindings->CheckAllUsed().error().message,
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}");
  ASSERT_TRUE(bindings->ValueOf(":v").ok());
  EXPECT_TRUE(bindings->CheckAllUsed().ok());
}

TEST(ExpressionBindings, RefuseWhatIsNoPlaceholderOrNoValue) {
  EXPECT_EQ(Fault("null", "null"), "");
  EXPECT_EQ(Fault("{}", "null"), "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(Fault("null", "{}"), "ExpressionAttributeValues must not be empty");
  EXPECT_EQ(Fault(R"({"a":"x"})", "null"),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"");
  EXPECT_EQ(Fault(R"({"#a b":"x"})", "null"),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#a b\"");
  EXPECT_EQ(Fault(R"({"#a":""})", "null"),
            "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
  EXPECT_EQ(Fault("null", R"({"n":{"N":"1"}})"),
            "ExpressionAttributeValues contains invalid key: Syntax error; key: \"n\"");
  EXPECT_EQ(Fault("null", R"({":n":{}})"),
            "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, "
            "must contain exactly one of the supported datatypes for key :n");
}

}  // namespace
}  // namespace zael::endpoint
