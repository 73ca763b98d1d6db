// TableDescription as DynamoDB writes it: the JSON of a table, in answers of every table call.
//
// Pure. Facts: dynamodb-api.md 1.2 (what goes in).
#pragma once

#include <zael/store.h>

#include <string>
#include <string_view>

#include "json/json_writer.h"

namespace zael::endpoint {

// `status`: ACTIVE, DELETING. `region`: that of the ARNs.
void WriteTable(json::JsonWriter& writer, const TableDescription& table, std::string_view region,
                std::string_view status);

// {"<member>": <the table>}
std::string TableAnswer(std::string_view member, const TableDescription& table,
                        std::string_view region, std::string_view status);

// [{"AttributeName":...,"KeyType":"HASH"},...]
void WriteKeySchema(json::JsonWriter& writer, const KeySchema& keys);

// Epoch seconds with a fraction.
void WriteTimestamp(json::JsonWriter& writer, WallTime time);

// The 128 bits of a table's id (a ULID) as a UUID.
std::string TableUuid(std::string_view table_id);

}  // namespace zael::endpoint
