// TableSettings: what DynamoDB's table calls say of a table and no store needs: billing, kinds of
// indexes, the streams it has had. Kept as JSON in the table's notes.
//
// Nothing here is enforced: units are echoed, never counted. A table made by the library alone has
// no notes and the settings of a limiter's table: on demand, global indexes of everything, both
// images in the stream. Thread-compatible. Format: docs/endpoint.md.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zael::endpoint {

struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
  friend bool operator==(const Throughput&, const Throughput&) = default;
};

// What queries of an index show; the store keeps all attributes.
struct IndexSettings {
  bool local = false;
  std::string projection = "ALL";               // KEYS_ONLY, INCLUDE
  std::vector<std::string> non_key_attributes;  // with INCLUDE
  Throughput throughput;
  friend bool operator==(const IndexSettings&, const IndexSettings&) = default;
};

// One stream of a table: from an enabling to a disabling. It has the changes after `after`, up to
// that of the next stream: while none is enabled there are no changes.
struct StreamSettings {
  WallTime enabled_at{};
  std::optional<WallTime> disabled_at;
  std::string view = "NEW_AND_OLD_IMAGES";  // NEW_IMAGE, OLD_IMAGE, KEYS_ONLY
  ChangePosition after = 0;
  friend bool operator==(const StreamSettings&, const StreamSettings&) = default;
};

struct TableSettings {
  bool provisioned = false;
  std::optional<WallTime> on_demand_since;  // of a table that is or once was on demand
  Throughput throughput;                    // zeros when on demand
  std::map<std::string, IndexSettings, std::less<>> indexes;  // by name; absent: the defaults
  std::vector<StreamSettings> streams;                        // oldest first
  std::string table_class;                                    // empty: never set
  bool encrypted = false;  // with a key of the caller's own, so AWS would say
  std::optional<Throughput> on_demand_maxima;
  friend bool operator==(const TableSettings&, const TableSettings&) = default;
};

// From the notes, filled up from what the table is. Notes that are no settings count as none.
TableSettings SettingsOf(const TableDescription& table);

std::string ToNotes(const TableSettings& settings);

// The last stream, when it is still enabled.
const StreamSettings* EnabledStream(const TableSettings& settings);

}  // namespace zael::endpoint
