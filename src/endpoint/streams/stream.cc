#include "endpoint/streams/stream.h"

#include "base/format.h"
#include "base/random.h"
#include "base/time.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"

namespace zael::endpoint {
namespace {

ApiError StreamNotFound(const std::string& arn) {
  return ResourceNotFound(Format("Requested resource not found: Stream: {} not found", arn));
}

// Positions after the stream's last belong to the next stream, which knows where it began.
ApiResult<std::optional<ChangePosition>> EndOf(const TablePlane& plane, const std::string& table,
                                               const StreamSettings& stream,
                                               const StreamSettings* next) {
  if (!stream.disabled_at.has_value()) return std::optional<ChangePosition>();
  if (next != nullptr) return std::optional<ChangePosition>(next->after);
  ZAEL_API_ASSIGN(const ChangePosition end, plane.changes().EndOfChanges(table));
  return std::optional<ChangePosition>(end);
}

}  // namespace

std::string Stream::label() const { return StreamLabel(settings.enabled_at); }

std::string Stream::shard_id() const {
  std::uint64_t state = 0;
  for (const char c : table.id) state = state * 31 + static_cast<unsigned char>(c);
  return Format("shardId-{:020}-{:08x}", ToEpochMs(settings.enabled_at),
                static_cast<std::uint32_t>(SplitMix64(state)));
}

ApiResult<Stream> FindStream(const TablePlane& plane, const std::string& arn) {
  const auto parsed = ParseArn(arn);
  if (!parsed.has_value() || parsed->stream_label.empty()) {
    return ValidationError(Format("Invalid StreamArn: {}", arn));
  }
  auto table = plane.Describe(parsed->table);
  if (!table.ok() && ErrorName(table.error()) == "ResourceNotFoundException") {
    return StreamNotFound(arn);
  }
  if (!table.ok()) return table.error();
  const TableSettings settings = SettingsOf(*table);
  for (std::size_t i = 0; i < settings.streams.size(); ++i) {
    if (StreamLabel(settings.streams[i].enabled_at) != parsed->stream_label) continue;
    const StreamSettings* next =
        i + 1 < settings.streams.size() ? &settings.streams[i + 1] : nullptr;
    Stream stream{.table = *std::move(table), .settings = settings.streams[i], .end = {}};
    ZAEL_API_ASSIGN(stream.end, EndOf(plane, parsed->table, stream.settings, next));
    return stream;
  }
  return StreamNotFound(arn);
}

}  // namespace zael::endpoint
