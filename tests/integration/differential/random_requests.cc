#include "tests/integration/differential/random_requests.h"

#include <map>

#include "base/format.h"

namespace zael::differential {
namespace {

std::string_view TypeLetter(KeyType type) {
  return type == KeyType::kString ? "S" : type == KeyType::kNumber ? "N" : "B";
}

std::string SchemaJson(const KeySchema& schema) {
  std::string text = Format(R"([{{"AttributeName":"{}","KeyType":"HASH"}})", schema.hash.name);
  if (schema.range.has_value()) {
    text += Format(R"(,{{"AttributeName":"{}","KeyType":"RANGE"}})", schema.range->name);
  }
  return text + "]";
}

void Collect(const KeySchema& schema, std::map<std::string, KeyType>& types) {
  types.emplace(schema.hash.name, schema.hash.type);
  if (schema.range.has_value()) types.emplace(schema.range->name, schema.range->type);
}

bool IsLocal(const TableSpec& spec, const IndexSpec& index) {
  return index.keys.hash == spec.keys.hash;
}

}  // namespace

std::string CreateTableJson(const TableSpec& spec) {
  std::map<std::string, KeyType> types;
  Collect(spec.keys, types);
  std::string local;
  std::string global;
  for (const IndexSpec& index : spec.indexes) {
    Collect(index.keys, types);
    std::string& list = IsLocal(spec, index) ? local : global;
    list +=
        Format(R"({}{{"IndexName":"{}","KeySchema":{},"Projection":{{"ProjectionType":"ALL"}}}})",
               list.empty() ? "" : ",", index.name, SchemaJson(index.keys));
  }
  std::string definitions;
  for (const auto& [name, type] : types) {
    definitions += Format(R"({}{{"AttributeName":"{}","AttributeType":"{}"}})",
                          definitions.empty() ? "" : ",", name, TypeLetter(type));
  }
  std::string json = Format(
      R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","KeySchema":{},"AttributeDefinitions":[{}])",
      spec.name, SchemaJson(spec.keys), definitions);
  if (!local.empty()) json += Format(R"(,"LocalSecondaryIndexes":[{}])", local);
  if (!global.empty()) json += Format(R"(,"GlobalSecondaryIndexes":[{}])", global);
  return json + "}";
}

RandomRequests::RandomRequests(RandomSource& random, std::size_t count) : make_(random) {
  for (std::size_t i = 0; i < count; ++i) tables_.push_back(MakeTable(i));
}

TableSpec RandomRequests::MakeTable(std::size_t number) {
  const auto type = [&] {
    return make_.Pick<KeyType>({KeyType::kString, KeyType::kNumber, KeyType::kBinary});
  };
  TableSpec spec{.name = Format("random-{}", number), .keys = {{"pk", type()}, {}}};
  if (!make_.Chance(25)) {
    spec.keys.range = KeyAttribute{"sk", type()};
    if (make_.Chance(60)) {
      spec.indexes.push_back(
          {.name = "local", .keys = {spec.keys.hash, KeyAttribute{"lk", type()}}});
    }
  }
  if (make_.Chance(70)) {
    IndexSpec index{.name = "global", .keys = {{"gk", type()}, {}}};
    if (make_.Chance(70)) index.keys.range = KeyAttribute{"gr", type()};
    spec.indexes.push_back(std::move(index));
  }
  return spec;
}

std::string RandomRequests::Common() {
  return make_.Chance(15) ? R"(,"ReturnConsumedCapacity":"TOTAL")" : "";
}

std::string RandomRequests::WriteCondition() {
  if (make_.Chance(45)) return "";
  std::string json = Format(R"(,"ConditionExpression":"{}")", make_.Condition(2));
  if (make_.Chance(30)) json += R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")";
  return json;
}

Request RandomRequests::Put() {
  std::string json = Format(R"({{"TableName":"{}","Item":{})", table_->name, make_.Item(*table_));
  if (make_.Chance(30)) json += R"(,"ReturnValues":"ALL_OLD")";
  json += WriteCondition() + make_.Placeholders() + Common();
  return {.operation = "PutItem", .json = json + "}"};
}

Request RandomRequests::Update() {
  std::string json =
      Format(R"({{"TableName":"{}","Key":{})", table_->name, make_.Key(table_->keys));
  if (!make_.Chance(3)) json += Format(R"(,"UpdateExpression":"{}")", make_.Update());
  if (make_.Chance(60)) {
    json += Format(R"(,"ReturnValues":"{}")",
                   make_.Pick<std::string>({"ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"}));
  }
  if (make_.Chance(40)) json += WriteCondition();
  json += make_.Placeholders() + Common();
  return {.operation = "UpdateItem", .json = json + "}"};
}

Request RandomRequests::Delete() {
  std::string json =
      Format(R"({{"TableName":"{}","Key":{})", table_->name, make_.Key(table_->keys));
  if (make_.Chance(30)) json += R"(,"ReturnValues":"ALL_OLD")";
  json += WriteCondition() + make_.Placeholders() + Common();
  return {.operation = "DeleteItem", .json = json + "}"};
}

Request RandomRequests::Get() {
  std::string json =
      Format(R"({{"TableName":"{}","Key":{})", table_->name, make_.Key(table_->keys));
  if (make_.Chance(50)) json += Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
  if (make_.Chance(50)) json += R"(,"ConsistentRead":true)";
  json += make_.Placeholders() + Common();
  return {.operation = "GetItem", .json = json + "}"};
}

Request RandomRequests::Query() {
  const KeySchema* keys = &table_->keys;
  std::string json = Format(R"({{"TableName":"{}")", table_->name);
  Request request{.operation = "Query"};
  if (!table_->indexes.empty() && make_.Chance(50)) {
    const IndexSpec& index = make_.Pick(table_->indexes);
    keys = &index.keys;
    json += Format(R"(,"IndexName":"{}")", index.name);
    request.paged = true;  // items of equal index keys stand in any order
    request.ordered = false;
  }
  json += Format(R"(,"KeyConditionExpression":"{}")", make_.KeyCondition(*keys));
  if (make_.Chance(30)) json += Format(R"(,"FilterExpression":"{}")", make_.Condition(1));
  if (make_.Chance(20)) json += Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
  if (make_.Chance(30)) json += R"(,"ScanIndexForward":false)";
  if (make_.Chance(40)) json += Format(R"(,"Limit":{})", 1 + make_.Below(4));
  if (make_.Chance(10)) json += R"(,"Select":"COUNT")";
  if (make_.Chance(20) && !request.paged) {
    json += Format(R"(,"ExclusiveStartKey":{})", make_.Key(table_->keys));
  }
  json += make_.Placeholders();
  request.json = json + "}";
  return request;
}

Request RandomRequests::Scan() {
  std::string json = Format(R"({{"TableName":"{}")", table_->name);
  if (!table_->indexes.empty() && make_.Chance(40)) {
    json += Format(R"(,"IndexName":"{}")", make_.Pick(table_->indexes).name);
  }
  if (make_.Chance(60)) json += Format(R"(,"FilterExpression":"{}")", make_.Condition(2));
  if (make_.Chance(20)) json += Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
  if (make_.Chance(40)) json += Format(R"(,"Limit":{})", 1 + make_.Below(20));
  json += make_.Placeholders();
  return {.operation = "Scan", .json = json + "}", .paged = true, .ordered = false};
}

Request RandomRequests::BatchGet() {
  std::string keys;
  for (std::size_t i = 0, count = 1 + make_.Below(4); i < count; ++i) {
    keys += (i == 0 ? "" : ",") + make_.Key(table_->keys);
  }
  std::string projection;
  if (make_.Chance(30)) {
    projection = Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
    projection += make_.Placeholders();
  }
  return {.operation = "BatchGetItem",
          .json = Format(R"({{"RequestItems":{{"{}":{{"Keys":[{}]{}}}}}{}}})", table_->name, keys,
                         projection, Common()),
          .ordered = false};
}

Request RandomRequests::BatchWrite() {
  std::string writes;
  for (std::size_t i = 0, count = 1 + make_.Below(4); i < count; ++i) {
    writes += i == 0 ? "" : ",";
    writes += make_.Chance(60)
                  ? Format(R"({{"PutRequest":{{"Item":{}}}}})", make_.Item(*table_))
                  : Format(R"({{"DeleteRequest":{{"Key":{}}}}})", make_.Key(table_->keys));
  }
  return {.operation = "BatchWriteItem",
          .json = Format(R"({{"RequestItems":{{"{}":[{}]}}{}}})", table_->name, writes, Common())};
}

std::string RandomRequests::TransactElement() {
  make_.Begin(*table_);
  const std::string key =
      Format(R"("TableName":"{}","Key":{})", table_->name, make_.Key(table_->keys));
  switch (make_.Below(4)) {
    case 0: {
      const std::string put = Format(R"({{"Put":{{"TableName":"{}","Item":{}{})", table_->name,
                                     make_.Item(*table_), WriteCondition());
      return put + make_.Placeholders() + "}}";
    }
    case 1: {
      const std::string update = Format(R"({{"Update":{{{},"UpdateExpression":"{}"{})", key,
                                        make_.Update(), WriteCondition());
      return update + make_.Placeholders() + "}}";
    }
    case 2: {
      const std::string removal = Format(R"({{"Delete":{{{}{})", key, WriteCondition());
      return removal + make_.Placeholders() + "}}";
    }
    default:
      break;
  }
  const std::string check =
      Format(R"({{"ConditionCheck":{{{},"ConditionExpression":"{}")", key, make_.Condition(2));
  return check + make_.Placeholders() + "}}";
}

Request RandomRequests::TransactWrite() {
  std::string elements;
  for (std::size_t i = 0, count = 1 + make_.Below(3); i < count; ++i) {
    elements += (i == 0 ? "" : ",") + TransactElement();
  }
  return {.operation = "TransactWriteItems",
          .json = Format(R"({{"TransactItems":[{}]{}}})", elements, Common())};
}

Request RandomRequests::TransactGet() {
  std::string elements;
  for (std::size_t i = 0, count = 1 + make_.Below(3); i < count; ++i) {
    make_.Begin(*table_);
    std::string get = Format(R"("TableName":"{}","Key":{})", table_->name, make_.Key(table_->keys));
    if (make_.Chance(30)) {
      get += Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
      get += make_.Placeholders();
    }
    elements += Format(R"({}{{"Get":{{{}}}}})", i == 0 ? "" : ",", get);
  }
  return {.operation = "TransactGetItems",
          .json = Format(R"({{"TransactItems":[{}]{}}})", elements, Common())};
}

Request RandomRequests::Next() {
  table_ = &make_.Pick(tables_);
  make_.Begin(*table_);
  const std::size_t draw = make_.Below(100);
  Request request = draw < 18   ? Put()
                    : draw < 48 ? Update()
                    : draw < 56 ? Delete()
                    : draw < 66 ? Get()
                    : draw < 80 ? Query()
                    : draw < 86 ? Scan()
                    : draw < 89 ? BatchGet()
                    : draw < 91 ? BatchWrite()
                    : draw < 97 ? TransactWrite()
                                : TransactGet();
  request.table = table_;
  return request;
}

}  // namespace zael::differential
