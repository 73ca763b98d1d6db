#include "dynamo/attribute_value.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace zael::dynamo {
namespace {

const std::string kInvalid = "One or more parameter values were invalid: ";

json::JsonDocument Parsed(std::string text) {
  auto document = json::JsonDocument::Parse(std::move(text));
  EXPECT_TRUE(document.ok()) << document.error().message();
  return *std::move(document);
}

Value ReadOf(std::string text) {
  const json::JsonDocument document = Parsed(std::move(text));
  auto value = ReadValue(document.root());
  EXPECT_TRUE(value.ok()) << value.error().message();
  return value.ok() ? *std::move(value) : Value();
}

std::string FaultOf(std::string text) {
  const json::JsonDocument document = Parsed(std::move(text));
  const auto value = ReadValue(document.root());
  return value.ok() ? "read" : value.error().message();
}

std::string ShapeFaultOf(std::string text) {
  const json::JsonDocument document = Parsed(std::move(text));
  const Status shape = CheckValueShape(document.root());
  return shape.ok() ? "fits" : shape.error().message();
}

std::string Written(const Value& value) {
  json::JsonWriter writer;
  WriteValue(writer, value);
  return writer.Take();
}

TEST(AttributeValue, IsWrittenWithItsType) {
  EXPECT_EQ(Written("a\"b"), R"({"S":"a\"b"})");
  EXPECT_EQ(Written(-5), R"({"N":"-5"})");
  EXPECT_EQ(Written(Binary{"foob"}), R"({"B":"Zm9vYg=="})");
  EXPECT_EQ(Written(true), R"({"BOOL":true})");
  EXPECT_EQ(Written(Null{}), R"({"NULL":true})");
  EXPECT_EQ(Written(StringSet{{"a", "b"}}), R"({"SS":["a","b"]})");
  EXPECT_EQ(Written(NumberSet{{1, 2}}), R"({"NS":["1","2"]})");
  EXPECT_EQ(Written(BinarySet{{{"f"}, {"g"}}}), R"({"BS":["Zg==","Zw=="]})");
  EXPECT_EQ(Written(List{1, "x"}), R"({"L":[{"N":"1"},{"S":"x"}]})");
  EXPECT_EQ(Written(Item{{"k", List{}}}), R"({"M":{"k":{"L":[]}}})");
}

TEST(AttributeValue, IsReadBackAsItWasWritten) {
  const Value value = Item{{"a", "text"},
                           {"b", *Number::Parse("1.5")},
                           {"c", Binary{std::string("\0\xFF", 2)}},
                           {"d", List{Null{}, false, Item{}, List{List{}}, ""}},
                           {"e", StringSet{{"", "x"}}},
                           {"f", NumberSet{{-1, 0, 7}}},
                           {"g", BinarySet{{{""}, {"z"}}}}};
  EXPECT_EQ(ReadOf(Written(value)), value);
}

TEST(AttributeValue, SortsWhatComesInAnyOrder) {
  const Value value = ReadOf(R"({"M":{"z":{"SS":["b","a"]},"a":{"NS":["10","9","-1"]}}})");
  EXPECT_EQ(value, Value(Item{{"a", NumberSet{{-1, 9, 10}}}, {"z", StringSet{{"a", "b"}}}}));
}

TEST(AttributeValue, PassesOverUnknownAndNullMembers) {
  EXPECT_EQ(ReadOf(R"({"S":"a","X":{"deep":[1]},"N":null})"), Value("a"));
}

TEST(AttributeValue, HasExactlyOneType) {
  EXPECT_EQ(
      FaultOf("{}"),
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  EXPECT_EQ(FaultOf(R"({"s":"lower case"})"), FaultOf("{}"));
  EXPECT_EQ(FaultOf(R"({"L":[null]})"), FaultOf("{}"));
  EXPECT_EQ(FaultOf(R"({"S":"a","N":"1"})"),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
            "the supported datatypes");
}

TEST(AttributeValue, RefusesEmptySets) {
  EXPECT_EQ(FaultOf(R"({"SS":[]})"), kInvalid + "An string set  may not be empty");
  EXPECT_EQ(FaultOf(R"({"NS":[]})"), kInvalid + "An number set  may not be empty");
  EXPECT_EQ(FaultOf(R"({"BS":[]})"), kInvalid + "Binary sets should not be empty");
}

TEST(AttributeValue, RefusesASetWithTheSameMemberTwice) {
  EXPECT_EQ(FaultOf(R"({"SS":["b","a","b"]})"),
            kInvalid + "Input collection [b, a, b] contains duplicates.");
  EXPECT_EQ(FaultOf(R"({"NS":["1","1.0"]})"), "Input collection contains duplicates");
  EXPECT_EQ(FaultOf(R"({"BS":["Zg==","Zg=="]})"),
            kInvalid + "Input collection [Zg==, Zg==]of type BS contains duplicates.");
}

TEST(AttributeValue, RefusesANullThatIsFalse) {
  EXPECT_EQ(FaultOf(R"({"NULL":false})"),
            kInvalid + "Null attribute value types must have the value of true");
}

TEST(AttributeValue, RefusesNumbersWithTheWordsOfDynamo) {
  EXPECT_EQ(FaultOf(R"({"N":"x"})"), "The parameter cannot be converted to a numeric value: x");
  EXPECT_EQ(FaultOf(R"({"L":[{"NS":["1",""]}]})"),
            "The parameter cannot be converted to a numeric value");
}

std::string NestedLists(int levels) {
  std::string text = R"({"S":""})";
  for (int i = 0; i < levels; ++i) text = R"({"L":[)" + text + "]}";
  return text;
}

TEST(AttributeValue, RefusesMoreThan32LevelsOfNesting) {
  EXPECT_EQ(FaultOf(NestedLists(31)), "read");
  EXPECT_EQ(FaultOf(NestedLists(32)),
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
            "levels beyond supported limit");
}

TEST(AttributeValue, TellsWrongJsonTypesAsSerializationFaults) {
  const std::pair<const char*, const char*> faults[] = {
      {R"({"S":1})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"S":1.5})", "DECIMAL_VALUE cannot be converted to String"},
      {R"({"N":1})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"S":true})", "TRUE_VALUE cannot be converted to String"},
      {R"({"S":{}})", "Start of structure or map found where not expected"},
      {R"({"S":[]})", "Unrecognized collection type class java.lang.String"},
      {R"({"BOOL":"true"})", "STRING_VALUE cannot be converted to Boolean"},
      {R"({"NULL":0})", "NUMBER_VALUE cannot be converted to Boolean"},
      {R"({"B":1})", "only base-64-encoded strings are convertible to bytes"},
      {R"({"B":"Zg="})", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"},
      {R"({"SS":"a"})", "Unexpected field type"},
      {R"({"SS":{}})", "Start of structure or map found where not expected"},
      {R"({"BS":["Zh=="]})",
       "Last encoded character (before the paddings if any) is a valid base 64 alphabet but not a "
       "possible value"},
      {R"({"L":[{"S":[]}]})", "Unrecognized collection type class java.lang.String"},
      {R"({"M":"a"})", "Unexpected field type"},
      {R"({"M":{"a":7}})", "Unexpected field type"},
      {R"("a")", "Unexpected field type"},
  };
  for (const auto& [text, fault] : faults) {
    EXPECT_EQ(ShapeFaultOf(text), fault) << text;
    EXPECT_EQ(FaultOf(text), fault) << text;
  }
}

TEST(AttributeValue, LooksAtTheShapeOfEveryTypeGivenAndAtNoMeaning) {
  EXPECT_EQ(ShapeFaultOf(R"({"S":"a","N":1})"), "NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(ShapeFaultOf(R"({"NS":[],"N":"x","NULL":false})"), "fits");
}

TEST(AttributeValue, ReadsAnItem) {
  const json::JsonDocument document = Parsed(R"({"SK":{"S":"b"},"PK":{"S":"a"}})");
  const auto item = ReadItem(document.root());
  ASSERT_TRUE(item.ok()) << item.error().message();
  EXPECT_EQ(*item, (Item{{"PK", "a"}, {"SK", "b"}}));
  const json::JsonDocument array = Parsed("[]");
  EXPECT_FALSE(ReadItem(array.root()).ok());
  EXPECT_FALSE(CheckItemShape(array.root()).ok());
}

}  // namespace
}  // namespace zael::dynamo
