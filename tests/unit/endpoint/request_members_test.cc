#include "endpoint/request_members.h"

#include <gtest/gtest.h>

namespace zael::endpoint {
namespace {

using json::JsonDocument;

class RequestMembers : public ::testing::Test {
 protected:
  Members Read(const std::string& text) {
    document_ = *JsonDocument::Parse(text);
    faults_ = {};
    return {document_.root(), faults_};
  }

  std::string Fault() { return faults_.Check().ok() ? "" : ErrorBody(faults_.Check().error()); }
  std::string Message() { return faults_.Check().ok() ? "" : faults_.Check().error().message; }

  JsonDocument document_ = *JsonDocument::Parse("{}");
  RequestFaults faults_;
};

constexpr TextRule kName{.presence = Presence::kRequired, .min_size = 3, .name_pattern = true};

TEST_F(RequestMembers, AreReadByType) {
  Members members = Read(R"({"T":"text","I":7,"F":true,"S":{"A":"b"},"L":[{"A":"c"}],"X":["y"]})");
  EXPECT_EQ(members.Text("T"), "text");
  EXPECT_EQ(members.Integer("I"), 7);
  EXPECT_EQ(members.Flag("F"), true);
  EXPECT_EQ(members.Structure("S")->Text("A"), "b");
  EXPECT_EQ((*members.Structures("L"))[0].Text("A"), "c");
  EXPECT_EQ(*members.Texts("X"), std::vector<std::string>{"y"});
  EXPECT_EQ(Fault(), "");
}

TEST_F(RequestMembers, NullIsAbsentAndTheUnknownIsIgnored) {
  Members members = Read(R"({"T":null,"Other":1})");
  EXPECT_FALSE(members.Text("T").has_value());
  EXPECT_FALSE(members.Structures("L").has_value());
  EXPECT_EQ(Fault(), "");
}

TEST_F(RequestMembers, BrokenConstraintsAreToldTogether) {
  Members members = Read(R"({"TableName":"a;","Limit":0,"Mode":"x"})");
  members.Text("TableName", kName);
  members.Integer("Limit", {.min = 1, .max = 100});
  members.Text("Mode", {.choices = {"A", "B"}});
  members.Text("Other", {.presence = Presence::kRequired});
  EXPECT_EQ(Message(),
            "5 validation errors detected: "
            "Value 'a;' at 'tableName' failed to satisfy constraint: "
            "Member must have length greater than or equal to 3; "
            "Value 'a;' at 'tableName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "
            "Value '0' at 'limit' failed to satisfy constraint: "
            "Member must have value greater than or equal to 1; "
            "Value 'x' at 'mode' failed to satisfy constraint: "
            "Member must satisfy enum value set: [A, B]; "
            "Value null at 'other' failed to satisfy constraint: Member must not be null");
}

TEST_F(RequestMembers, PathsLeadIntoListsAndStructures) {
  Members members = Read(R"({"KeySchema":[{"KeyType":"HASH"},{}],"Throughput":{}})");
  auto elements = members.Structures("KeySchema", {.min_size = 1, .max_size = 2});
  for (Members& element : *elements) {
    element.Text("KeyType", {.presence = Presence::kRequired});
  }
  members.Structure("Throughput")->Integer("Units", {.presence = Presence::kRequired});
  EXPECT_EQ(Message(),
            "2 validation errors detected: "
            "Value null at 'keySchema.2.member.keyType' failed to satisfy constraint: "
            "Member must not be null; "
            "Value null at 'throughput.units' failed to satisfy constraint: "
            "Member must not be null");
}

TEST_F(RequestMembers, ListsHaveLengths) {
  Members members = Read(R"({"KeySchema":[],"Tags":["a","b"]})");
  members.Structures("KeySchema", {.min_size = 1});
  members.Texts("Tags", {.max_size = 1}, {.min_size = 2});
  EXPECT_EQ(Message(),
            "4 validation errors detected: "
            "Value '[]' at 'keySchema' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1; "
            "Value '[...]' at 'tags' failed to satisfy constraint: "
            "Member must have length less than or equal to 1; "
            "Value 'a' at 'tags.1.member' failed to satisfy constraint: "
            "Member must have length greater than or equal to 2; "
            "Value 'b' at 'tags.2.member' failed to satisfy constraint: "
            "Member must have length greater than or equal to 2");
}

TEST_F(RequestMembers, AtMostTenConstraintsAreNamed) {
  Members members = Read(R"({"L":["","","","","","","","","","","",""]})");
  members.Texts("L", {}, {.min_size = 1});
  EXPECT_TRUE(Message().starts_with("10 validation errors detected: "));
}

TEST_F(RequestMembers, TheFirstWrongTypeIsToldBeforeAnyConstraint) {
  Members members = Read(R"({"A":"","B":1,"C":"x"})");
  members.Text("A", {.min_size = 1});
  members.Text("B");
  members.Integer("C");
  EXPECT_EQ(Fault(), ErrorBody(SerializationError("NUMBER_VALUE cannot be converted to String")));
}

TEST_F(RequestMembers, WrongTypesHaveTheirWords) {
  struct Case {
    const char* json;
    void (*read)(Members&);
    const char* message;
  };
  const auto text = [](Members& m) { m.Text("M"); };
  const auto integer = [](Members& m) { m.Integer("M", {.type_name = "Integer"}); };
  const auto flag = [](Members& m) { m.Flag("M"); };
  const auto structure = [](Members& m) { m.Structure("M"); };
  const auto list = [](Members& m) { m.Structures("M"); };
  for (const Case& one :
       {Case{R"({"M":true})", text, "TRUE_VALUE cannot be converted to String"},
        Case{R"({"M":{}})", text, "Start of structure or map found where not expected"},
        Case{R"({"M":"1"})", integer, "STRING_VALUE cannot be converted to Integer"},
        Case{R"({"M":false})", integer, "FALSE_VALUE cannot be converted to Integer"},
        Case{R"({"M":1})", flag, "NUMBER_VALUE cannot be converted to Boolean"},
        Case{R"({"M":"x"})", structure, "Unexpected field type"},
        Case{R"({"M":"x"})", list, "Unexpected field type"},
        Case{R"({"M":{}})", list, "Start of structure or map found where not expected"}}) {
    Members members = Read(one.json);
    one.read(members);
    EXPECT_EQ(Message(), one.message) << one.json;
  }
  Read("[]");
  EXPECT_EQ(Message(), "Unexpected field type");
}

}  // namespace
}  // namespace zael::endpoint
