#include "tests/integration/differential/random_requests.h"

#include <algorithm>
#include <map>
#include <utility>

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

std::string ProjectionJson(const std::string& index) {
  if (index.ends_with("-all")) return R"({"ProjectionType":"ALL"})";
  if (index.ends_with("-keys")) return R"({"ProjectionType":"KEYS_ONLY"})";
  return R"({"ProjectionType":"INCLUDE","NonKeyAttributes":["a","m"]})";
}

void Collect(const KeySchema& schema, std::map<std::string, KeyType>& types) {
  types.emplace(schema.hash.name, schema.hash.type);
  if (schema.range.has_value()) types.emplace(schema.range->name, schema.range->type);
}

bool IsLocal(const TableSpec& spec, const IndexSpec& index) {
  return index.keys.hash == spec.keys.hash;
}

}  // namespace

bool Request::IsWrite() const {
  return operation.find("Get") == std::string::npos && operation != "Query" && operation != "Scan";
}

std::string CreateTableJson(const TableSpec& spec) {
  std::map<std::string, KeyType> types;
  Collect(spec.keys, types);
  std::string local;
  std::string global;
  for (const IndexSpec& index : spec.indexes) {
    Collect(index.keys, types);
    std::string& list = IsLocal(spec, index) ? local : global;
    list +=
        Format(R"({}{{"IndexName":"{}","KeySchema":{},"Projection":{}}})", list.empty() ? "" : ",",
               index.name, SchemaJson(index.keys), ProjectionJson(index.name));
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

RandomRequests::RandomRequests(RandomSource& random, std::size_t count, std::string_view prefix)
    : make_(random) {
  for (std::size_t i = 0; i < count; ++i) tables_.push_back(MakeTable(Format("{}-{}", prefix, i)));
}

TableSpec RandomRequests::MakeTable(std::string name) {
  const auto type = [&] {
    return make_.Pick<KeyType>({KeyType::kString, KeyType::kNumber, KeyType::kBinary});
  };
  const auto projecting = [&](std::string_view kind) {
    return Format("{}-{}", kind, make_.Pick<std::string>({"all", "keys", "some"}));
  };
  TableSpec spec{.name = std::move(name), .keys = {{"pk", type()}, {}}};
  if (!make_.Chance(25)) {
    spec.keys.range = KeyAttribute{"sk", type()};
    if (make_.Chance(60)) {
      spec.indexes.push_back(
          {.name = projecting("local"), .keys = {spec.keys.hash, KeyAttribute{"lk", type()}}});
    }
  }
  if (make_.Chance(70)) {
    IndexSpec index{.name = projecting("global"), .keys = {{"gk", type()}, {}}};
    if (make_.Chance(70)) index.keys.range = KeyAttribute{"gr", type()};
    spec.indexes.push_back(std::move(index));
  }
  return spec;
}

void RandomRequests::PickTable() {
  table_ = &make_.Pick(tables_);
  if (std::find(used_.begin(), used_.end(), table_) == used_.end()) used_.push_back(table_);
  make_.Begin(*table_);
}

std::string RandomRequests::TableName() {
  return make_.Chance(1) && make_.Chance(30) ? "nowhere" : table_->name;
}

std::string RandomRequests::Common() {
  if (make_.Chance(80)) return "";
  return Format(R"(,"ReturnConsumedCapacity":"{}")",
                make_.Pick<std::string>({"TOTAL", "INDEXES", "INDEXES", "NONE"}));
}

std::string RandomRequests::WriteMembers() {
  return Common() + (make_.Chance(5) ? R"(,"ReturnItemCollectionMetrics":"SIZE")" : "");
}

std::string RandomRequests::WriteCondition() {
  if (make_.Chance(45)) return "";
  std::string json = Format(R"(,"ConditionExpression":"{}")", make_.Condition(2));
  if (make_.Chance(30)) json += R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")";
  return json;
}

Request RandomRequests::Put() {
  std::string json = Format(R"({{"TableName":"{}","Item":{})", TableName(), make_.Item(*table_));
  if (make_.Chance(30)) json += R"(,"ReturnValues":"ALL_OLD")";
  json += WriteCondition() + make_.Placeholders() + WriteMembers();
  return {.operation = "PutItem", .json = json + "}"};
}

Request RandomRequests::Update() {
  std::string json = Format(R"({{"TableName":"{}","Key":{})", TableName(), make_.Key(table_->keys));
  if (!make_.Chance(3)) json += Format(R"(,"UpdateExpression":"{}")", make_.Update());
  if (make_.Chance(60)) {
    json += Format(R"(,"ReturnValues":"{}")",
                   make_.Pick<std::string>({"ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"}));
  }
  if (make_.Chance(40)) json += WriteCondition();
  json += make_.Placeholders() + WriteMembers();
  return {.operation = "UpdateItem", .json = json + "}"};
}

Request RandomRequests::Delete() {
  std::string json = Format(R"({{"TableName":"{}","Key":{})", TableName(), make_.Key(table_->keys));
  if (make_.Chance(30)) json += R"(,"ReturnValues":"ALL_OLD")";
  json += WriteCondition() + make_.Placeholders() + WriteMembers();
  return {.operation = "DeleteItem", .json = json + "}"};
}

Request RandomRequests::Get() {
  std::string json = Format(R"({{"TableName":"{}","Key":{})", TableName(), make_.Key(table_->keys));
  if (make_.Chance(50)) json += Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
  if (make_.Chance(50)) json += R"(,"ConsistentRead":true)";
  json += make_.Placeholders() + Common();
  return {.operation = "GetItem", .json = json + "}"};
}

std::string RandomRequests::PickIndex() {
  index_ = nullptr;
  if (make_.Chance(1)) return R"(,"IndexName":"nothing")";
  if (table_->indexes.empty() || make_.Chance(50)) return "";
  index_ = &make_.Pick(table_->indexes);
  return Format(R"(,"IndexName":"{}")", index_->name);
}

std::string RandomRequests::StartKey() {
  std::string key = make_.Key(table_->keys);
  if (index_ != nullptr) {
    KeySchema others = index_->keys;
    if (IsLocal(*table_, *index_)) others = {*others.range, {}};
    key.back() = ',';
    key += make_.Key(others).substr(1);
  }
  return key;
}

std::string RandomRequests::PageMembers() {
  std::string json;
  if (make_.Chance(20)) json += Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
  if (make_.Chance(20)) {
    json += Format(R"(,"Select":"{}")",
                   make_.Pick<std::string>({"COUNT", "COUNT", "ALL_ATTRIBUTES",
                                            "SPECIFIC_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"}));
  }
  if (make_.Chance(10)) json += R"(,"ConsistentRead":true)";
  return json;
}

Request RandomRequests::Query() {
  std::string json = Format(R"({{"TableName":"{}")", TableName()) + PickIndex();
  // Items of equal index keys stand in any order.
  Request request{.operation = "Query", .paged = index_ != nullptr, .ordered = index_ == nullptr};
  const KeySchema& keys = index_ == nullptr ? table_->keys : index_->keys;
  json += Format(R"(,"KeyConditionExpression":"{}")", make_.KeyCondition(keys));
  if (make_.Chance(30)) json += Format(R"(,"FilterExpression":"{}")", make_.Condition(1));
  json += PageMembers();
  if (make_.Chance(30)) json += R"(,"ScanIndexForward":false)";
  if (make_.Chance(40)) json += Format(R"(,"Limit":{})", 1 + make_.Below(4));
  if (make_.Chance(20) && !request.paged) {
    json += Format(R"(,"ExclusiveStartKey":{})", StartKey());
    json += Common();
  }
  json += make_.Placeholders();
  request.json = json + "}";
  return request;
}

Request RandomRequests::Scan() {
  std::string json = Format(R"({{"TableName":"{}")", TableName()) + PickIndex();
  if (make_.Chance(60)) json += Format(R"(,"FilterExpression":"{}")", make_.Condition(2));
  json += PageMembers();
  if (make_.Chance(40)) json += Format(R"(,"Limit":{})", 1 + make_.Below(20));
  json += make_.Placeholders();
  Request request{.operation = "Scan", .json = json + "}", .paged = true, .ordered = false};
  if (make_.Chance(15)) request.segments = 1 + make_.Below(4);
  return request;
}

std::string RandomRequests::OtherKey() {
  std::string key;
  for (int i = 0; i < 20; ++i) {
    key = make_.Key(table_->keys);
    std::string plain = table_->name + key;  // one number may be written in two ways
    for (std::size_t at; (at = plain.find("1.0")) != std::string::npos;) plain.erase(at + 1, 2);
    if (keys_.insert(plain).second || make_.Chance(1)) break;
  }
  return key;
}

std::string RandomRequests::Groups(const std::function<std::string()>& group) {
  std::string text;
  std::set<const TableSpec*> done;
  for (std::size_t i = 0, count = 1 + make_.Below(2); i < count; ++i) {
    PickTable();
    if (!done.insert(table_).second) continue;
    text += (text.empty() ? "" : ",") + Format(R"("{}":)", TableName()) + group();
  }
  return text;
}

Request RandomRequests::BatchGet() {
  const std::string groups = Groups([&] {
    std::string keys;
    for (std::size_t i = 0, count = 1 + make_.Below(4); i < count; ++i) {
      keys += (i == 0 ? "" : ",") + OtherKey();
    }
    std::string members;
    if (make_.Chance(30)) {
      members = Format(R"(,"ProjectionExpression":"{}")", make_.Projection());
      members += make_.Placeholders();
    }
    if (make_.Chance(30)) members += R"(,"ConsistentRead":true)";
    return Format(R"({{"Keys":[{}]{}}})", keys, members);
  });
  return {.operation = "BatchGetItem",
          .json = Format(R"({{"RequestItems":{{{}}}{}}})", groups, Common()),
          .ordered = false};
}

Request RandomRequests::BatchWrite() {
  const std::string groups = Groups([&] {
    std::string writes;
    for (std::size_t i = 0, count = 1 + make_.Below(4); i < count; ++i) {
      writes += i == 0 ? "" : ",";
      writes += make_.Chance(60)
                    ? Format(R"({{"PutRequest":{{"Item":{}}}}})", make_.ItemAt(OtherKey(), *table_))
                    : Format(R"({{"DeleteRequest":{{"Key":{}}}}})", OtherKey());
    }
    return Format("[{}]", writes);
  });
  return {.operation = "BatchWriteItem",
          .json = Format(R"({{"RequestItems":{{{}}}{}}})", groups, WriteMembers())};
}

std::string RandomRequests::TransactElement() {
  if (make_.Chance(30)) PickTable();
  make_.Begin(*table_);
  const std::string table = Format(R"("TableName":"{}")", TableName());
  switch (make_.Below(4)) {
    case 0: {
      const std::string put = Format(R"({{"Put":{{{},"Item":{}{})", table,
                                     make_.ItemAt(OtherKey(), *table_), WriteCondition());
      return put + make_.Placeholders() + "}}";
    }
    case 1: {
      const std::string update = Format(R"({{"Update":{{{},"Key":{},"UpdateExpression":"{}"{})",
                                        table, OtherKey(), make_.Update(), WriteCondition());
      return update + make_.Placeholders() + "}}";
    }
    case 2: {
      const std::string removal =
          Format(R"({{"Delete":{{{},"Key":{}{})", table, OtherKey(), WriteCondition());
      return removal + make_.Placeholders() + "}}";
    }
    default:
      break;
  }
  std::string check = Format(R"({{"ConditionCheck":{{{},"Key":{},"ConditionExpression":"{}")",
                             table, OtherKey(), make_.Condition(2));
  if (make_.Chance(30)) check += R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")";
  return check + make_.Placeholders() + "}}";
}

Request RandomRequests::TransactWrite() {
  std::string elements;
  for (std::size_t i = 0, count = 1 + make_.Below(4); i < count; ++i) {
    elements += (i == 0 ? "" : ",") + TransactElement();
  }
  return {.operation = "TransactWriteItems",
          .json = Format(R"({{"TransactItems":[{}]{}}})", elements, WriteMembers())};
}

Request RandomRequests::TransactGet() {
  std::string elements;
  for (std::size_t i = 0, count = 1 + make_.Below(3); i < count; ++i) {
    if (make_.Chance(30)) PickTable();
    make_.Begin(*table_);
    std::string get = Format(R"("TableName":"{}","Key":{})", TableName(), OtherKey());
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
  used_.clear();
  keys_.clear();
  PickTable();
  const std::size_t draw = make_.Below(100);
  Request request = draw < 18   ? Put()
                    : draw < 44 ? Update()
                    : draw < 51 ? Delete()
                    : draw < 59 ? Get()
                    : draw < 73 ? Query()
                    : draw < 79 ? Scan()
                    : draw < 82 ? BatchGet()
                    : draw < 85 ? BatchWrite()
                    : draw < 96 ? TransactWrite()
                                : TransactGet();
  request.tables = used_;
  return request;
}

}  // namespace zael::differential
