#include "endpoint/streams/stream_operations.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "endpoint/request_members.h"
#include "endpoint/streams/get_records.h"
#include "endpoint/streams/stream.h"
#include "endpoint/streams/stream_position.h"
#include "endpoint/tables/table_description.h"
#include "endpoint/tables/table_schema.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

constexpr std::int64_t kMaxStreamsOfPage = 100;
constexpr TextRule kStreamArn{
    .presence = Presence::kRequired, .min_size = 37, .max_size = 1024, .choices = {}};
constexpr TextRule kShardId{
    .presence = Presence::kRequired, .min_size = 28, .max_size = 65, .choices = {}};

struct ListedStream {
  std::string arn, table, label;
};

ApiResult<std::vector<ListedStream>> AllStreams(const TablePlane& plane, const Caller& caller,
                                                const std::optional<std::string>& only) {
  ZAEL_API_ASSIGN(const std::vector<std::string> tables, plane.List());
  std::vector<ListedStream> streams;
  for (const std::string& name : tables) {
    if (only.has_value() && name != *only) continue;
    const auto table = plane.Describe(name);
    if (!table.ok()) continue;  // deleted since
    for (const StreamSettings& stream : SettingsOf(*table).streams) {
      const std::string label = StreamLabel(stream.enabled_at);
      streams.push_back(
          {.arn = StreamArn(caller.region, name, label), .table = name, .label = label});
    }
  }
  return streams;
}

ApiOutcome ListStreams(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto name = request.Text("TableName", {.min_size = 1, .max_size = 1024, .choices = {}});
  const auto start = request.Text("ExclusiveStartStreamArn", {.min_size = 37, .choices = {}});
  const auto limit =
      request.Integer("Limit", {.min = 1, .max = kMaxStreamsOfPage, .type_name = "Integer"});
  ZAEL_API_TRY(faults.Check());
  std::optional<std::string> table;
  if (name.has_value()) {
    ZAEL_API_ASSIGN(table, TableNameOf(*name));
  }
  ZAEL_API_ASSIGN(const auto streams, AllStreams(plane, caller, table));
  auto next = streams.begin();
  if (start.has_value()) {
    next = std::find_if(streams.begin(), streams.end(),
                        [&start](const ListedStream& stream) { return stream.arn == *start; });
    if (next != streams.end()) ++next;
  }
  json::JsonWriter writer;
  writer.BeginObject().Key("Streams").BeginArray();
  for (std::int64_t i = 0; next != streams.end() && i < limit.value_or(kMaxStreamsOfPage);
       ++i, ++next) {
    writer.BeginObject();
    writer.Key("StreamArn").String(next->arn);
    writer.Key("TableName").String(next->table);
    writer.Key("StreamLabel").String(next->label);
    writer.EndObject();
  }
  writer.EndArray();
  if (next != streams.end()) writer.Key("LastEvaluatedStreamArn").String((next - 1)->arn);
  return writer.EndObject().Take();
}

void WriteShard(json::JsonWriter& writer, const Stream& stream) {
  writer.BeginObject();
  writer.Key("ShardId").String(stream.shard_id());
  writer.Key("SequenceNumberRange").BeginObject();
  writer.Key("StartingSequenceNumber")
      .String(SequenceNumber({.position = stream.settings.after + 1, .index = 0}));
  if (stream.end.has_value()) {
    writer.Key("EndingSequenceNumber")
        .String(SequenceNumber({.position = *stream.end, .index = kAllOfPosition}));
  }
  writer.EndObject().EndObject();
}

ApiOutcome DescribeStream(TablePlane& plane, const Caller&, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto arn = request.Text("StreamArn", kStreamArn);
  request.Integer("Limit", {.min = 1, .max = kMaxStreamsOfPage, .type_name = "Integer"});
  const auto start = request.Text("ExclusiveStartShardId", {.min_size = 28, .choices = {}});
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const Stream stream, FindStream(plane, *arn));
  json::JsonWriter writer;
  writer.BeginObject().Key("StreamDescription").BeginObject();
  writer.Key("StreamArn").String(*arn);
  writer.Key("StreamLabel").String(stream.label());
  writer.Key("StreamStatus").String(stream.end.has_value() ? "DISABLED" : "ENABLED");
  writer.Key("StreamViewType").String(stream.settings.view);
  writer.Key("CreationRequestDateTime");
  WriteTimestamp(writer, stream.settings.enabled_at);
  writer.Key("TableName").String(stream.table.spec.name);
  writer.Key("KeySchema");
  WriteKeySchema(writer, stream.table.spec.keys);
  writer.Key("Shards").BeginArray();
  if (!start.has_value()) WriteShard(writer, stream);
  return writer.EndArray().EndObject().EndObject().Take();
}

// The last change before what the iterator is to begin with.
ApiResult<StreamPlace> PlaceBefore(const TablePlane& plane, const Stream& stream,
                                   const std::string& type,
                                   const std::optional<std::string>& sequence_number) {
  const bool numbered = type.ends_with("_SEQUENCE_NUMBER");
  if (numbered != sequence_number.has_value()) {
    return InvalidParameter(
        Format("SequenceNumber must {}be specified when ShardIteratorType is {}",
               numbered ? "" : "not ", type));
  }
  if (type == "TRIM_HORIZON") {
    return StreamPlace{.position = stream.settings.after, .index = kAllOfPosition};
  }
  if (type == "LATEST") {
    if (stream.end.has_value()) return StreamPlace{*stream.end, kAllOfPosition};
    ZAEL_API_ASSIGN(const ChangePosition end, plane.changes().EndOfChanges(stream.table.spec.name));
    return StreamPlace{.position = end, .index = kAllOfPosition};
  }
  const auto place = ParseSequenceNumber(*sequence_number);
  if (!place.has_value() || place->position == 0) {
    return InvalidParameter("SequenceNumber is not one of this stream");
  }
  if (type == "AFTER_SEQUENCE_NUMBER") return *place;
  if (place->index > 0) return StreamPlace{place->position, place->index - 1};
  return StreamPlace{place->position - 1, kAllOfPosition};
}

ApiOutcome GetShardIterator(TablePlane& plane, const Caller&, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto arn = request.Text("StreamArn", kStreamArn);
  const auto shard = request.Text("ShardId", kShardId);
  const auto type = request.Text(
      "ShardIteratorType",
      {.presence = Presence::kRequired,
       .choices = {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"}});
  const auto number =
      request.Text("SequenceNumber", {.min_size = 21, .max_size = 40, .choices = {}});
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const Stream stream, FindStream(plane, *arn));
  if (*shard != stream.shard_id()) {
    return ResourceNotFound(
        Format("Requested resource not found: Shard does not exist: {}", *shard));
  }
  ZAEL_API_ASSIGN(const StreamPlace place, PlaceBefore(plane, stream, *type, number));
  json::JsonWriter writer;
  writer.BeginObject().Key("ShardIterator");
  writer.String(ToText({.stream_arn = *arn, .after = place, .made_at = plane.now()}));
  return writer.EndObject().Take();
}

}  // namespace

CallerOperations StreamOperations(std::shared_ptr<TablePlane> plane) {
  using Function = ApiOutcome (*)(TablePlane&, const Caller&, const json::JsonValue&);
  const auto with = [plane](Function function) {
    return [plane, function](const Caller& caller, const json::JsonValue& request) {
      return function(*plane, caller, request);
    };
  };
  return {{"ListStreams", with(ListStreams)},
          {"DescribeStream", with(DescribeStream)},
          {"GetShardIterator", with(GetShardIterator)},
          {"GetRecords", with(GetRecords)}};
}

}  // namespace zael::endpoint
