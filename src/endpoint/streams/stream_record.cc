#include "endpoint/streams/stream_record.h"

#include <string>

#include "base/format.h"
#include "base/random.h"
#include "base/time.h"
#include "dynamo/attribute_value.h"
#include "store/validate.h"

namespace zael::endpoint {
namespace {

bool ShowsNew(std::string_view view) { return view == "NEW_IMAGE" || view == "NEW_AND_OLD_IMAGES"; }
bool ShowsOld(std::string_view view) { return view == "OLD_IMAGE" || view == "NEW_AND_OLD_IMAGES"; }

std::string_view EventName(ChangeKind kind) {
  if (kind == ChangeKind::kInsert) return "INSERT";
  return kind == ChangeKind::kModify ? "MODIFY" : "REMOVE";
}

// The same for the same change however often it is read: consumers tell redeliveries by it.
std::string EventId(const StreamPlace& place, std::string_view table_id) {
  std::uint64_t state = place.position;
  for (const char c : table_id) state = state * 31 + static_cast<unsigned char>(c);
  const std::uint64_t high = SplitMix64(state);
  state ^= place.position + place.index;
  return Format("{:016x}{:016x}", high, SplitMix64(state));
}

void WriteImage(json::JsonWriter& writer, std::string_view name, bool shown,
                const std::optional<Item>& image) {
  if (!shown || !image.has_value()) return;
  writer.Key(name);
  dynamo::WriteItem(writer, *image);
}

}  // namespace

std::size_t RecordBytes(const Change& change, std::string_view view) {
  std::size_t bytes = store::ItemBytes(change.key);
  if (ShowsNew(view) && change.new_item.has_value()) bytes += store::ItemBytes(*change.new_item);
  if (ShowsOld(view) && change.old_item.has_value()) bytes += store::ItemBytes(*change.old_item);
  return bytes;
}

void WriteRecord(json::JsonWriter& writer, const Change& change, const StreamPlace& place,
                 const RecordFrame& frame) {
  writer.BeginObject();
  writer.Key("awsRegion").String(frame.region);
  writer.Key("eventID").String(EventId(place, frame.table_id));
  writer.Key("eventName").String(EventName(change.kind));
  writer.Key("eventSource").String("aws:dynamodb");
  writer.Key("eventVersion").String("1.1");
  writer.Key("dynamodb").BeginObject();
  writer.Key("ApproximateCreationDateTime").Int(ToEpochSeconds(change.at));
  writer.Key("Keys");
  dynamo::WriteItem(writer, change.key);
  WriteImage(writer, "NewImage", ShowsNew(frame.view), change.new_item);
  WriteImage(writer, "OldImage", ShowsOld(frame.view), change.old_item);
  writer.Key("SequenceNumber").String(SequenceNumber(place));
  writer.Key("SizeBytes").Int(static_cast<std::int64_t>(RecordBytes(change, frame.view)));
  writer.Key("StreamViewType").String(frame.view);
  writer.EndObject();
  if (change.by_expiry) {
    writer.Key("userIdentity").BeginObject();
    writer.Key("Type").String("Service");
    writer.Key("PrincipalId").String("dynamodb.amazonaws.com");
    writer.EndObject();
  }
  writer.EndObject();
}

}  // namespace zael::endpoint
