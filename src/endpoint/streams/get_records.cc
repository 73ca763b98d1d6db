#include "endpoint/streams/get_records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "endpoint/api_try.h"
#include "endpoint/request_members.h"
#include "endpoint/streams/stream.h"
#include "endpoint/streams/stream_position.h"
#include "endpoint/streams/stream_record.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

constexpr std::int64_t kMaxRecords = 1000;
constexpr std::size_t kMaxPageBytes = 1024 * 1024;

struct Page {
  std::vector<std::pair<StreamPlace, Change>> records;
  StreamPlace after;  // where the next page begins
};

// What of the feed's page belongs into the stream's, from behind `after`.
Page Select(ChangePage feed, const StreamPlace& after, std::size_t limit, const Stream& stream) {
  Page page{.records = {}, .after = {.position = feed.next, .index = kAllOfPosition}};
  std::size_t bytes = 0;
  StreamPlace place;
  for (Change& change : feed.changes) {
    place = change.position == place.position ? StreamPlace{place.position, place.index + 1}
                                              : StreamPlace{change.position, 0};
    if (place <= after) continue;
    if (stream.end.has_value() && place.position > *stream.end) break;
    const std::size_t size = RecordBytes(change, stream.settings.view);
    const bool full = page.records.size() == limit || bytes + size > kMaxPageBytes;
    if (full && !page.records.empty()) {
      page.after = page.records.back().first;
      break;
    }
    bytes += size;
    page.records.emplace_back(place, std::move(change));
  }
  return page;
}

ApiResult<Page> ReadPage(const TablePlane& plane, const Stream& stream, const StreamPlace& after,
                         std::size_t limit) {
  // In the middle of a transaction its changes are read again, and those before passed over.
  const bool whole = after.index == kAllOfPosition || after.position == 0;
  const ChangePosition from = whole ? after.position : after.position - 1;
  ZAEL_API_ASSIGN(ChangePage feed, plane.changes().ReadChanges(stream.table.spec.name, from,
                                                               limit + kMaxTransactItems));
  return Select(std::move(feed), after, limit, stream);
}

}  // namespace

ApiOutcome GetRecords(TablePlane& plane, const Caller& caller, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto text = request.Text(
      "ShardIterator",
      {.presence = Presence::kRequired, .min_size = 1, .max_size = 2048, .choices = {}});
  const auto limit =
      request.Integer("Limit", {.min = 1, .max = kMaxRecords, .type_name = "Integer"});
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(ShardIterator iterator, ParseIterator(*text, plane.now()));
  ZAEL_API_ASSIGN(const Stream stream, FindStream(plane, iterator.stream_arn));
  ZAEL_API_ASSIGN(const Page page, ReadPage(plane, stream, iterator.after,
                                            static_cast<std::size_t>(limit.value_or(kMaxRecords))));
  const RecordFrame frame{
      .region = caller.region, .view = stream.settings.view, .table_id = stream.table.id};
  json::JsonWriter writer;
  writer.BeginObject().Key("Records").BeginArray();
  for (const auto& [place, change] : page.records) WriteRecord(writer, change, place, frame);
  writer.EndArray();
  const bool drained = stream.end.has_value() && page.after.position >= *stream.end &&
                       (page.records.empty() || page.after.index == kAllOfPosition);
  if (!drained) {
    iterator.after = page.after;
    iterator.made_at = plane.now();
    writer.Key("NextShardIterator").String(ToText(iterator));
  }
  return writer.EndObject().Take();
}

}  // namespace zael::endpoint
