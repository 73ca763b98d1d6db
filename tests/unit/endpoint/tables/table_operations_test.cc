#include "endpoint/tables/table_operations.h"

#include "table_plane_fixture.h"

namespace zael::endpoint {
namespace {

using Tables = TablePlaneTest;

constexpr const char* kOpv = "ValidationException: One or more parameter values were invalid: ";

TEST_F(Tables, ANewTableIsDescribedAsDynamoDbDescribesIt) {
  const std::string body = Call("CreateTable", NewTableRequest("demo"));
  const std::string id = Member(body, {"TableDescription", "TableId"});
  EXPECT_EQ(body,
            R"({"TableDescription":{"AttributeDefinitions":[{"AttributeName":"pk",)"
            R"("AttributeType":"S"}],"TableName":"demo","KeySchema":[{"AttributeName":"pk",)"
            R"("KeyType":"HASH"}],"TableStatus":"ACTIVE","CreationDateTime":1767225600.0,)"
            R"("ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,)"
            R"("WriteCapacityUnits":0},"BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST",)"
            R"("LastUpdateToPayPerRequestDateTime":1767225600.0},"TableSizeBytes":0,"ItemCount":0,)"
            R"("TableArn":"arn:aws:dynamodb:eu-west-1:000000000000:table/demo","TableId":")" +
                id + R"(","DeletionProtectionEnabled":false}})");
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(id[8], '-');
  EXPECT_EQ(Member(Call("DescribeTable", Named("demo")), {"Table", "TableId"}), id);
  EXPECT_EQ(Member(Call("DescribeTable", Named(Arn("demo"))), {"Table", "TableName"}), "demo");
}

TEST_F(Tables, IndexesBillingStreamTagsAndProtectionAreKeptAndEchoed) {
  const std::string request =
      R"({"TableName":"demo","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)"
      R"({"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"B"}],)"
      R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},)"
      R"({"AttributeName":"sk","KeyType":"RANGE"}],)"
      R"("LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"pk",)"
      R"("KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}],)"
      R"("Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["x"]}}],)"
      R"("GlobalSecondaryIndexes":[{"IndexName":"global","KeySchema":[{"AttributeName":"g",)"
      R"("KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"},)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":4}}],)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2},)"
      R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"},)"
      R"("TableClass":"STANDARD","SSESpecification":{"Enabled":true},)"
      R"("DeletionProtectionEnabled":true,"Tags":[{"Key":"team","Value":"search"}]})";
  ASSERT_EQ(Refusal("CreateTable", request), "ok");
  const std::string body = Call("DescribeTable", Named("demo"));
  EXPECT_EQ(Member(body, {"Table", "AttributeDefinitions", "1", "AttributeType"}), "N");
  EXPECT_EQ(Member(body, {"Table", "AttributeDefinitions", "2", "AttributeName"}), "g");
  EXPECT_EQ(
      Member(body, {"Table", "LocalSecondaryIndexes", "0", "Projection", "NonKeyAttributes", "0"}),
      "x");
  EXPECT_EQ(Member(body, {"Table", "LocalSecondaryIndexes", "0", "IndexStatus"}), "absent");
  EXPECT_EQ(Member(body, {"Table", "LocalSecondaryIndexes", "1"}), "absent");
  EXPECT_EQ(Member(body, {"Table", "GlobalSecondaryIndexes", "0", "IndexArn"}),
            Arn("demo") + "/index/global");
  EXPECT_EQ(Member(body, {"Table", "GlobalSecondaryIndexes", "0", "IndexStatus"}), "ACTIVE");
  EXPECT_EQ(Member(body, {"Table", "GlobalSecondaryIndexes", "0", "Projection", "ProjectionType"}),
            "KEYS_ONLY");
  EXPECT_EQ(Member(body, {"Table", "GlobalSecondaryIndexes", "0", "ProvisionedThroughput",
                          "WriteCapacityUnits"}),
            "4");
  EXPECT_EQ(Member(body, {"Table", "ProvisionedThroughput", "WriteCapacityUnits"}), "2");
  EXPECT_EQ(Member(body, {"Table", "BillingModeSummary"}), "absent");
  EXPECT_EQ(Member(body, {"Table", "StreamSpecification", "StreamViewType"}), "KEYS_ONLY");
  EXPECT_EQ(Member(body, {"Table", "LatestStreamArn"}),
            Arn("demo") + "/stream/2026-01-01T00:00:00.000");
  EXPECT_EQ(Member(body, {"Table", "TableClassSummary", "TableClass"}), "STANDARD");
  EXPECT_EQ(Member(body, {"Table", "SSEDescription", "Status"}), "ENABLED");
  EXPECT_EQ(Member(body, {"Table", "DeletionProtectionEnabled"}), "true");
  EXPECT_EQ(Call("ListTagsOfResource", R"({"ResourceArn":")" + Arn("demo") + "\"}"),
            R"({"Tags":[{"Key":"team","Value":"search"}]})");
}

TEST_F(Tables, ATableOfTheLibraryIsDescribedAsALimitersTable) {
  TableSpec spec;
  spec.name = "ZAEL-demo";
  spec.keys = {{"PK", KeyType::kString}, KeyAttribute{"SK", KeyType::kString}};
  spec.indexes = {{"GSI1", {{"GSI1PK"}, KeyAttribute{"GSI1SK"}}}};
  ASSERT_TRUE(store_.stores().tables->CreateTable(spec).ok());
  const std::string body = Call("DescribeTable", Named("ZAEL-demo"));
  EXPECT_EQ(Member(body, {"Table", "BillingModeSummary", "BillingMode"}), "PAY_PER_REQUEST");
  EXPECT_EQ(Member(body, {"Table", "StreamSpecification", "StreamViewType"}), "NEW_AND_OLD_IMAGES");
  EXPECT_EQ(Member(body, {"Table", "GlobalSecondaryIndexes", "0", "Projection", "ProjectionType"}),
            "ALL");
}

TEST_F(Tables, ATableIsMadeOnceAndGoneWhenDeleted) {
  MakeTable("demo");
  EXPECT_EQ(Refusal("CreateTable", NewTableRequest("demo")),
            "ResourceInUseException: Table already exists: demo");
  EXPECT_EQ(Member(Call("DeleteTable", Named("demo")), {"TableDescription", "TableStatus"}),
            "DELETING");
  const std::string gone =
      "ResourceNotFoundException: Requested resource not found: Table: demo not found";
  EXPECT_EQ(Refusal("DescribeTable", Named("demo")), gone);
  EXPECT_EQ(Refusal("DeleteTable", Named("demo")), gone);
  EXPECT_EQ(Refusal("UpdateTable", Named("demo", R"(,"DeletionProtectionEnabled":true)")), gone);
  EXPECT_EQ(Refusal("DescribeTimeToLive", Named("demo")), gone);
}

TEST_F(Tables, AProtectedTableIsKept) {
  MakeTable("demo", R"(,"DeletionProtectionEnabled":true)");
  EXPECT_EQ(Refusal("DeleteTable", Named("demo")),
            "ValidationException: Resource cannot be deleted as it is currently protected against "
            "deletion. Disable deletion protection first.");
  EXPECT_EQ(Refusal("UpdateTable", Named("demo", R"(,"DeletionProtectionEnabled":false)")), "ok");
  EXPECT_EQ(Refusal("DeleteTable", Named("demo")), "ok");
}

TEST_F(Tables, AreListedInByteOrderPageByPage) {
  for (const char* name : {"bbb", "aaa", "Zzz"}) MakeTable(name);
  EXPECT_EQ(Call("ListTables", "{}"), R"({"TableNames":["Zzz","aaa","bbb"]})");
  EXPECT_EQ(Call("ListTables", R"({"Limit":2})"),
            R"({"TableNames":["Zzz","aaa"],"LastEvaluatedTableName":"aaa"})");
  EXPECT_EQ(Call("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"aaa"})"),
            R"({"TableNames":["bbb"]})");
  EXPECT_EQ(Call("ListTables", R"({"ExclusiveStartTableName":"aab"})"),
            R"({"TableNames":["bbb"]})");
  EXPECT_EQ(Refusal("ListTables", R"({"Limit":0})"),
            "ValidationException: 1 validation error detected: Value '0' at 'limit' failed to "
            "satisfy constraint: Member must have value greater than or equal to 1");
}

TEST_F(Tables, LimitsAndEndpointsAreDescribed) {
  EXPECT_EQ(Call("DescribeEndpoints", "{}"),
            R"({"Endpoints":[{"Address":"127.0.0.1:8000","CachePeriodInMinutes":1440}]})");
  EXPECT_EQ(Member(Call("DescribeLimits", "{}"), {"TableMaxReadCapacityUnits"}), "40000");
}

struct Wrong {
  const char* members;  // instead of the good ones
  std::string refusal;
};

std::string WithMembers(const char* members) {
  return std::string(R"({"TableName":"demo",)") + members + "}";
}

TEST_F(Tables, WrongSchemasAreRefusedWithTheReason) {
  const std::string on_demand = R"("BillingMode":"PAY_PER_REQUEST",)";
  for (const auto& [members, refusal] : std::vector<Wrong>{
           {R"("AttributeDefinitions":[],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}])",
            "ValidationException: Invalid KeySchema: Some index key attribute have no definition"},
           {R"("AttributeDefinitions":[{"AttributeName":"b","AttributeType":"S"}],)"
            R"("KeySchema":[{"AttributeName":"a","KeyType":"HASH"}])",
            kOpv + std::string("Some index key attributes are not defined in AttributeDefinitions. "
                               "Keys: [a], AttributeDefinitions: [b]")},
           {R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},)"
            R"({"AttributeName":"b","AttributeType":"S"}],)"
            R"("KeySchema":[{"AttributeName":"a","KeyType":"HASH"}])",
            kOpv + std::string("Number of attributes in KeySchema does not exactly match number of "
                               "attributes defined in AttributeDefinitions")},
           {R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},)"
            R"({"AttributeName":"a","AttributeType":"N"}],)"
            R"("KeySchema":[{"AttributeName":"a","KeyType":"HASH"}])",
            "ValidationException: Attribute Name is duplicated: a"},
           {R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],)"
            R"("KeySchema":[{"AttributeName":"a","KeyType":"RANGE"}])",
            "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key "
            "type"},
           {R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},)"
            R"({"AttributeName":"b","AttributeType":"S"}],)"
            R"("KeySchema":[{"AttributeName":"a","KeyType":"HASH"},)"
            R"({"AttributeName":"b","KeyType":"HASH"}])",
            "ValidationException: Invalid KeySchema: The second KeySchemaElement is not a RANGE "
            "key type"},
           {R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"X"}],"KeySchema":[])",
            "ValidationException: 2 validation errors detected: Value 'X' at "
            "'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member "
            "must satisfy enum value set: [B, N, S]; Value '[]' at 'keySchema' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1"},
           {R"("KeySchema":"a")", "SerializationException: Unexpected field type"}}) {
    EXPECT_EQ(Refusal("CreateTable", WithMembers((on_demand + members).c_str())), refusal);
  }
  EXPECT_EQ(Call("ListTables", "{}"), R"({"TableNames":[]})");
}

TEST_F(Tables, WrongIndexesAreRefusedWithTheReason) {
  const auto with = [](const std::string& indexes, bool range = true) {
    return std::string(R"({"TableName":"demo","BillingMode":"PAY_PER_REQUEST",)") +
           R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},)" +
           R"({"AttributeName":"b","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a",)" +
           R"("KeyType":"HASH"})" + (range ? R"(,{"AttributeName":"b","KeyType":"RANGE"})" : "") +
           "]," + indexes + "}";
  };
  const std::string keys = R"("KeySchema":[{"AttributeName":"b","KeyType":"HASH"}],)";
  const std::string all = R"("Projection":{"ProjectionType":"ALL"})";
  const std::string name = R"({"IndexName":"idx",)";
  const std::string global = R"("GlobalSecondaryIndexes":[)";
  const std::string local = R"("LocalSecondaryIndexes":[)";
  for (const auto& [request, refusal] : std::vector<std::pair<std::string, std::string>>{
           {with(global + "]"), "List of GlobalSecondaryIndexes is empty"},
           {with(local + "]"), "List of LocalSecondaryIndexes is empty"},
           {with(local + name + keys + all + "}]", /*range=*/false),
            "Table KeySchema does not have a range key, which is required when specifying a "
            "LocalSecondaryIndex"},
           {with(local + name + keys + all + "}]"),
            "Index KeySchema does not have a range key for index: idx"},
           {with(local + name +
                 R"("KeySchema":[{"AttributeName":"b","KeyType":"HASH"},)"
                 R"({"AttributeName":"a","KeyType":"RANGE"}],)" +
                 all + "}]"),
            "Index KeySchema does not have the same leading hash key as table KeySchema for index: "
            "idx. index hash key: b, table hash key: a"},
           {with(global + name + keys + R"("Projection":{}}])"), "Unknown ProjectionType: null"},
           {with(global + name + keys +
                 R"("Projection":{"ProjectionType":"KEYS_ONLY","NonKeyAttributes":["x"]}}])"),
            "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"},
           {with(global + name + keys + R"("Projection":{"ProjectionType":"INCLUDE"}}])"),
            "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"},
           {with(global + name + keys + all + "}," + name + keys + all + "}]"),
            "Duplicate index name: idx"},
           {with(global + name + keys + all +
                 R"(,"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}}])"),
            "ProvisionedThroughput should not be specified for index: idx when BillingMode is "
            "PAY_PER_REQUEST"}}) {
    EXPECT_EQ(Refusal("CreateTable", request), kOpv + refusal) << request;
  }
}

TEST_F(Tables, BillingAndStreamMustFit) {
  const std::string schema =
      R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)"
      R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}])";
  EXPECT_EQ(Refusal("CreateTable", WithMembers(schema.c_str())),
            kOpv + std::string("ReadCapacityUnits and WriteCapacityUnits must both be specified "
                               "when BillingMode is PROVISIONED"));
  EXPECT_EQ(
      Refusal("CreateTable",
              NewTableRequest("demo", R"(,"ProvisionedThroughput":{"ReadCapacityUnits":1,)"
                                      R"("WriteCapacityUnits":1})")),
      kOpv + std::string("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                         "BillingMode is PAY_PER_REQUEST"));
  EXPECT_EQ(Refusal("CreateTable",
                    NewTableRequest("demo", R"(,"StreamSpecification":{"StreamEnabled":true})")),
            kOpv + std::string("Table is being created with a stream enabled, UpdateViewType is "
                               "required"));
  EXPECT_EQ(
      Refusal("CreateTable", NewTableRequest("demo", R"(,"Tags":[{"Key":"aws:x","Value":""}])")),
      "ValidationException: Tag Key cannot be prefixed with aws:, Key: aws:x");
}

TEST_F(Tables, AnEmptyNameIsToldBothItsFaults) {
  EXPECT_EQ(Refusal("DescribeTable", Named("")),
            "ValidationException: 2 validation errors detected: Value '' at 'tableName' failed to "
            "satisfy constraint: Member must have length greater than or equal to 3; Value '' at "
            "'tableName' failed to satisfy constraint: Member must satisfy regular expression "
            "pattern: [a-zA-Z0-9_.-]+");
  EXPECT_EQ(Refusal("DescribeTable", R"({"TableName":5})"),
            "SerializationException: NUMBER_VALUE cannot be converted to String");
}

}  // namespace
}  // namespace zael::endpoint
