#include "dynamo/stream_codec.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "dynamo/attribute_value.h"
#include "json/json_document.h"
#include "json/json_writer.h"

namespace zael::dynamo {
namespace {

using json::JsonDocument;
using json::JsonValue;
using json::JsonWriter;
using Kind = json::JsonValue::Kind;

Error Unreadable(std::string_view cause) {
  return {ErrorCode::kUnavailable, Format("read answer about stream: {}", cause)};
}

Result<JsonDocument> Parse(std::string body) {
  auto document = JsonDocument::Parse(std::move(body), {.max_bytes = 32 * 1024 * 1024});
  if (!document.ok()) return Unreadable(document.error().message());
  if (!document->root().Is(Kind::kObject)) return Unreadable("not a JSON object");
  return document;
}

std::string TextOf(const JsonValue& json) { return std::string(json.AsString().value_or("")); }

std::optional<std::string> OptionalText(const JsonValue& json) {
  const auto text = json.AsString();
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

Call Finish(std::string_view operation, JsonWriter& writer) {
  writer.EndObject();
  return {
      .operation = operation, .body = writer.Take(), .nature = Nature::kRead, .of_streams = true};
}

Result<ChangeKind> ReadKind(const JsonValue& json) {
  const auto name = json.AsString().value_or("");
  if (name == "INSERT") return ChangeKind::kInsert;
  if (name == "MODIFY") return ChangeKind::kModify;
  if (name == "REMOVE") return ChangeKind::kRemove;
  return Unreadable(Format("no such event: {}", name));
}

Result<std::optional<Item>> ReadImage(const JsonValue& json) {
  if (json.Is(Kind::kAbsent) || json.Is(Kind::kNull)) return std::optional<Item>();
  auto item = ReadItem(json);
  if (!item.ok()) return Unreadable(item.error().message());
  return std::optional<Item>(*std::move(item));
}

// Removed by the service itself, not for a client.
bool IsExpiry(const JsonValue& identity) {
  return identity.Find("PrincipalId").AsString() == "dynamodb.amazonaws.com" ||
         identity.Find("principalId").AsString() == "dynamodb.amazonaws.com";
}

Result<StreamRecord> ReadRecord(const JsonValue& json) {
  const JsonValue body = json.Find("dynamodb");
  StreamRecord record{.sequence = TextOf(body.Find("SequenceNumber")), .change = {}};
  if (record.sequence.empty()) return Unreadable("a record without SequenceNumber");
  Change& change = record.change;
  ZAEL_ASSIGN(change.kind, ReadKind(json.Find("eventName")));
  constexpr double kLatest = 253402300799;  // the year 9999
  const double seconds =
      std::clamp(body.Find("ApproximateCreationDateTime").AsDouble().value_or(0), 0.0, kLatest);
  change.at = WallTime(Milliseconds(std::llround(seconds * 1000)));
  change.by_expiry = IsExpiry(json.Find("userIdentity"));
  auto key = ReadItem(body.Find("Keys"));
  if (!key.ok()) return Unreadable(key.error().message());
  change.key = *std::move(key);
  ZAEL_ASSIGN(change.old_item, ReadImage(body.Find("OldImage")));
  ZAEL_ASSIGN(change.new_item, ReadImage(body.Find("NewImage")));
  return record;
}

}  // namespace

Call RenderDescribeStream(std::string_view arn, const std::optional<std::string>& after_shard) {
  JsonWriter writer;
  writer.BeginObject().Key("StreamArn").String(arn);
  if (after_shard) writer.Key("ExclusiveStartShardId").String(*after_shard);
  return Finish("DescribeStream", writer);
}

Call RenderShardIterator(std::string_view arn, std::string_view shard,
                         const std::optional<std::string>& after_sequence) {
  JsonWriter writer;
  writer.BeginObject().Key("StreamArn").String(arn).Key("ShardId").String(shard);
  writer.Key("ShardIteratorType");
  if (after_sequence) {
    writer.String("AFTER_SEQUENCE_NUMBER").Key("SequenceNumber").String(*after_sequence);
  } else {
    writer.String("TRIM_HORIZON");
  }
  return Finish("GetShardIterator", writer);
}

Call RenderGetRecords(std::string_view iterator) {
  JsonWriter writer;
  writer.BeginObject().Key("ShardIterator").String(iterator);
  writer.Key("Limit").Int(kMaxRecordsPerPage);
  return Finish("GetRecords", writer);
}

Result<ShardPage> ReadShards(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse(std::move(body)));
  const JsonValue stream = document.root().Find("StreamDescription");
  const JsonValue shards = stream.Find("Shards");
  if (!shards.Is(Kind::kArray)) return Unreadable("no Shards");
  ShardPage page;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const JsonValue shard = shards.At(i);
    const JsonValue range = shard.Find("SequenceNumberRange");
    page.shards.push_back({.id = TextOf(shard.Find("ShardId")),
                           .open = !range.Find("EndingSequenceNumber").Is(Kind::kString)});
  }
  page.next = OptionalText(stream.Find("LastEvaluatedShardId"));
  return page;
}

Result<std::string> ReadShardIterator(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse(std::move(body)));
  std::string iterator = TextOf(document.root().Find("ShardIterator"));
  if (iterator.empty()) return Unreadable("no ShardIterator");
  return iterator;
}

Result<RecordPage> ReadRecords(std::string body) {
  ZAEL_ASSIGN(const JsonDocument document, Parse(std::move(body)));
  const JsonValue records = document.root().Find("Records");
  if (!records.Is(Kind::kArray)) return Unreadable("no Records");
  RecordPage page;
  page.records.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    ZAEL_ASSIGN(StreamRecord record, ReadRecord(records.At(i)));
    page.records.push_back(std::move(record));
  }
  page.next = OptionalText(document.root().Find("NextShardIterator"));
  return page;
}

}  // namespace zael::dynamo
