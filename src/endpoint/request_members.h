// Members: reads the members of a request's structures and keeps what is wrong with them, so that
// the reader of a request is a list of its members.
//
// Everything is read first; RequestFaults then says what DynamoDB says: the first wrong type, else
// all broken constraints in one sentence. A member that is null counts as absent, one of unknown
// name is ignored. After a fault the values read are placeholders, so ask Check before using them.
// Thread-compatible. Facts: dynamodb-api.md 1.0 (generic constraints), 3.1 (serialization texts).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "endpoint/api_error.h"
#include "json/json_document.h"

namespace zael::endpoint {

enum class Presence { kOptional, kRequired };

struct TextRule {
  Presence presence = Presence::kOptional;
  std::size_t min_size = 0;
  std::size_t max_size = std::numeric_limits<std::size_t>::max();
  bool name_pattern = false;              // [a-zA-Z0-9_.-]+
  std::vector<std::string_view> choices;  // in the order AWS prints them
};

struct IntegerRule {
  Presence presence = Presence::kOptional;
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view type_name = "Long";  // in the text about a wrong type; or "Integer"
};

struct ListRule {
  Presence presence = Presence::kOptional;
  std::size_t min_size = 0;
  std::size_t max_size = std::numeric_limits<std::size_t>::max();
};

class RequestFaults {
 public:
  void WrongType(std::string message);
  // `value` as shown: quoted, or `null`.
  void Violates(std::string_view path, std::string_view value, std::string clause);

  // SerializationException, else ValidationException, else none.
  ApiStatus Check() const;

 private:
  std::optional<std::string> wrong_type_;
  std::vector<std::string> violations_;
  std::size_t violation_count_ = 0;
};

// One structure of the request. Views the request and the faults.
class Members {
 public:
  // `structure` that is no object is a wrong type. `path` is empty for the request itself.
  Members(json::JsonValue structure, RequestFaults& faults, std::string path = {});

  std::optional<std::string> Text(std::string_view name, const TextRule& rule = {});
  std::optional<std::int64_t> Integer(std::string_view name, const IntegerRule& rule = {});
  std::optional<bool> Flag(std::string_view name, Presence presence = Presence::kOptional);
  std::optional<Members> Structure(std::string_view name, Presence presence = Presence::kOptional);
  // Absent when the member is; the difference to an empty list is often one of meaning.
  std::optional<std::vector<Members>> Structures(std::string_view name, const ListRule& rule = {});
  std::optional<std::vector<std::string>> Texts(std::string_view name, const ListRule& list = {},
                                                const TextRule& each = {});
  // A map of attribute values, an item or a key, of the right types; absent when it is not.
  json::JsonValue Attributes(std::string_view name, Presence presence = Presence::kOptional);
  // A map of texts.
  json::JsonValue TextMap(std::string_view name);
  // A map whose values the caller reads, at least `min_size` of them.
  json::JsonValue Map(std::string_view name, Presence presence, std::size_t min_size = 0);
  bool Has(std::string_view name) const;

 private:
  std::optional<json::JsonValue> Elements(std::string_view name, const ListRule& rule);
  bool Missing(std::string_view name, Presence presence);
  std::optional<std::string> ReadText(const json::JsonValue& value, const std::string& path,
                                      const TextRule& rule);
  std::string Path(std::string_view name) const;

  json::JsonValue structure_;
  RequestFaults& faults_;
  std::string path_;
};

}  // namespace zael::endpoint
