#include <algorithm>

#include "tests/unit/endpoint/items/operations_fixture.h"

namespace zael::endpoint {
namespace {

class QueryTest : public OperationsTest {
 protected:
  void SetUp() override {
    OperationsTest::SetUp();
    for (int sort : {10, -1, 2, 3}) {
      PutSorted("a", sort, R"(,"v":{"N":")" + std::to_string(sort * 10) + "\"}");
    }
    PutSorted("b", 1, R"(,"g":{"S":"x"},"l":{"N":"5"})");
    PutSorted("b", 2, R"(,"g":{"S":"x"},"l":{"N":"4"})");
  }
  void PutSorted(const std::string& hash, int sort, const std::string& attributes) {
    Put(R"("PK":{"S":")" + hash + R"("},"SK":{"N":")" + std::to_string(sort) + "\"}" + attributes);
  }
  // `values` are members of ExpressionAttributeValues beside :a (S a), :x (S x), :n (N 2).
  std::string Query(const std::string& expression, const std::string& members = "") {
    std::string values;
    for (const auto& [name, value] : {std::pair(":a", R"({"S":"a"})"),
                                      {":b", R"({"S":"b"})"},
                                      {":x", R"({"S":"x"})"},
                                      {":n", R"({"N":"2"})"},
                                      {":m", R"({"N":"3"})"}}) {
      if ((expression + members).find(name) == std::string::npos) continue;
      values += (values.empty() ? "\"" : ",\"") + std::string(name) + "\":" + value;
    }
    return Call("Query", R"({"TableName":"tab","KeyConditionExpression":")" + expression +
                             R"(","ExpressionAttributeValues":{)" + values + "}" + members + "}");
  }
  // The sort keys of the answer's items, its counts, and of its last key the sort key.
  static std::string Short(const std::string& body) {
    const auto document = json::JsonDocument::Parse(body);
    if (!document.ok()) return body;
    const auto root = document->root();
    std::string text;
    for (std::size_t i = 0; i < root.Find("Items").size(); ++i) {
      text += std::string(*root.Find("Items").At(i).Find("SK").Find("N").AsString()) + " ";
    }
    text += std::to_string(*root.Find("Count").AsInt64()) + "/" +
            std::to_string(*root.Find("ScannedCount").AsInt64());
    const auto last = root.Find("LastEvaluatedKey").Find("SK").Find("N").AsString();
    return last.has_value() ? text + " last " + std::string(*last) : text;
  }
};

TEST_F(QueryTest, AnswersARangeInOrder) {
  EXPECT_EQ(Short(Query("PK = :a")), "-1 2 3 10 4/4");
  EXPECT_EQ(Short(Query("PK = :a", R"(,"ScanIndexForward":false)")), "10 3 2 -1 4/4");
  EXPECT_EQ(Short(Query("PK = :a AND SK = :n")), "2 1/1");
  EXPECT_EQ(Short(Query("SK >= :n AND PK = :a")), "2 3 10 3/3");
  EXPECT_EQ(Short(Query(":a = PK AND :n > SK")), "-1 1/1");
  EXPECT_EQ(Short(Query("PK = :a AND (SK BETWEEN :n AND :m)")), "2 3 2/2");
  EXPECT_EQ(Short(Query("PK = :x")), "0/0");
}

TEST_F(QueryTest, IndexesHoldTheItemsThatHaveTheirKeys) {
  EXPECT_EQ(Short(Query("g = :x", R"(,"IndexName":"gsi")")), "2 1 2/2");
  EXPECT_EQ(Short(Query("PK = :b AND l > :n", R"(,"IndexName":"lsi","ConsistentRead":true)")),
            "2 1 2/2");
  EXPECT_EQ(Query("g = :x", R"(,"IndexName":"gsi","Limit":1,"ProjectionExpression":"l")"),
            R"({"Items":[{"l":{"N":"4"}}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"PK":)"
            R"({"S":"b"},"SK":{"N":"2"},"g":{"S":"x"},"l":{"N":"4"}}})");
  EXPECT_EQ(Query("g = :x", R"(,"IndexName":"gsi","ConsistentRead":true)"),
            Validation("Consistent reads are not supported on global secondary indexes"));
  EXPECT_EQ(Query("g = :x", R"(,"IndexName":"none")"),
            Validation("The table does not have the specified index: none"));
}

TEST_F(QueryTest, APartialGlobalIndexShowsAndCountsWhatItHolds) {
  const std::string big = R"(,"w":{"S":")" + std::string(9000, 'x') + "\"}";
  PutSorted("x", 1, R"(,"fk":{"S":"x"},"v":{"N":"7"})" + big);
  const std::string few = R"(,"IndexName":"few")";
  EXPECT_EQ(Query("fk = :x", few + R"(,"ReturnConsumedCapacity":"INDEXES")"),
            R"({"Items":[{"PK":{"S":"x"},"SK":{"N":"1"},"fk":{"S":"x"},"v":{"N":"7"}}],"Count":1,)"
            R"("ScannedCount":1,"ConsumedCapacity":{"TableName":"tab","CapacityUnits":0.5,)"
            R"("Table":{"CapacityUnits":0.0},"GlobalSecondaryIndexes":{"few":{"CapacityUnits":)"
            R"(0.5}}}})");
  EXPECT_EQ(
      Query("fk = :x", few + R"(,"FilterExpression":"attribute_exists(w) ")"),
      InvalidValues("Secondary index few does not project one or more filter attributes: [w]"));
  EXPECT_EQ(
      Call("Scan", R"({"TableName":"tab","FilterExpression":"attribute_exists(w) ")" + few + "}"),
      R"({"Items":[],"Count":0,"ScannedCount":1})");
  EXPECT_EQ(Query("fk = :x", few + R"(,"Select":"ALL_ATTRIBUTES")"),
            InvalidValues("Select type ALL_ATTRIBUTES is not supported for global secondary index "
                          "few because its projection type is not ALL"));
  EXPECT_EQ(Query("fk = :x", few + R"(,"ProjectionExpression":"v, w.x, u")"),
            InvalidValues("Global secondary index few does not project [u, w]"));
  EXPECT_EQ(
      CapacityOf(Call("UpdateItem",
                      R"({"TableName":"tab","Key":{"PK":{"S":"x"},"SK":{"N":"1"}},)"
                      R"("UpdateExpression":"REMOVE w","ReturnConsumedCapacity":"INDEXES"})")),
      R"("CapacityUnits":9.0,"Table":{"CapacityUnits":9.0}}})");
}

TEST_F(QueryTest, PagesEndAtTheLimitAlsoWhenNothingFollows) {
  const auto from = [&](const std::string& sort) {
    return R"(,"Limit":2,"ExclusiveStartKey":{"PK":{"S":"a"},"SK":{"N":")" + sort + R"("}})";
  };
  EXPECT_EQ(Short(Query("PK = :a", R"(,"Limit":2)")), "-1 2 2/2 last 2");
  EXPECT_EQ(Short(Query("PK = :a", from("2"))), "3 10 2/2 last 10");
  EXPECT_EQ(Short(Query("PK = :a", from("10"))), "0/0");
  EXPECT_EQ(Short(Query("PK = :a", from("2.5"))), "3 10 2/2 last 10");
  EXPECT_EQ(Short(Query("PK = :a", from("3") + R"(,"ScanIndexForward":false)")),
            "2 -1 2/2 last -1");
}

TEST_F(QueryTest, AFilterCountsWhatItPassesOver) {
  EXPECT_EQ(Short(Query("PK = :a", R"(,"FilterExpression":"v > :n")")), "2 3 10 3/4");
  EXPECT_EQ(Short(Query("PK = :a", R"(,"FilterExpression":"v > :n","Limit":1)")), "0/1 last -1");
  EXPECT_EQ(Query("PK = :a", R"(,"FilterExpression":"v > :n","Select":"COUNT")"),
            R"({"Count":3,"ScannedCount":4})");
  EXPECT_EQ(Query("PK = :a", R"(,"FilterExpression":"v > :n OR size(SK) = :n")"),
            Validation("Filter Expression can only contain non-primary key attributes: Primary key "
                       "attribute: SK"));
}

TEST_F(QueryTest, APageEndsAtAMegabyteOfWhatWasRead) {
  const std::string big = R"(,"v":{"S":")" + std::string(300'000, 'x') + "\"}";
  for (int sort = 0; sort < 5; ++sort) PutSorted("x", sort, big);
  const std::string count = R"(,"Select":"COUNT","ReturnConsumedCapacity":"TOTAL")";
  EXPECT_EQ(Query("PK = :x", count),
            R"({"Count":4,"ScannedCount":4,"LastEvaluatedKey":{"PK":{"S":"x"},"SK":{"N":"3"}},)"
            R"("ConsumedCapacity":{"TableName":"tab","CapacityUnits":146.5}})");
}

TEST_F(QueryTest, RefusesKeyConditionsThatNameNoRange) {
  const std::string invalid = "Invalid operator used in KeyConditionExpression: ";
  const std::pair<const char*, std::string> cases[] = {
      {"PK = :a OR SK = :n", invalid + "OR"},
      {"NOT PK = :a", invalid + "NOT"},
      {"PK = :a AND SK <> :n", invalid + "<>"},
      {"PK = :a AND SK IN (:n)", invalid + "IN"},
      {"PK = :a AND attribute_exists(SK)", invalid + "attribute_exists"},
      {"PK < :a", "Query key condition not supported"},
      {"SK = :n", "Query condition missed key schema element: PK"},
      {"PK = :a AND v = :n", "Query condition missed key schema element: SK"},
      {"PK = :a AND SK > :n AND SK < :m",
       "KeyConditionExpressions must only contain one condition per key"},
      {"PK = :a AND SK = :n AND v = :m", "Conditions can be of length 1 or 2 only"},
      {"PK = :a AND size(SK) = :n", "KeyConditionExpressions cannot contain nested operations"},
      {"PK = :a AND SK = v",
       "Invalid condition in KeyConditionExpression: Multiple attribute names used in "
       "one condition"},
      {"PK = :a AND :n = :m",
       "Invalid condition in KeyConditionExpression: No key attribute specified"},
      {"PK = :a AND SK.x = :n",
       "Key attributes must be scalars; list random access '[]' and map "
       "lookup '.' are not allowed: Key: SK"},
      {"PK = :a AND v.x = :n",
       "KeyConditionExpressions cannot have conditions on nested attributes"},
      {"PK = :n",
       "One or more parameter values were invalid: Condition parameter type does not "
       "match schema type"},
  };
  for (const auto& [expression, error] : cases) {
    EXPECT_EQ(Query(expression), Validation(error)) << expression;
  }
  EXPECT_EQ(Call("Query", R"({"TableName":"tab"})"),
            Validation("Either the KeyConditions or KeyConditionExpression parameter must be "
                       "specified in the request."));
}

TEST_F(QueryTest, RefusesAStartThatIsNoPlaceInTheRange) {
  const auto from = [&](const std::string& expression, const std::string& key) {
    return Query(expression, R"(,"ExclusiveStartKey":{)" + key + "}");
  };
  EXPECT_EQ(from("PK = :a", ""), Validation("The provided starting key is invalid"));
  EXPECT_EQ(from("PK = :a", R"("PK":{"S":"a"})"),
            Validation("The provided starting key is invalid: The provided key element does not "
                       "match the schema"));
  EXPECT_EQ(from("PK = :a", R"("PK":{"S":"b"},"SK":{"N":"1"})"),
            Validation("The provided starting key is outside query boundaries based on provided "
                       "conditions"));
  EXPECT_EQ(from("PK = :a AND SK > :n", R"("PK":{"S":"a"},"SK":{"N":"1"})"),
            Validation("The provided starting key does not match the range key predicate"));
}

TEST_F(QueryTest, AnIndexWithoutASortKeyIsReadInPages) {
  for (int sort = 1; sort <= 3; ++sort) PutSorted("x", sort, R"(,"fk":{"S":"x"})");
  const std::string few = R"(,"IndexName":"few","Limit":2)";
  EXPECT_EQ(Short(Query("fk = :x", few)), "1 2 2/2 last 2");
  EXPECT_EQ(Short(Query("fk = :x", few + R"(,"ExclusiveStartKey":{"PK":{"S":"x"},"SK":{"N":"2"},)"
                                         R"("fk":{"S":"x"}})")),
            "3 1/1");
  Call("PutItem", R"({"TableName":"one","Item":{"id":{"B":"AQ=="}}})");
  EXPECT_EQ(Call("Query", R"({"TableName":"one","KeyConditionExpression":"id = :i",)"
                          R"("ExpressionAttributeValues":{":i":{"B":"AQ=="}},)"
                          R"("ExclusiveStartKey":{"id":{"B":"AQ=="}}})"),
            Validation("The query can return at most one row and cannot be restarted"));
}

TEST_F(QueryTest, NoPathLeadsIntoAKey) {
  const std::string into =
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
      "allowed: ";
  EXPECT_EQ(Query("PK = :a", R"(,"FilterExpression":"attribute_exists(l[0]) ")"),
            Validation(into + "IndexKey: l"));
  EXPECT_EQ(Query("PK = :a", R"(,"ProjectionExpression":"v, SK.x")"), Validation(into + "Key: SK"));
  EXPECT_EQ(
      Call("GetItem", R"({"TableName":"tab","ProjectionExpression":"PK[0]","Key":)" + key_ + "}"),
      Validation(into + "Key: PK"));
  EXPECT_EQ(Update(R"(,"UpdateExpression":"SET v = g.x")"), Validation(into + "IndexKey: g"));
  EXPECT_EQ(Update(R"(,"UpdateExpression":"REMOVE v","ConditionExpression":"size(SK.x) = v")"),
            Validation(into + "Key: SK"));
}

TEST_F(QueryTest, SelectAndProjectionMustAgree) {
  EXPECT_EQ(Query("PK = :a", R"(,"Select":"SPECIFIC_ATTRIBUTES")"),
            Validation("Must specify the AttributesToGet or ProjectionExpression when choosing to "
                       "get SPECIFIC_ATTRIBUTES"));
  EXPECT_EQ(Query("PK = :a", R"(,"Select":"COUNT","ProjectionExpression":"v")"),
            Validation("Cannot specify the ProjectionExpression when choosing to get only the "
                       "Count"));
  EXPECT_EQ(Query("PK = :a", R"(,"Select":"ALL_PROJECTED_ATTRIBUTES")"),
            InvalidValues("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an "
                          "IndexName"));
}

TEST_F(QueryTest, AScanReadsEveryItemAndItsSegmentsShareThem) {
  const auto scan = [&](const std::string& members) {
    return Short(Call("Scan", R"({"TableName":"tab")" + members + "}"));
  };
  EXPECT_EQ(scan(R"(,"Select":"COUNT")"), "6/6");
  EXPECT_EQ(scan(R"(,"Select":"COUNT","IndexName":"gsi")"), "2/2");
  for (int i = 0; i < 100; ++i) PutSorted("h" + std::to_string(i), 1, "");
  std::size_t sum = 0;
  for (int segment = 0; segment < 4; ++segment) {
    const std::string body = Call("Scan", R"({"TableName":"tab","Select":"COUNT","Segment":)" +
                                              std::to_string(segment) + R"(,"TotalSegments":4})");
    const auto count = json::JsonDocument::Parse(body)->root().Find("Count").AsInt64();
    ASSERT_GT(*count, 0);
    sum += static_cast<std::size_t>(*count);
  }
  EXPECT_EQ(sum, 106u);
  EXPECT_EQ(scan(R"(,"Segment":1)").substr(0, 20), "ValidationException:");
  EXPECT_EQ(Call("Scan", R"({"TableName":"tab","Segment":4,"TotalSegments":4})"),
            Validation("The Segment parameter is zero-based and must be less than parameter "
                       "TotalSegments: Segment: 4 is not less than TotalSegments: 4"));
}

TEST_F(QueryTest, PagesOfASegmentAddUpToIt) {
  for (int i = 0; i < 60; ++i) PutSorted("h" + std::to_string(i), 1, "");
  std::size_t seen = 0;
  std::string start;
  for (int page = 0; page < 100; ++page) {
    const std::string body =
        Call("Scan", R"({"TableName":"tab","Limit":3,"Segment":0,"TotalSegments":2)" + start + "}");
    const auto document = json::JsonDocument::Parse(body);
    seen += document->root().Find("Items").size();
    const std::size_t last = body.find(R"("LastEvaluatedKey":)");
    if (last == std::string::npos) break;
    start = R"(,"ExclusiveStartKey":)" + body.substr(last + 19, body.size() - last - 20);
  }
  const std::string whole = Call("Scan", R"({"TableName":"tab","Segment":0,"TotalSegments":2})");
  EXPECT_EQ(seen, json::JsonDocument::Parse(whole)->root().Find("Items").size());
  EXPECT_GT(seen, 10u);
}

}  // namespace
}  // namespace zael::endpoint
