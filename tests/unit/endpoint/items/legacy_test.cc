#include "tests/unit/endpoint/items/operations_fixture.h"

namespace zael::endpoint {
namespace {

class LegacyTest : public OperationsTest {
 protected:
  std::string Expect(const std::string& expected, const std::string& members = "") {
    return Call("PutItem", R"({"TableName":"tab","Item":{)" + key_members_ +
                               R"(,"n":{"N":"5"},"s":{"S":"text"},"l":{"N":"3"}},"Expected":{)" +
                               expected + "}" + members + "}");
  }
  const std::string lost_ = "ConditionalCheckFailedException: The conditional request failed";
};

TEST_F(LegacyTest, ExpectedIsACondition) {
  EXPECT_EQ(Expect(R"("PK":{"Exists":false})"), "{}");
  EXPECT_EQ(Expect(R"("PK":{"Exists":false})"), lost_);
  EXPECT_EQ(Expect(R"("n":{"Value":{"N":"5"}})"), "{}");
  EXPECT_EQ(Expect(R"("n":{"Value":{"N":"6"}})"), lost_);
  const auto compared = [&](const std::string& attribute, const std::string& name,
                            const std::string& values) {
    return Expect("\"" + attribute + R"(":{"ComparisonOperator":")" + name +
                  R"(","AttributeValueList":[)" + values + "]}");
  };
  EXPECT_EQ(compared("n", "GE", R"({"N":"5"})"), "{}");
  EXPECT_EQ(compared("n", "LT", R"({"N":"5"})"), lost_);
  EXPECT_EQ(compared("n", "BETWEEN", R"({"N":"1"},{"N":"9"})"), "{}");
  EXPECT_EQ(compared("n", "IN", R"({"N":"1"},{"N":"5"})"), "{}");
  EXPECT_EQ(compared("s", "BEGINS_WITH", R"({"S":"te"})"), "{}");
  EXPECT_EQ(compared("s", "NOT_CONTAINS", R"({"S":"te"})"), lost_);
  EXPECT_EQ(compared("none", "NULL", ""), "{}");
  EXPECT_EQ(compared("n", "NULL", R"({"N":"1"})"),
            InvalidValues("Invalid number of argument(s) for the NULL ComparisonOperator"));
  EXPECT_EQ(compared("n", "LT", R"({"BOOL":true})"),
            InvalidValues("ComparisonOperator LT is not valid for BOOL AttributeValue type"));
  const std::string two = R"("n":{"Value":{"N":"6"}},"s":{"Value":{"S":"text"}})";
  EXPECT_EQ(Expect(two), lost_);
  EXPECT_EQ(Expect(two, R"(,"ConditionalOperator":"OR")"), "{}");
}

TEST_F(LegacyTest, AttributeUpdatesAreActions) {
  Put(key_members_ + R"(,"n":{"N":"5"},"ss":{"SS":["a","b"]},"gone":{"N":"1"},)"
                     R"("li":{"L":[{"N":"1"}]})");
  EXPECT_EQ(Update(R"(,"ReturnValues":"ALL_NEW","AttributeUpdates":{"n":{"Action":"ADD","Value":)"
                   R"({"N":"2"}},"ss":{"Action":"DELETE","Value":{"SS":["a"]}},"gone":{"Action":)"
                   R"("DELETE"},"p":{"Value":{"S":"new"}},"li":{"Action":"ADD","Value":{"L":)"
                   R"([{"N":"2"}]}}})"),
            R"({"Attributes":{"PK":{"S":"a"},"SK":{"N":"1"},"li":{"L":[{"N":"1"},{"N":"2"}]},)"
            R"("n":{"N":"7"},"p":{"S":"new"},"ss":{"SS":["b"]}}})");
  EXPECT_EQ(Update(R"(,"AttributeUpdates":{"n":{"Action":"ADD"}})"),
            InvalidValues("Only DELETE action is allowed when no attribute value is specified"));
  EXPECT_EQ(Update(R"(,"AttributeUpdates":{"n":{"Action":"ADD","Value":{"S":"x"}}})"),
            InvalidValues("ADD action is not supported for the type STRING"));
  EXPECT_EQ(Update(R"(,"AttributeUpdates":{"PK":{"Value":{"S":"x"}}})"),
            InvalidValues("Cannot update attribute PK. This attribute is part of the key"));
}

TEST_F(LegacyTest, KeyConditionsAndFiltersReadAsExpressionsDo) {
  for (int i = 1; i <= 4; ++i) {
    Put(R"("PK":{"S":"a"},"SK":{"N":")" + std::to_string(i) + R"("},"v":{"N":")" +
        std::to_string(i % 2) + "\"}");
  }
  const std::string hash = R"("PK":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]})";
  const std::string odd = R"({"v":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}]}})";
  EXPECT_EQ(Call("Query", R"({"TableName":"tab","Select":"COUNT","KeyConditions":{)" + hash +
                              R"(,"SK":{"ComparisonOperator":"LE","AttributeValueList":)"
                              R"([{"N":"3"}]}},"QueryFilter":)" +
                              odd + "}"),
            R"({"Count":2,"ScannedCount":3})");
  EXPECT_EQ(Call("Scan", R"({"TableName":"tab","Select":"COUNT","ScanFilter":)" + odd + "}"),
            R"({"Count":2,"ScannedCount":4})");
  EXPECT_EQ(Call("Scan", R"({"TableName":"tab","ConditionalOperator":"OR"})"),
            Validation("ConditionalOperator cannot be used without Filter or Expected"));
  EXPECT_EQ(Call("Query", R"({"TableName":"tab","KeyConditions":{)" + hash +
                              R"(},"FilterExpression":"attribute_exists(v) "})"),
            Validation("Can not use both expression and non-expression parameters in the same "
                       "request: Non-expression parameters: {KeyConditions} Expression parameters: "
                       "{FilterExpression}"));
}

}  // namespace
}  // namespace zael::endpoint
