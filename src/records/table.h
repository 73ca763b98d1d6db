// The table of a limiter: its name and its shape.
//
// `demo` and `ZAEL-demo` are the same limiter everywhere; every entry point passes what it was
// given through TableName once and uses the full form from there on.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <string>
#include <string_view>

namespace zael::records {

inline constexpr std::string_view kTablePrefix = "ZAEL-";
inline constexpr std::size_t kMaxLimiterNameBytes = 38;

// `ZAEL-{name}` for either form. Errors: kInvalidArgument ({name} is a letter, then letters,
// digits, `-`, at most kMaxLimiterNameBytes).
Result<std::string> TableName(std::string_view name);

// `{name}` of a table name. Requires: an answer of TableName.
std::string LimiterName(std::string_view table_name);

// Whether a table found in a store is a limiter's.
bool IsLimiterTable(std::string_view table_name);

// Keys, both indexes, ttl, stream and deletion protection. Requires: an answer of TableName.
TableSpec LimiterTable(std::string_view table_name);

}  // namespace zael::records
