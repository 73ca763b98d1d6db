#include "endpoint/tables/stream_request.h"

#include "endpoint/tables/table_schema.h"

namespace zael::endpoint {

std::optional<StreamRequest> ReadStreamSpecification(Members& request) {
  auto members = request.Structure("StreamSpecification");
  if (!members.has_value()) return std::nullopt;
  StreamRequest stream;
  stream.enabled = members->Flag("StreamEnabled", Presence::kRequired).value_or(false);
  stream.view = members->Text(
      "StreamViewType", {.choices = {"OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"}});
  return stream;
}

ApiStatus CheckStreamOfNewTable(const StreamRequest& stream) {
  if (stream.enabled == stream.view.has_value()) return {};
  return InvalidParameter(
      stream.enabled
          ? "Table is being created with a stream enabled, UpdateViewType is required"
          : "Table is being created with a stream disabled, UpdateViewType should not be "
            "specified");
}

ApiStatus CheckStreamUpdate(const StreamRequest& stream) {
  if (stream.enabled == stream.view.has_value()) return {};
  return InvalidParameter(
      stream.enabled ? "If stream is being enabled then UpdateViewType is required"
                     : "If stream is being disabled, then UpdateViewType must not be specified");
}

}  // namespace zael::endpoint
