// Audit events: who changed what, written in the same transaction as the change.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zael {

struct AuditEvent {
  std::string subject;   // entity id, or `$SYSTEM`, or `$RESOURCE:{resource}`
  std::string event_id;  // ULID: sorts by time
  WallTime timestamp{};
  std::string action;  // entity_created, entity_updated, entity_deleted, limits_set,
                       // limits_deleted, buckets_reset
  std::optional<std::string> principal;
  std::optional<std::string> resource;
  std::map<std::string, std::string, std::less<>> details;
};

struct AuditPage {
  std::vector<AuditEvent> events;   // newest first
  std::optional<std::string> next;  // opaque; absent on the last page
};

// Thread-safe.
class Audit {
 public:
  virtual ~Audit() = default;

  // Errors: kInvalidArgument (subject), kDataLoss, and the store's.
  virtual Result<AuditPage> List(std::string_view subject, std::size_t max_events,
                                 std::optional<std::string> next) = 0;
};

}  // namespace zael
