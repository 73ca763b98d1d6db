#include "json/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace zael::json {
namespace {

TEST(JsonWriter, WritesOneLineByDefault) {
  JsonWriter writer;
  writer.BeginObject().Key("granted").Bool(true).Key("limits").BeginArray();
  writer.Int(-3).Double(0.5).Null().String("rpm").EndArray().EndObject();
  EXPECT_EQ(writer.Take(), R"({"granted":true,"limits":[-3,0.5,null,"rpm"]})");
}

TEST(JsonWriter, IndentsByTwoForPeople) {
  JsonWriter writer(JsonWriter::Layout::kIndented);
  writer.BeginObject().Key("rpm").Int(1).EndObject();
  EXPECT_EQ(writer.Take(), "{\n  \"rpm\": 1\n}");
}

TEST(JsonWriter, EscapesQuotesBackslashesAndControlCharacters) {
  JsonWriter writer;
  writer.String("a\"b\\c\n\x01");
  EXPECT_EQ(writer.Take(), R"("a\"b\\c\n\u0001")");
}

TEST(JsonWriter, ReplacesWhatIsNotUtf8) {
  const std::string replaced =
      "\"a\xEF\xBF\xBD"
      "b\"";
  for (const char* text : {"a\xFF"
                           "b",
                           "a\xC0"
                           "b",
                           "a\x80"
                           "b"}) {
    JsonWriter writer;
    writer.String(text);
    EXPECT_TRUE(writer.mended());
    EXPECT_EQ(writer.Take(), replaced) << text;
  }
}

TEST(JsonWriter, KeepsUtf8OfEveryLength) {
  JsonWriter writer;
  writer.String("é€😀");
  EXPECT_FALSE(writer.mended());
  EXPECT_EQ(writer.Take(), "\"é€😀\"");
}

TEST(JsonWriter, RefusesUtf16SurrogatesAndOverlongForms) {
  JsonWriter writer;
  writer.String("\xED\xA0\x80");
  EXPECT_EQ(writer.Take(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonWriter, WritesNotANumberAndInfinityAsNull) {
  JsonWriter writer;
  writer.BeginArray().Double(std::numeric_limits<double>::quiet_NaN());
  writer.Double(std::numeric_limits<double>::infinity()).EndArray();
  EXPECT_EQ(writer.Take(), "[null,null]");
}

TEST(JsonWriterDeathTest, EndsTheProgramWhenADocumentIsNotFinished) {
  JsonWriter writer;
  writer.BeginObject();
  EXPECT_DEATH(writer.Take(), "IsComplete");
}

}  // namespace
}  // namespace zael::json
