#include "dynamo/table_codec.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "json/json_document.h"
#include "json/json_writer.h"

namespace zael::dynamo {
namespace {

using json::JsonDocument;
using json::JsonValue;
using json::JsonWriter;
using Kind = json::JsonValue::Kind;

constexpr std::int64_t kTablesPerPage = 100;

std::string_view Letter(KeyType type) {
  switch (type) {
    case KeyType::kString:
      return "S";
    case KeyType::kNumber:
      return "N";
    case KeyType::kBinary:
      return "B";
  }
  return {};
}

// An object with TableName, to be continued by `rest`.
template <typename Rest>
Call Render(std::string_view operation, Nature nature, std::string_view table, Rest rest) {
  JsonWriter writer;
  writer.BeginObject().Key("TableName").String(table);
  rest(writer);
  writer.EndObject();
  return {.operation = operation, .body = writer.Take(), .nature = nature};
}

void WriteKeys(JsonWriter& writer, const KeySchema& keys) {
  const auto write = [&](const KeyAttribute& attribute, std::string_view role) {
    writer.BeginObject().Key("AttributeName").String(attribute.name);
    writer.Key("KeyType").String(role).EndObject();
  };
  writer.Key("KeySchema").BeginArray();
  write(keys.hash, "HASH");
  if (keys.range) write(*keys.range, "RANGE");
  writer.EndArray();
}

void WriteDefinitions(JsonWriter& writer, const TableSpec& spec) {
  std::map<std::string, KeyType> types;
  const auto add = [&](const KeySchema& keys) {
    types.emplace(keys.hash.name, keys.hash.type);
    if (keys.range) types.emplace(keys.range->name, keys.range->type);
  };
  add(spec.keys);
  for (const IndexSpec& index : spec.indexes) add(index.keys);
  writer.Key("AttributeDefinitions").BeginArray();
  for (const auto& [name, type] : types) {
    writer.BeginObject().Key("AttributeName").String(name);
    writer.Key("AttributeType").String(Letter(type)).EndObject();
  }
  writer.EndArray();
}

void WriteTags(JsonWriter& writer, const Tags& tags) {
  writer.Key("Tags").BeginArray();
  for (const auto& [key, value] : tags) {
    writer.BeginObject().Key("Key").String(key).Key("Value").String(value).EndObject();
  }
  writer.EndArray();
}

void WriteStream(JsonWriter& writer, bool on) {
  writer.Key("StreamSpecification").BeginObject().Key("StreamEnabled").Bool(on);
  if (on) writer.Key("StreamViewType").String("NEW_AND_OLD_IMAGES");
  writer.EndObject();
}

Error Unreadable(std::string_view what, std::string_view cause) {
  return {ErrorCode::kUnavailable, Format("read answer about {}: {}", what, cause)};
}

Result<JsonDocument> Parse(std::string_view what, std::string body) {
  auto document = JsonDocument::Parse(std::move(body));
  if (!document.ok()) return Unreadable(what, document.error().message());
  if (!document->root().Is(Kind::kObject)) return Unreadable(what, "not a JSON object");
  return document;
}

std::string TextOf(const JsonValue& json) { return std::string(json.AsString().value_or("")); }

std::optional<std::string> OptionalText(const JsonValue& json) {
  const auto text = json.AsString();
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

// Epoch seconds with a fraction.
WallTime ReadTime(const JsonValue& json) {
  constexpr double kLatest = 253402300799;  // the year 9999
  const double seconds = std::clamp(json.AsDouble().value_or(0), 0.0, kLatest);
  return WallTime(Milliseconds(std::llround(seconds * 1000)));
}

Result<KeyAttribute> ReadKeyAttribute(const JsonValue& definitions, const std::string& name) {
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const JsonValue definition = definitions.At(i);
    if (definition.Find("AttributeName").AsString() != name) continue;
    const std::string letter = TextOf(definition.Find("AttributeType"));
    for (const KeyType type : {KeyType::kString, KeyType::kNumber, KeyType::kBinary}) {
      if (letter == Letter(type)) return KeyAttribute{name, type};
    }
  }
  return Unreadable("table", Format("key attribute {} has no known type", name));
}

Result<KeySchema> ReadKeys(const JsonValue& schema, const JsonValue& definitions) {
  KeySchema keys;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    ZAEL_ASSIGN(KeyAttribute attribute,
                ReadKeyAttribute(definitions, TextOf(schema.At(i).Find("AttributeName"))));
    if (schema.At(i).Find("KeyType").AsString() == "HASH") {
      keys.hash = std::move(attribute);
    } else {
      keys.range = std::move(attribute);
    }
  }
  if (keys.hash.name.empty()) return Unreadable("table", "no hash key");
  return keys;
}

Status ReadIndexes(const JsonValue& table, TableState& state) {
  const JsonValue indexes = table.Find("GlobalSecondaryIndexes");
  const JsonValue definitions = table.Find("AttributeDefinitions");
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    const JsonValue index = indexes.At(i);
    ZAEL_ASSIGN(KeySchema keys, ReadKeys(index.Find("KeySchema"), definitions));
    const auto status = index.Find("IndexStatus").AsString();
    state.active = state.active && status.value_or("ACTIVE") == "ACTIVE";
    state.description.spec.indexes.push_back({TextOf(index.Find("IndexName")), std::move(keys)});
  }
  auto& specs = state.description.spec.indexes;
  std::sort(specs.begin(), specs.end(),
            [](const IndexSpec& a, const IndexSpec& b) { return a.name < b.name; });
  return {};
}

}  // namespace

Call RenderCreateTable(const TableSpec& spec) {
  return Render("CreateTable", Nature::kWrite, spec.name, [&](JsonWriter& writer) {
    WriteDefinitions(writer, spec);
    WriteKeys(writer, spec.keys);
    writer.Key("BillingMode").String("PAY_PER_REQUEST");
    if (!spec.indexes.empty()) {
      writer.Key("GlobalSecondaryIndexes").BeginArray();
      for (const IndexSpec& index : spec.indexes) {
        writer.BeginObject().Key("IndexName").String(index.name);
        WriteKeys(writer, index.keys);
        writer.Key("Projection").BeginObject().Key("ProjectionType").String("ALL").EndObject();
        writer.EndObject();
      }
      writer.EndArray();
    }
    if (spec.stream) WriteStream(writer, true);
    if (spec.deletion_protection) writer.Key("DeletionProtectionEnabled").Bool(true);
    if (!spec.tags.empty()) WriteTags(writer, spec.tags);
  });
}

Call RenderDescribeTable(std::string_view table) {
  return Render("DescribeTable", Nature::kRead, table, [](JsonWriter&) {});
}

Call RenderDeleteTable(std::string_view table) {
  return Render("DeleteTable", Nature::kWrite, table, [](JsonWriter&) {});
}

Call RenderListTables(const std::optional<std::string>& after) {
  JsonWriter writer;
  writer.BeginObject().Key("Limit").Int(kTablesPerPage);
  if (after) writer.Key("ExclusiveStartTableName").String(*after);
  writer.EndObject();
  return {.operation = "ListTables", .body = writer.Take()};
}

Call RenderProtection(std::string_view table, bool on) {
  return Render("UpdateTable", Nature::kWrite, table,
                [&](JsonWriter& writer) { writer.Key("DeletionProtectionEnabled").Bool(on); });
}

Call RenderStream(std::string_view table, bool on) {
  return Render("UpdateTable", Nature::kWrite, table,
                [&](JsonWriter& writer) { WriteStream(writer, on); });
}

Call RenderTimeToLive(std::string_view table, std::string_view attribute, bool on) {
  return Render("UpdateTimeToLive", Nature::kWrite, table, [&](JsonWriter& writer) {
    writer.Key("TimeToLiveSpecification").BeginObject();
    writer.Key("Enabled").Bool(on).Key("AttributeName").String(attribute).EndObject();
  });
}

Call RenderDescribeTimeToLive(std::string_view table) {
  return Render("DescribeTimeToLive", Nature::kRead, table, [](JsonWriter&) {});
}

Call RenderListTags(std::string_view arn, const std::optional<std::string>& next) {
  JsonWriter writer;
  writer.BeginObject().Key("ResourceArn").String(arn);
  if (next) writer.Key("NextToken").String(*next);
  writer.EndObject();
  return {.operation = "ListTagsOfResource", .body = writer.Take()};
}

// Tagging twice is tagging once.
Call RenderTag(std::string_view arn, const Tags& tags) {
  JsonWriter writer;
  writer.BeginObject().Key("ResourceArn").String(arn);
  WriteTags(writer, tags);
  writer.EndObject();
  return {.operation = "TagResource", .body = writer.Take(), .nature = Nature::kTokenWrite};
}

Call RenderUntag(std::string_view arn, const std::vector<std::string>& keys) {
  JsonWriter writer;
  writer.BeginObject().Key("ResourceArn").String(arn).Key("TagKeys").BeginArray();
  for (const std::string& key : keys) writer.String(key);
  writer.EndArray().EndObject();
  return {.operation = "UntagResource", .body = writer.Take(), .nature = Nature::kTokenWrite};
}

Result<TableState> ReadTable(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("table", std::move(body)));
  JsonValue table = document.root().Find("Table");
  if (!table.Is(Kind::kObject)) table = document.root().Find("TableDescription");
  TableState state;
  TableDescription& description = state.description;
  description.spec.name = TextOf(table.Find("TableName"));
  if (description.spec.name.empty()) return Unreadable("table", "no TableName");
  state.active = table.Find("TableStatus").AsString() == "ACTIVE";
  ZAEL_ASSIGN(description.spec.keys,
              ReadKeys(table.Find("KeySchema"), table.Find("AttributeDefinitions")));
  ZAEL_TRY(ReadIndexes(table, state));
  description.spec.stream =
      table.Find("StreamSpecification").Find("StreamEnabled").AsBool().value_or(false);
  description.spec.deletion_protection =
      table.Find("DeletionProtectionEnabled").AsBool().value_or(false);
  description.id = TextOf(table.Find("TableId"));
  description.created_at = ReadTime(table.Find("CreationDateTime"));
  description.item_count = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, table.Find("ItemCount").AsInt64().value_or(0)));
  state.arn = TextOf(table.Find("TableArn"));
  state.stream_arn = TextOf(table.Find("LatestStreamArn"));
  return state;
}

Result<std::optional<std::string>> ReadTimeToLive(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("time to live", std::move(body)));
  const JsonValue ttl = document.root().Find("TimeToLiveDescription");
  if (!ttl.Is(Kind::kObject)) return Unreadable("time to live", "no TimeToLiveDescription");
  const auto status = ttl.Find("TimeToLiveStatus").AsString().value_or("");
  if (status != "ENABLED" && status != "ENABLING") return std::optional<std::string>();
  return OptionalText(ttl.Find("AttributeName"));
}

Result<TableNames> ReadTableNames(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("tables", std::move(body)));
  const JsonValue names = document.root().Find("TableNames");
  if (!names.Is(Kind::kArray)) return Unreadable("tables", "no TableNames");
  TableNames page;
  for (std::size_t i = 0; i < names.size(); ++i) page.names.push_back(TextOf(names.At(i)));
  page.next = OptionalText(document.root().Find("LastEvaluatedTableName"));
  return page;
}

Result<TagPage> ReadTags(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse("tags", std::move(body)));
  const JsonValue tags = document.root().Find("Tags");
  TagPage page;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    page.tags[TextOf(tags.At(i).Find("Key"))] = TextOf(tags.At(i).Find("Value"));
  }
  page.next = OptionalText(document.root().Find("NextToken"));
  return page;
}

}  // namespace zael::dynamo
