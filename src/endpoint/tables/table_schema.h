// Table schemas as requests spell them: attribute definitions, key schemas, indexes, throughput.
//
// Reading (types and constraints, through Members) and meaning (DynamoDB's own checks and texts)
// are apart, because all of a request is read before any of it is judged. Creating a table and
// adding an index share both. Pure functions. Facts: dynamodb-api.md 1.2.
#pragma once

#include <zael/store.h>

#include <optional>
#include <string>
#include <vector>

#include "endpoint/api_error.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/table_settings.h"

namespace zael::endpoint {

inline constexpr std::size_t kMaxGlobalIndexes = 20;
inline constexpr std::size_t kMaxLocalIndexes = 5;
inline constexpr std::string_view kParameterInvalid = "One or more parameter values were invalid: ";

// In the request's order.
using Definitions = std::vector<KeyAttribute>;

struct KeyElement {
  std::string name;
  bool is_hash = false;
};

struct ProjectionRequest {
  std::optional<std::string> type;
  std::optional<std::vector<std::string>> non_key_attributes;
};

struct IndexRequest {
  std::string name;
  std::vector<KeyElement> keys;
  ProjectionRequest projection;
  std::optional<Throughput> throughput;
  bool local = false;
};

// `name` of the table, or an ARN of it, as every table call begins.
std::optional<std::string> ReadTableName(Members& request);
Definitions ReadDefinitions(Members& request, Presence presence);
std::vector<KeyElement> ReadKeySchema(Members& structure);
std::optional<Throughput> ReadThroughput(Members& structure);
IndexRequest ReadIndex(Members& structure, bool local);

// ValidationError(kParameterInvalid + detail)
ApiError InvalidParameter(std::string detail);

// Definitions named twice, keys without one.
ApiStatus CheckDefinitions(const Definitions& definitions);
// Requires: 1 or 2 keys.
ApiResult<KeySchema> MakeKeySchema(const std::vector<KeyElement>& keys,
                                   const Definitions& definitions);
ApiStatus CheckProjection(const ProjectionRequest& projection);
// Whether the index has throughput exactly when the table is provisioned.
ApiStatus CheckIndexThroughput(const IndexRequest& index, bool provisioned);

IndexSettings SettingsOf(const IndexRequest& index);

// `[a, b]`
std::string BracketedNames(const std::vector<std::string>& names);

}  // namespace zael::endpoint
