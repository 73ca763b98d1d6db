// ARNs: the names AWS gives to tables, indexes and streams, written and taken apart.
//
// There is one account here, and any region: an ARN is answered in the region its reader signed
// for and understood whatever region it names. A TableName in a request may be an ARN instead.
// Pure functions. Facts: dynamodb-api.md 1.0.
#pragma once

#include <zael/clock.h>

#include <optional>
#include <string>
#include <string_view>

#include "endpoint/api_error.h"

namespace zael::endpoint {

inline constexpr std::string_view kAccount = "000000000000";

// arn:aws:dynamodb:{region}:{account}:table/{table}
std::string TableArn(std::string_view region, std::string_view table);
std::string IndexArn(std::string_view region, std::string_view table, std::string_view index);
std::string StreamArn(std::string_view region, std::string_view table, std::string_view label);

// 2026-01-31T23:59:59.123: what a stream enabled at that time is called.
std::string StreamLabel(WallTime enabled_at);

struct ParsedArn {
  std::string region;
  std::string table;
  std::string stream_label;  // empty: the ARN of a table
};

// Of a table or a stream; nothing for anything else.
std::optional<ParsedArn> ParseArn(std::string_view arn);

// The table that a TableName member means: itself, or the one in an ARN. Errors:
// ValidationException.
ApiResult<std::string> TableNameOf(std::string_view name_or_arn);

}  // namespace zael::endpoint
