#include "json/json_document.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::json {
namespace {

using Kind = JsonValue::Kind;

std::string FaultOf(std::string text, const JsonBounds& bounds = {}) {
  const auto document = JsonDocument::Parse(std::move(text), bounds);
  if (document.ok()) return "parsed";
  EXPECT_EQ(document.error().code(), ErrorCode::kInvalidArgument);
  return document.error().message();
}

JsonDocument Parsed(std::string text) {
  auto document = JsonDocument::Parse(std::move(text));
  EXPECT_TRUE(document.ok()) << document.error().message();
  return *std::move(document);
}

TEST(JsonDocument, ReadsEveryKindOfValue) {
  const JsonDocument document =
      Parsed(R"( {"s":"a\nb","i":-3,"d":1.5,"t":true,"f":false,"n":null,"a":[1,[]],"o":{}} )");
  const JsonValue root = document.root();
  EXPECT_EQ(root.size(), 8U);
  EXPECT_EQ(root.Find("s").AsString(), "a\nb");
  EXPECT_EQ(root.Find("i").AsInt64(), -3);
  EXPECT_EQ(root.Find("d").AsDouble(), 1.5);
  EXPECT_EQ(root.Find("t").AsBool(), true);
  EXPECT_EQ(root.Find("f").AsBool(), false);
  EXPECT_TRUE(root.Find("n").Is(Kind::kNull));
  EXPECT_EQ(root.Find("a").At(0).AsInt64(), 1);
  EXPECT_TRUE(root.Find("a").At(1).Is(Kind::kArray));
  EXPECT_TRUE(root.Find("o").Is(Kind::kObject));
}

TEST(JsonDocument, KeepsMembersInTheOrderOfTheText) {
  const JsonDocument document = Parsed(R"({"z":1,"a":2,"":3})");
  EXPECT_EQ(document.root().Member(0).name, "z");
  EXPECT_EQ(document.root().Member(1).name, "a");
  EXPECT_EQ(document.root().Member(2).name, "");
  EXPECT_EQ(document.root().Member(2).value.AsInt64(), 3);
}

TEST(JsonDocument, AnswersAbsentForWhatIsNotThere) {
  const JsonDocument document = Parsed(R"({"a":[1]})");
  EXPECT_TRUE(document.root().Find("b").Find("c").At(7).Is(Kind::kAbsent));
  EXPECT_TRUE(document.root().Find("a").At(1).Is(Kind::kAbsent));
  EXPECT_FALSE(document.root().Find("a").AsString());
  EXPECT_FALSE(document.root().Find("a").AsInt64());
  EXPECT_EQ(JsonValue().size(), 0U);
}

TEST(JsonDocument, GivesAnIntegerOnlyWhenItIsExactlyOne) {
  const JsonDocument document =
      Parsed("[9223372036854775807,9223372036854775808,1.0,-9223372036854775808]");
  EXPECT_EQ(document.root().At(0).AsInt64(), INT64_MAX);
  EXPECT_FALSE(document.root().At(1).AsInt64());
  EXPECT_EQ(document.root().At(1).AsDouble(), 9223372036854775808.0);
  EXPECT_FALSE(document.root().At(2).AsInt64());
  EXPECT_EQ(document.root().At(3).AsInt64(), INT64_MIN);
}

TEST(JsonDocument, ReadsEscapesAndUtf8InNamesAndStrings) {
  const JsonDocument document = Parsed(R"({"\u00e9é":"\ud83d\ude00€\u0000x\/\""})");
  const JsonMember member = document.root().Member(0);
  EXPECT_EQ(member.name, "éé");
  EXPECT_EQ(member.value.AsString(), std::string_view("😀€\0x/\"", 11));
}

TEST(JsonDocument, LivesOnWhenMoved) {
  JsonDocument first = Parsed(R"(["short"])");
  const JsonDocument second = std::move(first);
  EXPECT_EQ(second.root().At(0).AsString(), "short");
}

TEST(JsonDocument, SaysWhereTheTextIsNotJson) {
  EXPECT_EQ(FaultOf(R"({"a":1,})"), "read JSON: at byte 7: Missing a name for object member.");
  EXPECT_EQ(FaultOf(""), "read JSON: at byte 0: The document is empty.");
  EXPECT_EQ(FaultOf("{} x"),
            "read JSON: at byte 3: The document root must not be followed by other values.");
  for (const char* text : {"{", "[1", "\"a", "01", "+1", "NaN", "tru", "{\"a\"}", "'a'", "[1,]",
                           "\"\\x\"", "\"\n\"", "1e999", "//\n1"}) {
    EXPECT_NE(FaultOf(text), "parsed") << text;
  }
}

TEST(JsonDocument, RefusesAZeroByteInsteadOfEndingThere) {
  EXPECT_EQ(FaultOf(std::string("{}\0{}", 5)), "read JSON: at byte 2: a zero byte");
  EXPECT_NE(FaultOf(std::string("[\0]", 3)), "parsed");
  EXPECT_NE(FaultOf(std::string("\"a\0b\"", 5)), "parsed");
}

TEST(JsonDocument, RefusesAMemberThatStandsTwice) {
  EXPECT_EQ(FaultOf(R"({"a":1,"b":{"a":1},"a":2})"),
            "read JSON: at byte 20: member 'a' stands twice in its object");
  EXPECT_EQ(FaultOf(R"([{"a":1},{"a":2}])"), "parsed");
  EXPECT_EQ(FaultOf(R"({"o":{"k":1,"\u006b":2}})"),
            "read JSON: at byte 13: member 'k' stands twice in its object");
}

TEST(JsonDocument, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(FaultOf("[\"a\xFF\"]"), "read JSON: at byte 2: a string that is not UTF-8");
  EXPECT_EQ(FaultOf("{\"a\xC0\x80\":1}"), "read JSON: at byte 2: a string that is not UTF-8");
  EXPECT_EQ(FaultOf("[\"\xED\xA0\x80\"]"), "read JSON: at byte 2: a string that is not UTF-8");
}

TEST(JsonDocument, RefusesHalfASurrogatePair) {
  EXPECT_NE(FaultOf(R"(["\ud83d"])"), "parsed");
  EXPECT_NE(FaultOf(R"(["\ud83dx"])"), "parsed");
  EXPECT_EQ(FaultOf(R"(["\ude00"])"), "read JSON: at byte 2: a string that is not UTF-8");
}

TEST(JsonDocument, BoundsNestingAndSize) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(FaultOf(nested(5), {.max_depth = 5}), "parsed");
  EXPECT_EQ(FaultOf(nested(6), {.max_depth = 5}), "read JSON: at byte 5: nested more than 5 deep");
  EXPECT_NE(FaultOf(std::string(1'000'000, '[')), "parsed");
  EXPECT_EQ(FaultOf(R"("1234567890")", {.max_bytes = 12}), "parsed");
  EXPECT_EQ(FaultOf(R"("12345678901")", {.max_bytes = 12}),
            "read JSON: at byte 12: 13 bytes, more than the 12 allowed");
}

TEST(JsonDocument, ReadsObjectsOfManyMembers) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i)
    text += "\"m" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  const JsonDocument document = Parsed(text);
  EXPECT_EQ(document.root().size(), 5000U);
  EXPECT_EQ(document.root().Find("m4999").AsInt64(), 4999);
}

}  // namespace
}  // namespace zael::json
